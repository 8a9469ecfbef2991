"""A month at the shipped help centre, made up day by day, for pictures of the site and the desk.

Nothing in it is left to chance: the same pages say the same words each time.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

from answerloop import builds
from answerloop import settings as configuration
from answerloop.web import create_app, upkeep
from answerloop.web.service import Service
from feedback import articles, flags, links, reports, reuse, revisions, searches, staff, votes
from feedback.model import (
    ArticleId,
    ArticleKey,
    Ballot,
    PublishedArticle,
    Reason,
    Revision,
    Role,
    Use,
)
from feedback.reports import Report
from feedback.reuse import Reuse
from feedback.searches import Click, Settled, Teller
from feedback.visitors import Visitor
from tests.answerloop.builders import WORDS_ONLY
from tests.desk.desk import Clock, Desk
from tests.journeys import shop

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BUILT = NOW - 300 * DAY
PASSWORD = "a long enough password"
OLD = Revision("0123456789ab")
MENDED = Revision("8d2c01b9e7f4")
"""The texts of the article about the label, before it was mended and since."""
_MENDED_AT = NOW - 5 * DAY

TIME = ArticleKey(ArticleId("refund-time"), "en")
LABEL = ArticleKey(ArticleId("return-label"), "en")
KLARNA = ArticleKey(ArticleId("klarna-invoice"), "en")
DAMAGED = ArticleKey(ArticleId("parcel-damaged"), "en")

_SITE = """\
[site]
url = "https://help.alderandfinch.example"
edit_url = "https://git.alderandfinch.example/help/_edit/main/kb/{path}"
"""
_SAID = (
    ("how long does a refund take", "refund-time", 2),
    ("where is my parcel", "track-my-parcel", 3),
    ("return label", "return-label", 2),
    ("change delivery address", "change-delivery-address", 1),
    ("money back", "refund-after-delivery", 2),
    ("pay-3ds-07", "payment-3ds-failed", 1),
    ("klarna", "klarna-invoice", 1),
    ("discount code", "discount-code-not-accepted", 1),
    ("lamp flickers", "lamp-flickers", 1),
)
"""Words, the article they lead to, and how many readers a day search for them."""
_IN_VAIN = (
    ("assembly service", "furniture assembly at home", "someone to build the wardrobe"),
    ("pick up in store", "click and collect"),
    ("student discount",),
)
"""What nobody has written yet, in the words of those who look for it."""
_REMARKS = {
    10: "Sent back on the 2nd, still nothing on my card.",
    6: "The chat told me 10 days, this page says 5. Which is it?",
    2: "It says 5 working days. I have been waiting for 12.",
}
"""What readers wrote below the article about refunds, and how many days ago."""


@contextmanager
def opened(checkout: Path, place: Path) -> Iterator[Desk]:
    """The shop's desk on the morning after the month, until the block ends."""
    root = shop.copy(checkout, place)
    file = root / "kb.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[site]\n", _SITE), encoding="utf-8")
    settings = configuration.load(root, WORDS_ONLY)
    builds.build(settings, BUILT, lambda _what, _share: None)
    clock = Clock(NOW)
    with closing(Service.open(settings, clock)) as service:
        desk = Desk(create_app(service), service, clock)
        with service.database.write() as db:
            for name, role in (("kim", Role.AGENT), ("maren", Role.EDITOR)):
                staff.add(db, name, role, PASSWORD, now=BUILT)
        _happen(desk)
        yield desk


def _happen(desk: Desk) -> None:
    with desk.service.database.write() as db:
        _publish(db, LABEL, BUILT + DAY, revision=OLD, text="Print the label. " * 40)
        for day in range(56, 4, -1):
            _read(db, NOW - day * DAY, day)
    desk.clock.now = _MENDED_AT
    with desk.service.database.write() as db:
        flags.reassess(db, LABEL, desk.clock())
        new = "Print the label, or show the code at the counter. " * 20
        _publish(db, LABEL, desk.clock(), revision=MENDED, text=new, author="Maren")
        for day in range(4, 0, -1):
            _read(db, NOW - day * DAY, day)
    desk.clock.now = NOW
    _report(desk)
    for key in (TIME, LABEL, KLARNA, DAMAGED):
        desk.reassess(key)
    for chore in upkeep.chores(desk.service):
        if chore.name == "Gaps":
            chore.do(NOW)


def _publish(
    db: Connection,
    key: ArticleKey,
    at: datetime,
    *,
    revision: Revision,
    text: str,
    author: str = "",
) -> None:
    """Let a build tell of all articles as they are, but of one with another text."""
    found = articles.known(db)
    texts = articles.texts(db, found)
    told = [
        PublishedArticle(
            one.key, one.revision, texts[one.key], owner=one.owner, severity=one.severity,
            public=one.public,
        )
        for one in found.values()
    ]  # fmt: skip
    changed = replace(
        next(one for one in told if one.key == key),
        revision=revision,
        text=text,
        commit=author and "5f3c9ae2d4b7",
        author=author,
    )
    revisions.publish(db, [changed if one.key == key else one for one in told], at)


def _read(db: Connection, at: datetime, day: int) -> None:
    """A day: people search, open, vote and follow links; the older, the fewer."""
    for words, article, readers in _SAID:
        key = ArticleKey(ArticleId(article), "en")
        for number in range(readers + (day < 28)):
            _search(db, at, words, f"{day} {number}", opened=article)
        if day % 3 == len(article) % 3:
            _vote(db, key, at, number=day, helpful=day % 7 != 0)
        if day % 2:
            links.count(db, key, "reply", at)
            use = (Use.REPLY, Use.LINK, Use.SOLVED)[day % 3]
            reuse.record(db, Reuse(key, "kim", use, f"AF-{4000 + day}"), at)
    for gap in _IN_VAIN:
        for place, words in enumerate(gap):
            if (day + place) % 5 == 0:
                _search(db, at, words, f"{day} {place}")
    _complain(db, at, day)


def _complain(db: Connection, at: datetime, day: int) -> None:
    """What was wrong: the label until it was mended, then the days of a refund."""
    if 7 <= day < 19:
        _vote(db, LABEL, at, number=90, helpful=False, reason=Reason.STEP_MISSING)
    if day in _REMARKS:
        said = _REMARKS[day]
        _vote(db, TIME, at, number=91, helpful=False, reason=Reason.OUTDATED, remark=said)
    elif day < 14:
        _vote(db, TIME, at, number=92, helpful=day % 4 == 0)
    if day in (3, 5, 9):
        _vote(db, KLARNA, at, number=93, helpful=False, reason=Reason.HARD_TO_UNDERSTAND)
    if day in (2, 4):
        _vote(db, LABEL, at, number=94, helpful=True)


def _vote(db: Connection, key: ArticleKey, at: datetime, *, number: int, **said: object) -> None:
    revision = articles.find(db, [key])[key].revision
    name = f"{number} {at:%Y-%m-%d}"
    ballot = Ballot(
        article=key.article,
        lang=key.lang,
        visitor=f"reader {name}",
        network=f"network {name}",
        revision=revision,
        **said,  # type: ignore[arg-type]  # the fields of Ballot
    )
    votes.cast(db, ballot, at)


def _search(db: Connection, at: datetime, words: str, reader: str, *, opened: str = "") -> None:
    token = sha256(f"{words} {reader}".encode()).hexdigest()
    teller = Teller(Visitor(token, None, f"network of {token}", None), trusted=True)
    settled = Settled(token[:32], searches.prepare(words), "en", hits=5 if opened else 0)
    searches.settle(db, teller, settled, at)
    if opened:
        searches.click(db, teller, Click(token[:32], opened, 1), at + timedelta(seconds=5))


def _report(desk: Desk) -> None:
    with desk.service.database.write() as db:
        words = "The pick-up is arranged by us now, not by the customer."
        said = Report(DAMAGED, "kim", Reason.OUTDATED, words=words, ticket="AF-20931")
        reports.report(db, said, NOW - timedelta(hours=3))
