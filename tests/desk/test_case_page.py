"""The page of one item: what is known about it."""

import re
import shutil
from pathlib import Path

import pytest

from answerloop import builds
from tests.desk import repository
from tests.desk.desk import DAY, Desk, act, page_of
from tests.desk.repository import ANGRY, GIFT_CARD, REFUND


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
    assert "<strong>bob</strong>, 4 May 2026: wrong; The phone number is gone" in why


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
        r'<td class="number">(\d+)</td> <td class="number">(\d+)</td> <td>[^<]+</td> '
        r"<td>not known</td>",
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


@pytest.mark.parametrize("number", [99, 2**31, 10**30])
def test_an_item_that_is_not_there_is_said_to_be_unknown(desk: Desk, number: int) -> None:
    charlie = desk.signed_in("charlie")

    seen = charlie.get(f"/desk/items/{number}")
    taken = charlie.post(f"/desk/items/{number}/take", data={"version": "1"})

    assert 404 == seen.status_code == taken.status_code
    assert "There is no such item in the queue." in seen.text


def test_an_article_that_is_gone_goes_by_its_id(desk: Desk, root: Path) -> None:
    item = desk.report(ANGRY)
    shutil.rmtree(root / "kb" / "en" / "handbook")
    builds.build(desk.service.settings, desk.clock(), lambda _what, _share: None)

    page = page_of(desk, item)

    assert '<h1 lang="en">angry-customer</h1>' in page
    assert "no longer on the site" in page


def test_clarity_is_not_said_to_be_sure(desk: Desk) -> None:
    item = desk.find_unclear(GIFT_CARD)

    assert "How sure" not in page_of(desk, item)


def test_days_are_counted_as_people_do(desk: Desk) -> None:
    item = desk.report()
    desk.clock.now += 12 * DAY

    assert "4 May 2026</time> (12 days ago)" in page_of(desk, item)


def test_an_open_item_shows_its_number_for_commits(desk: Desk) -> None:
    item = desk.suspect()

    page = page_of(desk, item)

    assert f"<dt>Item</dt><dd>{item.id}</dd>" in page
    assert f"<code>Kb-Fixes: {item.id}</code>" in page


def test_a_mended_item_shows_the_proof_so_far_and_who_mended_it(desk: Desk) -> None:
    item = desk.suspect()
    desk.mend(commit="c0ffee" * 5, author="Charlie")
    desk.content(days=1)

    page = page_of(desk, item)

    assert '<h2 id="proof">Did it help?</h2>' in page
    assert "Before 0 of 6 helpful (1\N{EN DASH}35 %), since the edit 2 of 2 (37" in page
    assert "not known yet, at least 3 more votes are needed." in page
    assert (
        'Charlie, <a class="commit" href="https://git.example.com/kb/commit/c0ffeec0ffeec0ffeec0ffeec0ffee'
        '#en/returns/refund.md"><span class="unseen">Commit </span><code>c0ffeec0ffee</code></a>'
    ) in page


def test_a_proved_item_shows_its_verdict(desk: Desk) -> None:
    item = desk.suspect()
    desk.mend()
    desk.content(days=3)

    page = page_of(desk, item)

    assert '<span class="tag tag--closed">Closed</span>' in page
    proof = page[page.index("Did it help?") : page.index("What readers wrote")]
    assert "since the edit 6 of 6 (65\N{EN DASH}99 %): helped, 99 % sure." in proof


def test_older_remarks_stand_on_pages_of_their_own(desk: Desk) -> None:
    for number in range(21):
        desk.vote(f"reader {number}", days_ago=22 - number, remark=f"This is remark {number}.")
    item = desk.suspect()
    charlie = desk.signed_in("charlie")

    newest = charlie.get(f"/desk/items/{item.id}").text
    oldest = charlie.get(f"/desk/items/{item.id}?remarks=2").text

    assert "This is remark 20." in newest
    assert "This is remark 0." not in newest
    assert f'href="/desk/items/{item.id}?remarks=2#remarks" rel="next">Older' in newest
    assert "1 to 20 of 21, the newest first" in newest
    assert "This is remark 0." in oldest
    assert f'name="next" value="/desk/items/{item.id}?remarks=2"' in oldest


def test_what_somebody_else_did_is_told_in_the_language_of_the_desk(desk: Desk) -> None:
    item = desk.suspect()
    act(desk.signed_in("dora"), item, "note", "I am on it.")
    charlie = desk.signed_in("charlie")
    charlie.post("/desk/language", data={"lang": "de", "next": "/desk/"})

    stale = act(charlie, item, "note", "Me, too.")
    empty = act(charlie, desk.find(item), "dismiss", " ")

    assert "dora notierte, 4. Mai 2026, 09:00\N{NO-BREAK SPACE}UTC: I am on it." in stale.text
    assert "Zum Verwerfen gehört ein Grund" in empty.text
