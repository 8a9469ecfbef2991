"""The shop that journeys copy, built once, and a served one for those that only read or vote."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from answerloop import builds, settings
from tests import once
from tests.answerloop.builders import WORDS_ONLY
from tests.journeys import shop
from tests.journeys.shop import Shop


@pytest.fixture(scope="session")
def built_shop(root: Path, shared: Path) -> Path:
    """The shipped articles and settings after a build; to be copied, never changed."""

    def build(place: Path) -> None:
        known = settings.load(shop.copy(root, place), WORDS_ONLY)
        builds.build(known, datetime.now(UTC), lambda _what, _share: None)

    return once.made(shared / "shop", build)


@pytest.fixture(scope="session")
def served_shop(built_shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    place = shop.copy_built(built_shop, tmp_path_factory.mktemp("shop"))
    with shop.served(place) as running:
        yield running
