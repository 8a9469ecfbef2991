"""What to write into articles so that readers' own words find them: proposals, never edits.

Knows what readers asked and where they ended, which phrases the articles have, and how the search
ranks; all of it comes in as values and functions.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from answerloop.reduction import Vocabulary
from feedback.model import ArticleKey
from feedback.wordings import End, Exchange, Wording, Words
from search import analysis

PER_ARTICLE = 4
"""Phrases proposed for an article at once; the gain of further ones is small."""

LONGEST = 200
"""Characters of a phrase; a search reads no more of a query either."""

SHORTEST = 2
"""Letters of a phrase."""

# The rank of an article for a query, None when it is not found.
Rank = Callable[[str, ArticleKey], int | None]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A line for the `asked_as` of an article, and the evidence.

    `askers` are all readers who asked it. `before` is the article's rank for it now, `after` the
    rank with all proposed phrases added; None where it is not found, or was not asked.
    """

    text: str
    key: ArticleKey
    end: End
    askers: int
    before: int | None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Synonym:
    """Words of readers that shall also find the words of the articles."""

    said: str
    found: str
    lang: str
    readers: int


@dataclass(frozen=True, slots=True)
class Undecided:
    """What readers said without agreeing what they meant, or what a person must judge."""

    said: str
    lang: str
    because: str


def phrases(
    wordings: Iterable[Wording],
    holding: Mapping[ArticleKey, Sequence[str]],
    rank: Rank,
    words: Words,
    *,
    per_article: int = PER_ARTICLE,
) -> tuple[Phrase, ...]:
    """The phrases that are worth adding, those of most readers first.

    `holding` are the title and the phrases that each article has. No phrase is proposed that an
    article has in other forms of the same words, or for which it is already found first.
    """
    proposed: list[Phrase] = []
    count: Counter[ArticleKey] = Counter()
    for wording in sorted(wordings, key=_most_readers):
        end = wording.clear
        key = _key(end, wording.lang, holding) if end else None
        if end is None or key is None or count[key] >= per_article or not _is_phrase(wording):
            continue
        if any(_words(text, key.lang, words) == wording.words for text in holding[key]):
            continue
        before = rank(wording.phrase, key)
        if before != 1:
            proposed.append(Phrase(wording.phrase, key, end, wording.askers, before))
            count[key] += 1
    return tuple(proposed)


def synonyms(
    exchanges: Iterable[Exchange], known: Vocabulary, rank: Rank
) -> tuple[tuple[Synonym, ...], tuple[Undecided, ...]]:
    """Words to add as synonyms, and those that a person must judge.

    Only what no article says becomes a proposal: who goes from one known word to another may have
    changed the subject. What the search finds by now is left out.
    """
    proposed: list[Synonym] = []
    undecided: list[Undecided] = []
    for each in exchanges:
        key = ArticleKey(each.article, each.lang)
        if not _all(each.found, each.lang, known) or rank(each.failed, key) == 1:
            continue
        because = ""
        if not each.is_clear:
            because = "readers exchanged it for different words"
        elif _all(each.said, each.lang, known):
            because = f"{each.readers} readers asked for “{each.found}” next; articles have both"
        if because:
            undecided.append(Undecided(each.said, each.lang, because))
        else:
            proposed.append(Synonym(each.said, each.found, each.lang, each.readers))
    return tuple(proposed), tuple(dict.fromkeys(undecided))


def undecided(wordings: Iterable[Wording]) -> tuple[Undecided, ...]:
    """The wordings whose readers ended at different articles."""
    return tuple(
        Undecided(
            each.phrase, each.lang, f"{each.askers} readers asked it and ended at {_ends(each)}"
        )
        for each in wordings
        if each.clear is None
    )


def _ends(wording: Wording) -> str:
    return ", ".join(f"{end.article} ({end.readers})" for end in wording.ends)


def _most_readers(wording: Wording) -> tuple[int, str, str]:
    readers = wording.clear.readers if wording.clear else 0
    return -readers, wording.lang, wording.phrase


def _key(end: End, lang: str, holding: Mapping[ArticleKey, Sequence[str]]) -> ArticleKey | None:
    """The article in the language that was searched, None when it is there no more."""
    langs = [key.lang for key in holding if key.article == end.article]
    meant = sorted(analysis.matching(lang, langs), key=lambda each: (each != lang, each))
    return ArticleKey(end.article, meant[0]) if meant else None


def _is_phrase(wording: Wording) -> bool:
    text = wording.phrase
    letters = sum(character.isalpha() for character in text)
    return letters >= SHORTEST and len(text) <= LONGEST and text.isprintable()


def _words(text: str, lang: str, words: Words) -> frozenset[str]:
    return frozenset(word.key for word in words(text, lang))


def _all(text: str, lang: str, known: Vocabulary) -> bool:
    return all(known.has(token.text, lang) for token in analysis.words(text))
