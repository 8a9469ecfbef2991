"""The list of articles and the page of one: what is known of it, and its text."""

import re
import shutil
from dataclasses import replace
from xml.etree import ElementTree as ET

from answerloop.desk import articles, timeline
from answerloop.desk.editions import Edition
from feedback import links, searches
from feedback.history import Tally
from feedback.mending import Edit
from feedback.model import ArticleKey, Reason, Revision
from feedback.searches import Click, Settled, Teller
from feedback.visitors import Visitor
from tests.desk.desk import DAY, Desk, act
from tests.desk.repository import ANGRY, NOW, REFUND, REFUND_DE


def page(desk: Desk, key: ArticleKey = REFUND, person: str = "bob") -> str:
    answer = desk.signed_in(person).get(f"/desk/articles/{key.lang}/{key.article}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def lead(desk: Desk, query: str, reader: str, key: ArticleKey = REFUND) -> None:
    """Let a reader search and open the article."""
    at = desk.clock() - DAY
    token = f"{abs(hash((query, reader))):032x}"[:32]
    teller = Teller(Visitor(reader, None, f"network of {reader}", None), trusted=True)
    with desk.service.database.write() as db:
        searches.settle(db, teller, Settled(token, searches.prepare(query), key.lang, hits=3), at)
        searches.click(db, teller, Click(token, key.article, 1), at)


def test_every_article_is_listed_and_internal_ones_are_marked(desk: Desk) -> None:
    listed = desk.signed_in("bob").get("/desk/articles").text

    assert listed.count('class="row__title"') == 5
    assert 'href="/desk/articles/en/angry-customer"' in listed
    assert listed.count('<span class="tag">internal</span>') == 1


def test_articles_are_found_by_words_language_and_owner(desk: Desk) -> None:
    bob = desk.signed_in("bob")

    found = {
        query: re.findall(r'row__title" href="([^"]+)"', bob.get(f"/desk/articles?{query}").text)
        for query in ("q=GIFT+card", "lang=de", "owner=billing", "q=zebra")
    }

    assert found == {
        "q=GIFT+card": ["/desk/articles/en/gift-card"],
        "lang=de": ["/desk/articles/de/refund"],
        "owner=billing": ["/desk/articles/en/refund", "/desk/articles/de/refund"],
        "q=zebra": [],
    }


def test_an_id_alone_leads_to_the_language_of_whoever_works_here(desk: Desk) -> None:
    bob = desk.signed_in("bob")

    german = bob.get("/desk/articles/refund", headers={"Accept-Language": "de"})
    swedish = bob.get("/desk/articles/refund", headers={"Accept-Language": "sv"})

    assert (german.status_code, german.location) == (303, "/desk/articles/de/refund")
    assert (swedish.status_code, swedish.location) == (303, "/desk/articles/en/refund")
    assert bob.get("/desk/articles/none").status_code == 404


def test_an_internal_article_is_read_here(desk: Desk) -> None:
    shown = page(desk, ANGRY)

    assert "Listen first, name the <em>feeling</em>" in shown
    assert '<span class="tag">internal</span>' in shown
    assert "/a/angry-customer" not in shown


def test_a_share_needs_ten_votes_and_has_its_interval(desk: Desk) -> None:
    desk.vote("first", helpful=True, days_ago=1)
    few = page(desk)
    for number in range(9):
        desk.vote(f"reader {number}", helpful=True, days_ago=1)

    many = page(desk)

    assert "1 of 1 said yes about the text of now" in few
    assert "<strong>100" not in few
    assert "<strong>100 %</strong> (76\N{EN DASH}100 %)" in many


def test_searches_that_led_here_are_shown_when_three_readers_agree(desk: Desk) -> None:
    for reader in ("alice", "adam", "ann"):
        lead(desk, "money back", reader)
    lead(desk, "where is walter svensson's refund", "walter")

    shown = page(desk)

    assert "money back" in shown
    assert "3 readers" in shown
    assert "svensson" not in shown
    assert "4 in 90 days" in shown


def test_uses_of_the_permalink_are_counted(desk: Desk) -> None:
    with desk.service.database.write() as db:
        links.count(db, REFUND, "reply", desk.clock() - 100 * DAY)
        links.count(db, REFUND, "reply", desk.clock())

    assert "1 in 28 days, 2 ever" in page(desk)


def test_reviews_items_and_flags_are_told(desk: Desk) -> None:
    item = desk.report(words="The form is gone", ticket="SUP-4711")
    act(desk.signed_in("charlie"), item, "correct", "Tried with order 4711.")

    shown = page(desk)

    assert "Tried with order 4711." in shown
    assert "The form is gone" in shown
    assert "ticket SUP-4711" in shown
    assert f'href="/desk/items/{item.id}"' in shown
    assert "Reviewed, correct as it is" in shown


def test_other_languages_are_a_step_away(desk: Desk) -> None:
    assert 'href="/desk/articles/de/refund"' in page(desk, REFUND)
    assert 'href="/desk/articles/en/refund"' in page(desk, REFUND_DE)


def test_a_translation_that_is_behind_says_so(desk: Desk) -> None:
    version = desk.service.live.version()
    german = version.catalog.by_id[REFUND.article]["de"]
    behind = replace(german, source=("en", "0123456789ab"))
    even = replace(german, source=("en", desk.revision()))
    entries = version.catalog.by_id[REFUND.article]

    with desk.app.test_request_context():
        said = [articles.debt(each, entries) for each in (german, behind, even)]

    expected = (
        f"Behind: made from revision 0123456789ab in English, which is now {desk.revision()}."
    )
    assert said == ["", expected, ""]


def test_the_votes_are_drawn_with_every_edit_marked(desk: Desk) -> None:
    old = Edition(
        1, Revision("aaaa"), Edit(Revision("aaaa")), NOW - 60 * DAY, 1, 4, is_current=False
    )
    new = Edition(
        2, Revision("bbbb"), Edit(Revision("bbbb")), NOW - 20 * DAY, 6, 0, is_current=True
    )
    tallies = [
        Tally((NOW - 50 * DAY).date(), old.revision, helpful=False, reason=Reason.WRONG, count=4),
        Tally((NOW - 50 * DAY).date(), old.revision, helpful=True, reason=None, count=1),
        Tally((NOW - 3 * DAY).date(), new.revision, helpful=True, reason=None, count=6),
    ]

    drawn = ET.fromstring(str(timeline.draw([new, old], tallies, NOW)))  # noqa: S314  our own

    classes = [part.attrib.get("class", "") for part in drawn]
    assert drawn.attrib["aria-label"].startswith("Votes from 5 March 2026 to 4 May 2026: 7 yes")
    assert (classes.count("chart__yes"), classes.count("chart__no")) == (2, 1)
    assert classes.count("chart__edit") == 2
    assert not [part for part in drawn.iter() if "style" in part.attrib]


def test_without_a_vote_nothing_is_drawn() -> None:
    assert str(timeline.draw([], [], NOW)) == ""


def test_the_list_and_the_search_lead_to_one_another(desk: Desk) -> None:
    bob = desk.signed_in("bob")

    assert 'href="/desk/">' in bob.get("/desk/articles").text
    assert 'href="/desk/find/en/refund"' in page(desk)
    assert 'href="/desk/articles/en/refund"' in bob.get("/desk/find/en/refund").text


def test_of_an_article_that_is_not_on_the_site_the_words_are_left(desk: Desk) -> None:
    shutil.rmtree(desk.service.settings.builds_dir)

    assert "Listen first, name the *feeling*" in page(desk, ANGRY)
