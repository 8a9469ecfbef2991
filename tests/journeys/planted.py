"""Personal data to plant, and every input that takes words: the table of `test_planted`.

A new input adds a line to `INPUTS` (of a file to `COMMANDS`), a new kind of data one to `SECRETS`.
"""

import json
import re
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

import httpx

from feedback import database, reports
from feedback.errors import FeedbackError
from feedback.model import ArticleId, ArticleKey, Reason
from feedback.reports import Report
from tests.journeys import shop
from tests.journeys.shop import Shop

SECRETS = {
    "e-mail": ("erika.planted@example.com", ["erika.planted"]),
    "card": ("4111 1111 1111 1111", ["4111 1111", "41111111", "4111%20"]),
    "IBAN": ("DE89 3704 0044 0532 0130 00", ["DE89 3704", "DE893704", "DE89%20"]),
    "phone": ("+46 70 123 45 67", ["70 123", "4670123", "70%20123"]),
    "IPv4 address": ("203.0.113.77", ["203.0.113.77"]),
    "IPv6 address": ("2001:db8:77::beef", ["77::beef", "77%3A%3Abeef"]),
}
"""What is typed, and what of it may be found nowhere."""

ARTICLE = "nothing-found"


@dataclass(frozen=True, slots=True)
class Planter:
    """Who types: a reader, and a member of staff with a session."""

    shop: Shop
    reader: httpx.Client
    staff: httpx.Client
    item: int
    revision: str

    def vote(self, **fields: object) -> None:
        """A vote as JSON and by form, each of them another reader's."""
        said = {"article": ARTICLE, "lang": "en", "revision": self.revision} | fields
        agent = {"User-Agent": json.dumps(fields)[:200].encode("ascii", "replace").decode()}
        self.reader.post("/api/v1/votes", json={"helpful": False} | said, headers=agent)
        form = {"helpful": "no"} | {name: str(value) for name, value in said.items()}
        self.reader.post("/feedback", data=form, headers=agent, follow_redirects=True)

    def act(self, name: str, text: str) -> None:
        """A form of the item's page, as it stands now."""
        page = self.staff.get(f"/desk/items/{self.item}").text
        version = re.search(r'name="version" value="(\d+)"', page)
        revision = re.search(r'name="revision" value="(\w+)"', page)
        form = {
            "version": version[1] if version else "1",
            "revision": revision[1] if revision else "",
            "text": text,
        }
        self.staff.post(f"/desk/items/{self.item}/{name}", data=form)

    def report(self, words: str, ticket: str) -> None:
        key = ArticleKey(ArticleId(ARTICLE), "en")
        said = Report(key, "admin", Reason.WRONG, words=words, ticket=ticket)
        with closing(database.open(f"sqlite:///{self.shop.root / 'var/kb.db'}")) as db:
            try:
                db.apply(lambda connection: reports.report(connection, said, datetime.now(UTC)))
            except FeedbackError:
                return

    def search(self, **fields: object) -> None:
        """Two searches, the second of which refines the first; one field holds what is planted."""
        first, second = (f"{number:032x}" for number in (next(_NUMBERS), next(_NUMBERS)))
        found = {"event": "search", "query": "sofa", "lang": "en", "hits": 0}
        told = [
            found | {"search_id": first} | fields,
            found | {"search_id": second, "refines": first, "query": "sofa bed"} | fields,
        ]
        self.reader.post("/api/v1/events", json={"events": told[:1]})
        self.reader.post("/api/v1/events", json={"events": told[1:]})

    def ask(self, text: str, **fields: object) -> None:
        """A question as JSON and by form."""
        said = {"question": text, "lang": "en"} | fields
        self.reader.post("/api/v1/questions", json=said)
        self.reader.post("/ask", data=said, follow_redirects=True)


_NUMBERS = count(1)

Input = Callable[[Planter, str], object]


def _header(name: str) -> Input:
    def plant(at: Planter, secret: str) -> None:
        for path in ("/en/", "/a/nothing-found", f"/api/v1/search?q={name}"):
            at.reader.get(path, headers={name: secret})
        said = {"article": ARTICLE, "lang": "en", "revision": at.revision, "helpful": True}
        at.reader.post("/api/v1/votes", json=said, headers={name: secret})
        at.staff.get("/desk/queue", headers={name: secret})

    return plant


def _field(name: str) -> Input:
    return lambda at, secret: at.vote(**{name: secret})


def _event_field(name: str) -> Input:
    return lambda at, secret: at.search(**{name: secret})


def _question_field(name: str) -> Input:
    return lambda at, secret: at.ask("Where is it?", **{name: secret})


def _query(path: str, name: str) -> Input:
    def plant(at: Planter, secret: str) -> None:
        for client in (at.reader, at.staff):
            client.get(path, params={name: secret}, follow_redirects=True)

    return plant


def _learned(at: Planter) -> None:
    """A log of searches that were refined, by enough readers, read by all of `kb learn`."""
    rows = [
        {
            "at": "2026-11-03T09:30:00Z", "lang": "en", "query": f"hidden sofa {secret}",
            "reader": str(number), "refined_to": secret,
            "opened": [{"article": ARTICLE, "rank": 1}],
        }
        for number in range(5)
        for secret, _ in SECRETS.values()
    ]  # fmt: skip
    log = at.shop.root.parent / "log.jsonl"
    log.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    for options in ([], ["--json"], ["--diff"], ["--also-found"]):
        _say(at, shop.kb(at.shop.root, "learn", str(log), *options))


def _replayed(at: Planter) -> None:
    table = at.shop.root.parent / "tickets.csv"
    secrets = [secret for secret, _ in SECRETS.values()]
    rows = [f'"Where is my sofa, {secret}"\n{secret}\n' for secret in secrets]
    table.write_text(f"subject\n{''.join(rows)}", encoding="utf-8")
    for options in ([], ["--json"]):
        _say(at, shop.kb(at.shop.root, "replay", str(table), *options))


def _say(at: Planter, done: subprocess.CompletedProcess[str]) -> None:
    """What a command prints is looked through like a log."""
    with (at.shop.root / "var/printed.log").open("a", encoding="utf-8") as file:
        file.write(done.stdout + done.stderr)


INPUTS: dict[str, Input] = {
    **{
        f"vote: {field}": _field(field)
        for field in (
            "article", "lang", "revision", "helpful", "reason", "comment", "search_id", "via",
            "device", "contact", "unknown-field",
        )
    },
    "vote: compact remark": lambda at, secret: at.vote(comment=secret.replace(" ", "")),
    **{
        f"header: {name}": _header(name)
        for name in (
            "User-Agent", "Accept-Language", "X-Forwarded-For", "Referer", "Cookie", "Forwarded",
            "X-Real-IP", "Authorization",
        )
    },
    "search": _query("/api/v1/search", "q"),
    "search page": _query("/en/search/", "q"),
    "search: tag": _query("/api/v1/search", "tag"),
    "event: query": lambda at, secret: at.search(query=f"Lost {secret}"),
    "event: refined": lambda at, secret: at.search(query=f"Lost again {next(_NUMBERS)} {secret}"),
    **{
        f"event: {field}": _event_field(field)
        for field in ("search_id", "refines", "lang", "event", "hits", "unknown-field")
    },
    "question": lambda at, secret: at.ask(f"Who is {secret}?"),
    **{
        f"question: {field}": _question_field(field)
        for field in ("lang", "search_id", "website", "seconds", "unknown-field")
    },
    "suggest": _query("/api/v1/suggest", "q"),
    "outcome page": _query("/en/search/", "voted"),
    "permalink: via": _query("/a/nothing-found", "via"),
    "path": lambda at, secret: at.reader.get(f"/en/{secret}/"),
    "permalink": lambda at, secret: at.reader.get(f"/a/{secret}"),
    "receipt": lambda at, secret: at.reader.get(f"/f/{secret}"),
    "desk: path": lambda at, secret: at.staff.get(f"/desk/{secret}"),
    "desk: filter": _query("/desk/queue", "owner"),
    "desk: search": _query("/desk/", "q"),
    "desk: search of programs": _query("/api/v1/desk/search", "q"),
    "desk: gap": lambda at, secret: at.staff.post(
        "/desk/missing", data={"text": f"Nothing on {secret}", "lang": "en", "ticket": "4711"}
    ),
    "desk: place": lambda at, secret: at.staff.post(
        f"/desk/find/en/{ARTICLE}/text", data={"piece": "reply", "value:customer_name": secret}
    ),
    "desk: flag": lambda at, secret: at.staff.post(
        f"/desk/find/en/{ARTICLE}/flag", data={"reason": "wrong", "words": f"See {secret}"}
    ),
    "desk: ticket": lambda at, secret: at.staff.post(
        "/api/v1/reuse",
        json={"article": ARTICLE, "lang": "en", "use": "link", "ticket": secret.replace(" ", "")},
    ),
    "desk: name": lambda at, secret: at.reader.post(
        "/desk/login", data={"name": secret, "password": "x"}
    ),
    "desk: password": lambda at, secret: at.reader.post(
        "/desk/login", data={"name": "admin", "password": secret, "next": secret}
    ),
    "desk: note": lambda at, secret: at.act("note", f"Ask {secret}"),
    "desk: dismissal": lambda at, secret: at.act("dismiss", f"Said {secret}"),
    "desk: review": lambda at, secret: at.staff.post(
        f"/desk/reviews/en/{ARTICLE}", data={"revision": at.revision, "text": f"Asked {secret}"}
    ),
    "report: words": lambda at, secret: at.report(f"See {secret}", "4711"),
    "report: ticket": lambda at, secret: at.report("", secret.replace(" ", "")),
}  # fmt: skip
"""Each is typed each secret."""

COMMANDS: dict[str, Callable[[Planter], object]] = {"kb learn": _learned, "kb replay": _replayed}
"""Each reads a file with all of them."""
