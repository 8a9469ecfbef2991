import pytest
from sqlalchemy import select

from feedback import items, reports, schema
from feedback.database import Database
from feedback.errors import RemarkTooLong, TicketMalformed, UnknownArticle
from feedback.items import Item
from feedback.model import ItemState, Lane, Reason
from feedback.reports import Report
from tests.feedback.builders import (
    DAY,
    KEY,
    NOW,
    OTHER_TEXT,
    SECOND,
    article,
    publish,
    reassess,
)


def report(db: Database, said: Report) -> Item:
    with db.write() as connection:
        return reports.report(connection, said, NOW)


def test_a_report_always_opens_an_item(db: Database) -> None:
    publish(db)

    item = report(db, Report(KEY, "bob", Reason.DISAGREE))

    assert (item.lane, item.state) == (Lane.REPORTED, ItemState.OPEN)


def test_an_internal_article_can_be_reported(db: Database) -> None:
    publish(db, article(public=False))

    assert report(db, Report(KEY, "bob", Reason.WRONG)).state is ItemState.OPEN


def test_a_second_report_joins_the_open_item(db: Database) -> None:
    publish(db)
    first = report(db, Report(KEY, "bob", Reason.WRONG))

    second = report(db, Report(KEY, "kim", Reason.OUTDATED, ticket="4711"))

    assert first.id == second.id
    with db.read() as connection:
        taken = items.steps(connection, [first.id])[first.id]
    assert [(one.act.actor, one.act.words) for one in taken] == [
        ("bob", "wrong"),
        ("kim", "outdated; ticket 4711"),
    ]


def test_a_report_after_the_edit_opens_the_watched_item_again(db: Database) -> None:
    publish(db)
    first = report(db, Report(KEY, "bob", Reason.WRONG))
    publish(db, article(SECOND, text=OTHER_TEXT), now=NOW)

    second = report(db, Report(KEY, "bob", Reason.WRONG))

    assert first.id == second.id
    assert ItemState.OPEN is second.state


def test_a_report_is_evidence(db: Database) -> None:
    publish(db)
    report(db, Report(KEY, "bob", Reason.WRONG))

    assert reassess(db).assessment.evidence == 3


def test_a_reported_article_is_flagged_without_a_second_item(db: Database) -> None:
    publish(db)
    report(db, Report(KEY, "bob", Reason.WRONG))

    assert reassess(db).raised
    with db.read() as connection:
        assert [item.lane for item in items.live(connection)] == [Lane.REPORTED]


def test_an_article_that_was_never_built_or_is_gone_cannot_be_reported(db: Database) -> None:
    with pytest.raises(UnknownArticle):
        report(db, Report(KEY, "bob", Reason.WRONG))
    publish(db)
    publish(db, article(key=type(KEY)(KEY.article, "de")), now=NOW - DAY)

    with pytest.raises(UnknownArticle):
        report(db, Report(KEY, "bob", Reason.WRONG))


@pytest.mark.parametrize("ticket", ["4711", "SUP-4711", "#1_a", "x" * 40])
def test_a_ticket_reference_is_kept(db: Database, ticket: str) -> None:
    publish(db)

    report(db, Report(KEY, "bob", Reason.WRONG, ticket=ticket))

    with db.read() as connection:
        assert ticket == connection.execute(select(schema.reports.c.ticket)).scalar_one()


@pytest.mark.parametrize("ticket", ["x" * 41, "a b", "<b>", "a@example.org", "4711\n"])
def test_what_is_no_ticket_reference_is_refused(db: Database, ticket: str) -> None:
    publish(db)

    with pytest.raises(TicketMalformed, match="such as 4711 or SUP-4711"):
        report(db, Report(KEY, "bob", Reason.WRONG, ticket=ticket))


@pytest.mark.parametrize("number", ["4111111111111111", "DE89370400440532013000"])
def test_the_number_of_a_card_or_an_account_is_no_ticket(db: Database, number: str) -> None:
    publish(db)

    with pytest.raises(TicketMalformed, match="no number of a card"):
        report(db, Report(KEY, "bob", Reason.WRONG, ticket=number))


@pytest.mark.parametrize("ticket", ["2026112210000047", "0701234567", "SUP-4711", "#12"])
def test_long_numbers_of_helpdesks_are_tickets(db: Database, ticket: str) -> None:
    publish(db)

    assert report(db, Report(KEY, "bob", Reason.WRONG, ticket=ticket)).lane is Lane.REPORTED


def test_the_words_of_a_report_are_masked_and_limited(db: Database) -> None:
    publish(db)
    report(db, Report(KEY, "bob", Reason.WRONG, words="Customer a@example.org says so."))

    with db.read() as connection:
        assert "example.org" not in connection.execute(select(schema.reports.c.words)).scalar_one()
    with pytest.raises(RemarkTooLong):
        report(db, Report(KEY, "bob", Reason.WRONG, words="x" * 1_001))
