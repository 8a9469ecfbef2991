"""The first account of the desk, made when there is none."""

from datetime import datetime

from feedback import audit, staff
from feedback.audit import Who
from feedback.database import Database
from feedback.model import Role, Way


def first_user(database: Database, name: str, now: datetime) -> str | None:
    """Make the first account, an admin, and return its generated password.

    None, and nothing is made, when there is an account already.
    """
    with database.write() as connection:
        if staff.listed(connection):
            return None
        password = staff.generate_password()
        staff.add(connection, name, Role.ADMIN, password, now=now)
        who, subject = Who("", Way.COMMAND), audit.subject_of(name)
        audit.record(connection, who, "user-add", subject, now=now)
    return password
