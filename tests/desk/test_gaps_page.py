"""The list of gaps and the page of one: what is shown, and what each form does."""

import re
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from answerloop.desk import gaps
from feedback.gaps import rows
from feedback.gaps.rows import Gap, Taken
from feedback.items import Act
from feedback.model import GapKind, GapState, GapStep
from tests.desk.desk import DAY, Desk
from tests.desk.repository import REFUND

INVOICE = ("pay by invoice", "invoice payment", "can i pay with invoice")


def text(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", answer.text)


def act(desk: Desk, gap: Gap, name: str, person: str = "charlie", **form: str) -> TestResponse:
    """Send a form of the gap's page, as a person who has `gap` before them."""
    data = {"version": str(gap.version)} | form
    return desk.signed_in(person).post(f"/desk/gaps/{gap.id}/{name}", data=data)


@pytest.fixture
def gap(desk: Desk) -> Gap:
    desk.miss(*INVOICE)
    return desk.gather()[0]


def test_what_three_readers_asked_in_vain_is_shown_to_agents(desk: Desk, gap: Gap) -> None:
    page = text(desk.signed_in("bob").get("/desk/gaps"))

    assert gap.face.label in page
    assert "<dt>Asked in 30 days</dt><dd>9</dd>" in page
    assert "to write" in page


def test_without_gaps_the_page_says_what_will_stand_there(desk: Desk) -> None:
    page = text(desk.signed_in("bob").get("/desk/gaps"))

    assert "What three readers or more search or ask in vain stands here" in page
    assert 'class="lane"' not in page


def test_what_fits_the_kind_of_a_gap_stands_open(desk: Desk, gap: Gap) -> None:
    page = text(desk.signed_in("charlie").get(f"/desk/gaps/{gap.id}"))

    assert re.findall(r'<details class="say" open> <summary>([^<]+)', page) == ["Draft an article"]


def test_what_two_asked_is_shown_to_nobody(desk: Desk) -> None:
    desk.miss("walter svensson order", readers=2)
    desk.gather()

    assert "svensson" not in desk.signed_in("charlie").get("/desk/gaps").text


def test_the_queue_leads_to_the_gaps(desk: Desk) -> None:
    assert 'href="/desk/gaps"' in desk.signed_in("bob").get("/desk/queue").text


def test_an_article_that_has_the_words_is_named_with_what_to_add(desk: Desk) -> None:
    desk.miss("refund after delivery")
    (gap,) = desk.gather()

    page = text(desk.signed_in("bob").get(f"/desk/gaps/{gap.id}"))

    assert (gap.face.kind, gap.face.nearest) == (GapKind.FINDABILITY, REFUND.article)
    assert "How do I get a refund after delivery?</a></q> has most of these words" in page


def test_a_gap_of_typing_errors_alone_says_so(desk: Desk) -> None:
    desk.miss("refudn delivery")
    (gap,) = desk.gather()

    assert gap.face.kind is GapKind.SPELLING


def test_agents_read_and_cannot_act(desk: Desk, gap: Gap) -> None:
    page = text(desk.signed_in("bob").get(f"/desk/gaps/{gap.id}"))
    answer = act(desk, gap, "ignore", person="bob")

    assert '<form class="act"' not in page
    assert answer.status_code == 403
    assert desk.find_gap(gap) == gap


def test_a_gap_is_taken_given_to_somebody_and_given_back(desk: Desk, gap: Gap) -> None:
    act(desk, gap, "assign", to="charlie")
    taken = desk.find_gap(gap)
    act(desk, taken, "assign", to="dora")
    given = desk.find_gap(gap)
    act(desk, given, "assign", to="")
    free = desk.find_gap(gap)

    assert [(one.assignee, one.state) for one in (taken, given, free)] == [
        ("charlie", GapState.ASSIGNED),
        ("dora", GapState.ASSIGNED),
        (None, GapState.OPEN),
    ]


def test_nobody_that_there_is_not_gets_a_gap(desk: Desk, gap: Gap) -> None:
    assert act(desk, gap, "assign", to="walter").status_code == 422


def test_an_ignored_gap_goes_to_the_end_and_can_be_opened(desk: Desk, gap: Gap) -> None:
    answer = act(desk, gap, "ignore", text="Sold out since 2024.")
    ignored = desk.find_gap(gap)
    desk.gather()
    act(desk, ignored, "reopen")

    assert answer.headers["Location"] == "/desk/gaps?done=ignore"
    assert ignored.state is GapState.IGNORED
    assert desk.find_gap(gap).state is GapState.OPEN


def test_the_second_person_is_told_what_the_first_did(desk: Desk, gap: Gap) -> None:
    act(desk, gap, "ignore", text="Sold out since 2024.")

    answer = act(desk, gap, "assign", person="dora", to="dora")

    assert answer.status_code == 409
    assert "charlie ignored it" in text(answer)
    assert "Sold out since 2024." in text(answer)
    assert desk.find_gap(gap).assignee is None


def test_an_article_is_named_and_put_on_trial(desk: Desk, gap: Gap) -> None:
    act(desk, gap, "written", text="gift-card")

    page = text(desk.signed_in("bob").get("/desk/gaps"))

    assert (desk.find_gap(gap).state, desk.find_gap(gap).article) == (GapState.WRITTEN, "gift-card")
    assert "two gift cards?</a></q> is written. Readers decide until 14 days" in page


@pytest.mark.parametrize("article", ["no-such", "angry-customer", "<script>", ""])
def test_an_article_that_readers_cannot_see_answers_nothing(
    desk: Desk, gap: Gap, article: str
) -> None:
    answer = act(desk, gap, "written", text=article)

    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert desk.find_gap(gap) == gap


def test_two_gaps_are_joined_and_one_is_taken_apart(desk: Desk, gap: Gap) -> None:
    desk.miss("sofa legs wobble")
    other = next(one for one in desk.gather() if one.id != gap.id)

    act(desk, other, "merge", into=str(gap.id))
    joined = desk.find_gap(gap)
    chosen = joined.face.variants[-1]
    answer = act(desk, joined, "split", wording=chosen.wording)
    desk.clock.now += DAY
    after = desk.gather()

    assert "/desk/gaps/" in answer.headers["Location"]
    assert desk.find_gap(other).state is GapState.JOINED
    assert len(after) == 2


@pytest.mark.parametrize(("name", "form"), [("merge", {"into": "0"}), ("split", {})])
def test_what_makes_no_sense_is_refused_with_words(
    desk: Desk, gap: Gap, name: str, form: dict[str, str]
) -> None:
    answer = act(desk, gap, name, **form)

    assert answer.status_code in (404, 422)
    assert desk.find_gap(gap) == gap


def test_one_language_is_shown_alone(desk: Desk, gap: Gap) -> None:
    desk.miss("sofa in die schweiz liefern", lang="de")
    desk.gather()

    page = desk.signed_in("bob").get("/desk/gaps?lang=de").text

    assert "schweiz" in page
    assert gap.face.label not in page


@pytest.mark.parametrize("number", [999, 2**31, 2**70])
def test_there_is_no_such_gap(desk: Desk, number: int) -> None:
    answer = desk.signed_in("bob").get(f"/desk/gaps/{number}")

    assert answer.status_code == 404
    assert "There is no such gap" in answer.text


def test_whatever_readers_search_is_shown_as_text(desk: Desk) -> None:
    desk.miss("<script>alert(1)</script> invoice")
    desk.gather()

    page = desk.signed_in("charlie").get("/desk/gaps").text

    assert "&lt;script&gt;" in page
    assert "<script" not in page


def test_an_article_is_named_by_its_title(desk: Desk, gap: Gap) -> None:
    act(desk, gap, "written", text=" can I pay with  TWO gift cards? ")

    assert desk.find_gap(gap).article == "gift-card"


def test_an_article_that_nobody_finds_is_refused_in_plain_words(desk: Desk, gap: Gap) -> None:
    page = text(act(desk, gap, "written", text="Gift vouchers"))

    assert "Readers can see no article “Gift vouchers”. Type its id or its whole title" in page
    assert 'value="Gift vouchers"' in page


def test_few_articles_are_suggested_those_that_the_words_find(desk: Desk) -> None:
    desk.miss("refund after delivery")
    (gap,) = desk.gather()

    page = desk.signed_in("charlie").get(f"/desk/gaps/{gap.id}").text

    suggested = page[page.index('<datalist id="articles">') :]
    assert '<option value="refund">How do I get a refund after delivery?</option>' in suggested
    assert "angry-customer" not in suggested


def test_a_gap_is_joined_to_another_by_its_name(desk: Desk, gap: Gap) -> None:
    desk.miss("sofa legs wobble")
    other = next(one for one in desk.gather() if one.id != gap.id)

    act(desk, other, "merge", into=gap.face.label.upper())

    assert desk.find_gap(other).joined == gap.id


@pytest.mark.parametrize("name", ["no such gap", "", "999"])
def test_a_gap_that_there_is_not_is_refused_in_plain_words(desk: Desk, gap: Gap, name: str) -> None:
    answer = act(desk, gap, "merge", into=name)

    assert answer.status_code == 422
    assert f"There is no other gap “{name}” in this language." in answer.text


def test_gaps_come_in_pages(desk: Desk, gap: Gap) -> None:
    face = gap.face
    with desk.service.database.write() as db:
        for number in range(gaps.ON_A_PAGE):
            said = replace(face, label=f"gap {number}", volume=0.0)
            taken = Taken(GapStep.OPENED, Act(None, "", desk.clock()))
            rows.add(db, "en", said, kept={}, taken=taken)
    bob = desk.signed_in("bob")

    page, second = bob.get("/desk/gaps").text, bob.get("/desk/gaps?show=open&page=2").text

    assert (page.count('<li class="card">'), second.count('<li class="card">')) == (50, 1)
    assert '<span class="count">51</span>' in page
    assert 'href="/desk/gaps?show=open&amp;page=2"' in page
    assert 'href="/desk/gaps?show=open" rel="prev"' in second
    assert f"gap {gaps.ON_A_PAGE - 1}</a>" in second
