"""The queue's page: lanes, words, filters, what is mended and watched."""

import html
import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import insert

from answerloop import builds
from answerloop.desk import lanes, phrases
from answerloop.web.service import Service
from feedback import schema
from feedback.model import ItemState, Lane, Severity
from tests import applications
from tests.desk import repository
from tests.desk.desk import DAY, Desk
from tests.desk.repository import ANGRY, BUILT, GIFT_CARD, PARCEL, REFUND, REFUND_DE


def lane(page: str, name: str) -> str:
    """The words of one part of the page, its links kept."""
    found = re.search(rf'<section class="lane" id="{name}".*?</section>', page, re.DOTALL)
    assert found is not None
    return re.sub(r"\s+", " ", found.group())


def queue(desk: Desk, query: str = "", person: str = "charlie") -> str:
    answer = desk.signed_in(person).get(f"/desk/queue{query}")
    assert answer.status_code == 200
    return answer.text


def test_a_flag_is_seen_with_its_reasons_in_words(desk: Desk) -> None:
    item = desk.suspect()

    page = lane(queue(desk), "suspected")

    assert "How do I get a refund after delivery?" in page
    assert f'href="/desk/items/{item.id}"' in page
    assert "6 of 6 said no since 2 May" in page
    assert "6 \N{MULTIPLICATION SIGN} outdated" in page
    assert "Billing team" in page
    assert "English" in page
    assert "money at stake" in page
    assert "4 May 2026</time> (today)" in page
    assert re.search(r"How sure: (medium|high)", page)


def test_an_item_leads_to_the_page_and_to_the_file(desk: Desk) -> None:
    desk.suspect()

    page = lane(queue(desk), "suspected")

    assert 'href="/en/returns/refund/"' in page
    assert 'href="https://git.example.com/kb/_edit/main/kb/en/returns/refund.md"' in page
    assert '<code class="path">en/returns/refund.md</code>' in page


def test_an_agents_report_stands_in_its_own_lane(desk: Desk) -> None:
    desk.report(PARCEL, words="The phone number is gone", ticket="SUP-4711")

    page = lane(queue(desk), "reported")

    assert "bob: wrong; The phone number is gone; ticket SUP-4711." in page


def test_readers_who_did_not_understand_have_a_lane(desk: Desk) -> None:
    desk.find_unclear(GIFT_CARD)

    assert "3 readers found it hard to understand." in lane(queue(desk), "clarity")


def test_stale_articles_fill_what_is_left_of_the_week(desk: Desk) -> None:
    page = lane(queue(desk), "stale")

    assert page.count('<li class="card">') == 2
    assert "Nobody has read it through for 200 days." in page
    assert 'href="/desk/reviews/' in page


@pytest.mark.parametrize("name", list(Lane))
def test_an_empty_lane_says_so(desk: Desk, name: Lane) -> None:
    desk.clock.now = repository.BUILT + DAY
    desk.report(REFUND if name is not Lane.REPORTED else PARCEL)
    other = "" if name is not Lane.REPORTED else "?lang=de"

    page = lane(queue(desk, other), name)

    assert phrases.LANES[name][2] in html.unescape(page)
    assert '<span class="count count--none">0</span>' in page


def test_a_queue_in_which_nothing_waits_says_what_will(desk: Desk) -> None:
    desk.clock.now = repository.BUILT + DAY

    page = queue(desk)

    assert "Nothing waits for you" in page
    assert "as soon as an agent flags it" in page
    assert 'class="lane"' not in page


def test_with_few_votes_the_page_says_what_it_works_from(desk: Desk) -> None:
    assert "Votes are too few to judge by" in queue(desk)


def test_with_enough_votes_nothing_is_said_about_their_number(desk: Desk) -> None:
    for number in range(60):
        desk.vote(f"reader {number}", days_ago=number % 60, helpful=True)

    assert "too few" not in queue(desk)


def test_who_has_an_item_is_shown(desk: Desk) -> None:
    item = desk.suspect()
    desk.signed_in("dora").post(f"/desk/items/{item.id}/take", data={"version": item.version})

    assert "<strong>dora</strong>" in lane(queue(desk), "suspected")


def test_an_edit_moves_the_item_to_the_watched_ones(desk: Desk, root: Path) -> None:
    item = desk.suspect()
    repository.rewrite(root, REFUND, "Refunds take five days. " * 40)
    built = builds.build(desk.service.settings, desk.clock(), lambda _what, _share: None)

    page = queue(desk)

    assert ItemState.WATCHING is desk.find(item).state
    assert "How do I get a refund" not in lane(page, "suspected")
    watched = lane(page, "watching")
    assert "How do I get a refund after delivery?" in watched
    revision = built.catalog.by_id[REFUND.article][REFUND.lang].revision
    assert f"Revision {revision}" in watched


def test_a_note_on_a_watched_item_does_not_hide_what_mended_it(desk: Desk, root: Path) -> None:
    item = desk.suspect()
    repository.rewrite(root, REFUND, "Refunds take five days. " * 40)
    builds.build(desk.service.settings, desk.clock(), lambda _what, _share: None)
    desk.signed_in("charlie").post(
        f"/desk/items/{item.id}/note",
        data={"version": desk.find(item).version, "text": "Let us see."},
    )

    watched = lane(queue(desk), "watching")

    assert re.search(r"Revision [0-9a-f]{12} .*was published\.", watched)
    assert "Let us see" not in watched


def test_the_owner_filter_leaves_the_others_out(desk: Desk) -> None:
    desk.report(REFUND)
    desk.report(PARCEL)

    page = lane(queue(desk, "?owner=delivery"), "reported")

    assert "My parcel is late" in page
    assert "refund" not in page


def test_the_language_filter_leaves_the_others_out(desk: Desk) -> None:
    desk.report(REFUND)
    desk.report(REFUND_DE)

    page = lane(queue(desk, "?lang=de&owner=billing"), "reported")

    assert "Wie bekomme ich" in page
    assert "How do I get" not in page


def test_a_filter_that_fits_nothing_leaves_empty_lanes(desk: Desk) -> None:
    desk.report(REFUND)

    page = queue(desk, "?owner=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&lang=xx")

    assert phrases.LANES[Lane.REPORTED][2] in page
    assert "<script>alert" not in page


def test_an_internal_article_has_no_public_page_to_lead_to(desk: Desk) -> None:
    desk.report(ANGRY)

    page = lane(queue(desk), "reported")

    assert "internal, no public page" in page
    assert "Public page" not in page
    assert "en/handbook/angry-customer.md" in page


def test_an_article_without_an_owner_belongs_to_nobody(desk: Desk) -> None:
    desk.report(GIFT_CARD)

    assert "<dt>Owner</dt><dd>nobody</dd>" in lane(queue(desk), "reported")


def test_without_a_site_the_queue_goes_by_ids(desk: Desk, root: Path) -> None:
    item = desk.report(REFUND)
    shutil.rmtree(root / "var" / "builds")

    with closing(Service.open(desk.service.settings, desk.clock)) as service:
        charlie = Desk(applications.around(service), service, desk.clock).signed_in("charlie")
        page = lane(charlie.get("/desk/queue").text, "reported")

    assert f'<a href="/desk/items/{item.id}" lang="en">refund</a>' in page


def test_what_is_watched_tells_the_proof_so_far(desk: Desk) -> None:
    desk.suspect()
    desk.mend()

    page = desk.signed_in("charlie").get("/desk/queue").text

    watched = page[page.index('id="watching"') :]
    assert "Before 0 of 6 helpful (1\N{EN DASH}35 %), since the edit nobody voted" in watched
    assert "not known yet, at least 5 more votes are needed." in watched


def crowd(desk: Desk, count: int) -> None:
    """So many more articles that agents reported."""
    numbers = range(count)
    rows = [{"article": f"more-{number:02}", "lang": "en"} for number in numbers]
    told = {
        "revision": "0" * 12,
        "text": "",
        "severity": Severity.DEFAULT,
        "owner": "",
        "public": True,
    }
    item = {"lane": Lane.REPORTED, "state": ItemState.OPEN, "version": 1, "opened": desk.clock()}
    with desk.service.database.write() as db:
        db.execute(insert(schema.articles), [row | told | {"published": BUILT} for row in rows])
        db.execute(insert(schema.items), [row | item for row in rows])


def cards(page: str) -> list[str]:
    return re.findall(r'<h3 class="card__title"><a [^>]*>([^<]*)</a>', page)


def test_a_long_lane_shows_its_first_and_leads_to_all_of_it(desk: Desk) -> None:
    crowd(desk, lanes.MANY + 1)

    page = lane(queue(desk), "reported")
    first, second = queue(desk, "?show=reported"), queue(desk, "?show=reported&page=2")

    assert len(cards(page)) == lanes.FEW
    assert f'<span class="count">{lanes.MANY + 1}</span>' in page
    assert 'href="/desk/queue?show=reported">Show all 51' in page
    assert (len(cards(first)), len(cards(second))) == (lanes.MANY, 1)
    assert not set(cards(first)) & set(cards(second))
    assert 'href="/desk/queue?show=reported&amp;page=2" rel="next"' in first
    assert 'href="/desk/queue?show=reported" rel="prev"' in second


def test_a_part_that_there_is_not_is_all_of_them(desk: Desk) -> None:
    desk.report(REFUND)

    assert lane(queue(desk, "?show=everything&page=none"), "stale") == lane(queue(desk), "stale")


def test_one_part_keeps_the_filter(desk: Desk) -> None:
    desk.report(REFUND)
    desk.report(PARCEL)

    page = queue(desk, "?owner=delivery&show=reported")

    assert [title[:17] for title in cards(page)] == ["My parcel is late"]
    assert 'href="/desk/queue?owner=delivery&amp;show=stale"' in page
