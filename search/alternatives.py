"""What synonyms add to a question: alternatives in the place of the words asked for.

A question is a row of places, one for each of its words. A synonym is no further word: an article
gets for a place what the best of its alternatives is worth in it, never their sum.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple, TypeAlias

import numpy as np

from search import analysis
from search.analysis import Language, Token
from search.arrays import Array
from search.synonyms import Synonym
from search.words import Word

WORTH = 0.9
"""What a synonym is worth beside the word that was asked for."""

MOST = 64
"""Alternatives looked up for one question, where its words have more: each costs as a word does."""

Phrase: TypeAlias = tuple[str, ...]


class Asked(NamedTuple):
    """A word of a question, the place of its token, and its weight in the question."""

    place: int
    word: Word
    weight: float


@dataclass(frozen=True, slots=True)
class Span:
    """What else may stand in the places `first` to before `last` of a question."""

    first: int
    last: int
    alternatives: tuple[Word, ...]

    def holds(self, place: int) -> bool:
        return self.first <= place < self.last


def write(listed: Iterable[Synonym], language: Language) -> dict[str, Array]:
    """The synonyms of one language as an array: what is asked as stems, what is found as surfaces.

    One that stems alone make of two words is none: both are found without it.
    """
    rows: dict[Phrase, dict[Phrase, Phrase]] = {}
    for synonym in listed:
        found = {_stems(words, language): words for words in map(_words, synonym.found)}
        for words in map(_words, synonym.asked):
            asked = _stems(words, language)
            others = {stems: each for stems, each in found.items() if stems not in (asked, ())}
            if asked and others:
                rows.setdefault(asked, {}).update(others)
    table = [[asked, list(found.values())] for asked, found in rows.items()]
    text = json.dumps(table).encode()
    return {"synonyms": np.frombuffer(text, dtype=np.uint8)}


def _words(phrase: str) -> Phrase:
    """The surfaces of a phrase; a code comes whole and not in parts."""
    words, end = [], 0
    for token in analysis.tokens(phrase, singles=False):
        if token.end > end:
            words.append(analysis.surface(token.text))
            end = token.end
    return tuple(words)


def _stems(words: Phrase, language: Language) -> Phrase:
    return tuple(map(language.stem, words))


class Synonyms:
    """The opened synonyms of one language. Safe to share between threads."""

    def __init__(
        self,
        opened: Mapping[str, Array],
        language: Language,
        phrase: Callable[[Phrase], Word | None],
    ) -> None:
        """`phrase` looks up the words of an alternative; None when no article has them."""
        self._language = language
        self._phrase = phrase
        self._by_first: dict[str, list[tuple[Phrase, list[Phrase]]]] = {}
        for asked, found in json.loads(opened["synonyms"].tobytes()):
            row = tuple(asked), [tuple(words) for words in found]
            self._by_first.setdefault(asked[0], []).append(row)

    def spans(self, tokens: Sequence[Token]) -> list[Span]:
        """Where a question has words with synonyms that any article has, the shortest first."""
        if not self._by_first:
            return []
        stems = [self._language.stem(token.text) for token in tokens]
        places = [
            (last, first, found)
            for first, stem in enumerate(stems)
            for asked, found in self._by_first.get(stem, ())
            if (last := _end(asked, first, stems, tokens))
        ]
        places.sort(key=lambda each: (each[0] - each[1], each[1]))
        spans = []
        left = MOST
        for last, first, found in places:
            words = map(self._phrase, found[:left])
            left -= len(found[:left])
            alternatives = tuple(word for word in words if word is not None)
            if alternatives:
                spans.append(Span(first, last, alternatives))
        return spans


def _end(asked: Phrase, first: int, stems: Sequence[str], tokens: Sequence[Token]) -> int:
    """Where a phrase that begins at a token ends, 0 if it is not there.

    A code is followed by its parts (`e1042`, `e`, `1042`), which a phrase need not say.
    """
    place = first
    for number, stem in enumerate(asked):
        if number:
            end = tokens[place].end
            place += 1
            while place < len(stems) and stems[place] != stem and tokens[place].end <= end:
                place += 1
        if place == len(stems) or stems[place] != stem:
            return 0
    return place + 1


def phrase(words: Sequence[Word], weights: Sequence[float]) -> Word | None:
    """What words find together, as if they were one: the mean, where an article has them all.

    Words of less than full weight may be missing. None when no article has the others.
    """
    needed = [word for word, weight in zip(words, weights, strict=True) if weight == 1.0]
    matched = reduce(np.logical_and, [word.matched for word in needed])
    if not matched.any():
        return None
    scores = np.zeros(len(matched), dtype=np.float32)
    for word, weight in zip(words, weights, strict=True):
        scores += word.scores * np.float32(weight / sum(weights))
    if len(words) > 1:
        scores *= matched
    return Word(
        scores=scores,
        matched=matched,
        best=float(scores.max()),
        shown=np.concatenate([word.shown for word in needed]),
        worth=max(word.worth for word in needed),
        is_topic=any(word.is_topic for word in needed),
        is_known=all(word.is_known for word in needed),
    )


def widened(question: Sequence[Asked], spans: Sequence[Span]) -> list[Asked]:
    """The question with one word in the place of those of each span, worth the best of them all.

    A span may lie in another, as a word in a phrase; of two that overlap otherwise the one that
    comes first counts.
    """
    pieces = list(question)
    if not spans:
        return pieces
    weights = {each.place: each.weight for each in question}
    taken: list[Span] = []
    for span in spans:
        inside = [number for number, each in enumerate(pieces) if span.holds(each.place)]
        if not inside or any(_is_torn(span, other) for other in taken):
            continue
        taken.append(span)
        share = sum(weight for place, weight in weights.items() if span.holds(place))
        place = slice(inside[0], inside[-1] + 1)
        pieces[place] = [_merged(pieces[place], span.alternatives, share)]
    return pieces


def mark(owners: Array, question: Sequence[Asked], wide: Sequence[Asked]) -> None:
    """Give the words of synonyms that nobody owns to the word asked for in their place.

    `owners` as in `search.tongue.Ranking`, `wide` as `widened` made it of the question.
    """
    number_of = {each.place: number for number, each in enumerate(question, start=1)}
    for place, word, weight in wide:
        if weight == 1.0:
            owners[word.shown[owners[word.shown] == 0]] = number_of[place]


def _is_torn(span: Span, other: Span) -> bool:
    """Whether a longer span takes a part of another."""
    return (
        span.first < other.last
        and other.first < span.last
        and not (span.first <= other.first and other.last <= span.last)
    )


def _merged(asked: Sequence[Asked], alternatives: Sequence[Word], share: float) -> Asked:
    """One word for what was asked and its alternatives; `share` is the weight of its places.

    All are as rare as one word would be that stands in the articles of any of them, as in
    Lucene's `SynonymQuery`: each score is taken times idf(all) / idf(own). Else the rarest of
    them would be worth most.
    """
    needed = [word for _, word, weight in asked if weight == 1.0] or [each.word for each in asked]
    together = reduce(np.logical_and, [word.matched for word in needed])
    every = reduce(np.logical_or, [word.matched for word in alternatives], together)
    rarity = _idf(every)
    scale = rarity / _idf(together) if together.any() else 1.0
    scores = np.zeros(len(every), dtype=np.float32)
    best = 0.0
    for _, word, weight in asked:
        scores += word.scores * np.float32(weight * scale)
        # What an unknown word could have been counts no longer: it is worth its relatives.
        best += weight * scale * (word.best if word.stem >= 0 else float(word.scores.max()))
    for word in alternatives:
        worth = WORTH * share * rarity / _idf(word.matched)
        scores = np.maximum(scores, word.scores * np.float32(worth))
        best = max(best, worth * word.best)
    every_word = [*(each.word for each in asked), *alternatives]
    matched = [word.matched for _, word, weight in asked if weight == 1.0]
    shown = [word.shown for _, word, weight in asked if weight == 1.0]
    return Asked(
        asked[0].place,
        Word(
            scores=scores,
            matched=reduce(np.logical_or, matched, every),
            best=best,
            shown=np.concatenate([*shown, *(word.shown for word in alternatives)]),
            worth=max(word.worth for word in every_word),
            is_topic=any(word.is_topic for word in every_word),
            is_known=any(word.is_known for word in every_word),
        ),
        1.0,
    )


def _idf(matched: Array) -> float:
    """The rarity of a word that finds these articles, as in `search.impacts`."""
    found = np.count_nonzero(matched)
    return float(np.log1p((len(matched) - found + 0.5) / (found + 0.5)))
