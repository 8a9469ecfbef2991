"""A small help centre that writes letters, served by the real application with a set clock."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from answerloop import builds
from answerloop import settings as configuration
from answerloop.web.service import Service
from tests import applications
from tests.answerloop.builders import WORDS_ONLY
from tests.letters import house, post_office
from tests.letters.house import Clock, House
from tests.letters.post_office import PostOffice


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository after one build; copied for each test."""
    root = tmp_path_factory.mktemp("letters")
    house.write(root)
    builds.build(configuration.load(root, WORDS_ONLY), house.BUILT, lambda _what, _share: None)
    return root


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office.opened() as office:
        yield office


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    """A repository of the test's own: the built files are shared, what is written is not."""

    def copy(source: str, target: str) -> None:
        shared = Path(source).parent.name != "var" and "builds" in Path(source).parts
        (os.link if shared else shutil.copyfile)(source, target)

    return shutil.copytree(built, tmp_path / "help", symlinks=True, copy_function=copy)


@pytest.fixture
def letters(root: Path, office: PostOffice) -> Iterator[House]:
    settings = configuration.load(root, WORDS_ONLY | {"KB_MAIL_PORT": str(office.port)})
    clock = Clock(house.NOW)
    with closing(Service.open(settings, clock)) as service:
        yield House(applications.around(service), service, clock, office)


@pytest.fixture
def address(letters: House) -> Iterator[str]:
    """Where it is served over HTTP."""
    server = make_server("127.0.0.1", 0, letters.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
