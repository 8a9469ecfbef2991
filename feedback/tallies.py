"""The counted votes of each day as sums, so that judging an article reads days and not votes.

They change in the transaction of the vote, by the difference it makes to what counts of its
network's day: so they say at every moment what `history.tallied` makes of the rows themselves.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache

from sqlalchemy import Connection, String, cast, func, select

from feedback import database, history, keyed, schema
from feedback.history import Tally, VoteEvent
from feedback.model import ArticleKey, Reason, Revision
from feedback.prepared import Prepared

YES = "yes"
"""What a helpful vote says; one that is not says its reason, or no."""
_NO = "no"
_PLACE = ("article", "lang", "revision", "day", "said")

_tallies = schema.tallies


def change(
    db: Connection, key: ArticleKey, before: Iterable[VoteEvent], after: Iterable[VoteEvent]
) -> None:
    """Let the sums follow votes on an article that were `before` and are `after`.

    Both hold all the votes of the networks and days concerned: of those only some count.
    """
    moved: dict[tuple[object, ...], int] = {}
    for votes, sign in ((after, 1), (before, -1)):
        for tally in history.tallied(votes):
            said = tally.revision, tally.day, _word(tally)
            moved[said] = moved.get(said, 0) + sign * tally.count
    adding = _adding(db.dialect.name)
    for (revision, day, word), count in moved.items():
        if not count:
            continue
        row = {
            "article": key.article,
            "lang": key.lang,
            "revision": revision,
            "day": day,
            "said": word,
            "count": count,
        }
        adding.run(db, row)


def read(db: Connection, keys: Iterable[ArticleKey]) -> dict[ArticleKey, list[Tally]]:
    """The sums of each of these articles that was voted on."""
    found: dict[ArticleKey, list[Tally]] = defaultdict(list)
    for part in keyed.batches(keys):
        rows = db.execute(
            select(
                _tallies.c.article,
                _tallies.c.lang,
                _tallies.c.revision,
                _tallies.c.day,
                _tallies.c.said,
                _tallies.c.count,
            ).where(keyed.among(_tallies, part), _tallies.c.count > 0)
        )
        for article, lang, revision, day, said, count in rows:
            reason = None if said in {YES, _NO} else Reason(said)
            tally = Tally(day, revision, said == YES, reason, count)
            found[ArticleKey(article, lang)].append(tally)
    return dict(found)


def counted(db: Connection, keys: Iterable[ArticleKey], reason: Reason) -> Counter[ArticleKey]:
    """How many votes of each article ever gave this reason."""
    found: Counter[ArticleKey] = Counter()
    for part in keyed.batches(keys):
        rows = db.execute(
            select(_tallies.c.article, _tallies.c.lang, func.sum(_tallies.c.count))
            .where(keyed.among(_tallies, part), _tallies.c.said == str(reason))
            .group_by(_tallies.c.article, _tallies.c.lang)
        )
        found.update({ArticleKey(article, lang): int(count) for article, lang, count in rows})
    return found


def written(db: Connection, keys: Iterable[ArticleKey]) -> dict[ArticleKey, str]:
    """The sums of each of these articles as one text, which is another one once they change.

    `parsed` reads it. The database makes it many times faster than so many rows are read.
    """
    found: dict[ArticleKey, str] = {}
    day, count = (cast(part, String) for part in (_tallies.c.day, _tallies.c.count))
    line = _tallies.c.revision + " " + day + " " + _tallies.c.said + " " + count
    for part in keyed.batches(keys):
        rows = db.execute(
            select(_tallies.c.article, _tallies.c.lang, func.aggregate_strings(line, "\n"))
            .where(keyed.among(_tallies, part), _tallies.c.count > 0)
            .group_by(_tallies.c.article, _tallies.c.lang)
        )
        found.update((ArticleKey(article, lang), text) for article, lang, text in rows)
    return found


def parsed(text: str) -> list[Tally]:
    """The sums that `written` wrote."""
    found = []
    for line in text.splitlines():
        revision, day, said, count = line.rsplit(" ", 3)
        reason = None if said in {YES, _NO} else Reason(said)
        key = date.fromisoformat(day), Revision(revision), said == YES, reason, int(count)
        found.append(Tally(*key))
    return found


def _word(tally: Tally) -> str:
    if tally.helpful:
        return YES
    return str(tally.reason or _NO)


@cache
def _adding(dialect: str) -> Prepared:
    """Add to a sum, or begin it."""
    adding = database.inserting_into(dialect, _tallies)
    return Prepared(
        adding.on_conflict_do_update(
            index_elements=list(_PLACE), set_={"count": _tallies.c.count + adding.excluded.count}
        ),
        [*_PLACE, "count"],
    )
