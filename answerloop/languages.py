"""Which language an article is in: by folder (`de/…`), by file suffix, or the default."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from babel import Locale, UnknownLocaleError
from babel.localedata import exists as is_known_to_cldr

# `name.de.md`, `name._de.md`, `name.pt-BR.md`
_SUFFIX = re.compile(r"^(?P<stem>.+)\._?(?P<lang>[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)$")
_TAG = re.compile(r"^[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?$")


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

    Named languages are taken as they are. Otherwise a top folder counts as a language when it has
    the name of one and either another such folder stands beside it or nothing else does: a lone
    `it/` among `hr/` and `sales/` may be a department.
    """
    paths = list(paths)
    named = {tag(name) for name in configured}
    top = Counter(path.parts[0] for path in paths if len(path.parts) > 1)
    suffixes = {match["lang"] for path in paths if (match := _SUFFIX.match(path.stem))}
    if named:
        folders = {name for name in top if _is_tag(name) and tag(name) in named}
        suffixes = {name for name in suffixes if tag(name) in named}
    else:
        folders = {name for name in top if _is_tag(name) and is_known(name)}
        if len(folders) == 1 and len(top) > 1:
            folders = set()
        suffixes = {name for name in suffixes if is_known(name)}
    return Languages(tag(default), frozenset(folders), frozenset(suffixes))


def _is_tag(name: str) -> bool:
    return _TAG.match(name) is not None


def is_known(name: str) -> bool:
    """Whether CLDR knows a language of this name."""
    return _is_tag(name) and is_known_to_cldr(name.replace("-", "_"))


def tag(name: str) -> str:
    """The BCP 47 form of a language's name: `pt_br` becomes `pt-BR`."""
    language, _, region = name.replace("_", "-").partition("-")
    if not region:
        return language.lower()
    return f"{language.lower()}-{region.upper() if len(region) == 2 else region.title()}"  # noqa: PLR2004  a region has two letters, a script four


def _locale(lang: str) -> Locale | None:
    try:
        return Locale.parse(lang.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


def display_name(lang: str) -> str:
    """The language's own name for itself: `Deutsch`, `svenska` as `Svenska`."""
    locale = _locale(lang)
    name = locale.get_display_name(lang.replace("-", "_")) if locale else None
    return name[:1].upper() + name[1:] if name else lang


def direction(lang: str) -> str:
    """`rtl` for scripts written from right to left, else `ltr`."""
    locale = _locale(lang)
    return locale.text_direction if locale else "ltr"
