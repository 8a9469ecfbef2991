"""The constants of the ranking. They come from `benchmarks/relevance.py --tune`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from search import answering


@dataclass(frozen=True, slots=True)
class Formula:
    """The constants of the ranking."""

    parts: Mapping[str, float] = field(
        default_factory=lambda: {"title": 1.0, "asked_as": 1.0, "headings": 0.4, "tags": 0.4}
    )
    """What a word in each part of the head counts."""

    head: float = 2.0
    """What a head is worth beside a body."""

    head_saturation: float = 0.6
    head_length: float = 0.8
    body_saturation: float = 2.0
    body_length: float = 0.8
    """k and b of the two streams."""

    stems: float = 3.0
    pairs: float = 2.0
    """What a stem, and two neighbours in a title, are worth beside a gram."""

    stop_words: float = 0.4
    """What a stop word is worth in a question that has other words."""

    whole: float = 0.3
    """What a title or phrase that says the very same as the question adds, of the best score."""

    prior: float = 0.05
    """How far an article's prior can move its score."""

    enough: float = answering.ENOUGH
    """Below this share of what a question is worth nothing is found; see `search.answering`."""


FORMULA = Formula()
