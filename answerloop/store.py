"""The database of a content repository, ready to be used."""

from pathlib import Path

from answerloop.errors import ServiceError
from answerloop.settings import Settings
from feedback import database
from feedback.database import Database


def open(settings: Settings) -> Database:  # noqa: A001  read as `store.open`, like `tarfile.open`
    """Open the database, made where there is none yet and brought up to date; close it at the end.

    Raises ServiceError or feedback.errors.DatabaseError when it cannot be used.
    """
    try:
        settings.state_dir.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise ServiceError(
            f"{settings.state_dir}: cannot be made: {problem.strerror}. "
            "Give the user who runs `kb` the right to write there."
        ) from None
    opened = database.open(settings.database_url, on_network=settings.server.network_disk)
    try:
        opened.upgrade()
    except BaseException:
        opened.close()
        raise
    return opened


def is_begun(settings: Settings) -> bool:
    """Whether there may be anything to read: the first build makes the database as it ends.

    Only the usual place is looked at; of any other the database itself has to say.
    """
    usual = Path(settings.database_url.removeprefix("sqlite:///"))
    return bool(settings.server.database_url) or usual.exists()
