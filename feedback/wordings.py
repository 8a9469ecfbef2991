"""What several readers asked in nearly the same words, and the articles it led them to.

What two queries have in common is decided by a function that is handed in: this module knows no
language. Nothing that fewer than three readers said leaves it, and nothing that holds personal
data of a known form.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from feedback import redaction
from feedback.arrivals import Arrival, How, Refinement
from feedback.model import ArticleId
from feedback.personal_data import Kind

READERS = 3
"""Readers who must have said a thing before anybody is shown it."""

CLEAR = 2 / 3
"""Share of the readers who found something that must have found the same."""

LONGEST_EXCHANGE = 3
"""Words that are exchanged for others at once."""

_MASK = re.compile("|".join(re.escape(f"[{kind}]") for kind in Kind))


@dataclass(frozen=True, slots=True)
class Said:
    """A word of a query at `[start:end]`; words of one `key` say the same.

    `is_mended`: it was typed wrong, and the key is that of the word which was meant.
    """

    key: str
    start: int
    end: int
    is_mended: bool = False


# The words of a query in a language, in their order; those that say nothing are left out.
Words = Callable[[str, str], Sequence[Said]]


@dataclass(frozen=True, slots=True)
class End:
    """An article that readers ended at, and how many of them by which way.

    `rank` is the one in the middle of those at which it was opened, None if it never was.
    """

    article: ArticleId
    readers: int
    ways: Mapping[How, int]
    rank: float | None


@dataclass(frozen=True, slots=True)
class Wording:
    """What readers asked: `phrase` as most of them wrote it, of those who made no typing error.

    `askers` are all who asked it, whether they found anything or not. `ends` has the article of
    most readers first.
    """

    phrase: str
    lang: str
    words: frozenset[str]
    askers: int
    ends: tuple[End, ...]

    @property
    def clear(self) -> End | None:
        """The article that is meant; None where too few readers agree."""
        first = self.ends[0]
        found = sum(end.readers for end in self.ends)
        agreed = first.readers >= READERS and first.readers >= CLEAR * found
        return first if agreed else None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A word or a few that readers exchanged for others, and then found what they wanted.

    `failed` is the query, without the exchange, that led to `article` most often.
    """

    lang: str
    said: str
    found: str
    readers: int
    is_clear: bool
    failed: str
    article: ArticleId


def group(arrivals: Iterable[Arrival], words: Words) -> tuple[Wording, ...]:
    """The wordings of which at least three readers found something, most readers first.

    Queries of the same words are one wording, whatever their order. The order of `arrivals` does
    not matter.
    """
    grouped: dict[tuple[str, frozenset[str]], list[Arrival]] = defaultdict(list)
    for arrival in arrivals:
        if is_clean(arrival.query):
            said = frozenset(word.key for word in words(arrival.query, arrival.lang))
            if said:
                grouped[arrival.lang, said].append(arrival)
    found = [
        _wording(said, alike, words)
        for (_, said), alike in grouped.items()
        if len({arrival.reader for arrival in alike if arrival.article}) >= READERS
    ]
    return tuple(sorted(found, key=lambda each: (-each.ends[0].readers, each.lang, each.phrase)))


def exchanges(refinements: Iterable[Refinement], words: Words) -> tuple[Exchange, ...]:
    """What at least three readers exchanged, most readers first.

    The rest of the query must be the same in both; without a rest, one word for one word counts.
    """
    grouped: dict[tuple[str, ...], list[tuple[str, str, Refinement]]] = defaultdict(list)
    for each in refinements:
        if is_clean(each.failed.query) and is_clean(each.found.query):
            for keys, said, found in _exchanged(each, words):
                grouped[each.failed.lang, *keys].append((said, found, each))
    readers = {
        keys: len({each.failed.reader for _, _, each in alike}) for keys, alike in grouped.items()
    }
    by_said: Counter[tuple[str, str]] = Counter()
    for (lang, said, _), count in readers.items():
        by_said[lang, said] += count
    made = [
        _exchange(alike, readers[keys], is_clear=readers[keys] >= CLEAR * by_said[keys[0], keys[1]])
        for keys, alike in grouped.items()
        if readers[keys] >= READERS
    ]
    return tuple(sorted(made, key=lambda each: (-each.readers, each.lang, each.said, each.found)))


@lru_cache(maxsize=10_000)
def is_clean(query: str) -> bool:
    """Whether nothing in it is, or was, personal data of a known form."""
    return not _MASK.search(query) and not redaction.redact(query).kinds


def _wording(said: frozenset[str], alike: Sequence[Arrival], words: Words) -> Wording:
    by_article: dict[ArticleId, list[Arrival]] = defaultdict(list)
    for arrival in alike:
        if arrival.article:
            by_article[arrival.article].append(arrival)
    ends = [_end(article, arrived) for article, arrived in by_article.items()]
    lang = alike[0].lang
    written = {(arrival.query, arrival.reader) for arrival in alike}
    right = {pair for pair in written if not any(word.is_mended for word in words(pair[0], lang))}
    return Wording(
        phrase=_usual(right or written),
        lang=lang,
        words=said,
        askers=len({arrival.reader for arrival in alike}),
        ends=tuple(sorted(ends, key=lambda end: (-end.readers, end.article))),
    )


def _end(article: ArticleId, arrived: Sequence[Arrival]) -> End:
    best = {reader: how for how in reversed(How) for reader in _readers(arrived, how)}
    ways = Counter(best.values())
    ranks = [arrival.rank for arrival in arrived if arrival.rank is not None]
    return End(
        article,
        readers=len(best),
        ways={how: ways[how] for how in How if ways[how]},
        rank=median(ranks) if ranks else None,
    )


def _readers(arrived: Iterable[Arrival], how: How) -> set[str]:
    return {arrival.reader for arrival in arrived if arrival.how is how}


def _usual(written: Iterable[tuple[str, str]]) -> str:
    """The text that most readers wrote; of equals the shortest."""
    readers = Counter(text for text, _ in set(written))
    return min(readers, key=lambda text: (-readers[text], len(text), text))


def _exchanged(each: Refinement, words: Words) -> Iterator[tuple[tuple[str, str], str, str]]:
    """The keys and the words of the one place in which two queries differ, if it is one."""
    lang = each.failed.lang
    one, two = list(words(each.failed.query, lang)), list(words(each.found.query, lang))
    whole = len(one) == len(two) == 1
    shared = 0
    while one and two and one[0].key == two[0].key:
        one, two, shared = one[1:], two[1:], shared + 1
    while one and two and one[-1].key == two[-1].key:
        one, two, shared = one[:-1], two[:-1], shared + 1
    short = 0 < len(one) <= LONGEST_EXCHANGE and 0 < len(two) <= LONGEST_EXCHANGE
    if not short or not (shared or whole):
        return
    keys = [" ".join(word.key for word in part) for part in (one, two)]
    if {word.key for word in one}.isdisjoint(word.key for word in two):
        said = each.failed.query[one[0].start : one[-1].end].casefold()
        found = each.found.query[two[0].start : two[-1].end].casefold()
        if is_clean(said) and is_clean(found):  # what spoke for a number may stand outside
            yield (keys[0], keys[1]), said, found


def _exchange(
    alike: Sequence[tuple[str, str, Refinement]], readers: int, *, is_clear: bool
) -> Exchange:
    pairs = Counter((each.failed.query, each.article) for _, _, each in alike)
    failed, article = min(pairs, key=lambda pair: (-pairs[pair], pair))
    return Exchange(
        lang=alike[0][2].failed.lang,
        said=_usual((said, each.failed.reader) for said, _, each in alike),
        found=_usual((found, each.failed.reader) for _, found, each in alike),
        readers=readers,
        is_clear=is_clear,
        failed=failed,
        article=article,
    )
