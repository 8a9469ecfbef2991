"""The words of the interface in each language, from the catalogues in `translations/`.

A catalogue is a gettext file `<lang>.po` read as it is: adding a language is adding a file. What
it lacks is said in English.
"""

from collections.abc import Callable
from functools import cache
from importlib import resources

from babel.messages.pofile import read_po

Wording = Callable[..., str]


def wording(lang: str) -> Wording:
    """A function from an English sentence, with `%(name)s` places, to the sentence in `lang`."""
    messages = _catalogue(lang) or _catalogue(lang.partition("-")[0])

    def say(sentence: str, **values: object) -> str:
        said = messages.get(sentence) or sentence
        return said % values if values else said

    return say


@cache
def available() -> tuple[str, ...]:
    """The languages that have a catalogue; English needs none."""
    folder = resources.files("answerloop") / "translations"
    names = (item.name for item in folder.iterdir() if item.name.endswith(".po"))
    return ("en", *sorted(name.removesuffix(".po") for name in names))


def sentences() -> tuple[str, ...]:
    """Every sentence of the interface, in English and in each language that has a catalogue."""
    catalogues = [_catalogue(lang) for lang in available()]
    said = {text for known in catalogues for pair in known.items() for text in pair}
    return tuple(sorted(said))


@cache
def _catalogue(lang: str) -> dict[str, str]:
    if lang not in available() or lang == "en":
        return {}
    file = resources.files("answerloop") / "translations" / f"{lang}.po"
    with file.open("rb") as stream:
        return {str(message.id): str(message.string) for message in read_po(stream) if message.id}
