"""Masks personal data in what readers type, before it is written for the first time.

What is masked is gone: the original is never kept. The text is cut first and no pattern reads far
from where it begins, so no input takes long.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from feedback import personal_data
from feedback.payment_numbers import Span
from feedback.personal_data import Kind

LIMIT = 4_000
"""Characters that are read; what lies beyond them is dropped."""


class Status(StrEnum):
    """Whether a text may have held personal data.

    Clean means that nothing was recognised by its form, no more: a name or a street has none.
    """

    SUSPECTED = "suspected"
    CLEAN = "clean"


@dataclass(frozen=True, slots=True)
class Redacted:
    """A text that may be stored, and the kinds of data that were masked in it."""

    text: str
    kinds: frozenset[Kind]

    @property
    def status(self) -> Status:
        return Status.SUSPECTED if self.kinds else Status.CLEAN


def redact(text: str) -> Redacted:
    """Put a mask, such as "[e-mail]", in the place of each piece of personal data.

    Each kind is looked for in what the kinds before it left, since an IBAN is also a row of
    digits. Masks may make the result a little longer than the text; all else stays as it was.
    """
    text = _cut(text)
    kinds = set()
    for kind, find in personal_data.FINDERS:
        spans = list(find(text))
        if spans:
            kinds.add(kind)
            text = _mask(text, spans, f"[{kind}]")
    return Redacted(text, frozenset(kinds))


def _cut(text: str) -> str:
    """The first 4,000 characters, without a last word that the cut may have torn in two."""
    if len(text) <= LIMIT:
        return text
    whole_words, space, _ = text[:LIMIT].rpartition(" ")
    return whole_words if space else text[:LIMIT]


def _mask(text: str, spans: Iterable[Span], mask: str) -> str:
    """The text with each span replaced; spans ascend and do not overlap."""
    pieces, end = [], 0
    for start, next_end in spans:
        pieces += [text[end:start], mask]
        end = next_end
    return "".join([*pieces, text[end:]])
