"""The words of one language, opened: what one word of a question finds by itself."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from search import analysis, arrays
from search.analysis import Language
from search.arrays import Array
from search.errors import DamagedIndex
from search.formula import Formula
from search.impacts import Impacts
from search.spelling import Spelling

RELATED = 0.5
"""Share of its grams that the shorter of two words has in common with a related one."""

CANDIDATE_WEIGHTS = (1.0, 0.5, 0.25)
"""What the likeliest spellings of an unknown word are worth."""

LIKELIER = 20.0
"""How much oftener a word must be used to be offered in the place of a known one."""

SHORTEST_PART = 3
"""Letters of each of two words that were typed as one."""

SURE = 6
"""Letters from which on a mended word is no guess; one error makes too many words of less."""

NEAREST = 3
"""Articles named where nothing matches."""


class Word(NamedTuple):
    """What a word finds: its score in every article, and which articles it is a reason for.

    `best` is the highest score; `shown` are the words to mark in a text; `stem` is the number
    of its stem, -1 if unknown. `mended` is the spelling used instead. `worth` is what the word
    would earn once in a title of usual length; `is_topic` says that a title has it. `is_known`
    is false for a word that only has relatives, `is_guess` true for a short one that was mended.
    """

    scores: Array
    matched: Array
    best: float
    shown: Array
    stem: int = -1
    mended: str = ""
    worth: float = 0.0
    is_topic: bool = False
    is_known: bool = True
    is_guess: bool = False


class Words:
    """The vocabulary of one language with all impacts of its terms."""

    def __init__(
        self, opened: Mapping[str, Array], language: Language, documents: int, *, formula: Formula
    ) -> None:
        self._language = language
        self._formula = formula
        self._documents = documents
        self.surfaces = arrays.texts(opened["words"])
        self._folded = list(self.surfaces)
        folded = zip(opened["folded_words"].tolist(), arrays.texts(opened["folded"]), strict=True)
        for number, word in folded:
            self._folded[number] = word
        self._stem_of = opened["word_stem"]
        self._stems = {name: number for number, name in enumerate(arrays.texts(opened["stems"]))}
        self.stems = len(self._stems)
        grams = arrays.texts(opened["grams"])
        self._grams = {name: number for number, name in enumerate(grams, self.stems)}
        self._enough = np.ceil(RELATED * opened["word_grams"]).astype(np.uint8)
        self._by_stem = memoryview(opened["stem_words_at"].data), opened["stem_words"]
        self._by_gram = memoryview(opened["gram_words_at"].data), opened["gram_words"]
        self._impacts = Impacts(opened, "term", documents)
        self._spelling = Spelling(opened, self._folded)
        self.size = len(self._folded)
        self._frequency = memoryview(self._impacts.frequency.data)
        self._topics = opened["topics"]

    def word(self, surface: str) -> Word:
        """What a surface finds: itself and its relatives, or what it may have been meant for."""
        stem = self._stems.get(self._language.stem(surface), -1)
        folded = analysis.fold(surface)
        if stem >= 0:
            return self._known(folded, stem)
        candidates = self._spelling.nearest(folded)
        if candidates:
            return self._mended(candidates, is_guess=len(folded) < SURE)
        parts = self._parts(surface)
        if parts:
            return self._split(parts)
        return self._unknown(folded)

    def written(self, surface: str) -> Word:
        """What a surface finds that is no typing error, whether it is known or not."""
        stem = self._stems.get(self._language.stem(surface), -1)
        folded = analysis.fold(surface)
        return self._known(folded, stem) if stem >= 0 else self._unknown(folded)

    def joined(self, one: str, two: str) -> Word | None:
        """The word of two that were typed apart (`pass word`); None where it is none."""
        if not (one.isalpha() and two.isalpha()) or len(one) + len(two) < 2 * SHORTEST_PART - 1:
            return None
        stem = self._stems.get(self._language.stem(one + two), -1)
        return None if stem < 0 else self._known(analysis.fold(one + two), stem)

    def _known(self, folded: str, stem: int) -> Word:
        grams = analysis.grams(folded)
        known = self._numbered(grams)
        related = self._related(known, len(grams))
        scores = self._scored((stem, *known))
        best = _best(scores)
        if not best > 0:
            raise DamagedIndex("A known word is in no article: the file changed under its reader.")
        return Word(
            scores=scores,
            matched=self._impacts.matched({stem, *self._stem_of[related].tolist()}),
            best=best,
            shown=np.concatenate((related, self._of_stem(stem))),
            stem=stem,
            worth=self._worth(len(grams), self._frequency[stem]),
            is_topic=bool(self._topics[stem]),
        )

    def _unknown(self, folded: str) -> Word:
        grams = analysis.grams(folded)
        known = self._numbered(grams)
        related = self._related(known, len(grams))
        scores = self._scored(known)
        rarest = math.log1p(self._documents) * len(grams)
        return Word(
            scores=scores,
            matched=self._impacts.matched(set(self._stem_of[related].tolist())),
            best=max(rarest, _best(scores)),
            shown=related,
            worth=self._worth(len(grams), 0),
            is_known=False,
        )

    def _mended(self, candidates: Sequence[int], *, is_guess: bool) -> Word:
        words = [
            self._known(self._folded[number], int(self._stem_of[number])) for number in candidates
        ]
        first = words[0]
        scores = np.zeros(self._documents, dtype=np.float32)
        for word, weight in zip(words, CANDIDATE_WEIGHTS, strict=False):
            scores += word.scores * np.float32(weight)
        return Word(
            scores=scores,
            matched=np.logical_or.reduce([word.matched for word in words]),
            best=_best(scores),
            shown=np.concatenate([word.shown for word in words]),
            stem=first.stem,
            mended=self.surfaces[candidates[0]],
            worth=first.worth,
            is_topic=any(word.is_topic for word in words),
            is_guess=is_guess,
        )

    def _split(self, parts: tuple[str, str]) -> Word:
        one, two = (self.word(part) for part in parts)
        scores = one.scores + two.scores
        return Word(
            scores=scores,
            matched=one.matched & two.matched,
            best=_best(scores),
            shown=np.concatenate((one.shown, two.shown)),
            mended=" ".join(parts),
            worth=one.worth + two.worth,
            is_topic=one.is_topic or two.is_topic,
        )

    def _parts(self, surface: str) -> tuple[str, str] | None:
        """Two known words that a surface consists of, those of which the rarer is commonest."""
        if not surface.isalpha():
            return None
        best: tuple[int, str, str] | None = None
        for place in range(SHORTEST_PART, len(surface) - SHORTEST_PART + 1):
            one, two = surface[:place], surface[place:]
            # The second is looked at only where the first is known: a stem costs the most here.
            first = self._stems.get(self._language.stem(one))
            second = None if first is None else self._stems.get(self._language.stem(two))
            if first is None or second is None:
                continue
            both = int(min(self._frequency[first], self._frequency[second]))
            if best is None or both > best[0]:
                best = both, one, two
        return best[1:] if best else None

    def _worth(self, grams: int, frequency: int) -> float:
        """What a word in so many articles earns once in a title of usual length, at most.

        The formula of `search.impacts`, with each gram taken to be as rare as the word.
        """
        rarity = math.log1p((self._documents - frequency + 0.5) / (frequency + 0.5))
        return self._formula.head * rarity * (self._formula.stems + grams)

    def _numbered(self, grams: Collection[str]) -> list[int]:
        """The terms that known grams are, always in one order: sums of scores are rounded."""
        number_of = self._grams
        return [number_of[gram] for gram in sorted(grams) if gram in number_of]

    def _scored(self, terms: Iterable[int]) -> Array:
        scores = np.zeros(self._documents, dtype=np.float32)
        self._impacts.add(terms, scores)
        return scores

    def _related(self, known: Sequence[int], grams: int) -> Array:
        """The words with enough of these grams, of which a word has so many in all."""
        if not known:
            return np.zeros(0, dtype=np.intp)
        at, words = self._by_gram
        first = self.stems
        others = np.concatenate([words[at[gram - first] : at[gram - first + 1]] for gram in known])
        others.sort()
        is_edge = np.empty(len(others) + 1, dtype=np.bool_)
        is_edge[0] = is_edge[-1] = True
        np.not_equal(others[1:], others[:-1], out=is_edge[1:-1])
        edges = is_edge.nonzero()[0]
        begins = edges[:-1]
        found = others[begins].astype(np.intp)
        least = np.minimum(self._enough[found], math.ceil(RELATED * grams))
        related: Array = found[(edges[1:] - begins >= least).nonzero()[0]]
        return related

    def _of_stem(self, stem: int) -> Array:
        at, words = self._by_stem
        of_stem: Array = words[at[stem] : at[stem + 1]]
        return of_stem

    def likelier(self, surface: str) -> str:
        """A spelling used much oftener than this known word; empty where there is none."""
        stem = self._stems.get(self._language.stem(surface), -1)
        used = float(self._frequency[stem]) if stem >= 0 else 0.0
        if not used or used * LIKELIER > self._documents:
            return ""
        for number in self._spelling.nearest(analysis.fold(surface))[:1]:
            if self._frequency[self._stem_of[number]] > LIKELIER * used:
                return self.surfaces[number]
        return ""


def _best(scores: Array) -> float:
    # What max does, but for its two calls of Python.
    return float(np.maximum.reduce(scores))
