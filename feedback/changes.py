"""Whether an edit changed what an article says: a substantive revision answers its flags.

More than 80 characters, or more than 2 % of what the text had, must change once white space and
link targets are out of the comparison: a moved page or a rewrapped paragraph says nothing new.
"""

import re

MAX_MINOR_CHARACTERS = 80
MAX_MINOR_PERCENT = 2

_WINDOW = 64
_UNREACHED = -2

_TITLE = r"(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?"

# No pattern can begin again inside what it reads, so each reads the text once, whatever its size.
_LINKS = (
    # [name]: target "title"; a footnote, [^1]: text, is no link.
    (
        re.compile(
            rf"^( {{0,3}}\[(?!\^)[^\[\]\n]+\]:)[ \t]*\S+{_TITLE}[ \t]*$",
            re.MULTILINE,
        ),
        r"\1",
    ),
    (re.compile(rf"\]\([^()\[\]\s]*{_TITLE}\)"), "]()"),  # [text](target "title")
    (re.compile(r"\]\[[^\[\]\n]*\]"), "][]"),  # [text][name]
    (re.compile(r"\b(href|src)=\"[^\"\n]*\""), r'\1=""'),
    (re.compile(r"\bhttps?://[^\s<>()\[\]]*"), "https://"),
)


def is_substantive(before: str, after: str) -> bool:
    """Whether more than a detail of an article's text changed.

    The change is measured as the edit distance (Levenshtein): the fewest characters inserted,
    deleted or replaced. A text of any size costs at most a few hundred passes at the speed of
    comparing strings, for the distance is followed only as far as the answer needs it.
    """
    old, new = normalise(before), normalise(after)
    allowed = min(MAX_MINOR_CHARACTERS, len(old) * MAX_MINOR_PERCENT // 100)
    return not _is_within(old, new, allowed)


def normalise(text: str) -> str:
    """The text with link targets left out and each run of white space as one space."""
    for pattern, replacement in _LINKS:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


def _is_within(old: str, new: str, limit: int) -> bool:
    """Whether the edit distance is at most `limit`: Landau and Vishkin 1989, O(limit²) matches.

    `furthest[k]` is how far into `old` one gets on diagonal k (place in `new` minus place in
    `old`) with the edits made so far: each edit steps from the same or a neighbouring diagonal,
    then equal characters cost nothing.
    """
    goal = len(new) - len(old)
    if abs(goal) > limit:
        return False
    furthest = {0: _match(old, new, (0, 0))}
    for edits in range(1, limit + 1):
        if furthest.get(goal) == len(old):
            return True
        reached: dict[int, int] = {}
        for diagonal in range(-edits, edits + 1):
            start = max(
                furthest.get(diagonal - 1, _UNREACHED),  # a character inserted into `new`
                furthest.get(diagonal, _UNREACHED) + 1,  # replaced
                furthest.get(diagonal + 1, _UNREACHED) + 1,  # deleted from `old`
            )
            start = min(start, len(old), len(new) - diagonal)
            reached[diagonal] = start + _match(old, new, (start, start + diagonal))
        furthest = reached
    return furthest.get(goal) == len(old)


def _match(old: str, new: str, start: tuple[int, int]) -> int:
    """How many characters are equal from these two places on, by slices that double in size."""
    i, j = start
    size = _WINDOW
    while size:
        if old[i : i + size] == new[j : j + size] and i + size <= len(old) and j + size <= len(new):
            i, j, size = i + size, j + size, 2 * size
        else:
            size //= 2
    return i - start[0]
