"""Ticket subjects put to the search: how many it answers, and what the others have in common."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from feedback import redaction
from search import coverage
from search.coverage import Coverage, Covered, Verdict

EXAMPLES = 3
LABEL_WORDS = 4

# A word that more than a quarter of the articles have says nothing about a question.
_TELLING = math.log(1 + 4)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The article that answers a question best, if not well."""

    article: str
    lang: str
    title: str


@dataclass(frozen=True, slots=True)
class Group:
    """Unanswered subjects that share a word.

    `words` are the telling ones that at least half of them have, the most telling first. Of
    `count` tickets `uncovered` are not even weakly covered; `nearest` is the article that most of
    the others find.
    """

    words: tuple[str, ...]
    count: int
    uncovered: int
    nearest: Nearest | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of all subjects; counts are of tickets, equal subjects counted each time.

    `groups` and `alone` hold what is weakly or not covered: the first what shares a telling word,
    the largest group first, the second the rest.
    """

    total: int
    different: int
    counts: Mapping[Verdict, int]
    groups: tuple[Group, ...]
    alone: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Subject:
    """A subject with its tickets; of its `words` none is personal data of a known form."""

    judged: Covered
    count: int
    words: tuple[str, ...]

    @classmethod
    def of(cls, judged: Covered, count: int) -> Self:
        left = coverage.words(redaction.redact(judged.question).text)
        return cls(judged, count, tuple(word for word in judged.words if word in left))


def run(subjects: Sequence[str], searched: Coverage, progress: Callable[[float], None]) -> Replay:
    """Judge each subject once; `progress` is told the share that is done. Raises `NoIndex`."""
    found = []
    different = Counter(subjects)
    for number, (subject, count) in enumerate(different.items()):
        progress(number / len(different))
        found.append(_Subject.of(searched.judge(subject), count))
    unanswered = [each for each in found if each.judged.verdict is not Verdict.COVERED]
    tell = _tell(unanswered, found, searched)
    groups = tuple(_grouped(unanswered, tell))
    joined = (_group(each, tell) for each in groups if len(each) > 1)
    return Replay(
        total=len(subjects),
        different=len(different),
        counts={verdict: _count(found, verdict) for verdict in Verdict},
        groups=tuple(sorted(joined, key=lambda group: -group.count)),
        alone=tuple(each[0].judged.question for each in groups if len(each) == 1),
    )


def _count(subjects: Iterable[_Subject], verdict: Verdict | None = None) -> int:
    return sum(each.count for each in subjects if verdict in (None, each.judged.verdict))


def _tell(
    unanswered: Sequence[_Subject], every: Sequence[_Subject], searched: Coverage
) -> dict[str, float]:
    """How much each word tells about what is not answered.

    Its rarity in the articles times the share of its subjects that are unanswered: "please" stands
    in any subject, "gift card" in those that no article answers.
    """
    here = Counter(word for each in unanswered for word in each.words)
    everywhere = Counter(word for each in every for word in each.words)
    weights = {word: searched.weight(word) for word in here if any(map(str.isalpha, word))}
    return {
        word: weight * here[word] / everywhere[word]
        for word, weight in weights.items()
        if weight > _TELLING
    }


def _grouped(subjects: Sequence[_Subject], tell: Mapping[str, float]) -> Iterator[list[_Subject]]:
    """Groups of subjects that share a word, the largest claim first.

    Greedy: the word that tells most, times the tickets that have it, takes its subjects; then the
    next one among those that are left. What no word joins comes alone, at the end.
    """
    having: dict[str, list[_Subject]] = defaultdict(list)
    for subject in subjects:
        for word in tell.keys() & set(subject.words):
            having[word].append(subject)
    left = {subject.judged.question: subject for subject in subjects}
    counts = {word: _count(each) for word, each in having.items() if len(each) > 1}
    while counts:
        word = max(counts, key=lambda each: (counts[each] * tell[each], each))
        del counts[word]
        group = [each for each in having[word] if each.judged.question in left]
        if len(group) < 2:  # noqa: PLR2004  one is no group
            continue
        yield group
        for subject in group:
            del left[subject.judged.question]
            for other in counts.keys() & set(subject.words):
                counts[other] -= subject.count
    yield from ([subject] for subject in left.values())


def _group(subjects: Sequence[_Subject], tell: Mapping[str, float]) -> Group:
    ordered = sorted(subjects, key=lambda each: -each.count)
    shared = Counter(word for each in ordered for word in each.words if word in tell)
    words = [word for word, count in shared.items() if count > 1 and 2 * count >= len(ordered)]
    weak = [each for each in ordered if each.judged.verdict is Verdict.WEAK]
    return Group(
        words=tuple(sorted(words, key=lambda word: -shared[word] * tell[word])[:LABEL_WORDS]),
        count=_count(ordered),
        uncovered=_count(ordered, Verdict.UNCOVERED),
        nearest=_nearest(weak),
        examples=tuple(each.judged.question for each in ordered[:EXAMPLES]),
    )


def _nearest(weak: Sequence[_Subject]) -> Nearest | None:
    found = Counter[Nearest]()
    for each in weak:
        if hit := each.judged.hit:
            found[Nearest(hit.id, hit.lang, hit.title)] += each.count
    return found.most_common(1)[0][0] if found else None
