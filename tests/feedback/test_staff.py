import statistics
import time

import pytest
from sqlalchemy import select

from feedback import schema, sessions, staff
from feedback.database import Database
from feedback.errors import AccountError
from feedback.model import Role
from feedback.staff import User
from tests.feedback.builders import NOW

PASSWORD = "correct horse battery"


def add(db: Database, name: str = "charlie", role: Role = Role.EDITOR) -> User:
    with db.write() as connection:
        return staff.add(connection, name, role, PASSWORD, now=NOW)


def authenticate(db: Database, name: str, password: str) -> User | None:
    with db.read() as connection:
        return staff.authenticate(connection, name, password)


def test_a_person_signs_in_with_their_password(db: Database) -> None:
    added = add(db)

    assert User("charlie", Role.EDITOR, NOW) == added
    assert added == authenticate(db, "charlie", PASSWORD)


@pytest.mark.parametrize("password", ["", "wrong horse battery", PASSWORD + " ", PASSWORD.upper()])
def test_a_wrong_password_signs_nobody_in(db: Database, password: str) -> None:
    add(db)

    assert authenticate(db, "charlie", password) is None


@pytest.mark.parametrize("name", ["", "alice", "Charlie", "charlie ", "charlie\0"])
def test_an_unknown_name_signs_nobody_in(db: Database, name: str) -> None:
    add(db)

    assert authenticate(db, name, PASSWORD) is None


def test_the_same_letters_composed_otherwise_are_the_same_password(db: Database) -> None:
    with db.write() as connection:
        staff.add(connection, "charlie", Role.AGENT, "caf\u00e9 au lait", now=NOW)

    assert authenticate(db, "charlie", "cafe\u0301 au lait")


def test_only_an_argon2id_hash_is_kept(db: Database) -> None:
    add(db)

    with db.read() as connection:
        kept = connection.execute(select(schema.users.c.password)).scalar_one()

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_name_is_taken_once(db: Database) -> None:
    add(db)

    with pytest.raises(AccountError, match=r"'charlie' already.*kb user passwd charlie"):
        add(db)


@pytest.mark.parametrize("name", ["", "Charlie", "charlie brown", "-c", "c" * 65, "ch\u00e4rlie"])
def test_a_malformed_name_is_refused(db: Database, name: str) -> None:
    with pytest.raises(AccountError, match="no name for an account: expected 1 to 64"):
        add(db, name)


@pytest.mark.parametrize("password", ["", "short", "x" * 1_001])
def test_a_password_of_the_wrong_length_is_refused(db: Database, password: str) -> None:
    with pytest.raises(AccountError, match="expected 10 to 1,000"), db.write() as connection:
        staff.add(connection, "charlie", Role.AGENT, password, now=NOW)


def test_accounts_are_listed_by_name(db: Database) -> None:
    add(db, "charlie", Role.ADMIN)
    add(db, "bob", Role.AGENT)

    with db.read() as connection:
        listed = staff.listed(connection)

    assert [(u.name, u.role) for u in listed] == [("bob", Role.AGENT), ("charlie", Role.ADMIN)]


def test_a_removed_account_is_signed_out_and_gone(db: Database) -> None:
    add(db)
    with db.write() as connection:
        token = sessions.begin(connection, "charlie", NOW)

    with db.write() as connection:
        staff.remove(connection, "charlie")

    assert authenticate(db, "charlie", PASSWORD) is None
    with db.read() as connection:
        assert sessions.find(connection, token, NOW) is None


def test_a_new_password_replaces_the_old_and_ends_all_sessions(db: Database) -> None:
    add(db)
    with db.write() as connection:
        token = sessions.begin(connection, "charlie", NOW)

    with db.write() as connection:
        staff.change_password(connection, "charlie", "another horse")

    assert authenticate(db, "charlie", PASSWORD) is None
    assert authenticate(db, "charlie", "another horse")
    with db.read() as connection:
        assert sessions.find(connection, token, NOW) is None


def test_nothing_can_be_done_to_an_unknown_account(db: Database) -> None:
    missing = r"no account 'alice'.*kb user list"
    with pytest.raises(AccountError, match=missing), db.write() as connection:
        staff.remove(connection, "alice")
    with pytest.raises(AccountError, match="no account 'alice'"), db.write() as connection:
        staff.change_password(connection, "alice", PASSWORD)


def test_a_generated_password_has_all_its_random_bits() -> None:
    password = staff.generate_password(lambda size: bytes(range(size)))

    assert password == "aaaqea-yeauda-ocajbi-fqydio"
    assert staff.generate_password() != staff.generate_password()


def test_an_unknown_name_takes_as_long_as_a_wrong_password(sqlite_db: Database) -> None:
    add(sqlite_db)
    authenticate(sqlite_db, "warm", "up")

    def median(name: str) -> float:
        times = []
        for _ in range(5):
            started = time.process_time()  # the clock on the wall also counts what else runs here
            authenticate(sqlite_db, name, "wrong password")
            times.append(time.process_time() - started)
        return statistics.median(times)

    known, unknown = median("charlie"), median("alice")

    assert 0.5 < known / unknown < 2
