"""What readers asked in vain, and the wordings in which several of them asked the same.

Which words of a text say something is decided by a function that is handed in: this module knows
no language. What fewer than three readers said never leaves it as text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import blake2b

from sqlalchemy import Connection, and_, case, exists, or_, select

from feedback import schema, searches
from feedback.gaps.clustering import Text
from feedback.history import NETWORK_LIMIT, utc_day
from feedback.personal_data import Kind
from feedback.wordings import READERS, Said, Words

NOTHING_FOUND = 1.0
ASKED_AGAIN = 0.6
NOTHING_OPENED = 0.4
QUESTION = 1.0

_MASK = re.compile("|".join(re.escape(f"[{kind}]") for kind in Kind))
_DIGEST_BYTES = 16

_searches = schema.searches
_questions = schema.questions


@dataclass(frozen=True, slots=True)
class Ask:
    """Something asked in vain; `weight` says how sure it is that it was in vain."""

    lang: str
    text: str
    visitor: str
    network: str
    at: datetime
    weight: float


@dataclass(frozen=True)
class Wording:
    """What was asked in the same words, whatever their order and endings.

    `text` is as most readers wrote it; `said` are the words of it that say something. The digest
    names the words without telling them.
    """

    digest: str
    lang: str
    text: str
    said: tuple[Said, ...]
    asks: tuple[Ask, ...]

    @cached_property
    def readers(self) -> int:
        return len(weights(self.asks))

    @cached_property
    def volume(self) -> float:
        return sum(weights(self.asks).values())

    @property
    def seen(self) -> date:
        """The day on which it was asked last."""
        return max(utc_day(ask.at) for ask in self.asks)

    @property
    def as_text(self) -> Text:
        letters = " ".join(self.text[each.start : each.end].casefold() for each in self.said)
        return Text(tuple(each.key for each in self.said), letters)


def failed(db: Connection, since: datetime, now: datetime) -> list[Ask]:
    """What counted senders asked in vain since then: searches, and questions that were sent.

    Nothing found weighs 1, asked again within two minutes 0.6, nothing opened within one 0.4.
    A search that its reader asked once more and then opened something, or that led to an article
    of which they said that it helped, was not in vain.
    """
    served = {token for (token, _), helped in searches.helpful(db, since).items() if helped}
    other = _searches.alias()
    got_there = exists().where(
        other.c.visitor == _searches.c.visitor,
        other.c.query == _searches.c.query,
        other.c.clicked,
    )
    ignored_all = and_(_searches.c.watched, _searches.c.at <= now - searches.TIME_TO_OPEN)
    weight = case(
        (_searches.c.hits == 0, NOTHING_FOUND),
        (_searches.c.refined_to.is_not(None), ASKED_AGAIN),
        else_=NOTHING_OPENED,
    )
    rows = db.execute(
        select(
            _searches.c.token,
            _searches.c.lang,
            _searches.c.query,
            _searches.c.visitor,
            _searches.c.network,
            _searches.c.at,
            weight.label("weight"),
        ).where(
            _searches.c.at >= since,
            _searches.c.at <= now,
            _searches.c.weight > 0,
            _searches.c.clicked.is_(False),
            or_(_searches.c.hits == 0, _searches.c.refined_to.is_not(None), ignored_all),
            ~got_there,
        )
    )
    # The same words are held once, however many asked them, and so is who asked, and so on.
    texts: dict[str, str] = {}
    names: dict[str, str] = {}
    worth: dict[float, float] = {}
    found = [
        Ask(
            names.setdefault(row.lang, row.lang),
            texts.get(row.query) or texts.setdefault(row.query, bare(row.query)),
            names.setdefault(row.visitor, row.visitor),
            names.setdefault(row.network, row.network),
            row.at,
            worth.setdefault(row.weight, row.weight),
        )
        for row in rows
        if row.token not in served
    ]
    return found + _questions_asked(db, since, now)


def _questions_asked(db: Connection, since: datetime, now: datetime) -> list[Ask]:
    rows = db.execute(
        select(
            _questions.c.lang,
            _questions.c.text,
            _questions.c.visitor,
            _questions.c.network,
            _questions.c.at,
        ).where(_questions.c.at >= since, _questions.c.at <= now, _questions.c.weight > 0)
    )
    return [
        Ask(row.lang, bare(row.text), row.visitor, row.network, row.at, QUESTION) for row in rows
    ]


def bare(text: str) -> str:
    """On one line, without the masks that stand for personal data."""
    return " ".join(_MASK.sub(" ", text).split())


def group(asked: Iterable[Ask], words: Words) -> list[Wording]:
    """The wordings, those of most weight first; what has no word that says anything is left out."""
    by_words: dict[tuple[str, str], list[Ask]] = defaultdict(list)
    for ask in asked:
        if name := digest(ask.text, ask.lang, words):
            by_words[ask.lang, name].append(ask)
    made = (_wording(name, lang, alike, words) for (lang, name), alike in by_words.items())
    return sorted(made, key=lambda each: (-each.volume, each.lang, each.digest))


def digest(text: str, lang: str, words: Words) -> str:
    """The name of a text's words; empty where it has none."""
    keys = sorted({said.key for said in words(text, lang)})
    whole = "\n".join([lang, *keys]).encode()
    return blake2b(whole, digest_size=_DIGEST_BYTES).hexdigest() if keys else ""


def weights(asked: Iterable[Ask]) -> dict[str, float]:
    """Each reader with the weight of what they asked most clearly in vain.

    A reader's name changes every day, so these are visitor-days. Of one network at most three
    count on a day, as with votes.
    """
    best: dict[str, Ask] = {}
    for ask in sorted(asked, key=lambda each: (-each.weight, each.visitor)):
        best.setdefault(ask.visitor, ask)
    networks: Counter[tuple[str, date]] = Counter()
    counted = {}
    for visitor, ask in best.items():
        neighbours = ask.network, utc_day(ask.at)
        networks[neighbours] += 1
        if networks[neighbours] <= NETWORK_LIMIT:
            counted[visitor] = ask.weight
    return counted


def within(asked: Iterable[Ask], since: datetime, until: datetime) -> list[Ask]:
    return [ask for ask in asked if since < ask.at <= until]


def label(medoid: Wording, alike: Sequence[Wording]) -> str:
    """How to name wordings that belong together, so that nobody's own words are shown.

    The medoid if three readers asked it; else the wording that most readers asked, if three did;
    else the words of one of them that three readers used, the rest left out. Empty where there is
    no such word.
    """
    if medoid.readers >= READERS:
        return medoid.text
    known = [each for each in alike if each.readers >= READERS]
    if known:
        return min(known, key=lambda each: (-each.readers, each.digest)).text
    using: dict[str, set[str]] = defaultdict(set)
    for wording in alike:
        counted = weights(wording.asks)
        for said in wording.said:
            using[said.key].update(counted)
    shared = {key for key, readers in using.items() if len(readers) >= READERS}
    ordered = sorted(alike, key=lambda each: (each.digest != medoid.digest, each.digest))
    fullest = max(ordered, key=lambda each: len(shared & {said.key for said in each.said}))
    return "".join(_shown(fullest, shared))


def _shown(wording: Wording, shared: set[str]) -> Iterator[str]:
    """The shared words as they stand in the text, and marks for what is left out between them."""
    end = None
    for said in sorted(wording.said, key=lambda each: (each.start, -each.end)):
        if said.key not in shared or (end is not None and said.start < end):
            continue
        if end is not None:
            is_next = wording.text[end : said.start].isspace()
            yield " " if is_next else " \N{HORIZONTAL ELLIPSIS} "
        yield wording.text[said.start : said.end]
        end = said.end


def _wording(name: str, lang: str, alike: Sequence[Ask], words: Words) -> Wording:
    text = _usual({(ask.text, ask.visitor) for ask in alike})
    return Wording(name, lang, text, tuple(words(text, lang)), tuple(alike))


def _usual(written: Iterable[tuple[str, str]]) -> str:
    """The text that most readers wrote; of equals the shortest."""
    readers = Counter(text for text, _ in written)
    return min(readers, key=lambda text: (-readers[text], len(text), text))
