"""Which articles stand close to one another by their titles, `asked_as` and tags.

For the articles whose author named none. Two articles are as close as the words they share are
rare: the cosine of their words, each weighed by its inverse document frequency.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from math import isqrt, log, sqrt
from pathlib import PurePosixPath

from answerloop import cache as caches
from answerloop.articles import Article
from answerloop.cache import Cache, digest, program
from answerloop.catalog import Catalog
from search import analysis, languages

MOST = 3
CLOSE = 0.15
"""The least cosine of a relation."""
_FEW = 10

Relations = Mapping[PurePosixPath, tuple[Article, ...]]


def of(catalog: Catalog, cache: Cache = caches.NONE) -> Relations:
    """The closest articles of the same language, the closest first; none for those alone."""
    found: dict[PurePosixPath, tuple[Article, ...]] = {}
    for lang in catalog.langs:
        listed = [a for a in catalog.published if a.lang == lang and not a.is_index]
        said = repr([(a.lang, str(a.path), a.url, a.title, a.asked_as, a.tags) for a in listed])
        key = digest(program(), said)
        close = cache.get("related", key)
        if close is None:
            close = _of_language(listed)
            cache.put("related", key, close)
        for article, near in zip(listed, close, strict=True):
            found[article.path] = tuple(listed[number] for number in near)
    return found


def _of_language(articles: list[Article]) -> list[list[int]]:
    """The numbers of those close to each.

    A word that more than the root of all articles has relates nothing, and would cost most.
    """
    terms = [frozenset(_terms(article)) for article in articles]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(terms):
        for term in sorted(own):
            holders[term].append(number)
    limit = max(_FEW, isqrt(len(articles)))
    weights = {term: log(len(articles) / len(held)) ** 2 for term, held in holders.items()}
    lengths = [sqrt(sum(weights[term] for term in sorted(own))) for own in terms]
    found = []
    for number, own in enumerate(terms):
        shared: Counter[int] = Counter()
        for term in sorted(own):
            if len(holders[term]) <= limit:
                shared.update(dict.fromkeys(holders[term], weights[term]))
        scored = [
            (-score / (lengths[number] * lengths[other]), articles[other].url, other)
            for other, score in shared.items()
            if other != number and score
        ]
        nearest = sorted(scored)[:MOST]
        found.append([other for distance, _, other in nearest if distance <= -CLOSE])
    return found


def _terms(article: Article) -> Iterable[str]:
    language = languages.language(analysis.base(article.lang))
    for tag in article.tags:
        yield f"#{analysis.tag(tag)}"
    for text in (article.title, *article.asked_as):
        for token in analysis.tokens(text, singles=False):
            surface = analysis.surface(token.text)
            if not language.is_stop_word(surface):
                yield language.stem(surface)
