"""Gaps with the real words of a language: what belongs together, and what kind of gap it is."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from answerloop import gaps
from answerloop.gaps import Comparison
from feedback.gaps import asks, gathering
from feedback.gaps.asks import Ask
from feedback.model import GapKind
from search.documents import Document, Section
from search.edition import Edition
from tests.search.building import publish

AT = datetime(2026, 11, 22, tzinfo=UTC)
# Each subject with how often it is asked, and the ways to ask it.
ASKED: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "invoice": (
        24,
        (
            "Can I pay by invoice?",
            "pay with an invoice",
            "payment by invoice possible",
            "do you send invoices for payment",
            "paying later by invoice",
        ),
    ),
    "assembly": (
        16,
        (
            "Does somebody assemble the wardrobe?",
            "wardrobe assembly service",
            "who assembles my wardrobe",
            "assembling a wardrobe at home",
            "wardrobe assembley",
        ),
    ),
    "fabric": (
        12,
        (
            "fabric samples for the sofa",
            "send me a sample of the sofa fabric",
            "sofa fabric sample",
            "sample fabrics sofa order",
        ),
    ),
    "pickup": (
        9,
        (
            "collect my order in the shop",
            "can I collect an order myself",
            "order collection in shop",
            "collecting orders from the shop",
        ),
    ),
    "newsletter": (
        7,
        (
            "unsubscribe from the newsletter",
            "stop the newsletter",
            "newsletter unsubscribing",
        ),
    ),
    "odd": (
        6,
        (
            "opening hours at midsummer",
            "jobs for students",
            "is the director married",
            "old catalogue 1997",
            "dog allowed inside",
            "recipe for meatballs",
        ),
    ),
}


def searched(seed: int) -> tuple[list[Ask], dict[str, str]]:
    dice = Random(seed)  # noqa: S311  repeatable, not secret
    found, meant = [], {}
    for subject, (times, ways) in ASKED.items():
        for number in range(times):
            reader = f"{subject} {number}"
            found.append(Ask("en", dice.choice(ways), reader, reader, AT, 1.0))
            meant[reader] = subject if subject != "odd" else reader
    return found, meant


@pytest.mark.parametrize("seed", range(3))
def test_the_first_rows_are_pure_and_hold_most_of_what_failed(seed: int) -> None:
    asked, meant = searched(seed)

    found = gathering.cluster(asks.group(asked, gaps.words), {})

    rows = [Counter(meant[ask.visitor] for ask in each.asked) for each in found]
    first = sorted(rows, key=lambda row: -row.total())[:5]
    purity = sum(max(row.values()) / row.total() for row in first) / len(first)
    volume = sum(row.total() for row in first) / len(asked)
    strings = Counter(ask.text for ask in asked).most_common(5)
    assert purity >= 0.95
    assert volume >= 0.7
    assert sum(count for _, count in strings) / len(asked) < 0.45


@pytest.mark.parametrize(
    ("one", "other", "lang"),
    [
        ("Rechnungen bezahlen", "Wie bezahle ich die Rechnung?", "de"),
        ("återbetalning av beställningen", "återbetalningar för beställningar", "sv"),
        ("refunds for orders", "How do I refund an order?", "en"),
    ],
)
def test_endings_and_small_words_make_no_other_wording(one: str, other: str, lang: str) -> None:
    assert asks.digest(one, lang, gaps.words) == asks.digest(other, lang, gaps.words)


def test_the_same_letters_in_another_language_are_another_wording() -> None:
    assert asks.digest("gift", "en", gaps.words) != asks.digest("gift", "de", gaps.words)


@pytest.fixture
def comparison(tmp_path: Path) -> Comparison:
    refund = Document(
        "refund", "en", "How do I get a refund after delivery?", sections=(
            Section("", "", "Send the parcel back within thirty days."),
        ),
    )  # fmt: skip
    others = [
        Document(
            f"other-{number}", "en", f"About {noun}", sections=(Section("", "", f"All on {noun}."),)
        )
        for number, noun in enumerate(("lamps", "chairs", "tables", "carpets", "mirrors"))
    ]
    version = publish(tmp_path, refund, *others)
    return Comparison(Edition(version, ("public",)), {"en": 6})


@pytest.mark.parametrize(
    ("texts", "kind", "nearest"),
    [
        (["refund after delivery", "get refund delivery"], GapKind.FINDABILITY, "refund"),
        (["refudn delivery", "refund delivrey"], GapKind.SPELLING, "refund"),
        (["flights to rio", "flying to rio"], GapKind.WRITE, None),
        (["refund for flights to rio de janeiro"], GapKind.WRITE, "refund"),
    ],
)
def test_the_kind_of_a_gap_follows_from_what_the_articles_have(
    comparison: Comparison, texts: list[str], kind: GapKind, nearest: str | None
) -> None:
    found = comparison.judge(texts, "en")

    assert (found.kind, found.nearest) == (kind, nearest)


def test_without_an_index_everything_is_to_be_written(tmp_path: Path) -> None:
    nothing = Comparison(Edition(publish(tmp_path), ("public",)), {})

    assert nothing.judge(["refund"], "en").kind is GapKind.WRITE
    assert nothing.nearest("refund", "en") is None
