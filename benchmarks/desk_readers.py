"""What readers did in the year of `desk_world`: votes, remarks, searches, followed permalinks."""

from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate

from sqlalchemy import Connection, case, func, insert, select

from benchmarks.desk_rows import DAY, KEPT, YEAR, Known, Row, Size, put, reader
from benchmarks.search_peers import generated, questions
from feedback import schema
from feedback.model import Reason
from search.documents import Document

_WORDINGS = 20_000

_REASONS = tuple(Reason)
_SHARES = tuple(1 if each is Reason.HARD_TO_UNDERSTAND else 15 for each in _REASONS)
"""Few find a text hard to understand, or all would be in that lane after a year."""


def fill(
    db: Connection, known: Known, asked: tuple[Sequence[Document], Size], now: datetime
) -> None:
    """All of it; `asked` are the articles that questions are drawn from, and how much there is."""
    articles, size = asked
    _fill_votes(db, known, size, now)
    _fill_remarks(db, size)
    _fill_searches(db, known, (articles, size.searches), now)
    _fill_links(db, known, size, now)


def _fill_votes(db: Connection, known: Known, size: Size, now: datetime) -> None:
    chance = known.chance
    helpful = [chance.betavariate(14, 6) for _ in known.places]

    def vote(number: int, article: int) -> Row:
        at = now - chance.random() * YEAR * DAY
        said = chance.random() < helpful[article]
        why = None if said or chance.random() > 0.3 else chance.choices(_REASONS, _SHARES)[0]
        return known.of(article) | {
            "visitor": reader(number, at, now),
            "network": reader(number, at, now),
            "helpful": said,
            "reason": why,
            "weight": int(chance.random() < 0.98),
            "via": "",
            "search": "",
            "cast": at,
        }

    votes = (vote(number, one) for number, one in enumerate(known.draw(size.votes)))
    put(db, schema.votes, votes)
    cast = schema.votes
    said = case((cast.c.helpful, "yes"), else_=func.coalesce(cast.c.reason, "no"))
    place = (cast.c.article, cast.c.lang, cast.c.revision, func.date(cast.c.cast))
    summed = select(*place, said, func.count()).where(cast.c.weight == 1).group_by(*place, said)
    columns = ["article", "lang", "revision", "day", "said", "count"]
    db.execute(insert(schema.tallies).from_select(columns, summed))


def _fill_remarks(db: Connection, size: Size) -> None:
    cast = schema.votes
    unhappy = select(cast.c.article, cast.c.lang, cast.c.revision, cast.c.visitor, cast.c.cast)
    rows = db.execute(
        unhappy.where(cast.c.helpful.is_(False)).order_by(cast.c.network).limit(size.remarks)
    ).all()
    words = "The button that the third step names is not there, {} times out of ten."
    remarks = (
        {
            "article": row.article,
            "lang": row.lang,
            "revision": row.revision,
            "visitor": row.visitor,
            "text": words.format(number % 10),
            "pii": "clean",
            "written": row.cast,
        }
        for number, row in enumerate(rows)
    )
    put(db, schema.remarks, remarks)


def _fill_searches(
    db: Connection, known: Known, asked: tuple[Sequence[Document], int], now: datetime
) -> None:
    """Questions as often as Zipf has it; one in twelve finds nothing, a third opens nothing."""
    articles, count = asked
    chance = known.chance
    wordings = [each.text for each in questions.draw(articles, min(_WORDINGS, 2 * len(articles)))]
    weights = list(accumulate(1 / (place + 1) for place in range(len(wordings))))
    drawn = chance.choices(range(len(wordings)), cum_weights=weights, k=count)

    def search(number: int, wording: int) -> Row:
        hits = 0 if wording % 12 == 5 else 1 + wording % 40
        opened = hits > 0 and chance.random() < 0.65
        at = now - chance.random() * KEPT * DAY
        return {
            "id": number + 1,
            "token": f"{number:032x}",
            "visitor": reader(number // 2, at, now),
            "network": reader(number // 2, at, now),
            "lang": generated.LANG,
            "query": wordings[wording],
            "hits": hits,
            "watched": chance.random() < 0.95,
            "clicked": opened,
            "refined_to": wordings[0] if not opened and chance.random() < 0.3 else None,
            "weight": 1,
            "pii": "clean",
            "at": at,
        }

    rows = [search(number, wording) for number, wording in enumerate(drawn)]
    put(db, schema.searches, rows)
    opened = [row for row in rows if row["clicked"]]
    clicks = (
        {"search": row["id"], "article": known.places[one][0], "rank": 1, "at": row["at"]}
        for row, one in zip(opened, known.draw(len(opened)), strict=True)
    )
    put(db, schema.clicks, clicks)


def _fill_links(db: Connection, known: Known, size: Size, now: datetime) -> None:
    chance = known.chance
    uses = {
        (one, chance.randrange(YEAR), chance.choice(("reply", ""))): 1 + chance.randrange(3)
        for one in known.draw(size.links)
    }
    rows = (
        known.key(one) | {"day": (now - back * DAY).date(), "via": via, "uses": count}
        for (one, back, via), count in uses.items()
    )
    put(db, schema.links, rows)
