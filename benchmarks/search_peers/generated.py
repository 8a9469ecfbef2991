"""Articles that nobody wrote, with the statistics of those that people write.

What makes a search fast or slow is how often words occur, not what they mean:

- 20,000 invented words whose frequencies follow Zipf's law, so that the vocabulary grows with
  every article, as it does in life; one in 40 is a code such as `kx420`;
- English function words for 45 % of a text, in about their real order of frequency;
- each article has a dozen words of its own, which stand in its title and return in its text;
- inflected forms, which a stemmer folds;
- a lognormal length with a median of 240 words, in sections under headings; titles of 3 to 9
  words, no two of them equal.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate

from search.documents import Document, Section

LANG = "en"

_FUNCTION_WORDS = (
    "the", "to", "you", "your", "and", "of", "in", "is", "a", "for", "on", "it", "this", "can",
    "if", "with", "are", "or", "be", "that", "not", "from", "as", "by", "an", "will", "have",
    "when", "at", "do", "we", "our", "how", "more", "my", "all", "no", "was", "has", "but",
    "what", "which", "use", "i", "so", "there", "may", "only", "then", "any", "please", "they",
    "does", "out", "one", "been", "about", "should", "other", "up", "also", "their", "new",
    "after", "most", "need", "into", "these", "were", "before", "who", "some", "would", "than",
    "them", "its", "where", "because", "here", "over", "through", "each", "until", "such",
    "while", "why", "again", "both", "without", "between", "during", "under", "once",
)  # fmt: skip
_PATTERNS = (
    "how do i {} my {}",
    "{} {} does not {}",
    "{} {} and {}",
    "why is my {} {} {}",
    "can i {} the {} after {}",
    "{} a {} {}",
    "what to do when {} {} is not {}",
    "{} {} {}",
)
_ENDINGS = (*[""] * 8, "s", "s", "ed", "ing")
_VOCABULARY = 20_000
_CODES = 40
_OWN_WORDS = 12
_FUNCTION_SHARE, _OWN_SHARE = 0.45, 0.6
_MEDIAN_LENGTH, _SPREAD, _SHORTEST, _LONGEST = 5.48, 0.6, 40, 1_500  # exp(5.48) is 240
_SECTION = 80


def articles(seed: int = 1) -> Iterator[Document]:
    """Articles without end; the first thousand are the same however many are taken."""
    writer = _Writer(random.Random(seed))  # noqa: S311  # repeatable, not secret
    seen: set[str] = set()
    while True:
        article = writer.article(len(seen))
        if article.title not in seen:
            seen.add(article.title)
            yield article


class _Writer:
    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._words = _vocabulary(chance)
        self._weights = _zipf(len(self._words), 2.7)
        self._function_weights = _zipf(len(_FUNCTION_WORDS), 1.0)

    def article(self, number: int) -> Document:
        common = self._drawn(self._words, self._weights, _OWN_WORDS // 2)
        # Each order of magnitude of rarity is as likely as the others.
        rare = [self._words[int(len(self._words) ** self._chance.random())] for _ in common]
        own = [word for pair in zip(common, rare, strict=True) for word in pair]
        length = self._chance.lognormvariate(_MEDIAN_LENGTH, _SPREAD)
        words = self._text(own, int(min(_LONGEST, max(_SHORTEST, length))))
        cuts = range(0, len(words), _SECTION)
        sections = [
            self._section(own, number, words[cut : cut + _SECTION])
            for number, cut in enumerate(cuts)
        ]
        pattern = self._chance.choice(_PATTERNS)
        title = pattern.format(*own[: pattern.count("{}")])
        return Document(
            id=f"article-{number}",
            lang=LANG,
            title=title[0].upper() + title[1:],
            sections=tuple(sections),
        )

    def _text(self, own: Sequence[str], length: int) -> list[str]:
        shares = [self._chance.random() for _ in range(length)]
        functions = iter(self._drawn(_FUNCTION_WORDS, self._function_weights, length))
        others = iter(self._drawn(self._words, self._weights, length))
        return [
            next(functions)
            if share < _FUNCTION_SHARE
            else self._inflected(self._chance.choice(own) if share < _OWN_SHARE else next(others))
            for share in shares
        ]

    def _section(self, own: Sequence[str], number: int, words: Sequence[str]) -> Section:
        if not number:
            return Section("", "", _sentences(self._chance, words))
        heading = " ".join(self._chance.sample(own, self._chance.randint(2, 4)))
        return Section(
            heading.capitalize(), heading.replace(" ", "-"), _sentences(self._chance, words)
        )

    def _inflected(self, word: str) -> str:
        return word + self._chance.choice(_ENDINGS)

    def _drawn(self, words: Sequence[str], weights: Sequence[float], count: int) -> list[str]:
        return self._chance.choices(words, cum_weights=weights, k=count)


def _vocabulary(chance: random.Random) -> list[str]:
    """Distinct words, the shorter ones first, as languages have it."""
    onsets = (*"bcdfghklmnprstvw", "br", "cl", "dr", "fl", "gr", "pl", "pr", "st", "tr", "ch")
    codas = ("", "", "", "n", "r", "l", "t", "m", "ck", "nd")
    words: dict[str, None] = dict.fromkeys(_FUNCTION_WORDS)
    while len(words) < _VOCABULARY:
        if len(words) % _CODES == 0:
            words.setdefault(f"{chance.choice(onsets)}{chance.randint(10, 99_999)}")
            continue
        syllables = 2 if len(words) < _VOCABULARY // 10 else chance.choice((2, 3, 3, 4))
        parts = (
            chance.choice(onsets) + chance.choice("aeiou") + chance.choice(codas)
            for _ in range(syllables)
        )
        words.setdefault("".join(parts))
    return list(words)[len(_FUNCTION_WORDS) :]


def _zipf(size: int, shift: float) -> list[float]:
    """Cumulative weights by Zipf and Mandelbrot: the frequency of rank r is (r + shift) ** -1.2."""
    return list(accumulate((rank + shift) ** -1.2 for rank in range(1, size + 1)))


def _sentences(chance: random.Random, words: Sequence[str]) -> str:
    """Words as sentences, with a paragraph after every few of them."""
    pieces, start = [], 0
    while start < len(words):
        end = start + chance.randint(8, 20)
        sentence = " ".join(words[start:end])
        gap = "\n\n" if chance.random() < 0.25 else " "
        pieces.append(f"{sentence[0].upper()}{sentence[1:]}.{gap}")
        start = end
    return "".join(pieces).strip()
