"""What lets staff in, on both databases: API tokens, identities at a provider, half sign-ins."""

from datetime import timedelta

import pytest

from feedback import audit, handshakes, identities, staff, tokens
from feedback.audit import Filter, Who
from feedback.database import Database
from feedback.errors import AccountError
from feedback.identities import Identity
from feedback.model import Role, Scope, Way
from feedback.tokens import Token, Wanted
from tests.feedback.builders import NOW

DAY = timedelta(days=1)
SIDEBAR = Wanted("sidebar", "charlie", Role.AGENT, Scope.READ, 90 * DAY)
EVE = Identity("https://id.example.com", "4711", "eve", Role.AGENT)


@pytest.fixture(autouse=True)
def charlie(db: Database) -> None:
    with db.write() as connection:
        staff.add(connection, "charlie", Role.EDITOR, "correct horse battery", now=NOW)


def find(db: Database, secret: str) -> Token | None:
    with db.read() as connection:
        return tokens.find(connection, secret)


def test_a_token_is_found_by_its_secret_until_it_is_revoked(db: Database) -> None:
    secret = db.apply(lambda connection: tokens.create(connection, SIDEBAR, NOW))

    found = find(db, secret)
    db.apply(lambda connection: tokens.revoke(connection, "sidebar", NOW + DAY))
    ended = find(db, secret)

    assert found is not None
    assert ended is not None
    assert (found.user, found.role, found.scope) == ("charlie", Role.AGENT, Scope.READ)
    assert (found.is_live(NOW), found.is_live(NOW + 90 * DAY)) == (True, False)
    assert not ended.is_live(NOW)
    assert find(db, secret[:-1]) is None


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (Wanted("Side bar", "charlie", Role.AGENT, Scope.READ, DAY), "no name for a token"),
        (Wanted("other", "mallory", Role.AGENT, Scope.READ, DAY), "no account 'mallory'"),
        (Wanted("other", "charlie", Role.ADMIN, Scope.READ, DAY), "editor at most"),
        (Wanted("other", "charlie", Role.AGENT, Scope.READ, 0 * DAY), "1 to 366 days"),
        (Wanted("other", "charlie", Role.AGENT, Scope.READ, 367 * DAY), "1 to 366 days"),
        (SIDEBAR, "a token 'sidebar' already"),
    ],
    ids=str,
)
def test_a_token_that_must_not_be_is_not_made(db: Database, wanted: Wanted, says: str) -> None:
    db.apply(lambda connection: tokens.create(connection, SIDEBAR, NOW))

    with pytest.raises(AccountError, match=says), db.write() as connection:
        tokens.create(connection, wanted, NOW)


def test_a_name_is_free_again_once_its_token_is_revoked(db: Database) -> None:
    for _ in range(3):
        db.apply(lambda connection: tokens.create(connection, SIDEBAR, NOW))
        db.apply(lambda connection: tokens.revoke(connection, "sidebar", NOW))

    with db.read() as connection:
        assert len(tokens.listed(connection)) == 3
    with pytest.raises(AccountError, match="no token 'sidebar'"), db.write() as connection:
        tokens.revoke(connection, "sidebar", NOW)


def test_use_of_a_token_is_noted_and_never_backwards(db: Database) -> None:
    secret = db.apply(lambda connection: tokens.create(connection, SIDEBAR, NOW))
    made = find(db, secret)
    assert made is not None

    db.apply(lambda connection: tokens.touch(connection, made.id, NOW + DAY))
    db.apply(lambda connection: tokens.touch(connection, made.id, NOW))

    used = find(db, secret)
    assert used is not None
    assert used.used == NOW + DAY
    assert (made.is_due(NOW), used.is_due(NOW + DAY), used.is_due(NOW + 2 * DAY)) == (
        True, False, True,
    )  # fmt: skip


def test_tokens_that_ended_long_ago_are_forgotten(db: Database) -> None:
    db.apply(lambda connection: tokens.create(connection, SIDEBAR, NOW))

    kept = db.apply(lambda connection: tokens.forget_before(connection, NOW + 89 * DAY))
    gone = db.apply(lambda connection: tokens.forget_before(connection, NOW + 91 * DAY))

    assert (kept, gone) == (0, 1)


def test_a_person_of_a_provider_has_one_account_whose_role_follows(db: Database) -> None:
    first = db.apply(lambda connection: identities.admit(connection, EVE, NOW))
    promoted = Identity(EVE.issuer, EVE.subject, "somebody else", Role.ADMIN)
    second = db.apply(lambda connection: identities.admit(connection, promoted, NOW))
    elsewhere = Identity("https://other.example.com", EVE.subject, "eve", Role.AGENT)
    third = db.apply(lambda connection: identities.admit(connection, elsewhere, NOW))

    with db.read() as connection:
        role = staff.find(connection, "eve").role
    assert (first, second, third, role) == ("eve", "eve", "eve-2", Role.ADMIN)


def test_an_account_of_a_provider_has_no_password(db: Database) -> None:
    db.apply(lambda connection: identities.admit(connection, EVE, NOW))

    with db.read() as connection:
        assert staff.authenticate(connection, "eve", "") is None


def test_an_account_that_is_switched_off_is_not_admitted(db: Database) -> None:
    db.apply(lambda connection: identities.admit(connection, EVE, NOW))
    db.apply(lambda connection: staff.deactivate(connection, "eve", now=NOW))

    with pytest.raises(AccountError, match="switched off"), db.write() as connection:
        identities.admit(connection, EVE, NOW)


def test_a_password_opens_no_account_that_is_switched_off(db: Database) -> None:
    db.apply(lambda connection: staff.deactivate(connection, "charlie", now=NOW))
    with db.read() as connection:
        off = staff.authenticate(connection, "charlie", "correct horse battery")

    db.apply(lambda connection: staff.activate(connection, "charlie"))
    with db.read() as connection:
        on = staff.authenticate(connection, "charlie", "correct horse battery")

    assert off is None
    assert on is not None


def test_a_sign_in_under_way_is_taken_up_once_and_in_time(db: Database) -> None:
    made = db.apply(lambda connection: handshakes.begin(connection, "/desk/gaps", NOW))
    late = db.apply(lambda connection: handshakes.begin(connection, "/desk/", NOW))

    taken = db.apply(lambda connection: handshakes.take(connection, made.state, NOW))
    again = db.apply(lambda connection: handshakes.take(connection, made.state, NOW))
    too_late = db.apply(
        lambda connection: handshakes.take(connection, late.state, NOW + handshakes.LONGEST)
    )

    assert made == taken
    assert (again, too_late) == (None, None)


def test_sign_ins_that_were_left_are_swept(db: Database) -> None:
    db.apply(lambda connection: handshakes.begin(connection, "/desk/", NOW))

    swept = db.apply(lambda connection: handshakes.sweep(connection, NOW + handshakes.LONGEST))

    assert swept == 1


def test_the_log_is_read_by_person_and_day_and_forgotten_in_portions(db: Database) -> None:
    bob, dora = Who("bob", Way.TOKEN, "sidebar"), Who("dora", Way.SESSION)
    with db.write() as connection:
        for number in range(1_100):
            audit.record(connection, bob, "note", f"item {number}", now=NOW - DAY)
        audit.record(connection, dora, "take", "item 1", now=NOW)

    with db.read() as connection:
        today = audit.listed(connection, Filter(day=NOW.date()))
        of_bob = audit.listed(connection, Filter(person="bob"), most=2)
        people = audit.people(connection)
    portions = [db.apply(lambda each: audit.forget_before(each, NOW)) for _ in range(3)]

    assert [(one.who, one.act, one.subject) for one in today] == [("dora", "take", "item 1")]
    assert [one.subject for one in of_bob] == ["item 1099", "item 1098"]
    assert people == ["bob", "dora"]
    assert portions == [1_000, 100, 0]


def test_an_erased_name_is_gone_from_both_sides_of_the_log(db: Database) -> None:
    with db.write() as connection:
        audit.record(connection, Who("bob", Way.SESSION), "note", "item 1", now=NOW)
        audit.record(
            connection, Who("root", Way.COMMAND), "user-add", audit.subject_of("bob"), now=NOW
        )

    erased = db.apply(lambda connection: audit.erase(connection, "bob"))

    with db.read() as connection:
        lines = audit.listed(connection, Filter())
    assert erased == 2
    assert [(one.who, one.subject) for one in lines] == [
        ("root", "account (erased)"), ("(erased)", "item 1"),
    ]  # fmt: skip
