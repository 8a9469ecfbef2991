"""One served shop for the journeys that only read it or vote in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys import shop
from tests.journeys.shop import Shop


@pytest.fixture(scope="session")
def served_shop(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    place = shop.copy(root, tmp_path_factory.mktemp("shop"))
    with shop.served(place) as running:
        yield running
