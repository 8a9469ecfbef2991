"""From the engine's index and the articles to the arrays that a search works with.

One file of arrays for each language. It holds nothing that does not follow from the articles,
so it is written together with the engine's index and listed in the same manifest.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from search import (
    alternatives,
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
from search.analysed import Analysed, clean
from search.analysis import Language
from search.arrays import Array
from search.formula import FORMULA, Formula
from search.postings import Postings
from search.synonyms import Synonym
from search.vocabulary import Grouping

TITLE_WORD = 8.0
"""What a title word is worth as a spelling beside a word of a body."""


def write(
    path: Path,
    base: str,
    found: Sequence[postings.Found],
    shelves: Sequence[Sequence[Analysed]],
    *,
    listed: Sequence[Synonym] = (),
    formula: Formula = FORMULA,
) -> None:
    """Compile the articles of one language on some shelves as one, into a new file.

    `found` is what the engine was handed on each, `shelves` the articles in their order there,
    `listed` synonyms.
    """
    numbers, articles = numbered(base, shelves)
    read = postings.gathered(found, base, numbers)
    here = [synonym for synonym in listed if synonym.holds_in(base)]
    known = languages.language(base)
    compiled = compiled_language(read, articles, known, formula, listed=here)
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays.write(path, compiled)


def compiled_language(
    read: Postings,
    articles: Sequence[Analysed],
    known: Language,
    formula: Formula,
    *,
    listed: Sequence[Synonym] = (),
) -> dict[str, Array]:
    """The arrays of one language from its postings, its articles, in their order, its synonyms."""
    words = read.words
    number_of = {word: number for number, word in enumerate(words)}
    stems = vocabulary.stems(words, known)
    grams = vocabulary.grams(words)
    of = impacts.streams(read, [each.document.prior for each in articles], formula)
    lines = [[each.title, *each.asked_as] for each in articles]
    stem_numbers = {name: number for number, name in enumerate(stems.names)}
    return {
        **impacts.compute("stem", read, stems, formula, of=of, worth=formula.stems),
        **impacts.compute("gram", read, grams, formula, of=of),
        **titles.write(lines, stem_numbers, known, prior=of.prior.astype(np.float32)),
        **_dictionary(words, stems, grams),
        "topics": _topics(read, stems),
        **spelling.write(_folded(words), _weights(read, len(words))),
        **suggestions.write(articles),
        **alternatives.write(listed, known),
        **passages.write(articles, number_of),
        **_records(articles),
    }


def numbered(
    base: str, shelves: Sequence[Sequence[Analysed]]
) -> tuple[list[dict[int, int]], list[Analysed]]:
    """For each shelf the number here of each article of a language there, and these articles.

    They are numbered by id and language tag.
    """
    found = sorted(
        (article.document.id, article.document.lang, shelf, there)
        for shelf, articles in enumerate(shelves)
        for there, article in enumerate(articles)
        if analysis.base(article.document.lang) == base
    )
    numbers: list[dict[int, int]] = [{} for _ in shelves]
    for here, (_, _, shelf, there) in enumerate(found):
        numbers[shelf][there] = here
    return numbers, [shelves[shelf][there] for _, _, shelf, there in found]


def _folded(words: Sequence[str]) -> list[str]:
    return [analysis.fold(word) or word for word in words]


def _weights(read: Postings, words: int) -> Array:
    weights = np.zeros(words)
    for name, part in read.parts.items():
        worth = TITLE_WORD if name in {"title", "asked_as"} else 1.0
        weights += worth * np.bincount(part.word, minlength=words)
    return weights


def _dictionary(words: Sequence[str], stems: Grouping, grams: Grouping) -> dict[str, Array]:
    stem_words_at, stem_words = _inverted(stems)
    gram_words_at, gram_words = _inverted(grams)
    folded = {
        number: folded
        for number, (word, folded) in enumerate(zip(words, _folded(words), strict=True))
        if folded != word
    }
    return {
        "words": arrays.packed(words),
        "folded": arrays.packed(folded.values()),
        "folded_words": np.array(list(folded), dtype=np.int64),
        "stems": arrays.packed(stems.names),
        "grams": arrays.packed(grams.names),
        "word_stem": stems.terms.astype(np.int32),
        "word_grams": np.diff(grams.at).astype(np.int32),
        "stem_words_at": stem_words_at,
        "stem_words": stem_words,
        "gram_words_at": gram_words_at,
        "gram_words": gram_words,
    }


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


def _inverted(grouping: Grouping) -> tuple[Array, Array]:
    """The words of each term, in one array, and where each term's begin."""
    words = np.repeat(np.arange(len(grouping.at) - 1), np.diff(grouping.at))
    order = np.argsort(grouping.terms, kind="stable")
    at = np.zeros(len(grouping.names) + 1, dtype=np.int64)
    np.cumsum(np.bincount(grouping.terms, minlength=len(grouping.names)), out=at[1:])
    return at, words[order].astype(np.int32)


def _records(articles: Sequence[Analysed]) -> dict[str, Array]:
    """What a hit tells, as JSON, and what a search is narrowed by."""
    records = [_record(each) for each in articles]
    at = np.zeros(len(records) + 1, dtype=np.int64)
    np.cumsum([len(record) for record in records], out=at[1:])
    langs = sorted({each.document.lang for each in articles})
    tags: dict[str, list[int]] = {}
    for number, article in enumerate(articles):
        for tag in article.document.tags:
            tags.setdefault(analysis.tag(tag), []).append(number)
    tables = json.dumps({"langs": langs, "tags": tags}, ensure_ascii=True)
    return {
        "records": np.frombuffer(b"".join(records), dtype=np.uint8),
        "records_at": at,
        "lang": np.array([langs.index(each.document.lang) for each in articles], dtype=np.int32),
        "tables": np.frombuffer(tables.encode(), dtype=np.uint8),
    }


def _record(article: Analysed) -> bytes:
    document = article.document
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
