"""The counted votes of each day as sums, so that judging an article reads days and not votes.

They change in the transaction of the vote, by the difference it makes to what counts of its
network's day: so they say at every moment what `history.tallied` makes of the rows themselves.

With them changes a digest of all the sums of an article, so that whoever has read them once knows
by one number whether they are still the same. It is a sum itself, of a hash of each vote (Bellare
and Micciancio 1997), so that it follows from the sums alone, and one vote changes it at no cost.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache
from hashlib import blake2b

from sqlalchemy import Connection, String, cast, func, select

from feedback import database, history, keyed, schema
from feedback.history import Tally, VoteEvent
from feedback.model import ArticleKey, Reason, Revision
from feedback.prepared import Prepared

YES = "yes"
"""What a helpful vote says; one that is not says its reason, or no."""
_NO = "no"
_SAID: dict[str, tuple[bool, Reason | None]] = {
    YES: (True, None),
    _NO: (False, None),
    **{str(reason): (False, reason) for reason in Reason},
}
"""Whether a word is helpful, and the reason it gives."""
_PLACE = ("article", "lang", "revision", "day", "said")

_BYTES = 7
"""Of a digest: as many as fit into a whole number of every database, the sum of two as well."""

_digests = schema.tally_digests
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
    turned = 0
    for (revision, day, word), count in moved.items():
        if not count:
            continue
        turned += count * _hashed(revision, day, word)
        row = {
            "article": key.article,
            "lang": key.lang,
            "revision": revision,
            "day": day,
            "said": word,
            "count": count,
        }
        adding.run(db, row)
    if turned:
        row = {"article": key.article, "lang": key.lang, "digest": turned % 256**_BYTES}
        _turning(db.dialect.name).run(db, row)


def read(db: Connection, keys: Iterable[ArticleKey]) -> dict[ArticleKey, list[Tally]]:
    """The sums of each of these articles that was voted on.

    The database puts those of an article together: so many rows are read many times slower.
    """
    found: dict[ArticleKey, list[Tally]] = {}
    day, count = (cast(part, String) for part in (_tallies.c.day, _tallies.c.count))
    line = _tallies.c.revision + " " + day + " " + _tallies.c.said + " " + count
    for part in keyed.batches(keys):
        rows = db.execute(
            select(_tallies.c.article, _tallies.c.lang, func.aggregate_strings(line, "\n"))
            .where(keyed.among(_tallies, part), _tallies.c.count > 0)
            .group_by(_tallies.c.article, _tallies.c.lang)
        )
        found.update((ArticleKey(article, lang), _parsed(text)) for article, lang, text in rows)
    return found


def digests(db: Connection, keys: Iterable[ArticleKey]) -> dict[ArticleKey, int]:
    """What is another number once the sums of an article change; 0 without any."""
    keys = list(keys)
    found = dict.fromkeys(keys, 0)
    for part in keyed.batches(keys):
        rows = db.execute(
            select(_digests.c.article, _digests.c.lang, _digests.c.digest).where(
                keyed.among(_digests, part)
            )
        )
        found.update((ArticleKey(article, lang), digest) for article, lang, digest in rows)
    return found


def _parsed(text: str) -> list[Tally]:
    """Lines of revision, day, word and count; what is the same in many is one object."""
    found = []
    days: dict[str, date] = {}
    revisions: dict[str, Revision] = {}
    for line in text.splitlines():
        name, on, said, count = line.rsplit(" ", 3)
        day = days.get(on) or days.setdefault(on, date.fromisoformat(on))
        revision = revisions.setdefault(name, Revision(name))
        found.append(Tally(day, revision, *_SAID[said], int(count)))
    return found


def _word(tally: Tally) -> str:
    if tally.helpful:
        return YES
    return str(tally.reason or _NO)


def _hashed(revision: object, day: object, word: object) -> int:
    return int.from_bytes(blake2b(f"{revision} {day} {word}".encode(), digest_size=_BYTES).digest())


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


@cache
def _turning(dialect: str) -> Prepared:
    """Add to a digest, or begin it."""
    adding = database.inserting_into(dialect, _digests)
    whole = (_digests.c.digest + adding.excluded.digest) % 256**_BYTES
    return Prepared(
        adding.on_conflict_do_update(index_elements=["article", "lang"], set_={"digest": whole}),
        ["article", "lang", "digest"],
    )
