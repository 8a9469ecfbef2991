"""One Markdown file, parsed and typed: the article model.

Knows front matter of other tools (Jekyll, Hugo, Docusaurus, DocFX) well enough to take their
files as they are; knows nothing of other articles.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from answerloop import fields, frontmatter, languages, prose, visibility
from answerloop.errors import ArticleError, Finding, Level
from answerloop.languages import Languages, Place
from answerloop.visibility import Audience, State
from feedback.model import ArticleId, Revision, Severity

MAX_BYTES = 2_000_000
_LONGEST_NUMBER = 6

# What the front matter may say to this program; every other key is kept and not looked at.
_KEYS = frozenset(
    {"id", "title", "kind", "state", "audience", "tags", "owner", "asked_as", "reply", "related"}
    | {
        "redirect_from",
        "review",
        "review_every",
        "translated_from",
        "severity",
        "description",
        "minor",
    }
)
# What an address cannot hold, and what cuts it short.
_NOT_IN_ADDRESSES = re.compile(r"[\x00-\x1f\x7f?#%\\]+")


class Kind(StrEnum):
    FAQ = "faq"
    PROBLEM = "problem"
    PROCEDURE = "procedure"


@dataclass(frozen=True, slots=True)
class Review:
    """Somebody read the article and found it right; holds for one content hash only."""

    on: date
    by: str
    hash: Revision
    evidence: str


@dataclass(frozen=True, slots=True)
class Origin:
    """The language and the revision that a translation was made from."""

    lang: str
    hash: Revision


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language.

    `path` is the file's, relative to the content folder; `url` the page's, from the root of the
    site (`/de/orders/refund/`). `category` is the folder without the mark of the language.
    `review_every` is in days.
    `other` keeps the keys that this program does not know, with YAML's own types. `body_line` is
    the line of the file on which the body begins.
    """

    id: ArticleId
    lang: str
    path: PurePosixPath
    url: str
    category: PurePosixPath
    title: str
    body: str
    body_line: int = 1
    kind: Kind = Kind.FAQ
    state: State = State.NOT_VALIDATED
    audience: Audience = Audience.PUBLIC
    tags: tuple[str, ...] = ()
    owner: str = ""
    asked_as: tuple[str, ...] = ()
    reply: str = ""
    related: tuple[ArticleId, ...] = ()
    redirect_from: tuple[str, ...] = ()
    review: Review | None = None
    review_every: int | None = None
    translated_from: Origin | None = None
    severity: Severity = Severity.DEFAULT
    description: str = ""
    minor: bool = False
    has_own_id: bool = True
    is_index: bool = False
    other: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    _revision: list[Revision] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def is_published(self) -> bool:
        """Whether readers without a login may see it as a page."""
        return self.audience is Audience.PUBLIC and self.state in (
            State.NOT_VALIDATED,
            State.VALIDATED,
        )

    @property
    def revision(self) -> Revision:
        """Names the text a reader saw: title, body, `asked_as` and `reply`; needs no Git.

        The first 12 hex digits of SHA-256 over the four, each normalised (NFC, line ends,
        trailing white space). Computed once: a build asks for it again and again.
        """
        if not self._revision:
            self._revision.append(self._named())
        return self._revision[0]

    def _named(self) -> Revision:
        parts = [self.title, self.body, [*self.asked_as], self.reply]
        normal = json.dumps(_normalised(parts), ensure_ascii=False, separators=(",", ":"))
        return Revision(hashlib.sha256(normal.encode()).hexdigest()[:12])


def parse(
    source: bytes, path: PurePosixPath, languages: Languages
) -> tuple[Article, list[Finding]]:
    """The article in `source`, and what an editor should mend in its front matter.

    Raises ArticleError when the bytes are no text, the front matter cannot be read, or a value
    decides who may read the article and cannot be understood.
    """
    text = _decode(source, path)
    try:
        front, body, body_line = frontmatter.split(text)
    except frontmatter.FrontMatterError as problem:
        raise ArticleError(
            Finding(path, problem.line, Level.ERROR, problem.message, problem.remedy)
        ) from None
    reading = fields.Reading(path, front)
    place = languages.place(path)
    article = _build(reading, place, body, body_line)
    return article, reading.findings


def address(path: PurePosixPath, languages_: Languages) -> tuple[str, ArticleId]:
    """The page's address and the id that an article at `path` has if it names none."""
    place = languages_.place(path)
    is_index = languages.is_index(place.path)
    return _url(place, is_index=is_index), ArticleId(_id_from(place.path, is_index=is_index))


def _build(reading: fields.Reading, place: Place, body: str, body_line: int) -> Article:
    path = reading.path
    is_index = languages.is_index(place.path)
    own_id = reading.identifier("id")
    return Article(
        id=ArticleId(own_id or _id_from(place.path, is_index=is_index)),
        lang=place.lang,
        path=path,
        url=_url(place, is_index=is_index),
        category=place.path.parent,
        title=" ".join(reading.words("title").split())
        or prose.first_heading(body)
        or _title_from(place.path),
        body=body,
        body_line=body_line,
        kind=reading.choice("kind", Kind, Kind.FAQ),
        state=visibility.state(reading),
        audience=visibility.audience(reading),
        tags=reading.tags("tags"),
        owner=reading.words("owner"),
        asked_as=reading.phrases("asked_as"),
        reply=reading.words("reply"),
        related=tuple(ArticleId(name) for name in reading.phrases("related")),
        redirect_from=_old_addresses(reading),
        review=_review(reading),
        review_every=_days(reading),
        translated_from=_origin(reading),
        severity=reading.choice("severity", Severity, Severity.DEFAULT),
        description=reading.words("description"),
        minor=bool(reading.flag("minor")),
        has_own_id=bool(own_id),
        is_index=is_index,
        other=reading.other(_KEYS),
        lines=reading.front.lines,
    )


def _old_addresses(reading: fields.Reading) -> tuple[str, ...]:
    """Where the page was before; Hugo and Jekyll have keys of their own for it."""
    own = reading.phrases("redirect_from")
    if any(not address.startswith("/") for address in own):
        reading.complain(
            "redirect_from",
            "an address begins with `/`; others are ignored.",
            "Write `/old/path/`.",
        )
    known = (*own, *reading.phrases("aliases"), *reading.phrases("permalink"))
    return tuple(dict.fromkeys(address for address in known if address.startswith("/")))


def _review(reading: fields.Reading) -> Review | None:
    parts = reading.mapping("review", ("on", "by", "hash", "evidence"))
    if parts is None:
        return None
    try:
        on = date.fromisoformat(parts["on"])
    except ValueError:
        reading.complain("review", f"`on: {parts['on']}` is not a day.", "Write it as 2026-10-01.")
        return None
    return Review(on, parts["by"], Revision(parts["hash"]), parts["evidence"])


def _days(reading: fields.Reading) -> int | None:
    """After how many days the article asks to be read through again."""
    said = reading.words("review_every")
    if not said:
        return None
    days = int(said) if said.isascii() and said.isdecimal() and len(said) < _LONGEST_NUMBER else 0
    if days:
        return days
    reading.complain(
        "review_every", f"`{said}` is no number of days.", "Write a number such as 90."
    )
    return None


def _origin(reading: fields.Reading) -> Origin | None:
    parts = reading.mapping("translated_from", ("lang", "hash"))
    return Origin(languages.tag(parts["lang"]), Revision(parts["hash"])) if parts else None


def _decode(source: bytes, path: PurePosixPath) -> str:
    if len(source) > MAX_BYTES:
        raise ArticleError(
            Finding(
                path,
                0,
                Level.ERROR,
                f"the file has {len(source) / 1e6:.1f} MB; an article has at most "
                f"{MAX_BYTES / 1e6:.0f} MB.",
                "Split it, or keep the data in an attachment and link to it.",
            )
        )
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = source.count(b"\n", 0, problem.start) + 1
        raise ArticleError(
            Finding(
                path,
                line,
                Level.ERROR,
                f"not UTF-8 text: byte 0x{source[problem.start]:02x}.",
                "Save the file as UTF-8, for example with `iconv -f latin1 -t utf-8`.",
            )
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _title_from(path: PurePosixPath) -> str:
    name = path.parent.name if languages.is_index(path) else path.stem
    words = re.sub(r"[-_]+", " ", name).strip()
    return words[:1].upper() + words[1:] if words else "Home"


def _id_from(path: PurePosixPath, *, is_index: bool) -> str:
    parts = [*path.parent.parts] if is_index else [*path.parent.parts, path.stem]
    return fields.slug("-".join(parts)) or "home"


def _url(place: Place, *, is_index: bool) -> str:
    parts = [*place.path.parent.parts] if is_index else [*place.path.parent.parts, place.path.stem]
    marked = [place.lang, *parts] if place.marked else parts
    return "/" + "".join(f"{_NOT_IN_ADDRESSES.sub('-', part)}/" for part in marked)


def _normalised(value: str | Sequence[Any]) -> Any:
    if isinstance(value, str):
        lines = unicodedata.normalize("NFC", value).splitlines()
        return "\n".join(line.rstrip() for line in lines).strip("\n")
    return [_normalised(item) for item in value]
