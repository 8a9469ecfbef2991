"""Which language an article is in: by folder (`de/…`), by file suffix, or the default."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.localedata import exists as is_known_to_cldr

# `name.de.md`, `name._de.md`, `name.pt-BR.md`
_NAME = r"[a-z]{2,3}(?:[-_](?:[A-Za-z]{2}|[A-Za-z]{4}|[0-9]{3}))?"
_SUFFIX = re.compile(rf"^(?P<stem>.+)\._?(?P<lang>{_NAME})$")
_TAG = re.compile(rf"^{_NAME}$")
# The letters after z, where an accent makes a letter of its own. Everywhere else ä stands with a.
_AFTER_Z = {"sv": "åäö", "fi": "åäö", "da": "æøå", "nb": "æøå", "nn": "æøå", "no": "æøå"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an article stands: its language, and its path without the mark of the language.

    `marked` is False when the path does not say the language.
    """

    lang: str
    path: PurePosixPath
    marked: bool


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of a folder of articles and how its paths show them."""

    default: str
    folders: frozenset[str]
    suffixes: frozenset[str]

    def place(self, path: PurePosixPath) -> Place:
        """The language of the file at `path` (relative to the content folder)."""
        if len(path.parts) > 1 and path.parts[0] in self.folders:
            return Place(tag(path.parts[0]), PurePosixPath(*path.parts[1:]), marked=True)
        match = _SUFFIX.match(path.stem)
        if match and match["lang"] in self.suffixes:
            return Place(
                tag(match["lang"]), path.with_name(match["stem"] + path.suffix), marked=True
            )
        return Place(self.default, path, marked=False)


def recognise(
    paths: Iterable[PurePosixPath], *, configured: Iterable[str] = (), default: str
) -> Languages:
    """The languages that a folder holds.

    Named languages are taken as they are. Otherwise top folders with the names of languages count
    when no other folder stands beside them, when the default language is one of them, or when
    they hold translations, files that stand elsewhere, too: `hr/` and `it/` beside `sales/` are
    departments.
    """
    paths = list(paths)
    named = {tag(name) for name in configured}
    top = Counter(path.parts[0] for path in paths if len(path.parts) > 1)
    suffixes = {match["lang"] for path in paths if (match := _SUFFIX.match(path.stem))}
    if named:
        folders = {name for name in top if _is_tag(name) and tag(name) in named}
        suffixes = {name for name in suffixes if tag(name) in named}
    else:
        folders = {name for name in top if is_known(name)}
        said = {tag(name).partition("-")[0] for name in folders}
        if folders != set(top) and tag(default).partition("-")[0] not in said:
            folders = folders if _hold_translations(folders, paths) else set()
        suffixes = {name for name in suffixes if is_known(name)}
    return Languages(tag(default), frozenset(folders), frozenset(suffixes))


def _hold_translations(folders: Collection[str], paths: Iterable[PurePosixPath]) -> bool:
    """Whether a file of one of the folders stands in another or outside of them, too."""
    found: set[PurePosixPath] = set()
    for path in paths:
        is_inside = len(path.parts) > 1 and path.parts[0] in folders
        bare = PurePosixPath(*path.parts[1:]) if is_inside else path
        if bare in found and not is_index(bare):
            return True
        found.add(bare)
    return False


def is_index(path: PurePosixPath) -> bool:
    """Whether a file stands for its folder; Hugo calls that of a section `_index.md`."""
    return path.stem.lower() in ("index", "_index", "readme")


def _is_tag(name: str) -> bool:
    return _TAG.match(name) is not None


def is_known(name: str) -> bool:
    """Whether CLDR knows a language of this name, in whatever country: `zh-CN`."""
    language = re.split("[-_]", name)[0]
    return _is_tag(name) and is_known_to_cldr(language) and _locale(name) is not None


def tag(name: str) -> str:
    """The BCP 47 form of a language's name: `pt_br` becomes `pt-BR`."""
    language, *others = name.replace("_", "-").split("-")
    # A region has two letters (or three digits), a script four.
    cased = [part.upper() if len(part) == 2 else part.title() for part in others]  # noqa: PLR2004
    return "-".join([language.lower(), *cased])


@lru_cache(maxsize=256)
def _locale(lang: str) -> Locale | None:
    try:
        return Locale.parse(lang.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(maxsize=256)
def display_name(lang: str) -> str:
    """The language's own name for itself: `Deutsch`, `svenska` as `Svenska`."""
    locale = _locale(lang)
    name = locale.get_display_name(lang.replace("-", "_")) if locale else None
    return name[:1].upper() + name[1:] if name else lang


@lru_cache(maxsize=4096)
def long_date(day: date, lang: str) -> str:
    """A day in the words of a language: `3 de noviembre de 2026`.

    English that names no country puts the day first: 3 November is understood everywhere.
    """
    locale = None if lang == "en" else _locale(lang)
    return format_date(day, format="long", locale=locale or "en_GB")


@lru_cache(maxsize=256)
def direction(lang: str) -> str:
    """`rtl` for scripts written from right to left, else `ltr`."""
    locale = _locale(lang)
    return locale.text_direction if locale else "ltr"


@lru_cache(maxsize=8192)
def reading_order(title: str, lang: str) -> tuple[str | int, ...]:
    """Where people look for a title in a list: signs and capitals do not count, 2 is before 10."""
    after_z = _AFTER_Z.get(lang.partition("-")[0], "")
    composed = unicodedata.normalize("NFC", title.casefold())
    letters = "".join(
        f"{{{after_z.index(sign)}" if sign in after_z else unicodedata.normalize("NFKD", sign)
        for sign in re.sub(r"[^\w\s]", "", composed)
    )
    plain = (sign for sign in letters if not unicodedata.combining(sign))
    # Words and numbers by turns, so that a word is never compared with a number.
    parts = re.split(r"([0-9]+)", "".join(plain).strip())
    return tuple(int(part) if part.isdecimal() else part for part in parts)
