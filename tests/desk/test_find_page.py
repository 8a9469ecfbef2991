"""The agent's page without a script: found, filled, flagged, noted."""

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback import reuse, schema
from feedback.model import Lane, Use
from tests.desk.desk import DAY, Desk
from tests.desk.repository import ANGRY, PARCEL, REFUND, REFUND_DE

FOUND = re.compile(r'class="hit__link" href="([^"]+)"')


@pytest.fixture
def bob(desk: Desk) -> FlaskClient:
    return desk.signed_in("bob")


def hits(client: FlaskClient, query: str) -> list[str]:
    return FOUND.findall(client.get(f"/desk/?{query}").text)


def uses(desk: Desk) -> list[tuple[Use, str, str]]:
    with desk.service.database.read() as db:
        kept = [one.said for key in (REFUND, ANGRY) for one in reuse.of(db, key)]
    return [(one.use, one.agent, one.ticket) for one in kept]


def test_internal_articles_are_found_beside_public_ones(bob: FlaskClient) -> None:
    assert hits(bob, "q=angry+customer&lang=en")[0] == "/desk/find/en/angry-customer"
    assert hits(bob, "q=parcel+late&lang=en")[0] == "/desk/find/en/parcel-late"


def test_what_other_words_find_is_offered_in_the_customers_language(bob: FlaskClient) -> None:
    assert hits(bob, "q=refund+after+delivery&lang=de")[0] == "/desk/find/de/refund"
    assert hits(bob, "q=parcel+late&lang=de")[-1].startswith("/desk/find/en/")


def test_before_a_word_is_typed_stands_what_agents_send_most(desk: Desk, bob: FlaskClient) -> None:
    before = bob.get("/desk/").text
    for article in ("en/parcel-late", "en/refund", "en/parcel-late"):
        bob.post(f"/desk/find/{article}/solved")

    english, german = hits(bob, "lang=en"), hits(bob, "lang=de")

    assert "What you send most will stand here." in before
    assert english == ["/desk/find/en/parcel-late", "/desk/find/en/refund"]
    assert german == ["/desk/find/en/parcel-late", "/desk/find/de/refund"]


def test_what_was_sent_long_ago_is_sent_most_no_more(desk: Desk, bob: FlaskClient) -> None:
    bob.post("/desk/find/en/refund/solved")
    desk.clock.now += 29 * DAY
    again = desk.signed_in("bob")

    assert hits(again, "lang=en") == []


def test_a_mended_spelling_is_said(bob: FlaskClient) -> None:
    assert "Searched for “refund” instead." in bob.get("/desk/?q=refnud&lang=en").text


def test_nobody_without_a_session_finds_anything(mallory: FlaskClient) -> None:
    assert mallory.get("/desk/?q=angry").status_code == 303
    assert mallory.get("/desk/find/en/angry-customer").status_code == 303


def test_an_internal_article_is_read_here_and_has_no_link(bob: FlaskClient) -> None:
    page = bob.get("/desk/find/en/angry-customer").text

    assert "name the <em>feeling</em>" in page
    assert '<a href="/en/delivery/parcel-late/"' in page
    assert "there is no link for customers" in page
    assert "via=reply" not in page


def test_a_public_article_gives_its_permalink(bob: FlaskClient) -> None:
    assert 'value="http://localhost/a/refund?via=reply"' in bob.get("/desk/find/en/refund").text


def test_a_reply_with_a_place_that_is_not_filled_is_not_made(desk: Desk, bob: FlaskClient) -> None:
    answer = bob.post("/desk/find/en/refund/text", data={"piece": "reply", "value:agent_name": "B"})

    assert answer.status_code == 422
    assert "leave out on purpose: customer_name, order_number" in answer.text
    assert 'id="ready-text"' not in answer.text
    assert uses(desk) == []


def test_a_filled_reply_is_made_and_kept_as_a_use_with_its_ticket(
    desk: Desk, bob: FlaskClient
) -> None:
    form = {
        "piece": "reply",
        "format": "text",
        "ticket": "SUP-1",
        "value:customer_name": "Ada",
        "value:agent_name": "Bob",
        "without:order_number": "on",
    }

    page = html.unescape(bob.post("/desk/find/en/refund/text", data=form).text)

    text = page.partition('id="ready-text"')[2].partition("</textarea>")[0].partition(">")[2]
    assert text == (
        "Hello Ada,\n\nyou can send order back within thirty days: "
        "http://localhost/a/refund?via=reply\n\nKind regards\nBob"
    )
    assert uses(desk) == [(Use.REPLY, "bob", "SUP-1")]


def test_a_flag_opens_an_item_with_reason_words_and_ticket(desk: Desk, bob: FlaskClient) -> None:
    form = {"reason": "wrong", "words": "The days are 14 now", "ticket": "SUP-2"}

    answer = bob.post("/desk/find/en/parcel-late/flag", data=form)

    assert answer.headers["Location"] == "/desk/find/en/parcel-late?done=flag"
    item = desk.item(PARCEL, Lane.REPORTED)
    page = desk.signed_in("charlie").get(f"/desk/items/{item.id}").text
    assert "wrong; The days are 14 now; ticket SUP-2" in page


def test_what_is_no_ticket_is_refused_and_what_was_typed_stays(bob: FlaskClient) -> None:
    form = {"reason": "wrong", "words": "The days are 14 now", "ticket": "two words"}

    answer = bob.post("/desk/find/en/parcel-late/flag", data=form)

    assert answer.status_code == 422
    assert "A ticket is 1 to 40 letters" in answer.text
    assert "The days are 14 now</textarea>" in answer.text


def test_an_article_that_solved_the_case_is_noted(desk: Desk, bob: FlaskClient) -> None:
    bob.post("/desk/find/en/angry-customer/solved", data={"ticket": "SUP-3"})

    assert uses(desk) == [(Use.SOLVED, "bob", "SUP-3")]


def test_three_tickets_without_an_article_are_a_gap(desk: Desk, bob: FlaskClient) -> None:
    for number in range(3):
        form = {"text": "sofa legs wobble", "lang": "en", "ticket": f"SUP-{number}"}
        answer = bob.post("/desk/missing", data=form)

    assert answer.headers["Location"] == "/desk/?done=received"
    assert [gap.face.label for gap in desk.gather()] == ["sofa legs wobble"]


def test_one_agent_without_tickets_is_one_customer_a_day(desk: Desk, bob: FlaskClient) -> None:
    for _ in range(3):
        bob.post("/desk/missing", data={"text": "sofa legs wobble", "lang": "en"})

    with desk.service.database.read() as db:
        assert len(db.execute(select(schema.questions.c.id)).all()) == 1


def test_a_ticket_is_in_no_address(desk: Desk, bob: FlaskClient) -> None:
    form = {"piece": "snippet", "ticket": "SUP-4711"}
    page = bob.post("/desk/find/en/parcel-late/text", data=form).text
    followed = desk.browser().get("/a/parcel-late?via=reply")

    assert "a/parcel-late?via=reply" in page
    assert followed.headers["Location"] == "/en/delivery/parcel-late/"
    assert not re.findall(r'(?:href|action)="[^"]*4711', page)


def test_an_article_that_is_not_there_is_said_to_be_missing(bob: FlaskClient) -> None:
    assert bob.get("/desk/find/en/nothing").status_code == 404
    assert bob.get("/desk/find/fr/refund").status_code == 404


def test_the_german_reply_has_the_place_of_the_link_filled(bob: FlaskClient) -> None:
    page = bob.get(f"/desk/find/de/{REFUND_DE.article}").text

    assert "so geht es: http://localhost/a/refund?via=reply" in page


def test_where_no_helpdesk_is_named_nobody_frames_the_sidebar(
    bob: FlaskClient, mallory: FlaskClient
) -> None:
    answer = bob.get("/desk/sidebar?q=parcel")

    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "/desk/find/en/parcel-late" in answer.text
    assert mallory.get("/desk/sidebar").headers["Location"].startswith("/desk/login")


def test_the_bookmark_holds_the_address_of_the_desk(bob: FlaskClient) -> None:
    page = html.unescape(bob.get("/desk/bookmarklet").text)

    assert 'open("http://localhost/desk/?q="+encodeURIComponent' in page
