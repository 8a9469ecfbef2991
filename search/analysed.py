"""An article taken apart once, into numbers: for the index and for what lies beside it."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search import analysis
from search.cutting import Cut, clean
from search.documents import Document

PARTS = ("title", "asked_as", "headings", "tags", "body")
"""The parts of an article that are searched. Each has a field in each language: `title_de`."""

STORED_CHARACTERS = 40_000
"""How much of an article's text is kept for excerpts; all of it is searchable."""


def field(part: str, base: str) -> str:
    """The field of a part in a language, as the engine's index knows it."""
    return f"{part}_{base}"


@dataclass(frozen=True, slots=True)
class Analysed:
    """The words of an article as numbers: places in `texts`, in which each stands once.

    Words are surfaces, in order, but for those of the text: each once, with its `counts`. `pieces`
    is the text as `search.passages` says, numbered otherwise: a number is the place of an atom in
    `texts`; after these come the `gaps`, the `compounds` (a word, its atoms), section and body.
    """

    texts: Sequence[str]
    gaps: Sequence[str]
    compounds: Sequence[Sequence[int]]
    title: "array[int]"
    asked_as: Sequence["array[int]"]
    headings: "array[int]"
    tags: "array[int]"
    body: "array[int]"
    counts: "array[int]"
    pieces: "array[int]"


def analyse(document: Document) -> Analysed:
    """Take an article apart; its words are found whatever its text holds."""
    cut = Cut()
    title = cut.line(document.title)
    asked_as = [cut.line(phrase) for phrase in document.asked_as]
    tags = cut.line("\n".join(document.tags))
    headings = array("I")
    room = STORED_CHARACTERS
    for section in document.sections:
        text = clean(section.text)
        headings += cut.section(section.heading)
        cut.text(text, max(0, room))
        room -= len(text)
    body, counts = cut.counted()
    return Analysed(
        texts=list(cut.texts),
        gaps=list(cut.gaps),
        compounds=list(cut.compounds),
        title=title,
        asked_as=asked_as,
        headings=headings,
        tags=tags,
        body=body,
        counts=counts,
        pieces=cut.numbered(),
    )


def lang(document: Document) -> str:
    """The language that a document is searched in."""
    return analysis.base(document.lang)


def ordered(documents: Iterable[Document]) -> list[Document]:
    """By id and language, so that equal scores always come in the same order."""
    return sorted(documents, key=lambda document: (document.id, document.lang))
