"""What the system wrote down is read in the language of whoever works at the desk."""

from feedback import broken_links
from feedback.broken_links import Found
from tests.desk.desk import Desk, act
from tests.desk.repository import GIFT_CARD, REFUND


def read(desk: Desk, path: str, lang: str = "de") -> str:
    browser = desk.signed_in("charlie")
    answer = browser.get(path, headers={"Accept-Language": lang})
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_steps_of_an_item(desk: Desk) -> None:
    item = desk.report(words="to nobody", ticket="4711")
    act(desk.signed_in("charlie"), item, "snooze", "2026-05-11")
    desk.mend(author="Ann", commit="9c1b2d3e")

    page = read(desk, f"/desk/items/{item.id}")

    assert "falsch; to nobody; Ticket 4711" in page
    assert "bis 11. Mai 2026" in page
    assert "Fassung feedfacefeed (Commit 9c1b2d3e von Ann) wurde veröffentlicht." in page


def test_the_card_of_what_is_watched(desk: Desk) -> None:
    desk.suspect()
    desk.mend()

    assert "Fassung feedfacefeed wurde veröffentlicht." in read(desk, "/desk/queue")
    assert "Version feedfacefeed publicerades." in read(desk, "/desk/queue", "sv")


def test_what_was_hard_to_understand(desk: Desk) -> None:
    desk.find_unclear(REFUND)

    assert "3 Lesende fanden es schwer verständlich." in read(desk, "/desk/queue")


def test_the_steps_of_a_gap(desk: Desk) -> None:
    desk.miss("pay by invoice")
    (gap,) = desk.gather()

    assert "3 Lesende fragten in 30 Tagen vergeblich danach" in read(desk, f"/desk/gaps/{gap.id}")


def test_what_another_site_answered(desk: Desk) -> None:
    found = Found(
        GIFT_CARD, desk.revision(GIFT_CARD), 7, "https://a.example/", "the server says 404."
    )
    with desk.service.database.write() as db:
        broken_links.keep(db, [found], desk.clock())

    assert "der Server antwortet mit 404." in read(desk, "/desk/articles/en/gift-card")


def test_what_somebody_else_did_in_the_meantime(desk: Desk) -> None:
    item = desk.report()
    browser = desk.signed_in("charlie")
    act(browser, item, "take")

    answer = desk.signed_in("dora").post(
        f"/desk/items/{item.id}/take",
        data={"version": str(item.version), "revision": desk.revision()},
        headers={"Accept-Language": "de"},
    )

    assert "hat zugewiesen" in answer.text
    assert ": an charlie." in answer.text
