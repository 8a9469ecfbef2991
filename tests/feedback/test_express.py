"""The short way of a vote: the same answers as the long one, and only for what is in order."""

import json
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from werkzeug.test import TestResponse

from feedback import database
from tests.feedback import short_way
from tests.feedback.builders import KEY, publish
from tests.feedback.test_web import URL, VOTE, House, house_of

LONG, SHORT = "long", "short"
BODIES = [
    VOTE,
    VOTE | {"helpful": True},
    VOTE | {"reason": "wrong", "comment": "Step three.", "via": "search", "search_id": "0f" * 16},
    VOTE | {"comment": "Grüße, zweimal täglich", "device": "c0ffee"},
    VOTE | {"reason": None, "comment": None, "device": None},
    VOTE | {"article": "no-such-article"},
    VOTE | {"revision": "feedc0de"},
    VOTE | {"contact": "alice@example.org"},
    VOTE | {"comment": "x" * 1_001},
    VOTE | {"helpful": "yes"},
    VOTE | {"helpful": 1},
    VOTE | {"reason": "a bad mood"},
    VOTE | {"unknown": 1},
    {"article": KEY.article},
]
UNKNOWN = json.dumps(BODIES[5])
TEXTS = ["", "{", "null", "[]", '"{}"', "NaN", '{"article": "\\ud800"}', "\ufeff{}", "9" * 9_000]


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, House]]:
    """Two houses that hear the same, of which one has no short way."""
    with ExitStack() as stack:
        found = {}
        for way in (LONG, SHORT):
            place = tmp_path_factory.mktemp(way)
            db = database.open(f"sqlite:///{place}/kb.db")
            stack.callback(db.close)
            db.upgrade()
            publish(db)
            found[way] = stack.enter_context(house_of(db, place, short=way == SHORT))
        yield found


def send(house: House, body: str, **headers: str) -> TestResponse:
    return house.client.post(
        URL, data=body.encode(), content_type="application/json", headers=headers
    )


def seen(answer: TestResponse) -> tuple[object, ...]:
    return answer.status_code, answer.content_type, answer.headers.get("Retry-After"), answer.json


@pytest.mark.parametrize("body", [*map(json.dumps, BODIES), *TEXTS])
def test_both_ways_answer_and_store_the_same(houses: dict[str, House], body: str) -> None:
    answers = [seen(send(houses[way], body)) for way in (LONG, SHORT, LONG, SHORT)]

    assert (answers[0], answers[2]) == (answers[1], answers[3])
    assert houses[LONG].votes() == houses[SHORT].votes()


def test_who_is_to_wait_is_told_how_long_on_both_ways(houses: dict[str, House]) -> None:
    for house in houses.values():
        house.wait = 2.5

    answers = [seen(send(houses[way], json.dumps(BODIES[2]))) for way in (LONG, SHORT)]
    for house in houses.values():
        house.wait = 0.0

    assert answers[0] == answers[1]
    assert answers[0][:3] == (429, "application/problem+json", "3")


@pytest.mark.parametrize(
    ("headers", "way"),
    [
        ({}, SHORT),
        ({"Sec-Fetch-Site": "none"}, None),
        ({"Sec-Fetch-Site": "cross-site"}, None),
        ({"Sec-Fetch-Site": "same-origin, same-origin"}, None),
        ({"Content-Type": "application/json; charset=utf-8"}, None),
        ({"Content-Type": "text/plain"}, None),
    ],
)
def test_only_what_a_page_of_this_site_sends_goes_the_short_way(
    houses: dict[str, House], headers: dict[str, str], way: str | None
) -> None:
    answer = houses[SHORT].client.post(
        URL, data=UNKNOWN, headers={"Content-Type": "application/json"} | headers
    )

    assert way == answer.headers.get(short_way.WAY)


def test_a_malformed_vote_is_read_once_more_on_the_long_way(houses: dict[str, House]) -> None:
    answer = send(houses[SHORT], json.dumps(VOTE | {"helpful": "yes"}))

    assert (answer.json or {})["field"] == "helpful"
    assert short_way.WAY not in answer.headers


@pytest.mark.parametrize(
    ("more", "way"),
    [({}, SHORT), ({"comment": "Step three."}, None), ({"contact": "a@b.de"}, None)],
)
def test_a_vote_with_words_goes_the_long_way(
    houses: dict[str, House], more: dict[str, str], way: str | None
) -> None:
    answer = send(houses[SHORT], json.dumps(VOTE | more))

    assert answer.headers.get(short_way.WAY) == way
