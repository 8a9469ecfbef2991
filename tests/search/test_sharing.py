"""Files that are read by several are opened once, and anew once they are others."""

import gc
from pathlib import Path

import pytest

from search import sharing
from search.errors import DamagedIndex


class Opened:
    """What was made of a file."""


def test_who_reads_the_same_file_shares_what_was_made_of_it(tmp_path: Path) -> None:
    file = tmp_path / "en.arrays"
    file.write_bytes(b"arrays")

    first = sharing.opened([file], ("en",), Opened)

    assert sharing.opened([file], ("en",), Opened) is first
    assert sharing.opened([file], ("de",), Opened) is not first


def test_a_file_that_was_written_into_is_another_one(tmp_path: Path) -> None:
    file = tmp_path / "en.arrays"
    file.write_bytes(b"arrays")
    first = sharing.opened([file], (), Opened)

    file.write_bytes(b"damaged")

    assert sharing.opened([file], (), Opened) is not first


def test_what_nobody_holds_any_more_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "en.arrays"
    file.write_bytes(b"arrays")
    made: list[str] = []

    def make() -> Opened:
        made.append("once more")
        return Opened()

    sharing.opened([file], (), make)
    gc.collect()
    sharing.opened([file], (), make)

    assert len(made) == 2


def test_a_file_that_is_gone_is_a_damaged_index(tmp_path: Path) -> None:
    with pytest.raises(DamagedIndex, match="Build again"):
        sharing.opened([tmp_path / "en.arrays"], (), Opened)
