"""What to write into articles so that readers' own words find them: proposals, never edits.

Knows what readers asked and where they ended, which phrases the articles have, and how the search
ranks; all of it comes in as values and functions.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from answerloop.learned import Synonym, Undecided
from answerloop.reduction import Vocabulary
from feedback.model import ArticleId, ArticleKey
from feedback.wordings import End, Exchange, Wording, Words
from search import analysis

PER_ARTICLE = 4
"""Phrases proposed for an article at once; the gain of further ones is small."""

LONGEST = 200
"""Characters of a phrase; a search reads no more of a query either."""

SHORTEST = 2
"""Letters of a phrase."""

SYNONYM_WORDS, SYNONYM_CHARACTERS = 6, 100
"""The longest phrase that `synonyms.toml` takes."""

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


@dataclass(frozen=True)
class Articles:
    """What proposals must know of the articles: their title and phrases, and how they rank."""

    holding: Mapping[ArticleKey, Sequence[str]]
    rank: Rank
    words: Words

    @cached_property
    def _langs(self) -> Mapping[ArticleId, Sequence[str]]:
        found: dict[ArticleId, list[str]] = defaultdict(list)
        for key in self.holding:
            found[key.article].append(key.lang)
        return found

    def key(self, article: ArticleId, lang: str) -> ArticleKey | None:
        """The article in the language that was searched, None when it is there no more."""
        langs = analysis.matching(lang, self._langs.get(article, ()))
        meant = sorted(langs, key=lambda each: (each != lang, each))
        return ArticleKey(article, meant[0]) if meant else None


def phrases(
    wordings: Iterable[Wording],
    articles: Articles,
    *,
    per_article: int = PER_ARTICLE,
    also_found: bool = False,
) -> tuple[Phrase, ...]:
    """The phrases that are worth adding, those of most readers first.

    No phrase is proposed that an article has in other forms of the same words. One for which it
    is found first already comes only with `also_found`, after all others: it helps readers who
    ask in yet other words.
    """
    candidates = [found for wording in wordings if (found := _candidate(wording, articles))]
    count: Counter[ArticleKey] = Counter()
    proposed: list[Phrase] = []
    for phrase in sorted(candidates, key=_urgency):
        is_wanted = also_found or phrase.before != 1
        if is_wanted and count[phrase.key] < per_article:
            proposed.append(phrase)
            count[phrase.key] += 1
    return tuple(proposed)


def found_first(
    wordings: Iterable[Wording], articles: Articles
) -> tuple[tuple[str, ArticleKey], ...]:
    """What readers asked whose article is found first for it now, and should stay so."""
    asked = [
        (wording.phrase, key)
        for wording in wordings
        if (end := wording.clear) and (key := articles.key(end.article, wording.lang))
    ]
    return tuple(pair for pair in asked if articles.rank(*pair) == 1)


def synonyms(
    exchanges: Iterable[Exchange], known: Vocabulary, articles: Articles
) -> tuple[tuple[Synonym, ...], tuple[Undecided, ...]]:
    """Words to add as synonyms, and those that a person must judge.

    Only what no article says becomes a proposal: who goes from one known word to another may have
    changed the subject. What the search finds by now is left out.
    """
    proposed: list[Synonym] = []
    undecided: list[Undecided] = []
    for each in exchanges:
        key = articles.key(each.article, each.lang)
        if key is None or not _is_known(each.found, key.lang, known):
            continue
        if not _is_short(each.said) or not _is_short(each.found):
            continue
        if articles.rank(each.failed, key) == 1:
            continue
        because = f"{each.readers} readers asked for “{each.found}” next"
        if not each.is_clear:
            undecided.append(Undecided(each.said, key.lang, f"{because}, others for other words"))
        elif _is_known(each.said, key.lang, known):
            undecided.append(Undecided(each.said, key.lang, f"{because}, and articles have both"))
        else:
            proposed.append(Synonym(each.said, each.found, key.lang, each.readers))
    return tuple(proposed), tuple(undecided)


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


def _candidate(wording: Wording, articles: Articles) -> Phrase | None:
    end = wording.clear
    key = articles.key(end.article, wording.lang) if end else None
    if end is None or key is None or not _is_phrase(wording):
        return None
    held = (articles.words(text, key.lang) for text in articles.holding[key])
    if any(frozenset(word.key for word in said) == wording.words for said in held):
        return None
    before = articles.rank(wording.phrase, key)
    return Phrase(wording.phrase, key, end, wording.askers, before)


def _urgency(phrase: Phrase) -> tuple[bool, int, ArticleKey, str]:
    return phrase.before == 1, -phrase.end.readers, phrase.key, phrase.text


def _is_phrase(wording: Wording) -> bool:
    text = wording.phrase
    letters = sum(character.isalpha() for character in text)
    return letters >= SHORTEST and len(text) <= LONGEST and text.isprintable()


def _is_known(text: str, lang: str, known: Vocabulary) -> bool:
    return all(known.has(token.text, lang) for token in analysis.tokens(text, singles=False))


def _is_short(text: str) -> bool:
    """Whether it is a word or a phrase as `synonyms.toml` takes it."""
    words = sum(1 for _ in analysis.words(text))
    return words <= SYNONYM_WORDS and len(text) <= SYNONYM_CHARACTERS and text.isprintable()
