"""What readers could not find, beside what there is: reduces their words, judges each gap.

Joins `feedback.gaps`, which knows no language and no article's text, with the search.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from feedback.database import Database
from feedback.gaps import asks, gathering, misses, storing
from feedback.gaps.gathering import Plan, Verdict
from feedback.gaps.storing import Apply
from feedback.model import ArticleId, ArticleKey, GapKind
from feedback.wordings import Said
from search import analysis, languages
from search.coverage import Coverage, Covered
from search.coverage import Verdict as Found
from search.documents import Hit, Results, Topic
from search.errors import NoIndex


class Finder(Protocol):
    """What is asked of the readers' search."""

    def search(self, words: str, *, lang: str | None = None, limit: int = 10) -> Results: ...


def gather(
    database: Database,
    apply: Apply,
    finder: Finder,
    *,
    articles: Mapping[str, int],
    now: datetime,
) -> Plan:
    """Gather the gaps anew, and count which articles were missed.

    `articles` says how many there are to be found in each language.
    """
    search = Comparison(finder, articles)
    with database.read() as db:
        planned = gathering.plan(db, lru_cache(maxsize=50_000)(words), search.judge, now)
        since = misses.due(db, now)
        asked = asks.failed(db, since, now)
    counted = misses.count(asked, search.nearest)
    storing.write(apply, planned, now)
    apply(lambda db: misses.store(db, since, counted))
    return planned


def words(query: str, lang: str) -> Sequence[Said]:
    """The words of a query that say something, by their stems; a `feedback.wordings.Words`.

    Typing errors stay: to mend them by the words that articles have would turn a subject that no
    article has into one that some have.
    """
    language = languages.language(analysis.base(lang))
    found = []
    for token in analysis.tokens(query, singles=False):
        surface = analysis.surface(token.text)
        if not language.is_stop_word(surface):
            found.append(Said(language.stem(surface), token.start, token.end))
    return tuple(found)


class Comparison:
    """Puts what was asked in vain to the search once more."""

    def __init__(self, finder: Finder, articles: Mapping[str, int]) -> None:
        self._finder = finder
        self._coverage = {
            lang: Coverage(finder, number, lang=lang) for lang, number in articles.items()
        }

    def judge(self, texts: Sequence[str], lang: str) -> Verdict:
        """What kind of gap it is; a `feedback.gaps.gathering.Judge`.

        Where an article has most of the words of most texts, it is there and was not found;
        where that holds only once typing errors are mended, it is the spelling. All else is to be
        written.
        """
        judged = [covered for text in texts if (covered := self._covered(text, lang))]
        there = [each for each in judged if each.verdict is Found.COVERED]
        nearest = self._commonest(there or judged) or self._topic(texts, lang)
        if 2 * len(there) <= len(texts):
            return Verdict(GapKind.WRITE, nearest)
        mended = sum(self._is_mended(each.question, lang) for each in there)
        is_spelling = 2 * mended > len(there)
        return Verdict(GapKind.SPELLING if is_spelling else GapKind.FINDABILITY, nearest)

    def nearest(self, text: str, lang: str) -> ArticleKey | None:
        """The article that comes nearest to a text; a `feedback.gaps.misses.Nearest`."""
        found = self._search(text, lang)
        if found is None:
            return None
        near: Sequence[Hit | Topic] = found.hits or found.nearest
        return ArticleKey(ArticleId(near[0].id), near[0].lang) if near else None

    def _covered(self, text: str, lang: str) -> Covered | None:
        if lang not in self._coverage:
            return None
        try:
            return self._coverage[lang].judge(text)
        except NoIndex:  # nothing was ever built here
            return None

    def _commonest(self, judged: Sequence[Covered]) -> ArticleId | None:
        hits = Counter(each.hit.id for each in judged if each.hit)
        return ArticleId(hits.most_common(1)[0][0]) if hits else None

    def _topic(self, texts: Sequence[str], lang: str) -> ArticleId | None:
        near = (self.nearest(text, lang) for text in texts)
        return next((key.article for key in near if key), None)

    def _is_mended(self, text: str, lang: str) -> bool:
        found = self._search(text, lang)
        return found is not None and found.corrected is not None

    def _search(self, text: str, lang: str) -> Results | None:
        try:
            return self._finder.search(text, lang=lang, limit=1)
        except NoIndex:
            return None
