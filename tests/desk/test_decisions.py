"""What a person does with an item, alone and when somebody else was faster."""

import pytest
from werkzeug.test import TestResponse

from feedback.items import Item
from feedback.model import ItemState
from tests.desk.desk import Desk, act, page_of
from tests.desk.repository import GIFT_CARD


def test_an_item_is_taken_and_given_back(desk: Desk) -> None:
    item = desk.report()
    charlie = desk.signed_in("charlie")

    act(charlie, item, "take")
    taken = desk.find(item)
    act(charlie, taken, "give-back")

    assert (taken.assignee, desk.find(item).assignee) == ("charlie", None)


def test_an_item_can_be_taken_over_and_the_page_says_from_whom(desk: Desk) -> None:
    item = desk.report()
    act(desk.signed_in("dora"), item, "take")

    assert "Take it over from dora" in page_of(desk, item)


def test_after_an_act_the_page_says_what_was_done(desk: Desk) -> None:
    item = desk.report()
    charlie = desk.signed_in("charlie")

    answer = act(charlie, item, "note", "Asked the billing team.")

    assert f"/desk/items/{item.id}?done=note" == answer.headers["Location"]
    assert "Your note is kept." in charlie.get(answer.headers["Location"]).text


@pytest.mark.parametrize(
    ("name", "state"), [("dismiss", ItemState.DISMISSED), ("correct", ItemState.CORRECT)]
)
def test_a_settled_item_leaves_the_queue_with_its_words(
    desk: Desk, name: str, state: ItemState
) -> None:
    item = desk.suspect()
    charlie = desk.signed_in("charlie")

    answer = act(charlie, item, name, "Tried with order 4711 in the test shop.")

    assert f"/desk/queue?done={name}" == answer.headers["Location"]
    assert state is desk.find(item).state
    page = page_of(desk, item)
    assert "Tried with order 4711 in the test shop." in page
    assert "This item is settled." in page
    assert '<form class="act"' not in page


@pytest.mark.parametrize("name", ["dismiss", "correct", "note"])
@pytest.mark.parametrize("text", ["", " \n\t "])
def test_a_decision_needs_its_words(desk: Desk, name: str, text: str) -> None:
    item = desk.report()

    answer = act(desk.signed_in("charlie"), item, name, text)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert item == desk.find(item)


def test_words_beyond_measure_are_refused_and_stay_in_the_form(desk: Desk) -> None:
    item = desk.report()
    long = "word " * 300

    answer = act(desk.signed_in("charlie"), item, "note", long)

    assert answer.status_code == 422
    assert "At most 1,000 characters are taken." in answer.text
    assert long in answer.text


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "99999999999999999999"])
def test_a_form_without_its_version_is_refused(desk: Desk, version: str) -> None:
    item = desk.report()

    answer = desk.signed_in("charlie").post(
        f"/desk/items/{item.id}/take", data={"version": version}
    )

    assert answer.status_code == 400
    assert item == desk.find(item)


def second(desk: Desk, item: Item, name: str, text: str) -> TestResponse:
    """Let Charlie act on the item as it was, after Dora has acted on it."""
    charlie = desk.signed_in("charlie")
    assert act(desk.signed_in("dora"), item, "note", "I am on it.").status_code == 303
    return act(charlie, item, name, text)


@pytest.mark.parametrize("name", ["note", "dismiss", "correct"])
def test_the_second_of_two_sees_what_the_first_did_and_loses_no_word(desk: Desk, name: str) -> None:
    item = desk.report()
    typed = "Checked it, & it is <right>."

    answer = second(desk, item, name, typed)

    assert answer.status_code == 409
    assert "this has changed since you loaded the page" in answer.text
    assert "dora noted, 4 May 2026, 09:00\N{NO-BREAK SPACE}UTC: I am on it." in answer.text
    assert 'aria-describedby="refused">Checked it, &amp; it is &lt;right&gt;.</textarea>' in (
        answer.text
    )
    assert 'value="2"' in answer.text
    assert ItemState.OPEN is desk.find(item).state


def test_the_second_decides_anew_on_what_they_have_seen(desk: Desk) -> None:
    item = desk.report()
    second(desk, item, "dismiss", "It is right.")

    answer = act(desk.signed_in("charlie"), desk.find(item), "dismiss", "It is right.")

    assert answer.status_code == 303
    assert ItemState.DISMISSED is desk.find(item).state


def test_who_comes_after_the_decision_still_has_their_words(desk: Desk) -> None:
    item = desk.report()
    act(desk.signed_in("dora"), item, "correct", "Tried it today.")

    answer = act(desk.signed_in("charlie"), item, "dismiss", "Not the article's fault.")

    assert answer.status_code == 409
    assert "dora found it correct as it is" in answer.text
    assert "readonly>Not the article&#39;s fault.</textarea>" in answer.text


def test_an_agent_leaves_a_note_and_decides_nothing(desk: Desk) -> None:
    item = desk.report()

    page = page_of(desk, item, "bob")

    assert f'action="/desk/items/{item.id}/note"' in page
    assert f'action="/desk/items/{item.id}/dismiss"' not in page
    assert f'action="/desk/items/{item.id}/take"' not in page
    assert "Editors decide about it" in page


def test_a_stale_article_is_found_correct_with_its_evidence(desk: Desk) -> None:
    charlie = desk.signed_in("charlie")
    page = charlie.get("/desk/reviews/en/gift-card").text

    answer = charlie.post(
        "/desk/reviews/en/gift-card",
        data={"revision": desk.revision(GIFT_CARD), "text": "Paid with two cards in the shop."},
    )

    assert "Can I pay with two gift cards?" in page
    assert answer.headers["Location"] == "/desk/queue?done=correct"
    assert "gift cards" not in charlie.get("/desk/queue").text


def test_a_review_needs_its_evidence(desk: Desk) -> None:
    answer = desk.signed_in("charlie").post(
        "/desk/reviews/en/gift-card", data={"revision": desk.revision(GIFT_CARD), "text": " "}
    )

    assert answer.status_code == 422
    assert "one line of evidence" in answer.text


def test_a_review_of_an_older_revision_is_refused_and_loses_no_word(desk: Desk) -> None:
    answer = desk.signed_in("charlie").post(
        "/desk/reviews/en/gift-card", data={"revision": "000000000000", "text": "Read it all."}
    )

    assert answer.status_code == 409
    assert f"Revision {desk.revision(GIFT_CARD)} was published." in answer.text
    assert ">Read it all.</textarea>" in answer.text


def test_an_unknown_article_cannot_be_reviewed(desk: Desk) -> None:
    charlie = desk.signed_in("charlie")

    seen = charlie.get("/desk/reviews/en/unknown")
    sent = charlie.post("/desk/reviews/en/unknown", data={"text": "Read it."})

    assert 404 == seen.status_code == sent.status_code
