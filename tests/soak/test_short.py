"""The soak tests, for as long as a run of all tests can wait; `make soak` runs them at length."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgresql as private_postgresql
from tests.soak import errors, kills, power, together

SOME_WRITES = (1, 2, 3, 5, 8, 13, 34, 89)


@pytest.fixture(scope="module")
def server(postgresql: Path) -> Iterator[private_postgresql.Server]:
    with private_postgresql.serve(postgresql) as server:
        yield server


def test_a_power_cut_loses_no_acknowledged_vote(tmp_path: Path) -> None:
    shipped = power.run(tmp_path / "shipped", 15)
    busy = power.run(tmp_path / "busy", 15, pragmas=("wal_autocheckpoint = 8",), seed=2)

    assert (shipped.cuts, shipped.lost, shipped.corrupt) == (15, 0, 0)
    assert (busy.cuts, busy.lost, busy.corrupt) == (15, 0, 0)


def test_without_a_sync_at_each_commit_a_power_cut_does_lose_votes(tmp_path: Path) -> None:
    control = power.run(tmp_path / "control", 15, pragmas=("synchronous = NORMAL",))

    assert control.lost > 0


def test_a_failing_write_is_never_a_success_without_a_row(tmp_path: Path) -> None:
    tally = errors.run(tmp_path / "errors", SOME_WRITES)

    assert tally.refused > 0
    assert (tally.lost, tally.corrupt, tally.stuck) == (0, 0, 0)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_a_service_that_is_killed_loses_no_acknowledged_vote(
    tmp_path: Path, backend: str, request: pytest.FixtureRequest
) -> None:
    url = ""
    if backend == "postgresql":
        server: private_postgresql.Server = request.getfixturevalue("server")
        url = server.new_database()

    tally = kills.run(tmp_path / "help", url, kills=2)

    assert tally.acknowledged >= 20
    assert (tally.lost, tally.is_whole) == (0, True)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_sixteen_votes_of_one_visitor_at_once_are_one_row(
    tmp_path: Path, backend: str, request: pytest.FixtureRequest
) -> None:
    url = ""
    if backend == "postgresql":
        server: private_postgresql.Server = request.getfixturevalue("server")
        url = server.new_database()

    tally = together.run(tmp_path / "help", 3, url)

    assert tally == together.Tally(rounds=3, successes=48, rows=3, is_whole=True)
