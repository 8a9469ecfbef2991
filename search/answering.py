"""Whether the best article answers a question, or it is better to say that nothing was found."""

from collections.abc import Sequence
from typing import NamedTuple

ENOUGH = 0.12
"""Share of what a question would earn in titles that its best article must earn.

Chosen with each judged collection left out in turn; `benchmarks/unanswerable.py` draws the curve.
"""


class Evidence(NamedTuple):
    """One word of a question beside the best article.

    `worth` is what the word would earn if it stood in a title, `earned` what it earns in this
    article. `is_there` says that the article has this very word, in any of its forms; `is_topic`
    that some title, phrase, heading or tag of the collection has it.
    """

    worth: float
    earned: float
    is_there: bool
    is_topic: bool
    weight: float = 1.0


def is_enough(question: Sequence[Evidence], enough: float = ENOUGH) -> bool:
    """Whether an article is an answer, and not only the least bad match.

    Any of three reasons will do:

    1. the question names a topic: one of its words is a topic word;
    2. the article has every word of the question (so a single word that is known always finds);
    3. the article earns enough of what the question is worth:

           sum(weight * min(earned, worth)) >= enough * sum(weight * worth)

    Words of less than full weight (stop words beside others) count in the sums only. So a
    question is refused whose only known words stand in the running text, as `want` does in "I
    want pizza", and carry little of it. A question without a word has no answer.
    """
    content = [word for word in question if word.weight == 1.0]
    if any(word.is_topic for word in content):
        return True
    if content and all(word.is_there for word in content):
        return True
    worth = sum(word.weight * word.worth for word in question)
    earned = sum(word.weight * min(word.earned, word.worth) for word in question)
    return worth > 0 and earned >= enough * worth
