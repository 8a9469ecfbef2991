"""An index that this installation and release did not write is built again, and never read."""

import secrets
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from answerloop import installation, settings
from answerloop.settings import Settings
from search import manifest
from search.errors import NoIndex
from search.reader import Reader
from tests.answerloop.builders import WORDS_ONLY, built, repository


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A repository that was built once; not to be changed."""
    known = repository(tmp_path_factory.mktemp("original"), {"a.md": "# Money back\n\nText.\n"})
    built(known)
    return known


@pytest.fixture
def known(original: Settings, tmp_path: Path) -> Settings:
    """The same repository, to be changed."""
    shutil.copytree(original.root, tmp_path / "help", symlinks=True)
    return settings.load(tmp_path / "help", WORDS_ONLY)


def found(known: Settings) -> list[str]:
    with Reader(known.builds_dir, key=installation.secret(known)) as reader:
        return [hit.id for hit in reader.search("money").hits]


def _another_release(known: Settings) -> None:
    _sign_as(known, "format 1, whoosh 2.7.5")


def _another_engine(known: Settings) -> None:
    _sign_as(known, "format 2, whoosh 2.7.4")


def _sign_as(known: Settings, writer: str) -> None:
    """As that release would have: with the key of this installation."""
    key = installation.secret(known)
    for version in known.builds_dir.glob("v-*"):
        listed = manifest.read(version / "index", key=key)
        manifest.write(replace(listed, written_by=writer), version / "index", key=key)


def _another_installation(known: Settings) -> None:
    (known.state_dir / "secret").write_bytes(secrets.token_bytes(32))


@pytest.mark.parametrize("of", [_another_release, _another_engine, _another_installation])
def test_a_foreign_index_is_refused_and_built_again(
    known: Settings, of: Callable[[Settings], None]
) -> None:
    of(known)

    with pytest.raises(NoIndex):
        found(known)
    assert installation.is_stale(known)

    built(known)
    assert found(known) == ["a"]
    assert not installation.is_stale(known)
