"""Articles taken apart for the index, into sections and words: once for each text.

Kept from build to build by all that they are taken from, so that only what was edited is read.
"""

from array import array
from base64 import b64decode, b64encode
from collections.abc import Callable
from functools import partial
from typing import Any

from answerloop import indexing
from answerloop.cache import Cache, digest, program
from search import analysed
from search.analysed import Analysed, Passage
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
    return partial(_analyse, cache, {})


def _analyse(cache: Cache, words: dict[str, str], document: Document) -> Analysed:
    texts = [part for each in document.sections for part in (each.heading, each.text)]
    counts = f"{len(document.asked_as)} {len(document.tags)}"
    key = digest(program(), counts, document.title, *document.asked_as, *document.tags, *texts)
    kept = cache.get("words", key)
    if kept is not None:
        return _taken(kept, words, document)
    found = analysed.analyse(document)
    passages = [
        [
            _packed(each.heading),
            each.text,
            _packed(each.words),
            _written(each.starts),
            _written(each.lengths),
        ]
        for each in found.passages
    ]
    asked_as = [_packed(phrase) for phrase in found.asked_as]
    cache.put("words", key, [_packed(found.title), asked_as, _packed(found.tags), passages])
    return found


def _packed(words: Any) -> str:
    return "\n".join(words)  # no word holds one


def _written(numbers: "array[int]") -> str:
    """As text: JSON would read thousands of numbers one by one."""
    return b64encode(numbers.tobytes()).decode()


def _read(written: str) -> "array[int]":
    return array("i", b64decode(written))


def _taken(kept: Any, known: dict[str, str], document: Document) -> Analysed:
    """`known` holds each word once: most are said many times."""

    def unpacked(words: str) -> list[str]:
        return [known.setdefault(word, word) for word in words.split("\n")] if words else []

    title, asked_as, tags, passages = kept
    return Analysed(
        document=document,
        title=unpacked(title),
        asked_as=[unpacked(phrase) for phrase in asked_as],
        tags=unpacked(tags),
        passages=[
            Passage(unpacked(heading), text, unpacked(words), _read(starts), _read(lengths))
            for heading, text, words, starts, lengths in passages
        ],
    )
