"""The desk for programs: all that the agent's page does."""

import pytest
from flask.testing import FlaskClient

from feedback import reuse
from feedback.model import Lane, Use
from tests.desk.desk import Desk
from tests.desk.repository import PARCEL, REFUND

REPLY = "/api/v1/articles/en/refund/reply"
POSTS = {
    REPLY: {"format": "text"},
    "/api/v1/reports": {"article": "refund", "lang": "en", "reason": "wrong"},
    "/api/v1/gaps": {"text": "sofa legs wobble", "lang": "en"},
    "/api/v1/reuse": {"article": "refund", "lang": "en", "use": "link"},
}


@pytest.fixture
def bob(desk: Desk) -> FlaskClient:
    return desk.signed_in("bob")


@pytest.mark.parametrize("path", ["/api/v1/desk/search?q=refund", REPLY])
def test_who_is_not_signed_in_reads_nothing(mallory: FlaskClient, path: str) -> None:
    answer = mallory.get(path)

    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


@pytest.mark.parametrize("path", POSTS)
def test_who_is_not_signed_in_changes_nothing(mallory: FlaskClient, path: str) -> None:
    assert mallory.post(path, json=POSTS[path]).status_code == 401


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_changes_nothing(bob: FlaskClient, path: str, site: str) -> None:
    answer = bob.post(path, json=POSTS[path], headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403


def test_a_search_tells_what_can_be_sent(bob: FlaskClient) -> None:
    found = bob.get("/api/v1/desk/search?q=angry+customer&lang=en").get_json()
    internal = found["results"][0]
    public = bob.get("/api/v1/desk/search?q=refund+after&lang=en").get_json()["results"][0]

    assert (internal["id"], internal["audience"]) == ("angry-customer", "internal")
    assert (internal["link"], internal["snippet"]) == (None, None)
    assert internal["reply"]["text"][1] == {"text": "", "place": "customer_name"}
    assert internal["url"] == "/desk/find/en/angry-customer"
    assert public["link"]["text"] == [
        {"text": "http://localhost/a/refund?via=reply", "place": ""}
    ]  # fmt: skip
    assert public["edit_url"].endswith("/en/returns/refund.md")


def test_a_reply_is_given_only_once_it_is_filled(bob: FlaskClient) -> None:
    template = bob.get(f"{REPLY}?format=html").get_json()
    refused = bob.post(REPLY, json={"values": {"agent_name": "Bob"}})
    values = {"agent_name": "Bob", "customer_name": "Ada & Co", "order_number": "47"}
    filled = bob.post(REPLY, json={"format": "html", "values": values}).get_json()

    assert template["places"] == ["customer_name", "order_number", "agent_name"]
    assert refused.status_code == 409
    assert refused.get_json()["places"] == ["customer_name", "order_number"]
    assert "Hello Ada &amp; Co," in filled["text"]
    assert '<a href="http://localhost/a/refund?via=reply">' in filled["text"]


def test_an_internal_article_has_no_link_and_no_snippet(bob: FlaskClient) -> None:
    address = "/api/v1/articles/en/angry-customer/reply"

    answers = {piece: bob.get(f"{address}?piece={piece}") for piece in ("link", "snippet", "reply")}

    assert [answer.status_code for answer in answers.values()] == [404, 404, 200]
    assert answers["link"].get_json()["type"] == "/problems/no-link"


def test_reports_gaps_and_uses_are_kept(desk: Desk, bob: FlaskClient) -> None:
    words = {"words": "Tried it", "ticket": "SUP-1"}

    report = bob.post("/api/v1/reports", json=POSTS["/api/v1/reports"] | words)
    gap = bob.post("/api/v1/gaps", json=POSTS["/api/v1/gaps"])
    use = bob.post("/api/v1/reuse", json=POSTS["/api/v1/reuse"] | {"ticket": "SUP-1"})

    assert report.get_json()["item"] == desk.item(REFUND, Lane.REPORTED).id
    assert gap.get_json() == {"outcome": "received"}
    assert use.status_code == 204
    with desk.service.database.read() as db:
        assert [one.said.use for one in reuse.of(db, REFUND)] == [Use.LINK]


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ({"article": "none", "lang": "en", "use": "link"}, 404, "unknown-article"),
        ({"article": "refund", "lang": "en", "use": "x"}, 422, "invalid-request"),
        ({"article": PARCEL.article, "lang": "en", "use": "link", "ticket": "4111111111111111"},
         422, "ticket-malformed"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_by_name(
    bob: FlaskClient, body: dict[str, str], status: int, name: str
) -> None:
    answer = bob.post("/api/v1/reuse", json=body)

    assert (answer.status_code, answer.get_json()["type"]) == (status, f"/problems/{name}")


def test_only_json_is_taken(bob: FlaskClient) -> None:
    assert bob.post("/api/v1/gaps", data={"text": "x", "lang": "en"}).status_code == 415
