"""The page of one item: what is known about it, and what a person does with it."""

import html
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from answerloop import builds
from feedback.items import Item
from feedback.model import ItemState, Lane, Reason
from tests.desk import repository
from tests.desk.desk import DAY, Desk, act
from tests.desk.repository import ANGRY, GIFT_CARD, REFUND


def page_of(desk: Desk, item: Item, person: str = "charlie") -> str:
    answer = desk.signed_in(person).get(f"/desk/items/{item.id}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def rebuild(desk: Desk, root: Path, body: str) -> None:
    repository.rewrite(root, REFUND, body)
    builds.build(desk.service.settings, desk.clock(), lambda _what, _share: None)


def test_the_page_shows_each_reason_for_the_suspicion(desk: Desk) -> None:
    item = desk.suspect()

    page = page_of(desk, item)

    assert "<li>6 of 6 said no since 2 May.</li>" in page
    assert "<li>6 \N{MULTIPLICATION SIGN} outdated.</li>" in page
    assert '<span class="tag tag--open">Open</span>' in page


def test_a_report_is_told_once_in_the_agents_words(desk: Desk) -> None:
    item = desk.report(words="The phone number is gone", ticket="SUP-4711")

    page = page_of(desk, item)

    why = page[page.index("What speaks against it") : page.index("What to do")]
    assert why.count("<li") == 1
    assert "<strong>bob</strong> on 4 May 2026: wrong; The phone number is gone" in why


def test_after_an_edit_the_page_says_what_had_brought_the_item_here(desk: Desk, root: Path) -> None:
    item = desk.suspect()
    rebuild(desk, root, "Refunds take five days. " * 40)

    page = page_of(desk, item)

    assert '<span class="tag tag--watching">Mended, being watched</span>' in page
    assert "What brought it here" in page
    assert "6 of 6 said no since 2 May" in page


def test_remarks_stand_newest_first_with_their_mark(desk: Desk) -> None:
    desk.vote("alice", days_ago=2, remark="The form is gone")
    desk.vote("adam", days_ago=1, remark="Write to adam@example.com, please")
    item = desk.report()

    page = page_of(desk, item)

    assert page.index("please") < page.index("The form is gone")
    assert "adam@example.com" not in page
    assert page.count("personal data suspected and masked") == 1


def test_votes_are_counted_by_revision_with_the_day_of_publication(desk: Desk, root: Path) -> None:
    old = desk.revision()
    desk.vote("alice", days_ago=3)
    desk.vote("adam", days_ago=3, helpful=True)
    desk.vote("anna", days_ago=2)
    rebuild(desk, root, "Refunds take five days. " * 40)
    desk.vote("alice", helpful=True)
    item = desk.report()

    page = page_of(desk, item)

    rows = re.findall(
        r"<code>(\w+)</code>(.*?)</th> <td><time[^>]*>([^<]+)</time></td> "
        r'<td class="number">(\d+)</td> <td class="number">(\d+)</td>',
        page,
    )
    assert [
        (desk.revision(), ' <span class="tag">current</span>', "4 May 2026", "1", "0"),
        (old, "", "16 October 2025", "1", "2"),
    ] == rows


def test_every_step_is_shown_with_its_actor(desk: Desk) -> None:
    item = desk.report(words="The phone number is gone")
    charlie = desk.signed_in("charlie")
    act(charlie, item, "take")
    act(charlie, desk.find(item), "note", "Asked the billing team.")

    page = page_of(desk, item)

    assert "<strong>bob</strong> opened it" in page
    assert "<strong>charlie</strong> assigned it" in page
    assert "<strong>charlie</strong> noted" in page
    assert "Asked the billing team." in page


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
    assert "at most 1,000 are taken" in answer.text
    assert long in answer.text


@pytest.mark.parametrize("version", ["", "x", "-1", "0", "99999999999999999999"])
def test_a_form_without_its_version_is_refused(desk: Desk, version: str) -> None:
    item = desk.report()

    answer = desk.signed_in("charlie").post(
        f"/desk/items/{item.id}/take", data={"version": version}
    )

    assert answer.status_code == 400
    assert item == desk.find(item)


@pytest.mark.parametrize("number", [99, 2**31, 10**30])
def test_an_item_that_is_not_there_is_said_to_be_unknown(desk: Desk, number: int) -> None:
    charlie = desk.signed_in("charlie")

    seen = charlie.get(f"/desk/items/{number}")
    taken = charlie.post(f"/desk/items/{number}/take", data={"version": "1"})

    assert 404 == seen.status_code == taken.status_code
    assert f"There is no item {number} in the queue." in seen.text


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
    assert "Noted by dora on 2026-05-04 09:00 UTC: I am on it." in answer.text
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
    assert "Correct by dora" in answer.text
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


def test_an_article_that_is_gone_goes_by_its_id(desk: Desk, root: Path) -> None:
    item = desk.report(ANGRY)
    shutil.rmtree(root / "kb" / "en" / "handbook")
    builds.build(desk.service.settings, desk.clock(), lambda _what, _share: None)

    page = page_of(desk, item)

    assert '<h1 lang="en">angry-customer</h1>' in page
    assert "no longer on the site" in page


PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "'><iframe srcdoc='<script>alert(1)</script>'>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<a href='javascript:alert(1)'>click</a>",
    "{{ 7 * 7 }} {% raw %}",
    "<!--<script>alert(1)//-->",
    "\u202e<b>reversed</b>",
    "[click](javascript:alert(1))",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
)


class Elements(HTMLParser):
    """What a browser makes of a page: its elements and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "action")]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_whatever_people_write_is_shown_as_text(desk: Desk, payload: str) -> None:
    desk.vote("mallory", remark=payload)
    item = desk.report(words=payload)
    charlie = desk.signed_in("charlie")
    act(charlie, item, "note", payload)

    pages = (
        charlie.get(f"/desk/items/{item.id}"),
        charlie.get("/desk/queue"),
        act(charlie, item, "dismiss", payload),
        charlie.post("/desk/login", data={"name": payload, "password": payload}),
        desk.browser().post(f"/desk/items/{item.id}/note", data={"text": payload}),
    )

    for page in pages:
        found = Elements(page.text)
        assert not found.tags & {"script", "img", "iframe", "b", "style"}
        assert not [name for name in found.attributes if name.startswith("on")]
        assert not [address for address in found.addresses if "javascript" in address]
        assert payload in html.unescape(page.text)


def test_a_readers_own_words_are_no_markdown_and_no_link(desk: Desk) -> None:
    desk.vote("mallory", reason=Reason.OTHER, remark="See https://evil.example **now**")
    item = desk.report()

    page = page_of(desk, item)

    assert "See https://evil.example **now**" in page
    assert 'href="https://evil.example' not in page


def test_clarity_is_not_said_to_be_sure(desk: Desk) -> None:
    item = desk.find_unclear(GIFT_CARD)

    assert Lane.CLARITY is item.lane
    assert "How sure" not in page_of(desk, item)


def test_days_are_counted_as_people_do(desk: Desk) -> None:
    item = desk.report()
    desk.clock.now += 12 * DAY

    assert "4 May 2026</time> (12 days ago)" in page_of(desk, item)
