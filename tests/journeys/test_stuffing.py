"""Mallory stuffs the ballot box, over HTTP: a day of it raises nothing, and people look once."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from feedback import database, eventlog, evidence, items, yardsticks
from feedback.evidence import Assessment
from feedback.items import Item
from feedback.model import ArticleId, ArticleKey
from tests.journeys import shop
from tests.journeys.test_attack import Turned, ballot, clocked

START = datetime(2026, 11, 9, 12, tzinfo=UTC)
DAY = timedelta(days=1)
VOTES = 500


@pytest.fixture(scope="module")
def turned(built_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Turned]:
    place = shop.copy_prepared(built_shop, tmp_path_factory.mktemp("stuffed"))
    with (place / "kb.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[server]\ntrusted_proxies = ["127.0.0.1/32"]\n')
        settings.write("[limits]\nvotes_per_minute = 100000\n")
    clock = place / "clock"
    clock.write_text(START.isoformat())
    with clocked(place, clock) as running:
        yield Turned(running, clock)


def stuff(at: Turned, article: str, *, networks: int, now: datetime) -> int:
    """Five hundred no of as many browsers in so many networks; how many of them count."""
    at.clock.write_text(now.isoformat())
    said = ballot(at.shop, article) | {"reason": "wrong"}
    counted = 0
    with at.shop.client() as client:
        for number in range(VOTES):
            answer = client.post(
                "/api/v1/votes",
                json=said,
                headers={
                    "User-Agent": f"mallory {number} {now:%d}",
                    "X-Forwarded-For": f"198.51.{number % networks}.7",
                },
            )
            assert answer.status_code == 200, answer.text
            counted += answer.json()["outcome"] == "counted"
    return counted


def assess(at: Turned, article: str, now: datetime) -> tuple[Assessment, list[Item]]:
    """What the database says of the English article, and its open items."""
    key = ArticleKey(ArticleId(article), "en")
    url = f"sqlite:///{at.shop.root / 'var' / 'kb.db'}"
    with closing(database.open(url)) as opened, opened.read() as db:
        log = eventlog.read(db, [key])[key]
        yardstick = yardsticks.current(db, now, false_flags=2.0)
        found = evidence.assess(log.history, yardstick, now=now)
        return found, items.live(db, [key])


def desk(at: Turned, client: httpx.Client) -> str:
    """The queue as an editor sees it; whoever opens it sees every vote judged."""
    answer = client.post("/desk/login", data={"name": "admin", "password": at.shop.password})
    assert answer.status_code == 303, answer.text
    return client.get("/desk/queue").text


@pytest.mark.parametrize(
    ("article", "networks", "counted"),
    [("refund-time", 1, 3), ("lamp-bulb", 10, 30), ("exchange-item", 100, 300)],
)
def test_five_hundred_no_in_a_day_raise_no_flag(
    turned: Turned, article: str, networks: int, counted: int
) -> None:
    now = START

    actual = stuff(turned, article, networks=networks, now=now)
    with turned.shop.client() as client:
        page = desk(turned, client)

    found, live = assess(turned, article, now)
    assert actual == counted
    assert found.evidence == 2.5
    assert not found.flagged
    assert not live
    assert f"/{article}/" not in page.partition('id="suspected"')[2].partition("</section>")[0]


def test_over_two_days_people_look_once_and_then_it_is_the_usual(turned: Turned) -> None:
    article = "exchange-item"
    stuff(turned, article, networks=100, now=START)
    tomorrow = START + DAY

    stuff(turned, article, networks=100, now=tomorrow)

    with turned.shop.client() as client:
        page = desk(turned, client)
        before, (item,) = assess(turned, article, tomorrow)
        read = re.search(
            r'name="revision" value="(\w+)"', client.get(f"/desk/items/{item.id}").text
        )
        assert read
        dismissed = client.post(
            f"/desk/items/{item.id}/dismiss",
            data={
                "version": item.version,
                "revision": read[1],
                "text": "One evening of nonsense from everywhere.",
            },
        )
        after, live = assess(turned, article, tomorrow)
    assert before.flagged
    assert before.evidence == 5.0
    assert f'/desk/items/{item.id}"' in page
    assert dismissed.status_code == 303, dismissed.text
    assert (after.evidence, live) == (0.0, [])
    next_morning, _ = assess(turned, article, tomorrow + DAY)
    assert next_morning.usual < 0.5 * before.usual
