"""An article taken apart into words once, for the index and for what lies beside it."""

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from search import analysis
from search.documents import Document

PARTS = ("title", "asked_as", "headings", "tags", "body")

"""The parts of an article that are searched. Each has a field in each language: `title_de`."""

STORED_CHARACTERS = 40_000
"""How much of an article's text is kept for excerpts; all of it is searchable."""

# Space, and what is no text: control characters and halves of surrogate pairs.
_GAP = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff]+")


def field(part: str, base: str) -> str:
    """The field of a part in a language, as the engine's index knows it."""
    return f"{part}_{base}"


def clean(text: str) -> str:
    """A text as it is shown: on one line, without control characters."""
    return _GAP.sub(" ", text).strip()


@dataclass(frozen=True, slots=True)
class Passage:
    """A section in words: those of its heading, and those of its text with their places.

    `starts` and `lengths` count characters of `text`, in the order of `words`.
    """

    heading: Sequence[str]
    text: str
    words: Sequence[str]
    starts: "array[int]"
    lengths: "array[int]"


@dataclass(frozen=True, slots=True)
class Analysed:
    """A document and its words, as surfaces, part by part; phrases keep their lines apart."""

    document: Document
    title: Sequence[str]
    asked_as: Sequence[Sequence[str]]
    tags: Sequence[str]
    passages: Sequence[Passage]

    def said(self, part: str) -> Iterable[str]:
        """The words of a part in order."""
        match part:
            case "title":
                return self.title
            case "asked_as":
                return chain.from_iterable(self.asked_as)
            case "headings":
                return chain.from_iterable(each.heading for each in self.passages)
            case "tags":
                return self.tags
            case _:
                return chain.from_iterable(each.words for each in self.passages)


def surfaces(text: str) -> list[str]:
    surface = analysis.surface
    return [surface(token.text) for token in analysis.tokens(clean(text))]


def analyse(document: Document) -> Analysed:
    """Take an article apart; its words are found whatever its text holds."""
    return Analysed(
        document=document,
        title=surfaces(document.title),
        asked_as=[surfaces(phrase) for phrase in document.asked_as],
        tags=surfaces("\n".join(document.tags)),
        passages=[_passage(section.heading, section.text) for section in document.sections],
    )


def _passage(heading: str, text: str) -> Passage:
    words: list[str] = []
    starts, lengths = array("i"), array("i")
    shown = clean(text)
    for compound in analysis.compounds(shown):
        place = compound.start()
        for word, start, length in analysis.surfaces(compound.group()):
            words.append(word)
            starts.append(place + start)
            lengths.append(length)
    return Passage(surfaces(heading), shown, words, starts, lengths)


def ordered(documents: Iterable[Document]) -> list[Document]:
    """By id and language, so that equal scores always come in the same order."""
    return sorted(documents, key=lambda document: (document.id, document.lang))
