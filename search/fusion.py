"""One score from words and meaning.

    score = (1 - WEIGHT) * words + WEIGHT * closeness

Words count as the share of the best score that the question's words could give, closeness from 0
(unrelated) to 1 (alike). Both are absolute, so where the words fit badly the meaning decides by
itself, and a score means the same in every language and on every page of an answer.
"""

import numpy as np

from search.arrays import Array

WEIGHT = 0.63
"""What meaning counts. The development collections are flat around it: .5 loses .005, .7 .001."""

SURE = 0.53
"""The closeness from which an article is an answer although no word of it matches.

Of 513 questions that nothing answers, one in eighteen has an article so close; of those that are
answered, three in four.
"""

BESIDE = 0.18
"""How much farther than the nearest an article may be, to come without a word beside others."""

FAR = 0.24
"""The closeness below which none does."""


def fused(scores: Array, matched: Array, ceiling: float, near: Array) -> tuple[Array, Array]:
    """The scores of articles, on the scale of those by words alone, and which are found.

    `scores` are by words, at best `ceiling`; `matched` says which articles the words found. What
    the words do not find at all is left to them, unless the meaning is sure.
    """
    both = np.float32(1 - WEIGHT) * scores + np.float32(WEIGHT * ceiling) * near
    least = max(FAR, float(near.max()) - BESIDE) if matched.any() else SURE
    return both, matched | (near >= min(least, SURE))
