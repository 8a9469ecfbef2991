"""Languages, as far as search needs them: tags, words in a text, and terms from words.

A *word* is what stands in the text, a *term* what stands in the index. The engine's stemmers
and stop words come in from `search.schema`; this module knows no engine.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

MAX_WORD = 40
"""Letters of a word that count. Longer ones are cut alike in the index and in the query."""

UNDETERMINED = "und"

# Python's \w leaves out the combining vowels and accents of many scripts, and would cut Thai
# and Hindi words, and decomposed Latin ones, to pieces. Invisible joiners and the soft hyphen
# stand inside words too.
_MARKS = "".join(
    chr(code)
    for code in chain(range(0x300, 0x3100), range(0xA66F, 0xAC00), range(0xFE20, 0xFE30))
    if unicodedata.category(chr(code)) in {"Mn", "Mc"}
)
_INVISIBLE = "\u00ad\u200c\u200d"
_LETTERS = rf"[\w{_MARKS}{_INVISIBLE}]+"
_COMPOUND = re.compile(rf"{_LETTERS}(?:[-.]+{_LETTERS})*")
_PART = re.compile(rf"(?:[^\W_]|[{_MARKS}{_INVISIBLE}])+")
_CODE = re.compile(r"[\d_]")

# Scripts that write no spaces between words (and Korean, whose words carry their particles):
# Thai and Lao, Myanmar, Hangul, Khmer, kana, Han.
_UNSPACED_LETTERS = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u30ff\u3130-\u318f"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_UNSPACED = re.compile(rf"[{_UNSPACED_LETTERS}]")
_SCRIPTS = re.compile(rf"[{_UNSPACED_LETTERS}]+|[^{_UNSPACED_LETTERS}]+")
_CHARACTER = re.compile(rf"[^{_MARKS}][{_MARKS}]*|[{_MARKS}]+")

# Accents of Latin, Greek and Cyrillic, and the vowel points that Arabic and Hebrew write or
# omit at will. Other scripts' marks are letters to their readers and stay.
_ACCENTS = re.compile(r"[\u0300-\u036f\u0591-\u05c7\u0640\u064b-\u065f\u0670\u00ad\u200c\u200d]")
_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "\u0131": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


class Token(NamedTuple):
    """A word at `[start:end]` of its text."""

    text: str
    start: int
    end: int


def words(text: str) -> Iterator[str]:
    """The words of a text as written, compounds whole, each cut to `MAX_WORD` letters."""
    return (match.group()[:MAX_WORD] for match in _COMPOUND.finditer(text))


def tokens(text: str, *, singles: bool = True) -> Iterator[Token]:
    """The words of a text, by where they start.

    A word with a digit that is joined by hyphen, point or underscore (`E-1042`, `2.7.5`) comes
    whole and in its parts. Scripts without spaces come as pairs of neighbouring characters and,
    with `singles`, as single characters too; a character that stands alone comes always.
    """
    for compound in _COMPOUND.finditer(text):
        whole = compound.group()
        if whole.isascii() and whole.isalnum():
            yield Token(whole[:MAX_WORD], *compound.span())
            continue
        parts = list(_PART.finditer(text, *compound.span()))
        if len(parts) > 1 and _CODE.search(whole):
            yield Token(whole[:MAX_WORD], *compound.span())
        for part in parts:
            if _UNSPACED.search(part.group()):
                yield from _unspaced(part.group(), part.start(), singles=singles)
            else:
                yield Token(part.group()[:MAX_WORD], *part.span())


def _unspaced(word: str, offset: int, *, singles: bool) -> Iterator[Token]:
    for run in _SCRIPTS.finditer(word):
        start = offset + run.start()
        if not _UNSPACED.match(run.group()):
            yield Token(run.group()[:MAX_WORD], start, offset + run.end())
            continue
        spans = [match.span() for match in _CHARACTER.finditer(run.group())]
        for here, after in zip(spans, [*spans[1:], None], strict=True):
            if singles or len(spans) == 1:
                yield Token(run.group()[slice(*here)], start + here[0], start + here[1])
            if after:
                pair = run.group()[here[0] : after[1]]
                yield Token(pair, start + here[0], start + after[1])


def fold(word: str) -> str:
    """Case, width and accents removed: `Größe` and `GROSSE` are both `grosse`."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    return unicodedata.normalize("NFKC", bare).casefold().translate(_UNDECOMPOSED)


def base(lang: str) -> str:
    """The language of a tag without script and region: `pt-BR` gives `pt`."""
    first = lang.replace("_", "-").split("-")[0].lower()
    return first if re.fullmatch(r"[a-z]{2,8}", first) else UNDETERMINED


def matching(lang: str, known: Iterable[str]) -> frozenset[str]:
    """Which of the known tags a reader means who asks for `lang`.

    The tag itself and its regions (`de` finds `de` and `de-AT`); where there is none, every tag
    of the same language (`de-AT` finds `de`). Empty for a language that nobody wrote in.
    """
    wanted = lang.strip().replace("_", "-").lower()
    tags = {tag: tag.replace("_", "-").lower() for tag in known}
    exact = {tag for tag, low in tags.items() if low == wanted or low.startswith(f"{wanted}-")}
    if exact or base(wanted) == UNDETERMINED:
        return frozenset(exact)
    return frozenset(tag for tag in tags if base(tag) == base(wanted))


class Language:
    """How one language makes terms from words. Safe to share between threads."""

    def __init__(self, stem: Callable[[str], str] | None, stop_words: Iterable[str]) -> None:
        self._stem = stem
        self._stop = frozenset(
            fold(token.text) for word in stop_words for token in tokens(word.casefold())
        )
        self.term = lru_cache(maxsize=20_000)(self._term)
        """The term of a word; cached, because a few words make up most of any text."""

    def _term(self, word: str) -> str:
        plain = unicodedata.normalize("NFKC", word).casefold()
        # Stemmers look for the accents of their language's endings, so folding comes after.
        stemmed = self._stem(plain) if self._stem and plain.isalpha() else plain
        return fold(stemmed or plain)

    def tokens(self, text: str) -> Iterator[Token]:
        """The terms of a text, each with the place of its word."""
        term = self.term
        return (Token(term(word), start, end) for word, start, end in tokens(text))

    def terms(self, words: Iterable[str], *, limit: int) -> tuple[str, ...]:
        """The terms to look up for a reader's words, each once, at most `limit`.

        Stop words count only where there is nothing else.
        """
        found = [token.text for word in words for token in tokens(word, singles=False)]
        content = [word for word in found if fold(word) not in self._stop]
        return tuple(dict.fromkeys(self.term(word) for word in content or found))[:limit]
