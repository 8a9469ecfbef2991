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

from answerloop import fields, frontmatter
from answerloop.errors import Finding, Level
from answerloop.languages import Languages, Place
from feedback.model import ArticleId, Revision, Severity

MAX_BYTES = 2_000_000


class Kind(StrEnum):
    FAQ = "faq"
    PROBLEM = "problem"
    PROCEDURE = "procedure"


class State(StrEnum):
    """How far an article can be trusted (KCS article state)."""

    WORK_IN_PROGRESS = "work-in-progress"
    NOT_VALIDATED = "not-validated"
    VALIDATED = "validated"
    ARCHIVED = "archived"


class Audience(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"


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
    translated_from: Origin | None = None
    severity: Severity = Severity.DEFAULT
    description: str = ""
    minor: bool = False
    has_own_id: bool = True
    is_index: bool = False
    other: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

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
        trailing white space).
        """
        parts = [self.title, self.body, [*self.asked_as], self.reply]
        normal = json.dumps(_normalised(parts), ensure_ascii=False, separators=(",", ":"))
        return Revision(hashlib.sha256(normal.encode()).hexdigest()[:12])


class ArticleError(Exception):
    """This file cannot become an article."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


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


def _build(reading: fields.Reading, place: Place, body: str, body_line: int) -> Article:
    path = reading.path
    is_index = place.path.stem.lower() in ("index", "readme")
    state = reading.choice("state", State, State.NOT_VALIDATED)
    if reading.flag("draft") or reading.flag("published") is False:
        state = State.WORK_IN_PROGRESS
    own_id = reading.identifier("id")
    return Article(
        id=ArticleId(own_id or _id_from(place.path, is_index=is_index)),
        lang=place.lang,
        path=path,
        url=_url(place, is_index=is_index),
        category=place.path.parent,
        title=reading.words("title") or _first_heading(body) or _title_from(place.path),
        body=body,
        body_line=body_line,
        kind=reading.choice("kind", Kind, Kind.FAQ),
        state=state,
        audience=_audience(reading),
        tags=reading.tags("tags"),
        owner=reading.words("owner"),
        asked_as=reading.phrases("asked_as"),
        reply=reading.words("reply"),
        related=tuple(ArticleId(name) for name in reading.phrases("related")),
        redirect_from=tuple(
            dict.fromkeys(
                address
                for key in ("redirect_from", "aliases", "permalink")
                for address in reading.phrases(key)
                if address.startswith("/")
            )
        ),
        review=_review(reading),
        translated_from=_origin(reading),
        severity=reading.choice("severity", Severity, Severity.DEFAULT),
        description=reading.words("description"),
        minor=bool(reading.flag("minor")),
        has_own_id=bool(own_id),
        is_index=is_index,
        other=reading.other(Article.__dataclass_fields__),
        lines=reading.front.lines,
    )


def _audience(reading: fields.Reading) -> Audience:
    """Who may read it. A word we do not know must not publish what was meant for agents."""
    value = reading.words("audience")
    try:
        return Audience(value.lower()) if value else Audience.PUBLIC
    except ValueError:
        raise ArticleError(
            Finding(
                reading.path,
                reading.line("audience"),
                Level.ERROR,
                f"`audience: {value}` is not known.",
                "Write `public` or `internal`; an article that may be internal is not published.",
            )
        ) from None


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


def _origin(reading: fields.Reading) -> Origin | None:
    parts = reading.mapping("translated_from", ("lang", "hash"))
    return Origin(parts["lang"], Revision(parts["hash"])) if parts else None


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


def _first_heading(body: str) -> str:
    match = re.search(r"^#[ \t]+(?P<words>.+?)[ \t#]*$", body, re.MULTILINE)
    words = match["words"] if match else ""
    return re.sub(r"[`*_]|\s*\{[#:.].*\}\s*$", "", words).strip()


def _title_from(path: PurePosixPath) -> str:
    name = path.parent.name if path.stem.lower() in ("index", "readme") else path.stem
    words = re.sub(r"[-_]+", " ", name).strip()
    return words[:1].upper() + words[1:] if words else "Home"


def _id_from(path: PurePosixPath, *, is_index: bool) -> str:
    parts = [*path.parent.parts] if is_index else [*path.parent.parts, path.stem]
    return fields.slug("-".join(parts)) or "home"


def _url(place: Place, *, is_index: bool) -> str:
    parts = [*place.path.parent.parts] if is_index else [*place.path.parent.parts, place.path.stem]
    return "/" + "".join(f"{part}/" for part in ([place.lang] if place.marked else []) + parts)


def _normalised(value: str | Sequence[Any]) -> Any:
    if isinstance(value, str):
        lines = unicodedata.normalize("NFC", value).splitlines()
        return "\n".join(line.rstrip() for line in lines).strip()
    return [_normalised(item) for item in value]
