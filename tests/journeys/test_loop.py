"""From the first no to a closed flag, on the shipped articles, over HTTP."""

from pathlib import Path

from benchmarks import journey


def test_votes_raise_a_flag_and_the_edit_closes_it(root: Path) -> None:
    said: list[str] = []

    seen = journey.run(root, said.append)

    assert seen.languages == ("de", "en", "sv")
    assert (seen.votes, seen.days) == (4, 2)
    assert seen.item.startswith("Revision")
