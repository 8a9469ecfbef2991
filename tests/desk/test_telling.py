"""What readers' pages tell the service, over HTTP: searches, clicks, questions."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback import schema, searches
from feedback.gaps import asks
from feedback.model import Search
from tests.desk.desk import DAY, Desk

TOKEN = "0123456789abcdef" * 2
EVENTS = "/api/v1/events"
QUESTIONS = "/api/v1/questions"
NAVIGATION = {
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
PLANTED = (
    "alice@example.com",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "192.0.2.77",
    "\uff41lice@example.com",
)


def search(query: str = "gift card", **fields: object) -> dict[str, object]:
    named = {"event": "search", "search_id": TOKEN, "query": query, "lang": "en", "hits": 0}
    return named | fields


def click(article: str = "refund", **fields: object) -> dict[str, object]:
    named = {"event": "click", "search_id": TOKEN, "article": article, "rank": 1}
    return named | fields


def logged(desk: Desk) -> tuple[Search, ...]:
    with desk.service.database.read() as db:
        return searches.log(db, desk.clock() - DAY)


def failed(desk: Desk) -> dict[str, float]:
    with desk.service.database.read() as db:
        found = asks.failed(db, desk.clock() - DAY, desk.clock())
    return {ask.text: ask.weight for ask in found}


@pytest.fixture
def reader(desk: Desk) -> FlaskClient:
    return desk.browser()


def test_a_settled_search_and_its_click_are_kept(desk: Desk, reader: FlaskClient) -> None:
    answer = reader.post(EVENTS, json={"events": [search(hits=2), click(rank=2)]})

    (kept,) = logged(desk)
    assert (answer.status_code, answer.data) == (204, b"")
    assert kept.query == "gift card"
    assert [(each.article, each.rank) for each in kept.opened] == [("refund", 2)]


def test_what_happened_a_while_ago_is_kept_with_its_time(desk: Desk, reader: FlaskClient) -> None:
    reader.post(EVENTS, json={"events": [search(ago=9.5)]})

    (kept,) = logged(desk)
    assert (desk.clock() - kept.at).total_seconds() == 9.5


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"events": []}, 422, ""),
        ({"events": [search()] * 21}, 422, ""),
        ({"events": [search("q" * 301)]}, 422, ""),
        ({"events": [search(search_id="1")]}, 422, ""),
        ({"events": [search(lang="xx")]}, 404, "unknown-language"),
        ({"events": [click()]}, 404, "unknown-search"),
        ({"events": [search(), click("alice@example.com")]}, 404, "unknown-article"),
        ({"events": [search(), click("angry-customer")]}, 404, "unknown-article"),
        ({"events": [{"event": "view"}]}, 422, ""),
    ],
)
def test_events_that_do_not_fit_are_refused_whole(
    desk: Desk, body: object, status: int, name: str
) -> None:
    answer = desk.browser().post(EVENTS, json=body)

    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["type"].endswith(name)
    assert logged(desk) == ()


@pytest.mark.parametrize("path", [EVENTS, QUESTIONS])
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (("text/plain", b"{}"), 415),
        (("application/json", b"{"), 400),
        (("application/json", b'"' + b"x" * 9_000 + b'"'), 413),
    ],
)
def test_bodies_of_another_kind_are_refused(
    reader: FlaskClient, path: str, sent: tuple[str, bytes], status: int
) -> None:
    kind, data = sent

    assert reader.post(path, data=data, content_type=kind).status_code == status


@pytest.mark.parametrize("path", [EVENTS, QUESTIONS, "/ask"])
def test_pages_of_other_sites_tell_nothing(desk: Desk, path: str) -> None:
    mallory = desk.app.test_client()

    answer = mallory.post(
        path, json={"events": [search()]}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 403
    assert logged(desk) == ()


def test_a_program_is_heard_and_does_not_count(desk: Desk) -> None:
    program = desk.app.test_client()

    told = program.post(EVENTS, json={"events": [search()]})
    asked = program.post(QUESTIONS, json={"question": "Do you sell chairs?", "lang": "en"})

    assert told.status_code == 204
    assert asked.json == {"outcome": "held"}
    assert failed(desk) == {}


def test_one_address_tells_so_much_in_a_minute(desk: Desk) -> None:
    reader = desk.browser()
    reader.environ_base["REMOTE_ADDR"] = "198.51.100.7"

    for _ in range(1_000):  # a little more than the limit, for it is refilled meanwhile
        answer = reader.post(EVENTS, json={"events": [search()]})
        if answer.status_code != 204:
            break

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_search_names_nobody_whose_vote_it_is(desk: Desk, reader: FlaskClient) -> None:
    reader.post(EVENTS, json={"events": [search()]})
    vote = {"article": "refund", "lang": "en", "revision": desk.revision(), "helpful": True}
    reader.post("/api/v1/votes", json=vote)

    with desk.service.database.read() as db:
        votes = set(db.execute(select(schema.votes.c.visitor)).scalars())
        told = set(db.execute(select(schema.searches.c.visitor)).scalars())
    assert votes
    assert told
    assert not votes & told


def results(reader: FlaskClient, query: str, **headers: str) -> str:
    return reader.get(f"/en/search/?q={quote(query)}", headers=NAVIGATION | headers).text


def settled(desk: Desk) -> None:
    """Wait until the writer has done what nobody waits for."""
    desk.service.writer.apply(lambda _db: None)


def test_a_page_of_results_without_a_script_is_a_search(desk: Desk, reader: FlaskClient) -> None:
    results(reader, "Zeppelin flights")
    results(reader, "refund")
    settled(desk)

    assert {one.query for one in logged(desk)} == {"zeppelin flights", "refund"}
    assert failed(desk) == {"zeppelin flights": 1.0}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Mode": "cors"},
        {"Sec-Purpose": "prefetch"},
    ],
)
def test_what_no_person_had_opened_here_is_no_search(
    desk: Desk, reader: FlaskClient, headers: dict[str, str]
) -> None:
    results(reader, "Zeppelin flights", **headers)
    desk.app.test_client().get("/en/search/?q=robots")
    settled(desk)

    assert logged(desk) == ()


def test_where_nothing_is_found_the_question_can_be_sent(desk: Desk, reader: FlaskClient) -> None:
    page = results(reader, "Zeppelin flights")
    found = results(reader, "refund")

    answer = reader.post("/ask", data={"question": "Do you fly to Rio?", "lang": "en"})
    after = reader.get(answer.headers["Location"])

    assert "Zeppelin flights</textarea>" in page
    assert "</textarea>" not in found
    assert answer.status_code == 303
    assert after.status_code == 200
    assert "Your question is stored." in after.text
    assert failed(desk)["Do you fly to Rio?"] == 1.0


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"website": "https://spam.example"}, 200, "does not count yet"),
        ({"shown": "now"}, 200, "does not count yet"),
        ({"question": ""}, 422, "there is no question"),
        ({"question": "x" * 1_001}, 422, "too long"),
        ({"lang": "xx"}, 404, "Not stored"),
    ],
)
def test_what_the_form_cannot_take_is_said(
    desk: Desk, fields: dict[str, str], status: int, said: str
) -> None:
    reader = desk.browser()
    form = {"question": "Do you fly to Rio?", "lang": "en"} | fields
    if "shown" in form:
        form["shown"] = str(int(desk.clock().timestamp()) - 2)

    answer = reader.post("/ask", data=form)
    page = reader.get(answer.headers["Location"])

    assert page.status_code == status
    assert said in page.text
    assert failed(desk) == {}


def test_the_same_question_twice_is_said_to_be_there(reader: FlaskClient) -> None:
    body = {"question": "Do you fly to Rio?", "lang": "en"}

    said = [reader.post(QUESTIONS, json=body).json for _ in range(2)]

    assert said == [{"outcome": "received"}, {"outcome": "already_received"}]


def test_nothing_of_personal_data_is_in_the_database_or_its_log(
    desk: Desk, reader: FlaskClient, root: Path
) -> None:
    for number, planted in enumerate(PLANTED):
        first, second = f"{2 * number:032x}", f"{2 * number + 1:032x}"
        events = [
            search(f"order of {planted}", search_id=first),
            search(f"where is {planted}", search_id=second, refines=first),
        ]
        assert reader.post(EVENTS, json={"events": events}).status_code == 204
        reader.post(EVENTS, json={"events": [click(planted, search_id=first)]})
        reader.post(EVENTS, json={"events": [search(lang=planted[:35])]})
        reader.post(QUESTIONS, json={"question": f"I am {planted}", "lang": "en"})
        reader.post("/ask", data={"question": f"Me: {planted}", "lang": "en", "website": planted})
        results(reader, f"parcel {planted}")
        desk.miss(f"parcel for {planted}")
    settled(desk)
    (gap, *_) = desk.gather()
    form = {"version": str(gap.version), "text": f"Ask {PLANTED[0]}"}
    desk.signed_in("charlie").post(f"/desk/gaps/{gap.id}/ignore", data=form)

    written = b"".join(file.read_bytes() for file in (root / "var").glob("kb.db*"))

    bare = [planted.replace(" ", "") for planted in PLANTED]
    for planted in (*PLANTED, *bare):
        at = written.find(planted.encode())
        assert at < 0, written[at - 100 : at + 100]
        assert planted.casefold().encode() not in written
        assert json.dumps(planted)[1:-1].encode() not in written
    assert b"parcel for" in written
