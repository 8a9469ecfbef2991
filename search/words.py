"""The words of one language, opened: what one word of a question finds by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Word:
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
        self._grams = {name: number for number, name in enumerate(arrays.texts(opened["grams"]))}
        self._word_grams = opened["word_grams"]
        self._by_stem = opened["stem_words_at"], opened["stem_words"]
        self._by_gram = opened["gram_words_at"], opened["gram_words"]
        self._stem_impacts = Impacts(opened, "stem", documents)
        self._gram_impacts = Impacts(opened, "gram", documents)
        self._spelling = Spelling(opened, self._folded)
        self.size = len(self._folded)
        self.stems = len(self._stems)
        self._frequency = self._stem_impacts.frequency
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
        scores = np.zeros(self._documents, dtype=np.float32)
        self._stem_impacts.add(stem, scores)
        best = float(scores.max())
        if not best > 0:
            raise DamagedIndex("A known word is in no article: the file changed under its reader.")
        related = self._add_grams(folded, scores)
        return Word(
            scores=scores,
            matched=self._stem_impacts.matched({stem, *self._stem_of[related].tolist()}),
            best=float(scores.max()),
            shown=np.concatenate((related, self._of_stem(stem))),
            stem=stem,
            worth=self._worth(folded, int(self._frequency[stem])),
            is_topic=bool(self._topics[stem]),
        )

    def _unknown(self, folded: str) -> Word:
        scores = np.zeros(self._documents, dtype=np.float32)
        related = self._add_grams(folded, scores)
        rarest = float(np.log1p(self._documents)) * len(analysis.grams(folded))
        return Word(
            scores=scores,
            matched=self._stem_impacts.matched(set(self._stem_of[related].tolist())),
            best=max(rarest, float(scores.max())),
            shown=related,
            worth=self._worth(folded, 0),
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
            best=float(scores.max()),
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
            best=float(scores.max()),
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

    def _worth(self, folded: str, frequency: int) -> float:
        """What a word in so many articles earns once in a title of usual length, at most.

        The formula of `search.impacts`, with each gram taken to be as rare as the word.
        """
        rarity = float(np.log1p((self._documents - frequency + 0.5) / (frequency + 0.5)))
        terms = self._formula.stems + len(analysis.grams(folded))
        return self._formula.head * rarity * terms

    def _add_grams(self, folded: str, scores: Array) -> Array:
        """Add what the grams of a word are worth; return the words related to it."""
        own = sorted(analysis.grams(folded))
        known = [number for gram in own if (number := self._grams.get(gram)) is not None]
        for number in known:
            self._gram_impacts.add(number, scores)
        if not known:
            return np.zeros(0, dtype=np.int32)
        at, words = self._by_gram
        others = np.concatenate([words[at[number] : at[number + 1]] for number in known])
        others.sort()
        first = (others[1:] != others[:-1]).nonzero()[0] + 1
        edges = np.concatenate(([0], first, [len(others)]))
        found, shared = others[edges[:-1]], edges[1:] - edges[:-1]
        least = np.minimum(self._word_grams[found], len(own))
        related: Array = found[shared >= RELATED * least]
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
