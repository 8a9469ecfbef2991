"""Characters that patterns have to name, as what stands between the brackets of a class."""

import unicodedata
from collections.abc import Iterable
from itertools import chain


def _class(codes: Iterable[int]) -> str:
    """Characters as ranges: a pattern of single ones takes ten times as long to compile."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


# Python's \w leaves out the combining vowels and accents of many scripts, and would cut Thai
# and Hindi words, and decomposed Latin ones, to pieces. Invisible joiners and the soft hyphen
# stand inside words too.
MARKS = _class(
    code
    for code in chain(range(0x300, 0x3100), range(0xA66F, 0xAC00), range(0xFE20, 0xFE30))
    if unicodedata.category(chr(code)) in {"Mn", "Mc"}
)
INVISIBLE = "\u00ad\u200c\u200d"

# Scripts that write no spaces between words (and Korean, whose words carry their particles):
# Thai and Lao, Myanmar, Hangul, Khmer, kana, Han.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
