"""All that is known about one article: what its own page in the desk shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup
from sqlalchemy import Connection

from answerloop.desk import editions, timeline
from answerloop.desk.editions import Edition
from feedback import (
    articles,
    broken_links,
    dossiers,
    fixes,
    items,
    leads,
    links,
    readership,
    remarks,
    reviews,
    revisions,
    verdicts,
    yardsticks,
)
from feedback.articles import Article
from feedback.broken_links import Links
from feedback.errors import UnknownArticle
from feedback.evidence import Assessment
from feedback.history import AgentFlag
from feedback.items import Item
from feedback.leads import Leads
from feedback.model import ArticleKey, Revision, Verdict
from feedback.remarks import Page
from feedback.reviews import Review

REUSED = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Portrait:
    """`text` is what the last build told, title first. `uses` of the permalink: lately, and ever.

    `reads` are the readers a week who were heard of; page views are not recorded.
    """

    article: Article
    text: str
    assessment: Assessment
    editions: tuple[Edition, ...]
    timeline: Markup
    leads: Leads
    uses: tuple[int, int]
    reads: float
    reviews: tuple[Review, ...]
    items: tuple[Item, ...]
    remarks: Page
    reports: tuple[AgentFlag, ...]
    broken: Links = ()

    @property
    def key(self) -> ArticleKey:
        return self.article.key

    @property
    def current(self) -> Edition | None:
        """The text that readers see, with their votes on it."""
        return next((edition for edition in self.editions if edition.is_current), None)

    @property
    def former(self) -> tuple[Review, ...]:
        """The reviews of texts that the article has no more."""
        return tuple(one for one in self.reviews if one.revision != self.article.revision)


def of(
    db: Connection, key: ArticleKey, now: datetime, *, false_flags: float, page: int = 1
) -> Portrait:
    """With a page of its remarks. Raises UnknownArticle for one that no build has told of."""
    article = articles.find(db, [key]).get(key)
    if article is None:
        raise UnknownArticle(key)
    yardstick = yardsticks.current(db, now, false_flags=false_flags)
    dossier = dossiers.read(db, [key], yardstick, now)[key]
    log = dossier.log
    had = items.of(db, key)
    texts = editions.of(log, article.revision, revisions.of(db, key), _judged(db, had))
    return Portrait(
        article=article,
        text=articles.texts(db, [key]).get(key, ""),
        assessment=dossier.assessment,
        editions=texts,
        timeline=timeline.draw(texts, log.tallies, now),
        leads=leads.of(db, key, now - leads.LATELY),
        uses=(links.uses(db, key, (now - REUSED).date()), links.uses(db, key)),
        reads=readership.of(db, key, now),
        reviews=tuple(reviews.of(db, key)),
        items=tuple(had),
        remarks=remarks.page(db, key, page),
        reports=tuple(sorted(log.agent_flags, key=lambda flag: flag.at, reverse=True)),
        broken=broken_links.of(db, [key]).get(key, ()),
    )


def _judged(db: Connection, had: Iterable[Item]) -> Mapping[Revision, Verdict]:
    """The verdict on each text that was to mend something; the last one where there are two."""
    given = {(one.item, one.fix): one.verdict for one in verdicts.given(db, [i.id for i in had])}
    made = fixes.latest(db, [item.id for item in had])
    return {
        fix.revision: given[fix.item, fix.version]
        for fix in made.values()
        if (fix.item, fix.version) in given
    }
