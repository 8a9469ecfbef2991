"""How much better than usual an article serves its readers, as one small number for a ranking."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from feedback import articles, baseline, changes, eventlog, history, schema
from feedback.eventlog import Log
from feedback.model import ArticleKey, PublishedArticle

STRENGTH = 10.0
"""So many usual votes at least stand beside an article's own: a few of them hardly move it."""

_votes = schema.votes


def read(db: Connection, published: Iterable[PublishedArticle]) -> dict[ArticleKey, float]:
    """A number in [-1, 1] for each article of a build about whose text somebody voted.

    Its helpful share is shrunk to the mean m = a / (a + b) of all articles (the mean of a
    beta-binomial posterior, Robbins 1956), and lies between 0, m and 1 as the number between
    -1, 0 and 1:

        share = (a + yes) / (a + b + total)
        number = (share - m) / (1 - m) above m, (share - m) / m below

    with Beta(a, b) as `feedback.baseline.prior_of` learns it, made at least `STRENGTH` strong.
    Votes are those that count as evidence, too: of weight above 0, at most three of a network,
    text and day, for the text that the build publishes and since its last review. Depends on the
    rows alone, not on the hour.
    """
    build = {article.key: article for article in published}
    voted = db.execute(select(_votes.c.article, _votes.c.lang).distinct())
    asked = {ArticleKey(row.article, row.lang) for row in voted} & build.keys()
    asked -= _rewritten(db, {key: build[key] for key in asked})
    tallies = {key: _tally(log) for key, log in eventlog.read(db, sorted(asked)).items()}
    learned = baseline.prior_of(tallies.values())
    mean = learned.a / (learned.a + learned.b)
    strength = max(STRENGTH, learned.a + learned.b)
    return {
        key: _distance((strength * mean + yes) / (strength + total), mean)
        for key, (yes, total) in tallies.items()
        if total
    }


def _rewritten(db: Connection, build: Mapping[ArticleKey, PublishedArticle]) -> set[ArticleKey]:
    """The articles of which this build will publish another text than was voted on."""
    known = articles.find(db, build)
    revised = [key for key in known if build[key].revision != known[key].revision]
    before = articles.texts(db, revised)
    return {
        key
        for key in revised
        if not build[key].minor and changes.is_substantive(before[key], build[key].text)
    }


def _tally(log: Log) -> tuple[int, int]:
    """Yes and all votes on the present text."""
    past = log.history
    days = history.days_since_reset(past, past.counted())
    yes = sum(day.yes for day in days)
    return yes, yes + sum(day.no for day in days)


def _distance(share: float, mean: float) -> float:
    return (share - mean) / (1 - mean if share > mean else mean)
