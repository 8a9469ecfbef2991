"""What the desk asks of the running service that it is mounted in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy import Connection

from answerloop.handouts import Handout
from answerloop.published import PublishedCatalog
from answerloop.settings import Settings
from feedback.database import Database
from feedback.model import ArticleKey
from feedback.visitors import Salts
from search.documents import Results

if TYPE_CHECKING:
    from answerloop.desk.summaries import Summaries

T = TypeVar("T")


class Version(Protocol):
    """What is published at this moment."""

    @property
    def catalog(self) -> PublishedCatalog: ...

    def handouts(self, keys: Iterable[ArticleKey]) -> Mapping[ArticleKey, Handout]:
        """What agents may send and read of these articles."""


class Finder(Protocol):
    """Searches public and internal articles."""

    def search(self, words: str, *, lang: str | None = None, limit: int = 10) -> Results:
        """Raises NoIndex."""


class Live(Protocol):
    """Follows what is published."""

    def version(self) -> Version:
        """Raises ServiceError when nothing was ever built."""


class Judge(Protocol):
    """Judges the articles that were voted on."""

    def settle(self, patience: float) -> bool:
        """Judge now what waits; False where it takes too long. Raises DatabaseError."""


class Pen(Protocol):
    """Writes: each work in a transaction, and back when it is committed."""

    def read(self) -> AbstractContextManager[Connection]: ...

    def apply(
        self, work: Callable[[Connection], T], /, then: Callable[[T], None] | None = None
    ) -> T: ...


class Service(Protocol):
    """The open parts that the desk works with: `database` to read, `writer` to write."""

    @property
    def settings(self) -> Settings: ...

    @property
    def database(self) -> Database: ...

    @property
    def writer(self) -> Pen: ...

    @property
    def judge(self) -> Judge: ...

    @property
    def live(self) -> Live: ...

    @property
    def staff_reader(self) -> Finder: ...

    @property
    def summaries(self) -> "Summaries": ...

    @property
    def salts(self) -> Salts: ...

    @property
    def clock(self) -> Callable[[], datetime]: ...

    @property
    def trusted_proxies(self) -> Sequence[IPv4Network | IPv6Network]: ...
