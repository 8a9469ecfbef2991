"""The articles of one language, opened: from the words of a question to numbered articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np

from search import fusion, titles, words
from search.analysis import Language, Token
from search.arrays import Array
from search.impacts import FORMULA, Formula
from search.titles import Titles
from search.words import Word, Words

CACHE_BYTES = 32 * 1024 * 1024
"""Memory for the scores of words asked for before."""

POOR = 0.5
"""Below this score the best article is none, and another spelling is offered."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Articles that match, best first.

    `owners` gives each word of the vocabulary its place in the question, from 1, or 0. `mended`
    and `likelier` are spellings by the place of their token: those used, those to offer.
    `wordless` are those of the articles that no word found, but their meaning; `openings` the
    sections to show of them.
    """

    documents: Sequence[int]
    scores: Sequence[float]
    total: int
    owners: Array
    mended: Mapping[int, str]
    likelier: Mapping[int, str]
    nearest: Sequence[int] = ()
    wordless: Sequence[int] = ()
    openings: Mapping[int, int] = field(default_factory=dict)


class Tongue:
    """All of one language that a ranking needs. Safe to share between threads."""

    def __init__(
        self, opened: Mapping[str, Array], language: Language, formula: Formula = FORMULA
    ) -> None:
        self.size = len(opened["section_at"]) - 1
        self._language = language
        self._stop_words = formula.stop_words
        self._words = Words(opened, language, self.size)
        self._titles = Titles(opened, formula)
        kept = max(64, CACHE_BYTES // (6 * max(1, self.size)))
        self._word = lru_cache(maxsize=kept)(self._words.word)
        self._joined = lru_cache(maxsize=kept)(self._words.joined)

    def rank(
        self,
        tokens: Sequence[Token],
        *,
        allowed: Array | None,
        page: slice,
        near: Array | None = None,
    ) -> Ranking | None:
        """The articles of one page for a question; `allowed` is true for those that may come.

        `near` says how near each of these is to the question in meaning, 0 for others. None for
        a question without words.
        """
        if not tokens or not self.size:
            return None
        question = self._question(tokens)
        scores, matched, ceiling = self._scored(question)
        self._titles.add_pairs([word.stem for _, word, _ in question], self._words.stems, scores)
        key = titles.whole_key([token.text for token in tokens], self._language)
        self._titles.add_whole(key, ceiling, scores)
        if allowed is not None:
            matched = matched & allowed
        worded = matched
        if near is not None:
            scores, matched = fusion.fused(scores, matched, ceiling, near)
        found = np.flatnonzero(matched)
        documents, values = _best(found, scores[found], page)
        poor = not values or values[0] < POOR * ceiling
        return Ranking(
            documents=documents,
            scores=[value / ceiling for value in values],
            total=len(found),
            owners=self._owners(question),
            mended={place: word.mended for place, word, _ in question if word.mended},
            likelier=self._likelier(tokens, question) if poor else {},
            nearest=() if len(found) else self._nearest(scores, allowed),
            wordless=[number for number in documents if not worded[number]],
        )

    def _question(self, tokens: Sequence[Token]) -> list[tuple[int, Word, float]]:
        """Each word once, with the place of its token and its weight.

        Stop words count little, and are no reason to find an article, unless there is nothing
        else.
        """
        stops = [self._language.is_stop_word(token.text) for token in tokens]
        light = self._stop_words if not all(stops) else 1.0
        seen: dict[str, int] = {}
        question = []
        for place, (token, stop) in enumerate(zip(tokens, stops, strict=True)):
            if seen.setdefault(token.text, place) == place:
                question.append((place, self._word(token.text), light if stop else 1.0))
        joined = [
            (place, word, 1.0)
            for place, (one, two) in enumerate(pairwise(tokens))
            if one.end < two.start
            and one.text + two.text not in seen
            and (word := self._joined(one.text, two.text)) is not None
        ]
        return question + joined

    def _scored(self, question: Sequence[tuple[int, Word, float]]) -> tuple[Array, Array, float]:
        scores = np.zeros(self.size, dtype=np.float32)
        matched = np.zeros(self.size, dtype=np.bool_)
        ceiling = 0.0
        for _, word, weight in question:
            scores += word.scores if weight == 1.0 else word.scores * np.float32(weight)
            ceiling += weight * word.best
            if weight == 1.0:
                matched |= word.matched
        return scores, matched, ceiling or 1.0

    def _owners(self, question: Sequence[tuple[int, Word, float]]) -> Array:
        owners = np.zeros(self._words.size, dtype=np.uint8)
        for number, (_, word, weight) in enumerate(reversed(question)):
            if weight == 1.0:
                owners[word.shown] = len(question) - number
        return owners

    def _likelier(
        self, tokens: Sequence[Token], question: Sequence[tuple[int, Word, float]]
    ) -> dict[int, str]:
        """Spellings to offer for known words that hardly anybody wrote."""
        found = {
            place: self._words.likelier(tokens[place].text)
            for place, word, weight in question
            if weight == 1.0 and word.stem >= 0 and not word.mended
        }
        return {place: spelling for place, spelling in found.items() if spelling}

    def _nearest(self, scores: Array, allowed: Array | None) -> Sequence[int]:
        held = scores if allowed is None else scores * allowed
        found = np.flatnonzero(held)
        documents, _ = _best(found, held[found], slice(0, words.NEAREST))
        return documents


def _best(found: Array, scores: Array, page: slice) -> tuple[list[int], list[float]]:
    """The best of found articles, equal ones in the order of their numbers."""
    wanted = page.stop
    if wanted < len(found):
        # All that are as good as the last wanted one, so that equals keep their order.
        worst = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
        best = np.flatnonzero(scores >= worst)
        found, scores = found[best], scores[best]
    order = np.argsort(-scores, kind="stable")[page]
    return found[order].tolist(), scores[order].tolist()
