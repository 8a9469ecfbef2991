"""No search fails while versions are built, killed half-way and damaged on the disk.

The long proof, on many articles, is `make soak`.
"""

from pathlib import Path

from benchmarks import crowd, soak
from tests.journeys import shop


def test_no_search_fails_through_rebuilds_kills_and_damage(tmp_path: Path) -> None:
    place = tmp_path / "help"
    assert shop.kb(tmp_path, "init", str(place)).returncode == 0
    assert shop.kb(place, "build").returncode == 0
    said: list[str] = []

    seen = soak.run(place, crowd.titles(place), soak.Plan(rebuilds=6, killed=3), said.append)

    assert seen.failed == []
    assert len(seen.builds) == 6
    assert said[-1] == "6 rebuilds, 3 builders killed."
