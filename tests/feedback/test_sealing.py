import pytest

from feedback.errors import SealBroken
from feedback.model import Purpose
from feedback.sealing import Seals

SEALS = Seals(b"k" * 32)
OTHER = Seals(b"o" * 32)
ALICE = "alice@example.org"


def test_what_is_sealed_opens_beside_its_owner_alone() -> None:
    sealed = SEALS.seal(ALICE, "one")

    assert SEALS.open(sealed, "one") == ALICE
    with pytest.raises(SealBroken, match=r"contacts\.key"):
        SEALS.open(sealed, "two")


@pytest.mark.parametrize("sealed", [b"", b"short", bytes(300)])
def test_what_was_never_sealed_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        SEALS.open(sealed, "one")


def test_another_key_opens_nothing_and_finds_nothing() -> None:
    with pytest.raises(SealBroken):
        OTHER.open(SEALS.seal(ALICE, "one"), "one")
    assert OTHER.index(ALICE) != SEALS.index(ALICE)
    assert OTHER.link(Purpose.CONFIRM, "one") != SEALS.link(Purpose.CONFIRM, "one")


def test_a_sealed_address_tells_neither_its_letters_nor_its_length_nor_that_it_came_twice() -> None:
    first, again, longer = (
        SEALS.seal(address, "one") for address in (ALICE, ALICE, "somebody.else@example.org")
    )

    assert first != again
    assert len(first) == len(longer)
    assert b"alice" not in first


def test_an_address_is_found_again_however_it_is_capitalised() -> None:
    assert SEALS.index(ALICE) == SEALS.index("Alice@example.org") != SEALS.index("bob@example.org")


def test_a_link_is_the_same_at_each_attempt_and_another_for_each_use() -> None:
    links = {SEALS.link(purpose, owner) for purpose in Purpose for owner in ("one", "two", "one")}

    assert len(links) == 6
    assert {len(link) for link in links} == {22}


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Seals(b"k" * 31)
