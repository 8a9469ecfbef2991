"""The ranking computed the plain, slow way from the engine's postings, to compare with.

It shares the analysis and the constants with the search, and nothing else: no arrays, no
compiled impacts. It knows no spelling: its questions must be of known words.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from search import analysed, analysis, languages, words
from search.analysis import Token
from search.documents import Document
from search.formula import FORMULA

Scores = dict[int, float]


class Reference:
    """One language of one shelf; `documents` in the order of the index."""

    def __init__(self, reader: Any, base: str, documents: Sequence[Document]) -> None:
        self.documents = documents
        self.language = languages.language(base)
        self.parts: dict[str, dict[str, Scores]] = {}
        for part in ("title", "asked_as", "headings", "tags", "body"):
            self.parts[part] = _postings(reader, analysed.field(part, base))
        self.words = sorted({word for part in self.parts.values() for word in part})
        self.grams = {word: analysis.grams(analysis.fold(word)) for word in self.words}
        self.by_stem: dict[str, list[str]] = defaultdict(list)
        self.by_gram: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            self.by_stem[self.language.stem(word)].append(word)
            for gram in self.grams[word]:
                self.by_gram[gram].append(word)
        headed = {
            number
            for part, postings in self.parts.items()
            if part != "body"
            for counts in postings.values()
            for number in counts
        }
        self.topics = {
            self.language.stem(word)
            for part, postings in self.parts.items()
            for word, counts in postings.items()
            if part != "body" or counts.keys() - headed
        }
        self.norms = {
            "head": self._norm("title", FORMULA.head_saturation, FORMULA.head_length),
            "body": self._norm("body", FORMULA.body_saturation, FORMULA.body_length),
        }

        self.lines = [
            [[analysis.surface(token.text) for token in analysis.tokens(line)] for line in phrases]
            for phrases in ((each.title, *each.asked_as) for each in documents)
        ]
        self.neighbours = [
            {pair for line in phrases for pair in pairwise(map(self.language.stem, line))}
            for phrases in self.lines
        ]

    def knows(self, tokens: Sequence[Token]) -> bool:
        """Whether there is a word and every one is known: it has no spelling for others."""
        return bool(tokens) and all(
            self.language.stem(token.text) in self.by_stem for token in tokens
        )

    def rank(self, tokens: Sequence[Token]) -> list[tuple[str, float]]:
        """Ids and scores, best first, equal ones in the order of the index."""
        question = self._question(tokens)
        scores: Scores = defaultdict(float)
        matched: set[int] = set()
        ceiling = 0.0
        for word, weight in question:
            found = self._word(word)
            ceiling += weight * max(found.values())
            for number, score in found.items():
                scores[number] += weight * score
            if weight == 1:
                matched |= self._matched(word)
        self._add_titles([word for word, _ in question], tokens, scores, ceiling)
        ranked = sorted(matched, key=lambda number: (-scores[number], number))
        if ranked and not self._is_answered(question, ranked[0]):
            return []
        return [(self.documents[number].id, scores[number] / ceiling) for number in ranked]

    def _question(self, tokens: Sequence[Token]) -> list[tuple[str, float]]:
        asked = list(dict.fromkeys(token.text for token in tokens))
        stops = {word for word in asked if self.language.is_stop_word(word)}
        light = 1.0 if len(stops) == len(asked) else FORMULA.stop_words
        joined = [
            one.text + two.text
            for one, two in pairwise(tokens)
            if one.end < two.start
            and (one.text + two.text).isalpha()
            and len(one.text + two.text) >= 2 * words.SHORTEST_PART - 1
            and one.text + two.text not in asked
            and self.language.stem(one.text + two.text) in self.by_stem
        ]
        return [(word, light if word in stops else 1.0) for word in asked] + [
            (word, 1.0) for word in joined
        ]

    def _word(self, word: str) -> Scores:
        scores: Scores = defaultdict(float)
        terms = [(self.by_stem[self.language.stem(word)], FORMULA.stems)]
        terms += [(self.by_gram.get(gram, []), 1.0) for gram in analysis.grams(analysis.fold(word))]
        for spelled, worth in terms:
            for number, score in self._term(spelled).items():
                scores[number] += worth * score
        return scores

    def _term(self, spelled: Sequence[str]) -> Scores:
        """BM25F in two streams of a term that is written as any of these words."""
        head: Scores = defaultdict(float)
        body: Scores = defaultdict(float)
        for word in spelled:
            for part, postings in self.parts.items():
                stream, weight = (body, 1.0) if part == "body" else (head, FORMULA.parts[part])
                for number, count in postings.get(word, {}).items():
                    stream[number] += weight * count
        found = head.keys() | body.keys()
        rarity = math.log(1 + (len(self.documents) - len(found) + 0.5) / (len(found) + 0.5))
        return {
            number: self._prior(number)
            * rarity
            * (
                FORMULA.head
                * _saturated(head[number], FORMULA.head_saturation, self.norms["head"][number])
                + _saturated(body[number], FORMULA.body_saturation, self.norms["body"][number])
            )
            for number in found
        }

    def _matched(self, word: str) -> set[int]:
        own = analysis.grams(analysis.fold(word))
        related = {
            other
            for gram in own
            for other in self.by_gram.get(gram, [])
            if len(own & self.grams[other]) >= words.RELATED * min(len(own), len(self.grams[other]))
        }
        stems = {self.language.stem(other) for other in related} | {self.language.stem(word)}
        return {
            number
            for stem in stems
            for other in self.by_stem[stem]
            for postings in self.parts.values()
            for number in postings.get(other, {})
        }

    def _is_answered(self, question: Sequence[tuple[str, float]], best: int) -> bool:
        content = [word for word, weight in question if weight == 1]
        if any(self.language.stem(word) in self.topics for word in content):
            return True
        if all(best in self._matched(word) for word in content):
            return True
        earned = worth = 0.0
        for word, weight in question:
            most = self._worth(word)
            worth += weight * most
            earned += weight * min(most, self._word(word).get(best, 0.0))
        return earned >= FORMULA.enough * worth

    def _worth(self, word: str) -> float:
        """What a word earns once in a title of usual length, all its grams as rare as itself."""
        having = {
            number
            for other in self.by_stem[self.language.stem(word)]
            for postings in self.parts.values()
            for number in postings.get(other, {})
        }
        rarity = math.log(1 + (len(self.documents) - len(having) + 0.5) / (len(having) + 0.5))
        terms = FORMULA.stems + len(analysis.grams(analysis.fold(word)))
        return FORMULA.head * rarity * terms

    def _add_titles(
        self, asked: Sequence[str], tokens: Sequence[Token], scores: Scores, ceiling: float
    ) -> None:
        stem = self.language.stem
        pairs = list(pairwise(map(stem, asked)))
        lines, neighbours = self.lines, self.neighbours
        for pair in pairs:
            having = [number for number, held in enumerate(neighbours) if pair in held]
            rarity = math.log(1 + (len(lines) - len(having) + 0.5) / (len(having) + 0.5))
            for number in having:
                scores[number] += FORMULA.pairs * rarity * self._prior(number)
        said = self._content([token.text for token in tokens])
        for number, phrases in enumerate(lines):
            if any(line and self._content(line) == said for line in phrases):
                scores[number] += FORMULA.whole * ceiling

    def _content(self, line: Sequence[str]) -> set[str]:
        content = [word for word in line if not self.language.is_stop_word(word)] or line
        return {self.language.stem(word) for word in content}

    def _norm(self, part: str, saturation: float, share: float) -> list[float]:
        lengths = [0.0] * len(self.documents)
        for postings in self.parts[part].values():
            for number, count in postings.items():
                lengths[number] += count
        average = sum(lengths) / len(lengths) or 1.0
        return [saturation * (1 - share + share * length / average) for length in lengths]

    def _prior(self, number: int) -> float:
        return 1 + FORMULA.prior * min(1.0, max(-1.0, self.documents[number].prior))


def _saturated(frequency: float, saturation: float, norm: float) -> float:
    return frequency * (saturation + 1) / (frequency + norm)


def _postings(reader: Any, field: str) -> dict[str, Scores]:
    found: dict[str, Scores] = {}
    for term in reader.lexicon(field):
        matcher = reader.postings(field, term)
        counts = found.setdefault(term.decode("utf-8"), {})
        while matcher.is_active():
            counts[matcher.id()] = matcher.weight()
            matcher.next()
    return found
