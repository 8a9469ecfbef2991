"""A small help centre that was really built, served by the real application with a set clock."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from answerloop import builds
from answerloop import settings as configuration
from answerloop.web.service import Service
from feedback import staff
from feedback.model import Role
from tests import applications
from tests.answerloop.builders import WORDS_ONLY
from tests.desk import repository
from tests.desk.desk import PASSWORD, Clock, Desk


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository after one build, 200 days ago; copied for each test."""
    root = tmp_path_factory.mktemp("built")
    repository.write(root)
    builds.build(configuration.load(root, WORDS_ONLY), repository.BUILT, lambda _what, _share: None)
    settings = configuration.load(root, WORDS_ONLY)
    with closing(Service.open(settings)) as service, service.database.write() as db:
        for name, role in (("bob", Role.AGENT), ("charlie", Role.EDITOR), ("dora", Role.EDITOR)):
            staff.add(db, name, role, PASSWORD, now=repository.BUILT)
        staff.add(db, "root", Role.ADMIN, PASSWORD, now=repository.BUILT)
    return root


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """A repository of the test's own: the built files are shared, the database is not."""

    def copy(source: str, target: str) -> None:
        if Path(source).name.startswith("kb.db"):
            shutil.copyfile(source, target)
        else:
            os.link(source, target)

    return shutil.copytree(built, tmp_path / "kb", symlinks=True, copy_function=copy)


@pytest.fixture
def clock() -> Clock:
    return Clock(repository.NOW)


@pytest.fixture
def service(root: Path, clock: Clock) -> Iterator[Service]:
    with closing(Service.open(configuration.load(root, WORDS_ONLY), clock)) as service:
        yield service


@pytest.fixture
def desk(service: Service, clock: Clock) -> Desk:
    return Desk(applications.around(service), service, clock)


@pytest.fixture
def mallory(desk: Desk) -> FlaskClient:
    """Somebody who is not signed in."""
    return desk.browser()


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """Where the desk is served over HTTP."""
    server = make_server("127.0.0.1", 0, desk.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
