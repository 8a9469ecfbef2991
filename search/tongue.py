"""The articles of one language, opened: from the words of a question to numbered articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np

from search import alternatives, answering, fusion, titles, words
from search.alternatives import Asked, Phrase, Span, Synonyms
from search.analysis import Language, Token
from search.answering import Evidence
from search.arrays import Array
from search.formula import FORMULA, Formula
from search.titles import Titles
from search.words import Word, Words

CACHE_BYTES = 32 * 1024 * 1024
"""Memory for the scores of words asked for before."""

ENTRY_BYTES = 1_000
"""What one of them takes beside its scores; in a small knowledge base it is the most."""

FEW = 100
"""Articles that are put in order as they are, before the best of more are sought among them."""

POOR = 0.5
"""Below this score the best article is none, and another spelling is offered."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Articles that match, best first.

    `owners` gives each word of the vocabulary its place in the question, from 1, or 0, and ends
    with a 0. `mended` and `likelier` are spellings by the place of their token: those used, those
    to offer. `wordless` are those of the articles that no word found, but their meaning;
    `openings` the sections to show of them.
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
        self.size = len(opened["lang"])
        self._language = language
        self._stop_words = formula.stop_words
        self._enough = formula.enough
        self._words = Words(opened, language, self.size, formula=formula)
        self._titles = Titles(opened, formula)
        self.surfaces = self._words.surfaces
        kept = max(64, CACHE_BYTES // (6 * self.size + ENTRY_BYTES))
        self._word = lru_cache(maxsize=kept)(self._words.word)
        self._joined = lru_cache(maxsize=kept)(self._words.joined)
        self._likelier_word = lru_cache(maxsize=kept)(self._words.likelier)
        self._written = lru_cache(maxsize=kept // 4)(self._words.written)
        self._synonyms = Synonyms(opened, language, lru_cache(maxsize=kept // 4)(self._phrase))

    def rank(
        self,
        tokens: Sequence[Token],
        *,
        allowed: Array | None,
        page: slice,
        near: Array | None = None,
    ) -> Ranking | None:
        """The articles of one page for a question; `allowed` is true for those that may come.

        `near` says how near each of these is to the question in meaning, 0 for others.
        None for a question without words.
        """
        if not tokens or not self.size:
            return None
        spans = self._synonyms.spans(tokens)
        asked, joined = self._question(tokens, spans), self._joints(tokens)
        widened = alternatives.widened(asked, spans)
        question = asked + joined
        scores, matched, ceiling = self._scored(widened + joined)
        self._titles.add_pairs([word.stem for _, word, _ in question], self._words.stems, scores)
        key = titles.whole_key([token.text for token in tokens], self._language)
        self._titles.add_whole(key, ceiling, scores)
        if allowed is not None:
            matched = matched & allowed
        found = matched.nonzero()[0]
        earned = scores[found]
        if len(found):
            best = int(found[earned.argmax()])
            if not self._is_answered(widened + joined, best, _spared(tokens, joined)):
                found, earned, matched = found[:0], earned[:0], np.zeros_like(matched)
        worded, is_worded = matched, len(found) > 0
        if near is not None:
            scores, matched = fusion.fused(scores, matched, ceiling, near)
            found = matched.nonzero()[0]
            earned = scores[found]
        documents, values = _best(found, earned, page)
        poor = not values or values[0] < POOR * ceiling
        owners = self._owners(question)
        if spans:
            alternatives.mark(owners, asked, widened)
        return Ranking(
            documents=documents,
            scores=[value / ceiling for value in values],
            total=len(found),
            owners=owners,
            mended=_mended(question) if is_worded else {},
            likelier=self._likelier(tokens, question, spans) if poor else {},
            nearest=() if len(found) else self._nearest(scores, allowed),
            wordless=[] if near is None else [number for number in documents if not worded[number]],
        )

    def _question(self, tokens: Sequence[Token], spans: Sequence[Span]) -> list[Asked]:
        """Each word once, with the place of its token and its weight.

        Stop words count little, and are no reason to find an article, unless there is nothing
        else. What has synonyms is no typing error.
        """
        weights = self._weights([token.text for token in tokens])
        seen: dict[str, int] = {}
        question = []
        for place, (token, weight) in enumerate(zip(tokens, weights, strict=True)):
            if seen.setdefault(token.text, place) == place:
                settled = spans and any(span.holds(place) for span in spans)
                find = self._written if settled else self._word
                question.append(Asked(place, find(token.text), weight))
        return question

    def _weights(self, surfaces: Sequence[str]) -> list[float]:
        stops = [self._language.is_stop_word(surface) for surface in surfaces]
        light = self._stop_words if not all(stops) else 1.0
        return [light if stop else 1.0 for stop in stops]

    def _joints(self, tokens: Sequence[Token]) -> list[Asked]:
        """The words of two that were typed apart, with the place of the first."""
        seen = {token.text for token in tokens}
        return [
            Asked(place, word, 1.0)
            for place, (one, two) in enumerate(pairwise(tokens))
            if one.end < two.start
            and one.text + two.text not in seen
            and (word := self._joined(one.text, two.text)) is not None
        ]

    def _is_answered(self, question: Sequence[Asked], best: int, spared: set[int]) -> bool:
        """Whether the best article is an answer; unknown words at `spared` places do not count."""
        counted = [each for each in question if each.word.is_known or each.place not in spared]
        # One reason needs no look at the article, and most questions have it.
        if any(word.is_topic for _, word, weight in counted if weight == 1.0):
            return True
        evidence = [
            Evidence(
                worth=word.worth,
                earned=0.0 if word.is_guess else float(word.scores[best]),
                is_there=word.is_known and bool(word.matched[best]),
                is_topic=word.is_topic,
                weight=weight,
            )
            for _, word, weight in counted
        ]
        return answering.is_enough(evidence, self._enough)

    def _phrase(self, surfaces: Phrase) -> Word | None:
        found = [self._written(surface) for surface in surfaces]
        return alternatives.phrase(found, self._weights(surfaces))

    def _scored(self, question: Sequence[Asked]) -> tuple[Array, Array, float]:
        scores = np.zeros(self.size, dtype=np.float32)
        matched = np.zeros(self.size, dtype=np.bool_)
        ceiling = 0.0
        for _, word, weight in question:
            scores += word.scores if weight == 1.0 else word.scores * np.float32(weight)
            ceiling += weight * word.best
            if weight == 1.0:
                matched |= word.matched
        return scores, matched, ceiling or 1.0

    def _owners(self, question: Sequence[Asked]) -> Array:
        owners = np.zeros(self._words.size + 1, dtype=np.uint8)
        for number, (_, word, weight) in enumerate(reversed(question)):
            if weight == 1.0:
                owners[word.shown] = len(question) - number
        return owners

    def _likelier(
        self, tokens: Sequence[Token], question: Sequence[Asked], spans: Sequence[Span]
    ) -> dict[int, str]:
        """Spellings to offer for known words that hardly anybody wrote."""
        found = {
            place: self._likelier_word(tokens[place].text)
            for place, word, weight in question
            if weight == 1.0 and word.stem >= 0 and not word.mended
            if not any(span.holds(place) for span in spans)
        }
        return {place: spelling for place, spelling in found.items() if spelling}

    def _nearest(self, scores: Array, allowed: Array | None) -> Sequence[int]:
        held = scores if allowed is None else scores * allowed
        found = held.nonzero()[0]
        documents, _ = _best(found, held[found], slice(0, words.NEAREST))
        return documents


def _mended(question: Sequence[Asked]) -> dict[int, str]:
    return {place: word.mended for place, word, _ in question if word.mended}


def _spared(tokens: Sequence[Token], joined: Sequence[Asked]) -> set[int]:
    """The places of words that need not be known: halves of a joined word, and numbers."""
    halves = {half for place, _, _ in joined for half in (place, place + 1)}
    numbers = {place for place, token in enumerate(tokens) if not any(map(str.isalpha, token.text))}
    return halves | numbers


def _best(found: Array, scores: Array, page: slice) -> tuple[list[int], list[float]]:
    """The best of found articles, equal ones in the order of their numbers."""
    wanted = page.stop
    if wanted < len(found):
        # Far fewer are half as good as the best, and mostly enough of them.
        good = (scores >= 0.5 * np.maximum.reduce(scores)).nonzero()[0]
        if wanted <= len(good):
            found, scores = found[good], scores[good]
    if max(wanted, FEW) < len(found):
        # All that are as good as the last wanted one, so that equals keep their order.
        worst = np.partition(scores, len(scores) - wanted)[len(scores) - wanted]
        best = (scores >= worst).nonzero()[0]
        found, scores = found[best], scores[best]
    order = (-scores).argsort(kind="stable")[page]
    return found[order].tolist(), scores[order].tolist()
