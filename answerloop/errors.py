"""What can go wrong for reasons a person can mend.

AnswerloopError          one line on the command line, exit code 1
├── SettingsError        kb.toml, mkdocs.yml or an environment variable
├── ContentError         articles that cannot be read; carries every problem found
├── BuildError           the site or the index could not be made
├── TicketsError         a file of ticket subjects cannot be read
├── PatchError           proposed changes cannot be written to the articles
├── BackupError          a copy of the database that is asked for in the wrong place
├── Unfilled             a reply that still has places to fill
├── ProviderAway         the provider of OpenID Connect does not answer
├── ProviderUntrusted    it answers something that must not be believed
└── ServiceError         the service cannot start (port in use, folder not writable)

ArticleError             one file cannot become an article; the catalog keeps its finding
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath


class Level(StrEnum):
    """An error stops a build; a warning is worth mending."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something an editor should mend: where, what, and how.

    `path` is relative to the content folder (`queries.yml` and `synonyms.toml` lie beside it),
    `line` counts from 1, 0 when no line is meant.
    """

    path: PurePosixPath
    line: int
    level: Level
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}: {self.level}: {self.message} {self.remedy}".rstrip()


class AnswerloopError(Exception):
    """An expected failure; the message says where, what, and how to mend it."""


class SettingsError(AnswerloopError):
    pass


class ContentError(AnswerloopError):
    """Articles that cannot be read or break a promise; `findings` holds each of them."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class ArticleError(Exception):
    """This file cannot become an article."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


class BuildError(AnswerloopError):
    pass


class TicketsError(AnswerloopError):
    pass


class PatchError(AnswerloopError):
    """Says why in a sentence with its `%(name)s` places, so that the desk can say it, too."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.sentence, self.values = sentence, values
        super().__init__(sentence % values if values else sentence)


class BackupError(AnswerloopError):
    pass


class ProviderAway(AnswerloopError):  # noqa: N818 -- named after what happened
    pass


class ProviderUntrusted(AnswerloopError):  # noqa: N818 -- the same
    pass


class Unfilled(AnswerloopError):  # noqa: N818  named after what happened
    """`places` are the names of those that are neither filled nor left out."""

    def __init__(self, places: tuple[str, ...]) -> None:
        self.places = places
        named = ", ".join(f"`{place}`" for place in places)
        super().__init__(f"Not filled in: {named}. Fill each in, or leave it out on purpose.")


class ServiceError(AnswerloopError):
    pass
