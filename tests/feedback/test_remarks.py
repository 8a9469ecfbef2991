"""Remarks as they are read: page by page, the newest first, and how many there are."""

from feedback import remarks
from feedback.database import Database
from feedback.model import ArticleId, ArticleKey, RemarkState
from feedback.remarks import ON_A_PAGE, Heard, Page
from tests.feedback.builders import DAY, KEY, NOW, article, ballot, cast, publish


def write(db: Database, count: int) -> None:
    """So many remarks, the first one the oldest."""
    publish(db)
    for number in range(count):
        vote = ballot(f"reader {number}", remark=f"Remark {number}.")
        cast(db, vote, NOW - DAY * (count - number) / 24)


def page(db: Database, number: int = 1) -> Page:
    with db.read() as connection:
        return remarks.page(connection, KEY, number)


def test_the_newest_remarks_stand_on_the_first_page(db: Database) -> None:
    write(db, ON_A_PAGE + 2)

    first, second, third = (page(db, number) for number in (1, 2, 3))

    assert [one.text for one in first.found][:2] == ["Remark 21.", "Remark 20."]
    assert [one.text for one in second.found] == ["Remark 1.", "Remark 0."]
    assert third.found == ()
    assert [one.has_older for one in (first, second, third)] == [True, False, False]
    assert (second.first, second.last, second.total) == (21, 22, 22)


def test_a_full_last_page_has_none_after_it(db: Database) -> None:
    write(db, ON_A_PAGE)

    assert not page(db).has_older


def test_remarks_are_counted_with_those_nobody_has_dealt_with(db: Database) -> None:
    write(db, 3)
    quiet = ArticleKey(ArticleId("quiet"), "en")
    publish(db, article(), article(key=quiet), now=NOW)
    newest = page(db).found[0]
    with db.write() as connection:
        remarks.mark(
            connection, newest.id, RemarkState.DONE, read=newest.state, written=newest.written
        )

    with db.read() as connection:
        counted = remarks.counts(connection, [KEY, quiet])

    assert counted == {KEY: Heard(total=3, open=2)}
