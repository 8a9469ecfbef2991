"""Which page of a list an address asks for, and which part of a page that has several."""

from dataclasses import dataclass, fields
from typing import ClassVar, Generic, Self, TypeVar

from flask import request, url_for

_MOST = 10_000

Row = TypeVar("Row")


def number(name: str = "page") -> int:
    """From 1; what is no such number is the first page."""
    return min(max(1, request.args.get(name, default=1, type=int)), _MOST)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is shown of a page in several parts, its `offered` ones.

    `show` names the one part that is shown, page by page; without it each shows its first. The
    fields of the page's own choice narrow what is shown; an empty one does not.
    """

    endpoint: ClassVar[str]
    offered: ClassVar[tuple[str, ...]]
    show: str
    page: int

    @classmethod
    def read(cls) -> Self:
        narrow = {field.name: request.args.get(field.name, "") for field in fields(cls)}
        show = narrow["show"] if narrow["show"] in cls.offered else ""
        return cls(**(narrow | {"show": show, "page": number()}))  # type: ignore[arg-type]  # its own fields

    @property
    def parts(self) -> tuple[str, ...]:
        """Those that are shown."""
        return (self.show,) if self.show else self.offered

    def address(self, show: str = "", page: int = 1) -> str:
        """Of a part, or of all of them, with the same choice."""
        own = [field.name for field in fields(self) if field.name not in ("show", "page")]
        narrow = {name: getattr(self, name) or None for name in own}
        number = page if page > 1 else None
        return url_for(self.endpoint, **narrow, show=show or None, page=number)


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """`total` rows, of which `rows` are shown from place `first` on."""

    total: int
    rows: tuple[Row, ...]
    first: int

    @property
    def has_more(self) -> bool:
        return self.first + len(self.rows) < self.total
