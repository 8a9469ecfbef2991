"""What is asked: words of titles, the same with a typing error, and longer descriptions."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import typing_errors
from search.documents import Document

LONGEST = 190
"""Characters; this search reads 200 of a question, and all engines shall read the same."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Question:
    """`text` is small letters, digits and spaces: it means the same in every query language.

    `title` is that of the article whose words it has.
    """

    text: str
    title: str


def draw(articles: Sequence[Document], count: int, seed: int = 1) -> list[Question]:
    """Distinct questions, a third of each kind, in turns.

    Raises SystemExit when the articles do not hold so many.
    """
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    kinds = (_title, _mistyped, _description)
    drawn: dict[str, Question] = {}
    for _ in range(100 * count):
        article = chance.choice(articles)
        text = kinds[len(drawn) % len(kinds)](article, chance)
        if text:
            drawn.setdefault(text, Question(text, article.title))
        if len(drawn) == count:
            return list(drawn.values())
    raise SystemExit(f"{len(articles)} articles are too few for {count} different questions.")


def _title(article: Document, chance: random.Random) -> str:
    """Two to five neighbouring words of the title, or all of a shorter one."""
    words = _words(article.title)
    count = min(len(words), chance.randint(2, 5))
    start = chance.randint(0, len(words) - count)
    return " ".join(words[start : start + count])


def _mistyped(article: Document, chance: random.Random) -> str:
    text = _title(article, chance)
    long = [word for word in text.split() if len(word) >= typing_errors.SHORTEST]
    if not long:
        return ""
    word = chance.choice(long)
    _, typed = chance.choice(list(typing_errors.errors(word, chance)))
    return text.replace(word, typed, 1)


def _description(article: Document, chance: random.Random) -> str:
    """Eight to fourteen words of a section."""
    words = _words(chance.choice(article.sections).text)
    count = chance.randint(8, 14)
    if len(words) < count:
        return ""
    start = chance.randint(0, len(words) - count)
    text = " ".join(words[start : start + count])
    return text if len(text) <= LONGEST else ""


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
