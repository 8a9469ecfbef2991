"""Gathers the gaps anew: what failed is grouped, last night's gaps are found again in it.

Reading and grouping take seconds, and need only a view of the data; `storing` writes what came out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from feedback import sentences
from feedback.gaps import asks, clustering, matching, repairs, rows
from feedback.gaps.asks import Ask, Wording
from feedback.gaps.rows import Face, Gap, Member, Variant
from feedback.model import ArticleId, GapKind, GapState, GapStep
from feedback.wordings import READERS, Words
from feedback.words import english

WINDOW = timedelta(days=90)
MONTH = timedelta(days=30)
MOST_WORDINGS = 2_000
"""Wordings of one language that are grouped, those of most weight first: time goes with their
square."""
_JUDGED = 5
"""Wordings by which a gap is judged."""
_KEPT = (GapState.WRITTEN, GapState.CLOSED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What kind of gap wordings are, and the article that comes nearest."""

    kind: GapKind
    nearest: ArticleId | None = None


# Texts, those of most weight first, and their language.
Judge = Callable[[Sequence[str], str], Verdict]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Wordings that ask the same, and the gap that they were."""

    wordings: tuple[Wording, ...]
    medoid: Wording
    gap: int | None = None

    @property
    def asked(self) -> list[Ask]:
        return [ask for wording in self.wordings for ask in wording.asks]


@dataclass(frozen=True, slots=True)
class Move:
    """A change of state that the loop itself makes; `version` is the one it was decided on."""

    gap: Gap
    state: GapState
    step: GapStep
    words: str


# A language, and in it a gap that there was not.
New = tuple[str, Face, Mapping[str, Member]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What gathering found, or a portion of it, not yet written.

    `known` are the gaps there were. `left_out` wordings were too many to be grouped; `hidden`
    groups were asked by fewer than three readers, or in words that three never shared.
    """

    known: frozenset[int]
    new: tuple[New, ...]
    faces: Mapping[int, Face]
    members: Mapping[int, Mapping[str, Member]]
    moves: tuple[Move, ...]
    left_out: int
    hidden: int


def plan(db: Connection, words: Words, judge: Judge, now: datetime) -> Plan:
    """What the gaps would be now. Reads only."""
    standing = {gap.id: gap for gap in rows.listed(db)}
    members = rows.members(db)
    wordings = asks.group(asks.failed(db, now - WINDOW, now), words)
    chosen = _weightiest(wordings)
    left_out = len(wordings) - len(chosen)
    del wordings  # most of what was asked, and of no use any more
    clusters = _clusters(chosen, standing, members)
    drawn = _Drawing(standing, judge, now)
    found, new = drawn.faces(clusters)
    served = repairs.served(db, _written(standing.values(), now), members, (words, now))
    return Plan(
        known=frozenset(standing),
        new=tuple(new),
        faces={gap: face for gap, (face, _) in found.items()},
        members=_members(clusters, standing, members),
        moves=tuple(_moves(standing.values(), found, served)),
        left_out=left_out,
        hidden=sum(1 for each in clusters if each.gap is None) - len(new),
    )


def _weightiest(wordings: Iterable[Wording]) -> list[Wording]:
    by_lang: dict[str, list[Wording]] = defaultdict(list)
    for each in wordings:
        by_lang[each.lang].append(each)
    return [each for alike in by_lang.values() for each in alike[:MOST_WORDINGS]]


def _clusters(
    wordings: Sequence[Wording],
    standing: Mapping[int, Gap],
    members: Mapping[int, Sequence[Member]],
) -> list[Cluster]:
    """The clusters of each language, matched with the gaps of that language."""
    found: list[Cluster] = []
    for lang in sorted({each.lang for each in wordings}):
        own = {gap: each for gap, each in members.items() if standing[gap].lang == lang}
        pinned = {each.wording: gap for gap, many in own.items() for each in many if each.pinned}
        made = cluster([each for each in wordings if each.lang == lang], pinned)
        matched = matching.match(
            [frozenset(each.digest for each in one.wordings) for one in made],
            {gap: frozenset(each.wording for each in many) for gap, many in own.items()},
            pinned,
        )
        found += [replace(one, gap=gap) for one, gap in zip(made, matched, strict=True)]
    return found


def cluster(wordings: Sequence[Wording], pinned: Mapping[str, int]) -> list[Cluster]:
    """Group the wordings of one language; `pinned` keeps some of them together and apart."""
    ordered = sorted(wordings, key=lambda each: each.digest)
    likeness = clustering.likeness([each.as_text for each in ordered])
    bound = [pinned.get(each.digest) for each in ordered]
    made = []
    for places in clustering.cluster(likeness, bound):
        volumes = [ordered[place].volume for place in places]
        medoid = ordered[clustering.medoid(likeness, places, volumes)]
        alike = sorted((ordered[place] for place in places), key=_weight)
        made.append(Cluster(tuple(alike), medoid))
    return made


def _weight(wording: Wording) -> tuple[float, str]:
    return -wording.volume, wording.digest


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Draws the faces of gaps."""

    standing: Mapping[int, Gap]
    judge: Judge
    now: datetime

    def faces(
        self, clusters: Iterable[Cluster]
    ) -> tuple[dict[int, tuple[Face, list[Ask]]], list[New]]:
        """The face of each gap that was found again, with what was asked; and the new gaps."""
        joined = {gap.id: gap.joined for gap in self.standing.values() if gap.joined is not None}
        again: dict[int, list[Cluster]] = defaultdict(list)
        new: list[New] = []
        for each in clusters:
            if each.gap is not None:
                again[matching.resolve(each.gap, joined)].append(each)
            elif len(asks.weights(each.asked)) >= READERS and (face := self._face([each])).label:
                new.append((each.medoid.lang, face, _seen(each)))
        found = {}
        for gap, parts in again.items():
            face = self._face(parts)
            label = face.label or self.standing[gap].face.label
            asked = [ask for part in parts for ask in part.asked]
            found[gap] = replace(face, label=label), asked
        return found, new

    def _face(self, parts: Sequence[Cluster]) -> Face:
        wordings = sorted((each for part in parts for each in part.wordings), key=_weight)
        main = max(parts, key=lambda part: sum(each.volume for each in part.wordings))
        asked = [ask for each in wordings for ask in each.asks]
        month = asks.weights(asks.within(asked, self.now - MONTH, self.now))
        before = asks.weights(asks.within(asked, self.now - 2 * MONTH, self.now - MONTH))
        shared = [each for each in wordings if each.readers >= READERS]
        texts = [each.text for each in wordings[:_JUDGED]]
        verdict = self.judge(texts, main.medoid.lang)
        return Face(
            label=asks.label(main.medoid, wordings),
            medoid=main.medoid.digest,
            variants=tuple(
                Variant(each.digest, each.text, each.readers)
                for each in shared[: rows.MOST_VARIANTS]
            ),
            wordings=len(wordings),
            askers=len(month),
            before=len(before),
            volume=round(sum(month.values()), 3),
            kind=verdict.kind,
            nearest=verdict.nearest,
        )


def _members(
    clusters: Iterable[Cluster],
    standing: Mapping[int, Gap],
    members: Mapping[int, Sequence[Member]],
) -> dict[int, dict[str, Member]]:
    """The members of the gaps found again: tonight's, and the older ones that must be kept.

    What a person put there stays. What was asked before an article was written is what shows
    whether the article is found.
    """
    found = {}
    for each in clusters:
        if each.gap is None:
            continue
        older = members.get(each.gap, ())
        keeps_all = standing[each.gap].state in _KEPT
        kept = {one.wording: one for one in older if one.pinned or keeps_all}
        pinned = {one.wording for one in older if one.pinned}
        for name, one in _seen(each).items():
            kept[name] = replace(one, pinned=name in pinned)
        found[each.gap] = kept
    return found


def _seen(each: Cluster) -> dict[str, Member]:
    return {one.digest: Member(one.digest, False, one.seen) for one in each.wordings}  # noqa: FBT003 -- a field of a row


def _written(standing: Iterable[Gap], now: datetime) -> list[Gap]:
    """The gaps whose article is old enough to be judged."""
    return [
        gap
        for gap in standing
        if gap.state is GapState.WRITTEN and now - gap.since >= repairs.TRIAL
    ]


def _moves(
    standing: Iterable[Gap],
    found: Mapping[int, tuple[Face, list[Ask]]],
    served: Mapping[int, repairs.Served],
) -> Iterable[Move]:
    for gap in standing:
        asked = found[gap.id][1] if gap.id in found else []
        if gap.state is GapState.OPEN and len(asks.weights(asked)) < READERS:
            said = english(sentences.ASKED_BY_FEW, days=WINDOW.days)
            yield Move(gap, GapState.CLOSED, GapStep.CLOSED, said)
        elif gap.state is GapState.CLOSED:
            again = len(asks.weights(ask for ask in asked if ask.at > gap.since))
            if again >= READERS:
                said = english(sentences.ASKED_AGAIN, readers=again)
                yield Move(gap, GapState.OPEN, GapStep.REOPENED, said)
        elif gap.id in served and (verdict := served[gap.id].verdict) is not None:
            state = GapState.CLOSED if verdict else GapState.OPEN
            step = GapStep.CLOSED if verdict else GapStep.REOPENED
            yield Move(gap, state, step, served[gap.id].words)
