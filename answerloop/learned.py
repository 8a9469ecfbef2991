"""What `kb learn` proposed last from the searches of this service, kept for the desk."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

FILE_NAME = "learned.json"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line for the `asked_as` of an article: `readers` of `askers` ended there.

    `before` and `after` are the article's ranks for it, None where it is not found.
    """

    text: str
    article: str
    lang: str
    readers: int
    askers: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Synonym:
    """Words of readers that shall also find the words of the articles."""

    said: str
    found: str
    lang: str
    readers: int


@dataclass(frozen=True, slots=True)
class Undecided:
    """What readers said without agreeing what they meant, or what a person must judge."""

    said: str
    lang: str
    because: str


@dataclass(frozen=True, slots=True)
class Learned:
    """`at` is None where nothing was ever learned here."""

    at: datetime | None = None
    phrases: tuple[Phrase, ...] = ()
    synonyms: tuple[Synonym, ...] = ()
    undecided: tuple[Undecided, ...] = ()


def write(file: Path, learned: Learned, now: datetime) -> None:
    """Keep proposals in the place of those of before."""
    rows = asdict(learned) | {"at": now.isoformat()}
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    beside.replace(file)


def read(file: Path) -> Learned:
    """What was kept; nothing when the file is not there or not ours."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        return Learned(
            at=datetime.fromisoformat(rows["at"]),
            phrases=tuple(Phrase(**row) for row in rows["phrases"]),
            synonyms=tuple(Synonym(**row) for row in rows["synonyms"]),
            undecided=tuple(Undecided(**row) for row in rows["undecided"]),
        )
    except (OSError, ValueError, LookupError, TypeError):
        return Learned()
