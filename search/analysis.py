"""Languages, as far as search needs them: tags, words in a text, and terms from words.

A *word* is what stands in the text. Its *surface*, without case, is what the engine indexes; its
*stem*, *fold* and *grams*, by which it is found in other forms, follow from the surface alone.
Stemmers and stop words come in from `search.languages`; this module knows no engine.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from search.characters import INVISIBLE, MARKS, UNSPACED

MAX_WORD = 40
"""Letters of a word that count. Longer ones are cut alike in the index and in the query."""

MAX_CACHED = 16
"""Letters of what is kept taken apart: the usual words, and nothing that takes much memory."""

CACHED = 20_000
"""Words kept of each kind. Readers may ask for any, so this bounds the memory they can fill."""

MAX_TAG = 100
"""Letters of a tag that count."""

UNDETERMINED = "und"

_LETTERS = rf"[\w{MARKS}{INVISIBLE}]+"
_COMPOUND = re.compile(rf"({_LETTERS}(?:[-.]+{_LETTERS})*)")
_COMPOUND_ASCII = re.compile(r"(\w+(?:[-.]+\w+)*)", re.ASCII)  # the same there, twice as fast
_PART = re.compile(rf"(?:[^\W_]|[{MARKS}{INVISIBLE}])+")
_CODE = re.compile(r"[\d_]")
_JOINTS = re.compile(r"(?<=.)[-_](?=.)")

# Where one word written together turns into the next: `resetPassword`, `HTMLPage`, `Windows11`.
_HUMPS = re.compile(
    r"(?<=[a-zß-öø-ÿа-я])(?=[A-ZÀ-ÖØ-ÞА-Я])"
    r"|(?<=[A-ZÀ-ÖØ-ÞА-Я])(?=[A-ZÀ-ÖØ-ÞА-Я][a-zß-öø-ÿа-я])"
    r"|(?<=[^\W\d_]{3})(?=\d)"
)

GRAM = 4
"""Characters of a gram, the marks of a word's edges among them."""

_UNSPACED = re.compile(rf"[{UNSPACED}]")
_SCRIPTS = re.compile(rf"[{UNSPACED}]+|[^{UNSPACED}]+")
_CHARACTER = re.compile(rf"[^{MARKS}][{MARKS}]*|[{MARKS}]+")

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


def words(text: str) -> Iterator[Token]:
    """The words of a text as written, compounds whole, each cut to `MAX_WORD` letters."""
    return (Token(match.group()[:MAX_WORD], *match.span()) for match in _COMPOUND.finditer(text))


def tokens(text: str, *, singles: bool = True) -> Iterator[Token]:
    """The words of a text, by where they start.

    A word with a digit that is joined by hyphen, point or underscore (`E-1042`, `2.7.5`) comes
    whole and in its parts, and so does one with humps (`resetPassword`, `Windows11`). Scripts
    without spaces come as pairs of neighbouring characters and,
    with `singles`, as single characters too; a character that stands alone comes always.
    """
    for compound in _COMPOUND.finditer(text):
        whole, start = compound.group(), compound.start()
        for word, first, last in apart(whole, singles=singles):
            yield Token(word, start + first, start + last)


def compounds(text: str) -> Iterator[re.Match[str]]:
    """The stretches of a text that `apart` takes apart."""
    return (_COMPOUND_ASCII if text.isascii() else _COMPOUND).finditer(text)


def stretches(text: str) -> tuple[list[str], list[str]]:
    """The same as they are written, and what stands before each and after the last."""
    pieces = (_COMPOUND_ASCII if text.isascii() else _COMPOUND).split(text)
    return pieces[1::2], pieces[::2]


def apart(whole: str, *, singles: bool) -> Iterable[Token]:
    """The tokens of one stretch. Short ones are kept: a few words make up any text."""
    return _kept(whole, singles) if len(whole) <= MAX_CACHED else _apart(whole, singles=singles)


@lru_cache(maxsize=CACHED)
def _kept(whole: str, singles: bool) -> tuple[Token, ...]:  # noqa: FBT001  # a cache's key
    return tuple(_apart(whole, singles=singles))


def surfaces(whole: str) -> tuple[tuple[str, int, int], ...]:
    """The surfaces of one stretch, single characters among them, each with its place and length."""
    return _kept_surfaces(whole) if len(whole) <= MAX_CACHED else tuple(_surfaces(whole))


@lru_cache(maxsize=CACHED)
def _kept_surfaces(whole: str) -> tuple[tuple[str, int, int], ...]:
    return tuple(_surfaces(whole))


def _surfaces(whole: str) -> Iterator[tuple[str, int, int]]:
    for word, start, end in apart(whole, singles=True):
        yield surface(word), start, end - start


def _apart(whole: str, *, singles: bool) -> Iterator[Token]:
    if whole.isalnum() and whole.isascii():
        yield Token(whole[:MAX_WORD], 0, len(whole))
        if not _is_plain(whole):
            yield from _humps(whole, 0)
        return
    parts = list(_PART.finditer(whole))
    if len(parts) > 1 and _CODE.search(whole):
        yield Token(whole[:MAX_WORD], 0, len(whole))
    for part in parts:
        if _UNSPACED.search(part.group()):
            yield from _unspaced(part.group(), part.start(), singles=singles)
        else:
            yield Token(part.group()[:MAX_WORD], *part.span())
            if not _is_plain(part.group()):
                yield from _humps(part.group(), part.start())


def plain(whole: str) -> str | None:
    """The surface of a stretch that is plainly one word; of others `surfaces` has to say."""
    # Of many millions nearly all are; so this asks nobody else.
    if not whole.isalpha() or not (whole.islower() or whole[1:].islower()):
        return None
    if whole.isascii():
        return whole[:MAX_WORD].lower()
    return None if _UNSPACED.search(whole) else _surface(whole[:MAX_WORD])


def _is_plain(word: str) -> bool:
    return word.isalpha() and (word.islower() or word[1:].islower())


def _humps(word: str, offset: int) -> Iterator[Token]:
    """The parts of a word with humps, none of a word without."""
    if len(word) > MAX_WORD:
        return
    edges = [0, *(match.start() for match in _HUMPS.finditer(word)), len(word)]
    if edges[1] < len(word):
        for start, end in pairwise(edges):
            yield Token(word[start:end], offset + start, offset + end)


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


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFKC", bare).casefold().translate(_UNDECOMPOSED)


@lru_cache(maxsize=CACHED)
def fold(word: str) -> str:
    """Case, width and accents removed: `Größe` and `GROSSE` are both `grosse`."""
    return _folded(word)


def folds(words: Iterable[str]) -> list[str]:
    """Many different words folded; none of them is kept, as a build meets each once."""
    # Most are the same: one object of each is enough.
    return [word if (folded := _folded(word)) in (word, "") else folded for word in words]


def tag(text: str) -> str:
    """A tag as it is compared: case, accents and outer spaces do not count."""
    return _folded(" ".join(text.split())[:MAX_TAG])


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


@lru_cache(maxsize=CACHED)
def surface(word: str) -> str:
    """What the engine indexes of a word: case and width removed, accents kept for the stemmer.

    The joints of a code do not count: `E-1042` and `E1042` are one word.
    """
    return _surface(word)


def _surface(word: str) -> str:
    plain = unicodedata.normalize("NFKC", word).casefold().replace("\u00ad", "")
    if not plain.isalnum() and not plain.isascii():
        plain = unicodedata.normalize("NFC", plain)
    return _JOINTS.sub("", plain) if "-" in plain or "_" in plain else plain or word


def grams(folded: str) -> frozenset[str]:
    """The runs of `GRAM` characters in a word, its edges marked: `pin` has `<pin` and `pin>`.

    A word with a digit is one gram: a code that looks alike is another code.
    """
    edged = marked(folded)
    if not is_cut(folded):
        return frozenset([edged])
    return frozenset(edged[start : start + GRAM] for start in range(len(edged) - GRAM + 1))


def marked(folded: str) -> str:
    return f"<{folded}>"


def is_cut(folded: str) -> bool:
    """Whether a word has several grams, and is not one as a whole."""
    return len(folded) > GRAM - len(marked("")) and folded.isalpha()


class Language:
    """How one language reduces words. Safe to share between threads."""

    def __init__(self, stem: Callable[[str], str] | None, stop_words: Iterable[str]) -> None:
        self._stem = stem
        self._stop = frozenset(
            fold(token.text) for word in stop_words for token in tokens(word.casefold())
        )
        self.stem = lru_cache(maxsize=20_000)(self._stem_of)
        """The stem of a surface, folded; cached, since a few words make up most of any text."""

    def stems(self, surfaces: Iterable[str]) -> Iterator[str]:
        """Those of many different words; none of them is kept."""
        return map(self._stem_of, surfaces)

    def _stem_of(self, surface: str) -> str:
        # Stemmers look for the accents of their language's endings, so folding comes after.
        stemmed = self._stem(surface) if self._stem and surface.isalpha() else surface
        return _folded(stemmed or surface) or surface

    def is_stop_word(self, surface: str) -> bool:
        return fold(surface) in self._stop
