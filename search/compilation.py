"""From the engine's index and the articles to the arrays that a search works with.

One file of arrays for each language. It holds nothing that does not follow from the articles,
so it is written together with the engine's index and listed in the same manifest.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search import (
    alternatives,
    analysed,
    analysis,
    arrays,
    impacts,
    languages,
    passages,
    postings,
    spelling,
    suggestions,
    titles,
    vocabulary,
)
from search.analysis import Language
from search.arrays import Array
from search.cutting import clean
from search.documents import Document
from search.formula import FORMULA, Formula
from search.gathering import Gathered
from search.postings import Postings
from search.synonyms import Synonym
from search.vocabulary import Grouping

TITLE_WORD = 8.0
"""What a title word is worth as a spelling beside a word of a body."""


@dataclass(frozen=True, slots=True)
class Shelves:
    """The articles of one language on some shelves: what was handed to the engine, and the rest.

    `numbers` gives for each shelf the number here of each article by its place there.
    """

    found: Sequence[postings.Found]
    gathered: Sequence[Gathered]
    numbers: Sequence[Mapping[int, int]]
    documents: Sequence[Document]


def write(
    path: Path,
    base: str,
    shelves: Shelves,
    *,
    listed: Sequence[Synonym] = (),
    formula: Formula = FORMULA,
) -> None:
    """Compile the articles of one language on some shelves as one, into a new file.

    `listed` are synonyms.
    """
    here = [synonym for synonym in listed if synonym.holds_in(base)]
    compiled = compiled_language(
        postings.gathered(shelves.found, base, shelves.numbers),
        shelves,
        languages.language(base),
        formula,
        listed=here,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays.write(path, compiled)


def compiled_language(
    read: Postings,
    shelves: Shelves,
    known: Language,
    formula: Formula,
    *,
    listed: Sequence[Synonym] = (),
) -> dict[str, Array]:
    """The arrays of one language from its postings, its articles and its synonyms."""
    words, documents = read.words, shelves.documents
    found = _terms(read, known)
    of = impacts.streams(read, [each.prior for each in documents], formula)
    said = impacts.said(read, formula)
    del read  # a build has no other, and it is as large as what follows from it
    found |= impacts.compute("term", said, _together(found, formula), formula, of=of)
    del said
    stems = {name: number for number, name in enumerate(arrays.texts(found["stems"]))}
    prior = of.prior.astype(np.float32)
    found |= titles.write(_lines(shelves), stems, known, prior=prior)
    found |= suggestions.write(documents)
    found |= alternatives.write(listed, known)
    found |= passages.write(shelves.gathered, shelves.numbers, words)
    return found | _records(documents)


def _terms(read: Postings, known: Language) -> dict[str, Array]:
    """The words, their stems and grams, and how they are found though they are written wrong."""
    words, folded = read.words, analysis.folds(read.words)
    others = [number for number, word in enumerate(words) if folded[number] != word]
    stems = vocabulary.stems(words, known)
    grams = vocabulary.grams(folded)
    return {
        "words": arrays.packed(words),
        "folded": arrays.packed(folded[number] for number in others),
        "folded_words": np.array(others, dtype=np.int64),
        "word_stem": stems.terms,
        "word_grams": np.diff(grams.at),
        "topics": _topics(read, stems),
        **_grouping("stem", stems),
        **_grouping("gram", grams),
        **spelling.write(folded, _weights(read, len(words))),
    }


def _grouping(kind: str, grouping: Grouping) -> dict[str, Array]:
    at, words = grouping.inverted()
    return {
        f"{kind}s": arrays.packed(grouping.names),
        f"{kind}_words_at": at,
        f"{kind}_words": arrays.narrow(words),
    }


def _together(found: Mapping[str, Array], formula: Formula) -> tuple[Array, Array, Array]:
    """The terms as `impacts.compute` wants them: the stems, and after them the grams."""
    stems, grams = (found[f"{kind}_words_at"].astype(np.intp) for kind in ("stem", "gram"))
    return (
        np.concatenate((stems, stems[-1] + grams[1:])),
        np.concatenate((found["stem_words"], found["gram_words"])),
        np.repeat((formula.stems, 1.0), (len(stems) - 1, len(grams) - 1)),
    )


def numbered(
    base: str, shelves: Sequence[Sequence[Document]]
) -> tuple[list[dict[int, int]], list[Document]]:
    """For each shelf the number here of each article of a language there, and these articles.

    They are numbered by id and language tag; on a shelf they come in their order there.
    """
    found = sorted(
        (document.id, document.lang, shelf, there)
        for shelf, documents in enumerate(shelves)
        for there, document in enumerate(documents)
        if analysed.lang(document) == base
    )
    numbers: list[dict[int, int]] = [{} for _ in shelves]
    for here, (_, _, shelf, there) in enumerate(found):
        numbers[shelf][there] = here
    return numbers, [shelves[shelf][there] for _, _, shelf, there in found]


def _lines(shelves: Shelves) -> list[list[list[str]]]:
    """The words of each article's title and phrases."""
    found: list[list[list[str]]] = [[] for _ in shelves.documents]
    for gathered, ours in zip(shelves.gathered, shelves.numbers, strict=True):
        texts = list(gathered.names.texts)
        for here, lines in zip(ours.values(), gathered.lines(), strict=True):
            found[here] = [[texts[number] for number in line] for line in lines]
    return found


def _weights(read: Postings, words: int) -> Array:
    weights = np.zeros(words)
    for name, part in read.parts.items():
        worth = TITLE_WORD if name in {"title", "asked_as"} else 1.0
        weights += worth * np.bincount(part.word, minlength=words)
    return weights


def _topics(read: Postings, stems: Grouping) -> Array:
    """Which stems stand in a head; an article without a head has its text for one."""
    heads = [part for name, part in read.parts.items() if name != "body"]
    headed = np.zeros(read.documents, dtype=np.bool_)
    for part in heads:
        headed[part.document] = True
    body = read.parts["body"]
    said = np.concatenate([part.word for part in heads] + [body.word[~headed[body.document]]])
    topics = np.zeros(len(stems.names), dtype=np.uint8)
    topics[stems.terms[said]] = 1
    return topics


def _records(documents: Sequence[Document]) -> dict[str, Array]:
    """What a hit tells, as JSON, and what a search is narrowed by."""
    records = [_record(each) for each in documents]
    at = np.zeros(len(records) + 1, dtype=np.int64)
    np.cumsum([len(record) for record in records], out=at[1:])
    langs = sorted({each.lang for each in documents})
    tags: dict[str, list[int]] = {}
    for number, document in enumerate(documents):
        for tag in document.tags:
            tags.setdefault(analysis.tag(tag), []).append(number)
    tables = json.dumps({"langs": langs, "tags": tags}, ensure_ascii=True)
    return {
        "records": np.frombuffer(b"".join(records), dtype=np.uint8),
        "records_at": at,
        "lang": np.array([langs.index(each.lang) for each in documents], dtype=np.int32),
        "tables": np.frombuffer(tables.encode(), dtype=np.uint8),
    }


def _record(document: Document) -> bytes:
    record = (
        document.id,
        document.lang,
        # Most titles are among the suggestions as they are.
        None if document.title and document.title == clean(document.title) else document.title,
        document.url,
        document.tags,
        document.breadcrumbs,
        document.kind,
        document.updated,
        [section.anchor for section in document.sections],
    )
    # YAML can write half a surrogate pair, which is no text and must not reach an answer.
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "replace")
