"""A reader's query reduced to what it says: stems, without stop words and typing errors.

A word that is typed wrong counts as the one that the search mends it to. Words that no article has
cannot be mended by the search; one of them counts as another that is a letter away when three
readers or more wrote that one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from feedback.model import Search
from feedback.wordings import READERS, Said
from search import analysis, languages, spelling

SHORTEST = 5
"""Letters of a word that is taken for a typing error; shorter ones are too near to others."""

# A word and its language; the same word as it is meant.
Mended = Callable[[str, str], str]


class Vocabulary:
    """The words that articles have, by language, in all their forms."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        """`texts` are each a language and what is written in it."""
        self._stems: dict[str, set[str]] = defaultdict(set)
        for lang, text in texts:
            base = analysis.base(lang)
            stem = languages.language(base).stem
            self._stems[base].update(
                stem(analysis.surface(token.text)) for token in analysis.tokens(text)
            )

    def has(self, word: str, lang: str) -> bool:
        base = analysis.base(lang)
        return languages.language(base).stem(analysis.surface(word)) in self._stems[base]


class Reduction:
    """Takes queries apart into the words that count; an instance is a `feedback.wordings.Words`."""

    def __init__(self, mended: Mended, known: Vocabulary, searches: Iterable[Search]) -> None:
        """`mended` gives words as they are meant, or as they are; `searches` is what was asked."""
        self._mended = lru_cache(maxsize=50_000)(mended)
        self._usual = {
            lang: dict(_folded(readers)) for lang, readers in _unknown(searches, known).items()
        }
        self._said = lru_cache(maxsize=50_000)(self._reduced)

    def __call__(self, query: str, lang: str) -> Sequence[Said]:
        return self._said(query, lang)

    def _reduced(self, query: str, lang: str) -> tuple[Said, ...]:
        language = languages.language(analysis.base(lang))
        found = []
        for token in analysis.tokens(query, singles=False):
            surface = analysis.surface(token.text)
            if language.is_stop_word(surface):
                continue
            meant = self._mended(self._usual.get(lang, {}).get(surface, surface), lang)
            for word in meant.split():
                key = language.stem(analysis.surface(word))
                found.append(Said(key, token.start, token.end, is_mended=meant != surface))
        return tuple(found)


def _unknown(searches: Iterable[Search], known: Vocabulary) -> Mapping[str, Mapping[str, set[str]]]:
    """The readers of each word that no article has, by language."""
    readers: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for search in searches:
        for token in analysis.tokens(search.query, singles=False):
            surface = analysis.surface(token.text)
            if len(surface) >= SHORTEST and surface.isalpha():
                readers[search.lang][surface].add(search.reader)
    return {
        lang: {word: who for word, who in written.items() if not known.has(word, lang)}
        for lang, written in readers.items()
    }


def _folded(readers: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Each word that is a letter away from one of more readers, at least three, and that one."""
    usual: dict[str, list[str]] = defaultdict(list)
    for word in sorted(readers, key=lambda each: (-len(readers[each]), each)):
        forms = {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
        near = dict.fromkeys(other for form in sorted(forms) for other in usual[form])
        meant = [other for other in near if spelling.distance(word, other) == 1]
        if meant:
            yield word, min(meant, key=lambda other: (-len(readers[other]), other))
        elif len(readers[word]) >= READERS:
            for form in forms:
                usual[form].append(word)
