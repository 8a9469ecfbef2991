"""The brake on guesses, with a clock of its own."""

from datetime import UTC, datetime, timedelta

from answerloop.desk.brake import MOST_KEYS, Brake

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PERIOD = timedelta(minutes=15)


def test_the_wait_lasts_until_the_oldest_failure_is_out_of_the_period() -> None:
    brake = Brake(3, PERIOD)
    for number in range(3):
        brake.record("charlie", NOON + number * SECOND)

    assert brake.wait("charlie", NOON + 2 * SECOND) == PERIOD - 2 * SECOND
    assert timedelta(0) == brake.wait("charlie", NOON + PERIOD)


def test_fewer_failures_cost_nothing() -> None:
    brake = Brake(3, PERIOD)
    for _ in range(2):
        brake.record("charlie", NOON)

    assert timedelta(0) == brake.wait("charlie", NOON)


def test_keys_know_nothing_of_one_another() -> None:
    brake = Brake(1, PERIOD)
    brake.record("charlie", NOON)

    assert timedelta(0) == brake.wait("dora", NOON)


def test_a_clock_that_was_set_back_makes_nobody_wait_longer_than_the_period() -> None:
    brake = Brake(1, PERIOD)
    brake.record("charlie", NOON + timedelta(days=1))

    assert brake.wait("charlie", NOON) <= PERIOD


def test_a_flood_of_keys_is_forgotten_from_its_beginning() -> None:
    brake = Brake(1, PERIOD)

    for number in range(MOST_KEYS + 1):
        brake.record(f"name {number}", NOON)

    assert timedelta(0) == brake.wait("name 0", NOON)
    assert brake.wait(f"name {MOST_KEYS}", NOON) > timedelta(0)
