"""The counted votes of each day as sums, so that judging an article reads days and not votes.

They change in the transaction of the vote, by the difference it makes to what counts of its
network's day: so they say at every moment what `history.tallied` makes of the rows themselves.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from sqlalchemy import Connection, select

from feedback import database, history, keyed, schema
from feedback.history import Tally, VoteEvent
from feedback.model import ArticleKey, Reason
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
