"""Which questions an index answers, by the words of each that its best hit has."""

import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from search.documents import Hit
from search.evaluation import Searcher

COVERED = 0.6
WEAK = 0.3
"""From which coverage on a question counts as covered, and as weakly covered.

On two collections with 513 questions that nothing answers, three quarters of these stay below the
lower figure and nine of ten below the upper one; of the questions that are answered right, one in
four stays below the lower one.
"""

REACH = 200
"""How many of the articles that have a word are looked at, best first."""

WORDS = 16
"""Words of a question that count, as in a search."""


class Verdict(StrEnum):
    COVERED = "covered"
    WEAK = "weak"
    UNCOVERED = "uncovered"


@dataclass(frozen=True, slots=True)
class Covered:
    """A question, its best hit, and the words of the question that this hit lacks."""

    question: str
    verdict: Verdict
    coverage: float
    hit: Hit | None
    words: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    """What a word finds by itself: the numbers of the articles; `weight` is its rarity."""

    finds: "array[int]"
    weight: float
    is_known: bool


class Coverage:
    """Puts questions to a search, and judges by the words what comes back.

    The coverage of a question by an article is the share of its words by which the article is
    found, each word with the weight ln(1 + N / (n + 0.5)): N articles in all, n of them found by
    this word alone. So a rare word that nothing has weighs most, and "the" next to nothing. (The
    weight is the inverse document frequency of Robertson and Spärck Jones, 1976, kept positive.)
    A number that no article has, such as the number of an order, is no word of the question.
    """

    def __init__(self, searcher: Searcher, articles: int, *, lang: str | None = None) -> None:
        """`articles` is how many can be found in the language that is searched."""
        self._searcher = searcher
        self._articles = articles
        self._lang = lang
        self._numbers: dict[tuple[str, str], int] = {}
        self._word = lru_cache(maxsize=50_000)(self._looked_up)

    def judge(self, question: str) -> Covered:
        """The verdict on a question. Raises `NoIndex`."""
        known = {word: self._word(word) for word in words(question)}
        counted = {
            word: found for word, found in known.items() if found.is_known or not _is_number(word)
        }
        hits = self._searcher.search(question, lang=self._lang, limit=1).hits
        if not hits:
            return Covered(question, Verdict.UNCOVERED, 0.0, None, tuple(counted), tuple(counted))
        best = hits[0]
        share = self._share(best, counted)
        number = self._number(best)
        lacking = tuple(word for word, found in counted.items() if number not in found.finds)
        return Covered(question, _verdict(share), share, best, tuple(counted), lacking)

    def weight(self, word: str) -> float:
        """The rarity of a word, in nats."""
        return self._word(word).weight

    def _looked_up(self, word: str) -> _Word:
        found = self._searcher.search(word, lang=self._lang, limit=REACH)
        weight = math.log(1 + self._articles / (found.total + 0.5))
        # Thousands of words are kept, most of which find as many articles as are looked at.
        return _Word(array("I", map(self._number, found.hits)), weight, bool(found.total))

    def _number(self, hit: Hit) -> int:
        return self._numbers.setdefault((hit.id, hit.lang), len(self._numbers))

    def _share(self, hit: Hit, counted: Mapping[str, _Word]) -> float:
        whole = sum(word.weight for word in counted.values())
        number = self._number(hit)
        had = sum(word.weight for word in counted.values() if number in word.finds)
        return had / whole if whole else 0.0


def _verdict(share: float) -> Verdict:
    if share >= COVERED:
        return Verdict.COVERED
    return Verdict.WEAK if share >= WEAK else Verdict.UNCOVERED


def words(question: str) -> tuple[str, ...]:
    """The words of a question in small letters, each once, without what surrounds them."""
    bare = (_bare(word) for word in question.casefold().split())
    return tuple(dict.fromkeys(word for word in bare if word))[:WORDS]


def _bare(word: str) -> str:
    start, end = 0, len(word)
    while start < end and not word[start].isalnum():
        start += 1
    while end > start and not word[end - 1].isalnum():
        end -= 1
    return word[start:end]


def _is_number(word: str) -> bool:
    return not any(character.isalpha() for character in word)
