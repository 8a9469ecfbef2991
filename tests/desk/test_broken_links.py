"""Where an editor meets a link that leads nowhere."""

from feedback import broken_links
from feedback.broken_links import Found
from feedback.model import ArticleKey
from tests.desk.desk import Desk, page_of
from tests.desk.repository import GIFT_CARD, PARCEL, REFUND

GONE = "https://gone.example/x"


def break_link(desk: Desk, key: ArticleKey = REFUND) -> None:
    found = Found(key, desk.revision(key), 7, GONE, "the server says 404.")
    with desk.service.database.write() as db:
        broken_links.keep(db, [found], desk.clock())


def shown(desk: Desk, path: str) -> str:
    answer = desk.signed_in("charlie").get(path)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_queue_names_the_article_and_why(desk: Desk) -> None:
    break_link(desk, GIFT_CARD)

    page = shown(desk, "/desk/queue?show=stale")

    assert "Can I pay with two gift cards?" in page
    assert "A link to another site leads nowhere." in page
    assert "<dt>Found broken</dt>" in page


def test_its_page_names_the_link_the_line_and_what_was_answered(desk: Desk) -> None:
    break_link(desk, GIFT_CARD)

    page = shown(desk, "/desk/reviews/en/gift-card")

    assert "<li>A link to another site leads nowhere.</li>" in page
    assert f'line 7: <code class="path">{GONE}</code>: the server says 404.' in page
    assert "Nothing but its age" not in page


def test_the_page_of_the_article_and_its_item_name_it_no_other(desk: Desk) -> None:
    break_link(desk)

    item = page_of(desk, desk.report())

    assert GONE in item
    assert "<li>A link to another site leads nowhere.</li>" in item
    assert GONE in shown(desk, "/desk/articles/en/refund")
    assert GONE not in page_of(desk, desk.report(PARCEL))


def test_correct_as_it_is_takes_it_from_the_queue(desk: Desk) -> None:
    break_link(desk, GIFT_CARD)
    desk.clock.now = desk.clock.now.replace(hour=10)

    answer = desk.signed_in("charlie").post(
        "/desk/reviews/en/gift-card",
        data={"revision": desk.revision(GIFT_CARD), "text": "An example of a dead address."},
    )

    assert answer.status_code == 303
    assert "leads nowhere" not in shown(desk, "/desk/queue?show=stale")


def test_an_edit_of_the_article_takes_it_from_every_page(desk: Desk) -> None:
    break_link(desk)
    item = desk.report()

    desk.mend()

    assert GONE not in page_of(desk, item)
    assert GONE not in shown(desk, "/desk/articles/en/refund")
