"""A large knowledge base and a year of what was said about it, made from a seed, for `desk_load`.

Articles are read as Zipf has it (the n-th a n-th as often as the first), on each day of the year
alike, and voted on by one reader in a hundred. Searches reach back 90 days, as they are kept.
What follows from votes by the rule is not computed here: `kb serve` does that when it starts.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from sqlalchemy import Connection, Table, case, func, insert, select, update

from benchmarks.search_peers import generated, questions
from feedback import schema
from feedback.model import ItemState, Lane, Reason, Step, Verdict
from search.documents import Document

DAY = timedelta(days=1)
YEAR, KEPT = 365, 90
"""Days of votes, and days of searches."""
OWNERS = ("billing", "shipping", "accounts", "devices", "contracts")
TAGS = 40
_SHELF = 100
_PORTION = 20_000
_WORDINGS = 20_000

_REASONS = tuple(Reason)
_SHARES = tuple(1 if each is Reason.HARD_TO_UNDERSTAND else 15 for each in _REASONS)
"""Few find a text hard to understand, or all would be in that lane after a year."""

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Size:
    """How much of each there is."""

    articles: int = 10_000
    votes: int = 1_000_000
    searches: int = 300_000
    items: int = 600
    reports: int = 2_000
    remarks: int = 10_000
    links: int = 100_000


@dataclass(frozen=True, slots=True)
class Known:
    """The articles as a build told of them, the most read first."""

    places: Sequence[tuple[str, str, str]]
    chance: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311  # repeatable, not secret

    def draw(self, count: int) -> Iterator[int]:
        """The numbers of articles that are read, one by one."""
        weights = list(accumulate(1 / (number + 1) for number in range(len(self.places))))
        left = count
        while left:
            part = min(left, _PORTION)
            yield from self.chance.choices(range(len(self.places)), cum_weights=weights, k=part)
            left -= part

    def of(self, number: int) -> Row:
        article, lang, revision = self.places[number]
        return {"article": article, "lang": lang, "revision": revision}

    def key(self, number: int) -> Row:
        article, lang, _ = self.places[number]
        return {"article": article, "lang": lang}


def write(root: Path, size: Size) -> Sequence[Document]:
    """A content repository with so many articles, each with an owner, tags and a kind."""
    chance = random.Random(1)  # noqa: S311  # repeatable, not secret
    owners = "[feedback]\nreviews_per_week = 50\n"
    owners += "".join(f'[owners.{name}]\nname = "Team {name}"\n' for name in OWNERS)
    (root / "mkdocs.yml").write_text("site_name: Desk\ndocs_dir: kb\n", encoding="utf-8")
    (root / "kb.toml").write_text(owners, encoding="utf-8")
    written = list(islice(generated.articles(1), size.articles))
    for number, article in enumerate(written):
        folder = root / "kb" / article.lang / f"shelf-{number // _SHELF}"
        folder.mkdir(parents=True, exist_ok=True)
        front = {
            "id": article.id,
            "title": article.title,
            "owner": chance.choice(OWNERS),
            "kind": chance.choice(("faq", "problem", "procedure")),
            "tags": sorted({f"tag {chance.randrange(TAGS)}" for _ in range(2)}),
        }
        lines = (f"{key}: {json.dumps(value)}\n" for key, value in front.items())
        body = (f"## {each.heading}\n\n{each.text}" for each in article.sections)
        text = f"---\n{''.join(lines)}---\n" + "\n\n".join(body) + "\n"
        (folder / f"{article.id}.md").write_text(text, encoding="utf-8")
    return written


def fill(db: Connection, articles: Sequence[Document], size: Size, now: datetime) -> None:
    """All that was said about the articles of the last build."""
    shown = schema.articles
    rows = db.execute(
        select(shown.c.article, shown.c.lang, shown.c.revision).order_by(shown.c.article)
    )
    known = Known([(row.article, row.lang, row.revision) for row in rows])
    long_ago = now - 2 * YEAR * DAY
    db.execute(update(shown).values(published=long_ago))
    db.execute(update(schema.revisions).values(published=long_ago))
    _fill_votes(db, known, size, now)
    _fill_searches(db, known, (articles, size.searches), now)
    _fill_uses(db, known, size, now)
    _fill_loop(db, known, size, now)


def _fill_votes(db: Connection, known: Known, size: Size, now: datetime) -> None:
    chance = known.chance
    helpful = [chance.betavariate(14, 6) for _ in known.places]

    def vote(number: int, article: int) -> Row:
        said = chance.random() < helpful[article]
        why = None if said or chance.random() > 0.3 else chance.choices(_REASONS, _SHARES)[0]
        return known.of(article) | {
            "visitor": f"{number:032x}",
            "network": f"{number:032x}",
            "helpful": said,
            "reason": why,
            "weight": int(chance.random() < 0.98),
            "via": "",
            "search": "",
            "cast": now - chance.random() * YEAR * DAY,
        }

    votes = (vote(number, one) for number, one in enumerate(known.draw(size.votes)))
    _insert(db, schema.votes, votes)
    cast = schema.votes
    said = case((cast.c.helpful, "yes"), else_=func.coalesce(cast.c.reason, "no"))
    place = (cast.c.article, cast.c.lang, cast.c.revision, func.date(cast.c.cast))
    summed = select(*place, said, func.count()).where(cast.c.weight == 1).group_by(*place, said)
    columns = ["article", "lang", "revision", "day", "said", "count"]
    db.execute(insert(schema.tallies).from_select(columns, summed))
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
    _insert(db, schema.remarks, remarks)


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
        return {
            "id": number + 1,
            "token": f"{number:032x}",
            "visitor": f"{number // 2:032x}",
            "network": f"{number // 2:032x}",
            "lang": generated.LANG,
            "query": wordings[wording],
            "hits": hits,
            "watched": chance.random() < 0.95,
            "clicked": opened,
            "refined_to": wordings[0] if not opened and chance.random() < 0.3 else None,
            "weight": 1,
            "pii": "clean",
            "at": now - chance.random() * KEPT * DAY,
        }

    rows = [search(number, wording) for number, wording in enumerate(drawn)]
    _insert(db, schema.searches, rows)
    opened = [row for row in rows if row["clicked"]]
    clicks = (
        {"search": row["id"], "article": known.places[one][0], "rank": 1, "at": row["at"]}
        for row, one in zip(opened, known.draw(len(opened)), strict=True)
    )
    _insert(db, schema.clicks, clicks)


def _fill_uses(db: Connection, known: Known, size: Size, now: datetime) -> None:
    chance = known.chance
    uses = {
        (one, chance.randrange(YEAR), chance.choice(("reply", ""))): 1 + chance.randrange(3)
        for one in known.draw(size.links)
    }
    rows = (
        known.key(one) | {"day": (now - back * DAY).date(), "via": via, "uses": count}
        for (one, back, via), count in uses.items()
    )
    _insert(db, schema.links, rows)
    reports = (
        known.of(one)
        | {
            "agent": f"agent {chance.randrange(20)}",
            "reason": chance.choice(list(Reason)),
            "words": "The customer could not do the third step.",
            "ticket": f"T-{chance.randrange(9999)}",
            "made": now - chance.random() * YEAR * DAY,
        }
        for one in known.draw(size.reports)
    )
    _insert(db, schema.reports, reports)


def _fill_loop(db: Connection, known: Known, size: Size, now: datetime) -> None:
    """Items of the queue through the year: most are settled, a few are open or watched."""
    chance = known.chance
    tables: dict[Table, list[Row]] = {
        schema.items: [],
        schema.item_steps: [],
        schema.fixes: [],
        schema.verdicts: [],
        schema.reviews: [],
    }
    for number in range(min(size.items, len(known.places))):
        opened = now - chance.random() * YEAR * DAY
        article = number * 7 % len(known.places)
        state = chance.choices(list(ItemState), weights=[10, 12, 15, 23, 40])[0]
        lane = chance.choices([Lane.REPORTED, Lane.SUSPECTED, Lane.CLARITY], weights=[3, 5, 2])[0]
        made = _Item(number + 1, known.of(article), lane, state, opened)
        for table, rows in made.rows(chance, now):
            tables[table] += rows
    for table, rows in tables.items():
        _insert(db, table, rows)


@dataclass(frozen=True, slots=True)
class _Item:
    number: int
    place: Row
    lane: Lane
    state: ItemState
    opened: datetime

    def rows(self, chance: random.Random, now: datetime) -> Iterator[tuple[Table, list[Row]]]:
        key = {name: self.place[name] for name in ("article", "lang")}
        mended = min(now, self.opened + chance.expovariate(1 / 8) * DAY)
        settled = min(now, self.opened + (8 + chance.random() * 20) * DAY)
        steps = [(Step.OPENED, "6 of 9 said no since 3 May.", self.opened)]
        is_mended = self.state in (ItemState.WATCHING, ItemState.CLOSED)
        if is_mended:
            steps.append((Step.WATCHING, "Mended by revision 0123456789ab.", mended))
            yield schema.fixes, [self._fix(chance, mended)]
        if self.state is ItemState.CLOSED:
            steps.append((Step.CLOSED, "helped, 97 % sure", settled))
            yield schema.verdicts, [self._verdict(chance, settled)]
        if self.state in (ItemState.DISMISSED, ItemState.CORRECT):
            steps.append((Step(self.state), "Tried with an order of the test shop.", settled))
            review = {"lane": self.lane, "state": self.state, "actor": "charlie", "words": "Tried."}
            yield schema.reviews, [self.place | review | {"at": settled}]
        values = {"id": self.number, "lane": self.lane, "state": self.state, "version": len(steps)}
        yield schema.items, [key | values | {"opened": self.opened}]
        yield (
            schema.item_steps,
            [
                {
                    "item": self.number,
                    "version": version,
                    "step": step,
                    "actor": None,
                    "words": words,
                    "at": at,
                }
                for version, (step, words, at) in enumerate(steps, 1)
            ],
        )

    def _fix(self, chance: random.Random, at: datetime) -> Row:
        onset = (self.opened - chance.expovariate(1 / 20) * DAY).date()
        return {
            "item": self.number,
            "version": 2,
            "revision": self.place["revision"],
            "commit": "",
            "author": "",
            "named": False,
            "onset": onset,
            "at": at,
        }

    def _verdict(self, chance: random.Random, at: datetime) -> Row:
        sides = {
            f"{side}_{name}": chance.randrange(20)
            for side in ("before", "after")
            for name in ("yes", "no", "asked", "days")
        }
        verdict = chance.choices(list(Verdict), weights=[6, 2, 1, 2])[0]
        return {"item": self.number, "fix": 2, "verdict": verdict, "better": 0.9, "at": at} | sides


def _insert(db: Connection, table: Table, rows: Iterator[Row] | list[Row]) -> None:
    """In portions, so that a million of them need not be held at once."""
    left = iter(rows)
    while part := list(islice(left, _PORTION)):
        db.execute(insert(table), part)
