"""The salts: a new one each day, two alive, none that returns, and no failure for any file."""

import json
import logging
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.visitors import Salts, Visitor
from tests.feedback.visits import DAY, NOON, identify


def numbered() -> Callable[[int], bytes]:
    """Randomness that can be told apart: 000…, 111…, 222…"""
    numbers = count()
    return lambda size: bytes([next(numbers)]) * size


def test_only_today_and_yesterday_are_on_the_disk(tmp_path: Path) -> None:
    salts = Salts(tmp_path, randomness=numbered())

    for days in range(5):
        identify(salts, NOON + days * DAY)

    assert json.loads((tmp_path / "salts").read_text("ascii")) == {
        "2026-05-06": "03" * 32,
        "2026-05-07": "04" * 32,
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["salts", "salts.lock"]


def test_a_salt_that_is_over_is_wiped_from_the_file_it_lay_in(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    identify(salts, NOON)
    with (tmp_path / "salts").open("rb") as old_file:
        identify(salts, NOON + DAY)

        left = old_file.read()

    assert left.strip(b"\0") == b""


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    identify(Salts(tmp_path))

    assert (tmp_path / "salts").stat().st_mode & 0o777 == 0o600


def test_a_file_that_a_backup_opened_to_all_is_closed_again(tmp_path: Path) -> None:
    identify(Salts(tmp_path))
    (tmp_path / "salts").chmod(0o644)

    identify(Salts(tmp_path))

    assert (tmp_path / "salts").stat().st_mode & 0o777 == 0o600


def test_a_restart_knows_the_visitors_of_the_day(tmp_path: Path) -> None:
    before = identify(Salts(tmp_path))

    after = identify(Salts(tmp_path))

    assert before == after


@pytest.mark.parametrize("offset", [-12, -2, 2, 14])
def test_the_day_is_the_utc_day_whatever_the_zone_of_the_clock(tmp_path: Path, offset: int) -> None:
    salts = Salts(tmp_path)

    elsewhere = NOON.astimezone(timezone(timedelta(hours=offset)))

    assert identify(salts, NOON) == identify(salts, elsewhere)


def test_the_night_of_summer_time_has_one_salt(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    winter, summer = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))

    before = identify(salts, datetime(2026, 3, 29, 1, 59, tzinfo=winter))
    after = identify(salts, datetime(2026, 3, 29, 3, 0, tzinfo=summer))

    assert before == after


def test_a_leap_day_is_a_day_like_any_other(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    leap_day = identify(salts, datetime(2028, 2, 29, 12, tzinfo=UTC))

    march = identify(salts, datetime(2028, 3, 1, 12, tzinfo=UTC))

    assert leap_day.today == march.yesterday


@pytest.mark.parametrize("hours", [1, 24, 47])
def test_a_clock_set_back_keeps_the_salt_of_the_last_day_seen(tmp_path: Path, hours: int) -> None:
    salts = Salts(tmp_path)
    before = identify(salts, NOON)

    after = identify(salts, NOON - timedelta(hours=hours))

    assert before == after


def test_a_clock_set_back_over_a_restart_keeps_it_too(tmp_path: Path) -> None:
    before = identify(Salts(tmp_path), NOON)

    after = identify(Salts(tmp_path), NOON - DAY)

    assert before == after


def test_a_last_day_in_the_far_future_does_not_stop_the_daily_change(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    astray = identify(salts, datetime(2099, 1, 1, tzinfo=UTC))

    mended = identify(salts, NOON)
    next_day = identify(salts, NOON + DAY)

    assert len({astray.today, mended.today, next_day.today}) == 3
    assert mended.yesterday is None
    assert mended.today == next_day.yesterday


@settings(deadline=None)
@given(st.lists(st.integers(min_value=-6, max_value=6), max_size=30))
def test_however_the_clock_jumps_a_salt_that_ended_never_returns(jumps: list[int]) -> None:
    made = count()
    salts = Salts(
        Path("/nonexistent"), randomness=lambda size: next(made).to_bytes(size, byteorder="big")
    )
    logging.disable()
    day = NOON
    seen: list[str] = []

    for jump in jumps:
        day += jump * DAY / 2
        today = identify(salts, day).today
        if not seen or seen[-1] != today:
            seen.append(today)
    logging.disable(logging.NOTSET)

    assert len(set(seen)) == len(seen)


BROKEN = {
    "empty": b"",
    "no JSON": b"salt",
    "no object": b'["2026-05-03"]',
    "no salt": b"{}",
    "no date": b'{"yesterday": "00"}',
    "a short salt": b'{"2026-05-03": "00ff"}',
    "no hexadecimal": b'{"2026-05-03": "' + b"z" * 64 + b'"}',
    "a number": b'{"2026-05-03": 7}',
    "no text": b"\xff\xfe\x00",
    "half written": b'{"2026-05-03": "00',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_corrupt_file_is_replaced_with_a_warning(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "salts").write_bytes(content)

    visitor = identify(Salts(tmp_path))

    assert visitor == identify(Salts(tmp_path))
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert str(tmp_path / "salts") in caplog.text


def test_a_file_lost_while_running_is_written_again_and_nobody_votes_twice(
    tmp_path: Path,
) -> None:
    salts = Salts(tmp_path)
    before = identify(salts)
    (tmp_path / "salts").unlink()

    after = identify(salts)

    assert before == after == identify(Salts(tmp_path))


def test_a_file_lost_between_two_runs_is_a_new_beginning(tmp_path: Path) -> None:
    before = identify(Salts(tmp_path))
    (tmp_path / "salts").unlink()

    after = identify(Salts(tmp_path))

    assert before.today != after.today


def test_a_file_restored_from_a_backup_revives_no_salt(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    old = identify(salts, NOON)
    backup = (tmp_path / "salts").read_bytes()
    new = identify(salts, NOON + 2 * DAY)
    (tmp_path / "salts").write_bytes(backup)

    after = identify(salts, NOON + 2 * DAY)

    assert new == after
    assert old.today not in (after.today, after.yesterday)


@pytest.mark.parametrize("obstacle", ["missing directory", "directory in its place"])
def test_where_nothing_can_be_written_the_salts_live_in_memory(
    tmp_path: Path, obstacle: str, caplog: pytest.LogCaptureFixture
) -> None:
    if obstacle == "directory in its place":
        (tmp_path / "salts").mkdir()
    directory = tmp_path / "missing" if obstacle == "missing directory" else tmp_path
    salts = Salts(directory)

    first, second = identify(salts), identify(salts)
    next_day = identify(salts, NOON + DAY)

    assert first == second
    assert first.today == next_day.yesterday
    assert "Make the directory writable" in caplog.text
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".salts")] == []


def test_sixteen_threads_at_midnight_agree(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    identify(salts, NOON)
    barrier = Barrier(16)
    found: list[Visitor] = []

    def vote() -> None:
        barrier.wait()
        found.append(identify(salts, NOON + DAY))

    threads = [Thread(target=vote) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 16
    assert len(set(found)) == 1


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import *; from pathlib import Path;"
        "from feedback.visitors import Salts;"
        "salts = Salts(Path(sys.argv[1])); sys.stdin.readline();"
        "print(salts.identify(datetime(2026, 5, 3, tzinfo=UTC), address='192.0.2.7',"
        " user_agent='', accept_language='', site='').today)"
    )
    processes = [
        subprocess.Popen(  # noqa: S603 -- this very interpreter and a program of our own
            [sys.executable, "-c", program, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]

    answers = {process.communicate("go\n")[0] for process in processes}

    assert [process.returncode for process in processes] == [0] * 4
    assert len(answers) == 1


def test_a_process_takes_over_the_salts_that_another_made(tmp_path: Path) -> None:
    ours, theirs = Salts(tmp_path), Salts(tmp_path)
    identify(ours, NOON)
    identify(theirs, NOON)

    they_said = identify(theirs, NOON + DAY)
    we_said = identify(ours, NOON + DAY)
    behind_midnight = identify(ours, NOON)

    assert they_said == we_said == behind_midnight
