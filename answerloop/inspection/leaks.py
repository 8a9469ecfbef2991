"""Internal, archived and unfinished articles in what is about to be published.

Two searches, one for each way out. What programs write from the catalog (navigation, lists, feeds)
is caught by a canary: the site is built from a catalog in which each text that is kept back holds
a word that occurs nowhere else. What comes by another way (a file copied, a snippet included) is
caught by its words: a run of eight of them that stands in no public article.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from answerloop import wording
from answerloop.articles import Article
from answerloop.catalog import Catalog
from answerloop.errors import Finding, Level
from answerloop.inspection import plain, shingles
from answerloop.inspection.shingles import Numbers
from answerloop.settings import Settings
from answerloop.visibility import Audience, State
from feedback.model import Revision

LENGTH = 8
"""Words of a run: fewer are shared by chance, more would miss a sentence that was copied."""
_SHORTEST = 4
"""A title or a question of so many words is looked for as a whole, where it stands alone."""

_PARAGRAPH = re.compile(r"\n\s*\n")
_UNKNOWN = Revision("")
_ADDRESS = re.compile(r"(?:https?://|(?<=[\"'\s>(]))[^\s\"'<>()\\]*/")
_BY_MACHINE = (".xml", ".json", ".txt", ".md", ".rss", ".atom", ".conf", ".map")
_REMEDY = (
    "Nothing was published. Look how it came there: an include, a copied file, a plugin. What may "
    "be public belongs into a public article."
)


@dataclass(frozen=True, slots=True)
class Canary:
    """A word of which no text can know; a number tells whose it is."""

    word: str

    def of(self, number: int) -> str:
        return f"{self.word}x{number}x"


@dataclass(frozen=True, slots=True)
class _Planted(Article):
    """An article with a canary; it stays the revision that it is."""

    known_as: Revision = _UNKNOWN

    @property
    def revision(self) -> Revision:
        return self.known_as


def planted(catalog: Catalog, canary: Canary) -> Catalog:
    """The catalog with a canary in all that is kept back, to build the site from."""
    kept = _kept_back(catalog)
    if not kept:
        return catalog
    known = {article.path: _with(article, canary.of(i)) for i, article in enumerate(kept)}
    marked = tuple(known.get(article.path, article) for article in catalog.articles)
    return replace(catalog, articles=marked)


def _with(article: Article, word: str) -> Article:
    values = {each.name: getattr(article, each.name) for each in fields(Article) if each.init}
    values |= {
        "title": f"{article.title} {word}",
        "body": f"{article.body}\n\n{word}\n",
        "description": f"{article.description} {word}",
        "asked_as": (*article.asked_as, word),
        "reply": f"{article.reply} {word}",
        "tags": (*article.tags, word),
    }
    if not _had_a_page(article):
        values["url"] = f"{article.url}{word}/"
    return _Planted(**values, known_as=article.revision)


def _had_a_page(article: Article) -> bool:
    """Whether readers may know its address: a notice may stand where an archived article was."""
    return article.audience is Audience.PUBLIC and article.state is State.ARCHIVED


def _kept_back(catalog: Catalog) -> list[Article]:
    return [article for article in catalog.articles if not article.is_published]


class _Traces:
    """The runs of words that are looked for, by length, each with the number of its text."""

    def __init__(self) -> None:
        self._gathered: dict[int, list[tuple[Numbers, int]]] = defaultdict(list)

    def add_prose(self, text: str, owner: int) -> None:
        """Runs within a paragraph: the end of one and the start of the next meet by chance, too."""
        for paragraph in _PARAGRAPH.split(text):
            self._add(paragraph, owner, at_least=LENGTH)

    def add_phrase(self, phrase: str, owner: int) -> None:
        self._add(phrase, owner, at_least=_SHORTEST)

    def _add(self, text: str, owner: int, *, at_least: int) -> None:
        numbers = shingles.numbered(shingles.words(text))
        length = min(len(numbers), LENGTH)
        if length >= at_least:
            self._gathered[length].append((shingles.runs(numbers, length), owner))

    @cached_property
    def by_length(self) -> dict[int, tuple[Numbers, NDArray[np.uint32]]]:
        """Numbers in order, and the owner of each."""
        sorted_ = {}
        for length, gathered in self._gathered.items():
            numbers = np.concatenate([runs for runs, _ in gathered])
            owners = np.repeat(
                np.array([owner for _, owner in gathered], np.uint32),
                [len(runs) for runs, _ in gathered],
            )
            order = np.argsort(numbers, kind="stable")
            sorted_[length] = numbers[order], owners[order]
        self._gathered.clear()
        return sorted_

    def found_in(self, numbers: Numbers) -> Iterator[tuple[int, int, int]]:
        """Length, place of the first word, and owner of each run that is among `numbers`."""
        for length, (known, owners) in self.by_length.items():
            runs = shingles.runs(numbers, length)
            places = np.searchsorted(known, runs)
            places[places == len(known)] = 0
            for at in np.flatnonzero(known[places] == runs):
                yield length, int(at), int(owners[places[at]])


class Search:
    """Looks for what is kept back, file after file.

    Memory: 12 bytes for each word that is kept back, and 8 for each public one once something
    suspicious was found; time is that of reading the output once.
    """

    def __init__(self, catalog: Catalog, settings: Settings, canary: Canary) -> None:
        self._catalog, self._settings = catalog, settings
        self._canary = re.compile(canary.word.encode() + rb"x(?P<number>\d+)x")
        self._kept = _kept_back(catalog)
        self._paths = [article.path for article in self._kept]
        self._traces = _Traces()
        self._rows: set[int] = set()
        for number, article in enumerate(self._kept):
            for phrase in (article.title, *article.asked_as):
                self._traces.add_phrase(phrase, number)
            for text in (plain.of_markdown(article.body), article.description, article.reply):
                self._traces.add_prose(text, number)
        self._add_unread()
        self._addresses = {
            article.url: article.path for article in self._kept if not _had_a_page(article)
        }

    def _add_unread(self) -> None:
        """What could not be read is left out of the site; nobody knows who may see it."""
        for path in dict.fromkeys(found.path for found in self._catalog.findings):
            file = self._settings.content_dir / path
            if path in self._catalog.by_path or not _is_text(file):
                continue
            self._traces.add_prose(
                plain.of_markdown(file.read_text(encoding="utf-8", errors="replace")),
                len(self._paths),
            )
            self._paths.append(path)

    def in_index(self, indexed: Iterable[tuple[str, str]]) -> Iterator[Finding]:
        """What public searches would find, by id and language."""
        public = {(str(article.id), article.lang) for article in self._catalog.published}
        for name, lang in sorted(set(indexed) - public):
            article = self._catalog.by_id.get(name, {}).get(lang)  # type: ignore[call-overload]  # as the index says it
            path = article.path if article else PurePosixPath(name)
            yield Finding(path, 0, Level.ERROR, "it is in the public index.", _REMEDY)

    def in_file(self, name: str, content: bytes) -> Iterator[Finding]:
        """The articles that a file of the output gives away, each once."""
        if not self._paths:
            return
        inside, content = plain.unpacked(name, content)
        seen: set[PurePosixPath] = set()
        for path, what in self._in(inside, content):
            if path not in seen:
                seen.add(path)
                message = f"the public file {name} would hold {what}."
                yield Finding(path, 0, Level.ERROR, message, _REMEDY)

    def _in(self, name: str, content: bytes) -> Iterator[tuple[PurePosixPath, str]]:
        for match in self._canary.finditer(content):
            yield self._paths[int(match["number"])], "something of this article"
        if content and (path := self._attachments.get(_hash(content))):
            yield path, "this attachment, which is kept back"
        text = self._unseen(plain.text(name, content))
        listed = shingles.words(text)
        for length, at, owner in self._traces.found_in(shingles.numbered(listed)):
            if length < LENGTH and not shingles.stands_alone(text, at, length):
                continue
            if not self._is_public(listed[at : at + length]):
                yield self._paths[owner], f"its words “{' '.join(listed[at : at + length])}”"
        if name.endswith(_BY_MACHINE):
            yield from self._addresses_in(content.decode("utf-8", "replace"))

    def _unseen(self, text: str) -> str:
        """Only the rows that no file before had: what all pages share is looked at once."""
        rows = [row for row in text.split("\n") if row and not row.isspace()]
        fresh = [row for row in rows if hash(row) not in self._rows]
        self._rows.update(map(hash, fresh))
        return "\n".join(fresh)

    def _addresses_in(self, text: str) -> Iterator[tuple[PurePosixPath, str]]:
        base = urlsplit(self._settings.site.url).path.rstrip("/")
        for address in dict.fromkeys(_ADDRESS.findall(text)):
            path = unquote(urlsplit(address).path)
            for url in {path, path.removeprefix(base)} & self._addresses.keys():
                if url not in self._public_addresses:
                    yield self._addresses[url], f"its address {url}"

    @cached_property
    def _public_addresses(self) -> Collection[str]:
        """Addresses that public articles name themselves: what they say is said."""
        bodies = "\n".join(article.body for article in self._catalog.published)
        named = {url for url in self._addresses if url in bodies}
        return named | {old for each in self._catalog.published for old in each.redirect_from}

    def _is_public(self, listed: list[str]) -> bool:
        """Whether a run of words stands in a public article or in the interface, too."""
        number = shingles.runs(shingles.numbered(listed), len(listed))[0]
        if len(listed) not in self._public:
            runs = [shingles.runs(text, len(listed)) for text in self._public_texts]
            self._public[len(listed)] = np.unique(np.concatenate(runs))
        known = self._public[len(listed)]
        place = int(np.searchsorted(known, number))
        return place < len(known) and bool(known[place] == number)

    @cached_property
    def _public(self) -> dict[int, Numbers]:
        return {}

    @cached_property
    def _public_texts(self) -> list[Numbers]:
        """What readers may see anyway, as numbers of its words."""
        said = [*wording.sentences(), self._settings.site_name]
        for article in self._catalog.published:
            said += [article.title, *article.asked_as, article.description, article.reply]
            said += [plain.of_markdown(article.body), " ".join(article.path.parts)]
        return [shingles.numbered(shingles.words(text)) for text in said]

    @cached_property
    def _attachments(self) -> dict[bytes, PurePosixPath]:
        """The attachments that are kept back, by the hash of what they hold."""
        hashes: dict[bool, dict[bytes, PurePosixPath]] = {True: {}, False: {}}
        for path in self._catalog.attachments:
            file = self._settings.content_dir / path
            is_public = path in self._catalog.public_attachments
            hashes[is_public][_hash(file.read_bytes())] = path
        return {key: path for key, path in hashes[False].items() if key not in hashes[True]}


def _is_text(file: Path) -> bool:
    try:
        return file.is_file() and b"\0" not in file.read_bytes()[:4096]
    except OSError:
        return False


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
