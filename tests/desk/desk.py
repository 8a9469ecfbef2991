"""The desk as a test uses it: browsers, people who sign in, and readers who say things."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from answerloop.desk import cookies
from answerloop.web import upkeep
from answerloop.web.service import Service
from feedback import (
    articles,
    destinations,
    flags,
    items,
    outbox,
    reports,
    revisions,
    schema,
    searches,
    sessions,
    votes,
)
from feedback.gaps import rows
from feedback.gaps.rows import Gap
from feedback.items import Item
from feedback.model import ArticleKey, Ballot, Lane, PublishedArticle, Reason, Revision
from feedback.reports import Report
from feedback.searches import Settled, Teller
from feedback.visitors import Visitor
from tests.desk.repository import REFUND

PASSWORD = "a long enough password"
DAY = timedelta(days=1)


@dataclass(slots=True)
class Clock:
    """Shows what the test says it shows."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True)
class Desk:
    app: Flask
    service: Service
    clock: Clock

    def browser(self) -> FlaskClient:
        """A browser on a page of ours, without a session."""
        client = self.app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        return client

    def signed_in(self, name: str) -> FlaskClient:
        """A browser with a session, without the time that a password takes to be compared."""
        client = self.browser()
        with self.service.database.write() as db:
            client.set_cookie(cookies.PLAIN_NAME, sessions.begin(db, name, self.clock()))
        return client

    def revision(self, key: ArticleKey = REFUND) -> Revision:
        return self.service.live.version().catalog.by_id[key.article][key.lang].revision

    def vote(
        self, visitor: str, *, key: ArticleKey = REFUND, days_ago: int = 0, **fields: object
    ) -> None:
        """Let a reader say no, or what `fields` of a Ballot name."""
        named = {"helpful": False, "revision": self.revision(key)} | fields
        ballot = Ballot(
            article=key.article,
            lang=key.lang,
            visitor=visitor,
            network=f"network of {visitor}",
            **named,  # type: ignore[arg-type]  # the fields of Ballot
        )
        with self.service.database.write() as db:
            votes.cast(db, ballot, self.clock() - days_ago * DAY)

    def suspect(self, key: ArticleKey = REFUND) -> Item:
        """Let readers on two days find the article outdated, until it is flagged."""
        for day in (2, 1):
            for number in range(3):
                visitor = f"reader {number} of day {day}"
                self.vote(visitor, key=key, days_ago=day, reason=Reason.OUTDATED)
        self.reassess(key)
        return self.item(key, Lane.SUSPECTED)

    def find_unclear(self, key: ArticleKey) -> Item:
        """Let readers on two days say that the article is hard to understand."""
        for number, day in enumerate((2, 2, 1)):
            visitor = f"puzzled reader {number}"
            self.vote(visitor, key=key, days_ago=day, reason=Reason.HARD_TO_UNDERSTAND)
        self.reassess(key)
        return self.item(key, Lane.CLARITY)

    def report(self, key: ArticleKey = REFUND, *, words: str = "", ticket: str = "") -> Item:
        """Let Bob, an agent, report the article as wrong."""
        with self.service.database.write() as db:
            said = Report(key, "bob", Reason.WRONG, words=words, ticket=ticket)
            item = reports.report(db, said, self.clock())
        self.reassess(key)
        return item

    def miss(self, *queries: str, lang: str = "en", readers: int = 3) -> None:
        """Let readers search for each of these in vain, yesterday."""
        at = self.clock() - DAY
        with self.service.database.write() as db:
            for query in queries:
                for number in range(readers):
                    name = sha256(f"{query} {lang} {number}".encode()).hexdigest()
                    teller = Teller(Visitor(name, None, f"network of {name}", None), trusted=True)
                    told = Settled(name[:32], searches.prepare(query), lang, hits=0)
                    searches.settle(db, teller, told, at)

    def gather(self) -> list[Gap]:
        """Let the service gather the gaps; those that are shown."""
        (chore,) = (each for each in upkeep.chores(self.service) if each.name == "Gaps")
        chore.do(self.clock())
        with self.service.database.read() as db:
            return rows.listed(db, rows.SHOWN)

    def find_gap(self, gap: Gap) -> Gap:
        """The gap as it stands now."""
        with self.service.database.read() as db:
            return rows.find(db, gap.id)

    def reassess(self, key: ArticleKey) -> None:
        with self.service.database.write() as db:
            flags.reassess(db, key, self.clock())

    def item(self, key: ArticleKey, lane: Lane) -> Item:
        """The live item of an article in a lane."""
        with self.service.database.read() as db:
            return next(item for item in items.live(db, [key]) if item.lane is lane)

    def mend(self, key: ArticleKey = REFUND, **edit: str) -> None:
        """Let a build publish another text of the article, without its pages."""
        with self.service.database.write() as db:
            found = articles.known(db)
            texts = articles.texts(db, found)
            told = [
                PublishedArticle(one.key, one.revision, texts[one.key], public=one.public)
                for one in found.values()
            ]
            new = PublishedArticle(key, Revision("feedfacefeed"), "Another text. " * 50, **edit)  # type: ignore[arg-type]  # commit and author
            told = [new if one.key == key else one for one in told]
            revisions.publish(db, told, self.clock())

    def content(self, key: ArticleKey = REFUND, *, days: int) -> None:
        """Let two readers a day of the next days find the new text helpful, and be judged."""
        for _ in range(days):
            self.clock.now += DAY
            for number in range(2):
                visitor = f"content reader {number} {self.clock.now}"
                revision = Revision("feedfacefeed")
                self.vote(visitor, key=key, helpful=True, revision=revision)
            self.reassess(key)

    def find(self, item: Item) -> Item:
        """The item as it stands now."""
        with self.service.database.read() as db:
            return items.find(db, item.id)


def sign_in(
    client: FlaskClient, name: str, password: str = PASSWORD, **fields: str
) -> TestResponse:
    return client.post("/desk/login", data={"name": name, "password": password, **fields})


def act(client: FlaskClient, item: Item, name: str, text: str = "") -> TestResponse:
    """Send a form of the item's page, as a person who has `item` before them."""
    read = re.search(r'name="revision" value="(\w+)"', client.get(f"/desk/items/{item.id}").text)
    form = {
        "version": str(item.version),
        "revision": read[1] if read else "",
        "text": text,
    }
    return client.post(f"/desk/items/{item.id}/{name}", data=form)


def page_of(desk: Desk, item: Item, person: str = "charlie") -> str:
    """The item's page as a person sees it, white space as single spaces."""
    answer = desk.signed_in(person).get(f"/desk/items/{item.id}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def fill_outbox(desk: Desk) -> None:
    """A message that waits, one that was given up, and a webhook that wants no more."""
    now = desk.clock()
    with desk.service.database.write() as db:
        for kind, subject in (("webhook:shop", "refund (en)"), ("issue", "parcel-late (en)")):
            outbox.put(db, kind, subject, "{}", now=now)
        given_up = outbox.claim(db, ["webhook:shop"], now)
        assert given_up is not None
        outbox.give_up(db, given_up, "The receiver answered 410 Gone: it wants no more events.")
        tried = outbox.claim(db, ["issue"], now)
        assert tried is not None
        outbox.failed(db, tried, "The tracker answered 503.", now=now, random=lambda: 0.5)
        destinations.reached(db, "webhook:shop", now - DAY)
        destinations.disable(db, "webhook:shop", "The receiver answered 410 Gone.", now)


def everything(desk: Desk) -> list[str]:
    """All rows of the database but those of the audit log and of who is signed in."""
    with desk.service.database.read() as db:
        return [
            f"{table.name} {row}"
            for table in schema.metadata.sorted_tables
            if table.name not in ("audit", "sessions")
            for row in db.execute(table.select())
        ]
