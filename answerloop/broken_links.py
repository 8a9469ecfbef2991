"""The links to other sites that the last `kb check --external` found broken, kept for the desk."""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

FILE_NAME = "broken-links.json"


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """A link in the file at `path` (below the content folder); `said` is what was answered."""

    path: str
    line: int
    url: str
    said: str


@dataclass(frozen=True, slots=True)
class Checked:
    """When other sites were asked last, None where they never were, and what was broken then."""

    at: datetime | None = None
    broken: tuple[BrokenLink, ...] = ()

    def of(self, path: str) -> tuple[BrokenLink, ...]:
        """Those of one article."""
        return tuple(link for link in self.broken if link.path == path)


def write(file: Path, broken: Iterable[BrokenLink], now: datetime) -> None:
    """Keep them in the place of those of before."""
    rows = {"at": now.isoformat(), "broken": [asdict(link) for link in broken]}
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    beside.replace(file)


def read(file: Path) -> Checked:
    """What was kept; nothing when the file is not there or not ours."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        broken = tuple(BrokenLink(**row) for row in rows["broken"])
        return Checked(datetime.fromisoformat(rows["at"]), broken)
    except (OSError, ValueError, LookupError, TypeError):
        return Checked()
