"""The event log of articles, read from the rows for the rule that judges them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, select

from feedback import keyed, schema, tallies
from feedback.history import AgentFlag, Fault, History, Publication, Review, Tally, utc_day
from feedback.model import ArticleKey, Lane, Verdict

_fixes = schema.fixes
_items = schema.items
_misses = schema.misses
_reports = schema.reports
_revisions = schema.revisions
_reviews = schema.reviews
_verdicts = schema.verdicts


@dataclass(frozen=True, slots=True)
class Log:
    """Everything said about one article.

    `reviews` answered what speaks against the article, `clarity_reviews` that it is hard to
    understand; one written into the article itself answers both. `misses` are the readers of a day
    who asked in vain for what the article should have told them.
    """

    tallies: list[Tally] = field(default_factory=list)
    agent_flags: list[AgentFlag] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    clarity_reviews: list[Review] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    misses: dict[date, int] = field(default_factory=dict)

    @property
    def history(self) -> History:
        """What the article is suspected by."""
        return self._history(self.reviews)

    @property
    def clarity(self) -> History:
        """The same events, reset by the reviews that answered readers who did not understand."""
        return self._history(self.clarity_reviews)

    def _history(self, reviews: list[Review]) -> History:
        return History(
            tallies=tuple(self.tallies),
            agent_flags=tuple(self.agent_flags),
            publications=tuple(self.publications),
            reviews=tuple(reviews),
            faults=tuple(self.faults),
        )


def read(
    db: Connection, keys: Iterable[ArticleKey], *, with_tallies: bool = True
) -> dict[ArticleKey, Log]:
    """The log of each of these articles; without the votes if the caller has them."""
    logs: dict[ArticleKey, Log] = {}
    for part in keyed.batches(keys):
        found: dict[ArticleKey, Log] = defaultdict(Log)
        found.update((key, Log()) for key in part)
        sums = tallies.read(db, part) if with_tallies else {}
        for key, counted in sums.items():
            found[key].tallies.extend(counted)
        _read_reports(db, part, found)
        _read_revisions(db, part, found)
        _read_reviews(db, part, found)
        _read_faults(db, part, found)
        _read_misses(db, part, found)
        logs |= found
    return logs


def _read_reports(db: Connection, keys: list[ArticleKey], logs: dict[ArticleKey, Log]) -> None:
    """In columns as an `AgentFlag` has them: of some articles there are hundreds."""
    rows = db.execute(
        select(
            _reports.c.article,
            _reports.c.lang,
            _reports.c.made,
            _reports.c.agent,
            _reports.c.reason,
            _reports.c.revision,
            _reports.c.ticket,
            _reports.c.words,
        ).where(keyed.among(_reports, keys))
    )
    for article, lang, *said in rows:
        logs[ArticleKey(article, lang)].agent_flags.append(AgentFlag(*said))


def _read_misses(db: Connection, keys: list[ArticleKey], logs: dict[ArticleKey, Log]) -> None:
    rows = db.execute(
        select(_misses.c.article, _misses.c.lang, _misses.c.day, _misses.c.readers).where(
            keyed.among(_misses, keys)
        )
    )
    for row in rows:
        logs[ArticleKey(row.article, row.lang)].misses[row.day] = row.readers


def _read_revisions(db: Connection, keys: list[ArticleKey], logs: dict[ArticleKey, Log]) -> None:
    """In the order of publication, which decides among those of one moment."""
    rows = db.execute(
        select(
            _revisions.c.article,
            _revisions.c.lang,
            _revisions.c.published,
            _revisions.c.revision,
            _revisions.c.substantive,
        )
        .where(keyed.among(_revisions, keys))
        .order_by(_revisions.c.id)
    )
    for row in rows:
        logs[ArticleKey(row.article, row.lang)].publications.append(
            Publication(at=row.published, revision=row.revision, substantive=row.substantive)
        )


def _read_reviews(db: Connection, keys: list[ArticleKey], logs: dict[ArticleKey, Log]) -> None:
    rows = db.execute(
        select(
            _reviews.c.article, _reviews.c.lang, _reviews.c.at, _reviews.c.revision, _reviews.c.lane
        ).where(keyed.among(_reviews, keys))
    )
    for row in rows:
        log = logs[ArticleKey(row.article, row.lang)]
        review = Review(at=row.at, revision=row.revision)
        if row.lane is not Lane.CLARITY:
            log.reviews.append(review)
        if row.lane in {None, Lane.CLARITY}:
            log.clarity_reviews.append(review)


def _read_faults(db: Connection, keys: list[ArticleKey], logs: dict[ArticleKey, Log]) -> None:
    """The times from the onset of a trouble to its fix, where somebody or something confirms it.

    That is an agent, who reported it; the author of the fix, who named the item; or the readers,
    whom it helped. A fix after which readers found no change, or worse, has not ended the trouble:
    then it lasts until the next.
    """
    same = (_verdicts.c.item == _fixes.c.item) & (_verdicts.c.fix == _fixes.c.version)
    rows = db.execute(
        select(
            _items.c.id,
            _items.c.article,
            _items.c.lang,
            _items.c.lane,
            _fixes.c.onset,
            _fixes.c.named,
            _fixes.c.at,
            _verdicts.c.verdict,
        )
        .select_from(_fixes.join(_items, _items.c.id == _fixes.c.item).outerjoin(_verdicts, same))
        .where(keyed.among(_items, keys))
        .order_by(_fixes.c.item, _fixes.c.version)
    )
    lasting: dict[int, date] = {}
    for row in rows:
        onset = lasting.pop(row.id, row.onset)
        if onset is None:
            continue
        confirmed = row.named or row.lane is Lane.REPORTED or row.verdict is Verdict.HELPED
        if confirmed:
            logs[ArticleKey(row.article, row.lang)].faults.append(Fault(onset, utc_day(row.at)))
        if row.verdict in {Verdict.NO_CHANGE, Verdict.WORSE}:
            lasting[row.id] = onset
