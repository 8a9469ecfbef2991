"""The words of the interface in each language, from the catalogues in `translations/`.

A catalogue is a gettext file `<lang>.po` read as it is: adding a language is adding a file. What
it lacks is said in English. Those in the `translations/` of a content repository go before ours,
sentence by sentence.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

FOLDER = "translations"

_PLACE = re.compile(r"%\((\w+)\)s")
_OURS = Path(str(resources.files("answerloop") / FOLDER))
_folders = [_OURS]


class Wording:
    """What is said in one language. Sentences are given in English, with `%(name)s` places."""

    def __init__(self, said: NullTranslations) -> None:
        self._said = said

    def __call__(self, sentence: str, **values: object) -> str:
        said = self._said.gettext(sentence)
        return said % values if values else said

    def many(self, one: str, other: str, *, count: int, **values: object) -> str:
        """One of two English sentences by `count`; a language may have up to six for them."""
        return self._said.ngettext(one, other, count) % {"count": count, **values}


def use(repository: Path) -> None:
    """Let the catalogues of a content repository go before ours, in this process."""
    _folders[:] = [repository / FOLDER, _OURS]
    available.cache_clear()
    _catalogue.cache_clear()


def sources() -> tuple[bytes, ...]:
    """All that the catalogues hold, for whoever keeps what was said."""
    files = [file for folder in _folders for file in sorted(folder.glob("*.po"))]
    return tuple(part for file in files for part in (file.name.encode(), file.read_bytes()))


def wording(lang: str) -> Wording:
    """The words of `lang`, else those of its language without the region, else English."""
    return Wording(_catalogue(lang) if lang in available() else _catalogue(lang.partition("-")[0]))


@cache
def of(folder: Path, lang: str) -> Wording:
    """The words of one language from another folder of catalogues; English without one."""
    file = folder / f"{lang}.po"
    return Wording((_compiled(file) if file.is_file() else None) or NullTranslations())


@cache
def available() -> tuple[str, ...]:
    """The languages that have a catalogue; English needs none."""
    found = {file.stem for folder in _folders for file in folder.glob("*.po")}
    return ("en", *sorted(found - {"en"}))


def faults(file: Path) -> Iterator[tuple[int, str]]:
    """The lines of a catalogue that are not used, and why; 0 when none of it can be."""
    try:
        catalogue = _read(file)
    except (OSError, ValueError, PoFileError) as problem:
        yield 0, f"cannot be read: {problem}"
        return
    for message in catalogue:
        if message.id and not _is_sound(message):
            yield message.lineno or 0, "the translation has a place that the sentence has not."


def sentences() -> tuple[str, ...]:
    """Every sentence of the interface, in English and in each language that has a catalogue."""
    said: set[str] = set()
    for file in (file for folder in _folders for file in folder.glob("*.po")):
        with suppress(OSError, ValueError, PoFileError):  # `kb check` tells
            for message in _read(file):
                said.update(_forms(message.id), _forms(message.string or ""))
    return tuple(sorted(said))


@cache
def _catalogue(lang: str) -> NullTranslations:
    """A catalogue of each folder that has one, each asked what those before it lack."""
    found = NullTranslations()
    for file in (folder / f"{lang}.po" for folder in reversed(_folders)):
        if file.is_file() and (compiled := _compiled(file)):
            compiled.add_fallback(found)
            found = compiled
    return found


def _compiled(file: Path) -> GNUTranslations | None:
    """What can be used of a catalogue: a word that could not be said would lose a whole page."""
    try:
        catalogue = _read(file)
    except (OSError, ValueError, PoFileError):
        return None  # `kb check` tells
    for message in list(catalogue):
        if message.id and not _is_sound(message):
            catalogue.delete(message.id)
    binary = BytesIO()
    write_mo(binary, catalogue)
    binary.seek(0)
    return GNUTranslations(binary)


def _read(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, locale=_locale(file.stem), abort_invalid=True)


def _locale(lang: str) -> Locale | None:
    """Without one Babel forgets how a catalogue counts."""
    try:
        return Locale.parse(lang.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return None


def _is_sound(message: Message) -> bool:
    """Whether the translation can be filled in wherever its sentence can."""
    places = {name for form in _forms(message.id) for name in _PLACE.findall(form)}
    try:
        for form in _forms(message.string or ""):
            _ = form % dict.fromkeys(places, "") if places else form
    except (KeyError, TypeError, ValueError):
        return False
    return all(places.issuperset(_PLACE.findall(form)) for form in _forms(message.string or ""))


def _forms(said: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)
