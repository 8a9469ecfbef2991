"""Articles taken apart for the index, into sections and words: once for each text.

Kept from build to build by all that they are taken from, so that only what was edited is read.
"""

from array import array
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import partial
from itertools import accumulate, pairwise
from typing import Any

from answerloop import indexing
from answerloop.cache import Cache, digest, program
from search import analysed
from search.analysed import Analysed
from search.documents import Document, Section


def sections(cache: Cache, html: str, title: str) -> tuple[Section, ...]:
    """What `indexing.sections` finds."""
    key = digest(program(), html, title)
    kept = cache.get("sections", key)
    if kept is not None:
        return tuple(Section(*parts) for parts in kept)
    found = indexing.sections(html, title)
    cache.put("sections", key, [[each.heading, each.anchor, each.text] for each in found])
    return found


def analyser(cache: Cache) -> Callable[[Document], Analysed]:
    """What stands for `search.analysed.analyse`."""
    return partial(_analyse, cache)


def _analyse(cache: Cache, document: Document) -> Analysed:
    texts = [part for each in document.sections for part in (each.heading, each.text)]
    counts = f"{len(document.asked_as)} {len(document.tags)}"
    key = digest(program(), counts, document.title, *document.asked_as, *document.tags, *texts)
    kept = cache.get("words", key)
    if kept is not None:
        return _read(kept)
    found = analysed.analyse(document)
    cache.put("words", key, _written(found))
    return found


def _written(found: Analysed) -> list[Any]:
    """The numbers are one text: JSON would read thousands of them one by one."""
    lines = [found.title, found.headings, found.tags, found.body, found.counts, found.pieces]
    lines += found.asked_as
    numbers = b64encode(b"".join(line.tobytes() for line in lines)).decode()
    texts = "\n".join(found.texts)  # none holds a line break
    return [texts, found.gaps, found.compounds, list(map(len, lines)), numbers]


def _read(kept: Any) -> Analysed:
    texts, gaps, compounds, lengths, numbers = kept
    every = array("I", b64decode(numbers))
    ends = list(accumulate(lengths, initial=0))
    title, headings, tags, body, counts, pieces, *asked_as = (
        every[start:end] for start, end in pairwise(ends)
    )
    return Analysed(
        texts=texts.split("\n") if texts else [],
        gaps=gaps,
        compounds=compounds,
        title=title,
        asked_as=asked_as,
        headings=headings,
        tags=tags,
        body=body,
        counts=counts,
        pieces=pieces,
    )
