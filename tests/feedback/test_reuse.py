from datetime import timedelta

import pytest

from feedback import reuse, traces
from feedback.database import Database
from feedback.errors import TicketMalformed, UnknownArticle
from feedback.model import Use
from feedback.reuse import Kept, Reuse
from tests.feedback.builders import DAY, FIRST, KEY, NOW, article, publish


def record(db: Database, said: Reuse) -> None:
    with db.write() as connection:
        reuse.record(connection, said, NOW)


def kept(db: Database) -> list[Kept]:
    with db.read() as connection:
        return reuse.of(connection, KEY)


def test_a_use_is_kept_with_the_revision_and_the_ticket(db: Database) -> None:
    publish(db)
    said = Reuse(KEY, "bob", Use.REPLY, "SUP-4711")

    record(db, said)

    assert [Kept(said, FIRST, NOW)] == kept(db)


def test_an_internal_article_can_solve_a_case(db: Database) -> None:
    publish(db, article(public=False))

    record(db, Reuse(KEY, "bob", Use.SOLVED))

    assert [one.said.use for one in kept(db)] == [Use.SOLVED]


def test_an_unknown_article_cannot_be_used(db: Database) -> None:
    with pytest.raises(UnknownArticle):
        record(db, Reuse(KEY, "bob", Use.LINK))


@pytest.mark.parametrize("ticket", ["two words", "a" * 41, "x@example.com", "4111111111111111"])
def test_what_is_no_ticket_is_refused_and_nothing_is_kept(db: Database, ticket: str) -> None:
    publish(db)

    with pytest.raises(TicketMalformed):
        record(db, Reuse(KEY, "bob", Use.LINK, ticket))

    assert kept(db) == []


def test_names_and_tickets_go_when_they_are_old_or_erased(db: Database) -> None:
    publish(db)
    record(db, Reuse(KEY, "bob", Use.LINK, "SUP-1"))
    record(db, Reuse(KEY, "kim", Use.LINK, "SUP-2"))

    with db.write() as connection:
        erased = traces.erase(connection, "bob")
        forgotten = traces.forget_before(connection, NOW + DAY)

    assert (erased, forgotten) == (1, 2)
    assert [(one.said.agent, one.said.ticket) for one in kept(db)] == [(traces.NOBODY, "")] * 2
    with db.read() as connection:
        assert not any(traces.of(connection, "kim").values())


def test_what_is_young_stays(db: Database) -> None:
    publish(db)
    record(db, Reuse(KEY, "bob", Use.LINK, "SUP-1"))

    with db.write() as connection:
        assert traces.forget_before(connection, NOW - timedelta(days=1)) == 0
        assert traces.of(connection, "bob")["reuses"] != []
