"""What is remembered of an article is what its rows say now, however it was looked at before."""

from feedback import dossiers, eventlog, evidence, yardsticks
from feedback.database import Database
from feedback.dossiers import Dossier
from feedback.model import Reason
from tests.feedback.builders import KEY, NOW, ballot, cast, flag, publish


def look(db: Database) -> Dossier:
    with db.read() as connection:
        yardstick = yardsticks.current(connection, NOW, false_flags=2.0)
        return dossiers.read(connection, [KEY], yardstick, NOW)[KEY]


def test_what_is_remembered_is_what_the_rule_says(db: Database) -> None:
    publish(db)
    flag(db)

    found, again = look(db), look(db)

    with db.read() as connection:
        log = eventlog.read(connection, [KEY])[KEY]
        yardstick = yardsticks.current(connection, NOW, false_flags=2.0)
    assert again is found
    assert found.assessment == evidence.assess(log.history, yardstick, now=NOW)


def test_a_change_of_mind_is_seen_at_once(db: Database) -> None:
    publish(db)
    cast(db, ballot("alice"))
    cast(db, ballot("ben", helpful=True))
    before = look(db)

    cast(db, ballot("alice", helpful=True))
    cast(db, ballot("ben"))
    cast(db, ballot("ben", reason=Reason.WRONG))

    after = look(db)
    assert after is not before
    assert Reason.WRONG in {tally.reason for tally in after.log.tallies}
