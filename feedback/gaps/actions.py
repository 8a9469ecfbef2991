"""What people do with a gap: take it, ignore it, name its article, join two, take one apart.

Each action names the version of the gap that the person had before them; if somebody else was
faster, nothing is written and StaleItem says who did what.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select

from feedback import remarks, schema, sentences, staff, words
from feedback.errors import AccountError, BadMerge, BadSplit, UnknownArticle
from feedback.gaps import rows
from feedback.gaps.rows import Gap, Member, Taken
from feedback.items import Act
from feedback.model import ArticleId, ArticleKey, GapState, GapStep

_articles = schema.articles
_SETTLED = (GapState.IGNORED, GapState.WRITTEN, GapState.CLOSED)


def assign(
    db: Connection, gap: int, *, actor: str, to: str | None, version: int, now: datetime
) -> Gap:
    """Give a gap to an account, or to nobody. Raises UnknownGap, StaleItem, AccountError."""
    if to is not None and not staff.is_known(db, to):
        raise AccountError(f"There is no account {to!r} to give the gap to.")
    act = Act(actor, words.given_to(to), now)
    values = {"assignee": to, "state": GapState.ASSIGNED if to else GapState.OPEN}
    return rows.change(
        db, gap, Taken(GapStep.ASSIGNED, act), version=version, values=values, among=rows.TO_DO
    )


def ignore(db: Connection, gap: int, *, actor: str, why: str, version: int, now: datetime) -> Gap:
    """Show it no more, however often it is asked. Raises UnknownGap, StaleItem, RemarkTooLong."""
    said = remarks.prepare(why)
    act = Act(actor, said.text if said else "", now)
    values = {"state": GapState.IGNORED, "assignee": None}
    return rows.change(
        db, gap, Taken(GapStep.IGNORED, act), version=version, values=values, among=rows.TO_DO
    )


def reopen(db: Connection, gap: int, *, actor: str, version: int, now: datetime) -> Gap:
    """Take back that it is ignored, written or closed. Raises UnknownGap, StaleItem."""
    act = Act(actor, "", now)
    values = {"state": GapState.OPEN, "article": None}
    return rows.change(
        db, gap, Taken(GapStep.REOPENED, act), version=version, values=values, among=_SETTLED
    )


def write(
    db: Connection, gap: int, *, actor: str, article: str, version: int, now: datetime
) -> Gap:
    """Say which article answers it now; readers decide whether it does.

    Raises UnknownGap, StaleItem, and UnknownArticle for one that readers cannot see.
    """
    lang = rows.find(db, gap).lang
    name = ArticleId(article.strip())
    known = select(_articles.c.lang).where(
        _articles.c.article == name, _articles.c.public, _articles.c.gone.is_(None)
    )
    if not db.execute(known).first():
        raise UnknownArticle(ArticleKey(name, lang))
    act = Act(actor, name, now)
    values = {"state": GapState.WRITTEN, "article": name}
    return rows.change(
        db, gap, Taken(GapStep.WRITTEN, act), version=version, values=values, among=rows.TO_DO
    )


def merge(db: Connection, gap: int, *, actor: str, into: int, version: int, now: datetime) -> Gap:
    """Join a gap to another, which stands for both from now on.

    Raises UnknownGap, StaleItem, and BadMerge for a gap that cannot stand for this one.
    """
    read, other = rows.find(db, gap), rows.find(db, into)
    if other.id == read.id or other.lang != read.lang or other.state is GapState.JOINED:
        raise BadMerge(
            f"“{read.face.label}” cannot be joined to “{other.face.label}”. Choose another gap of "
            "the same language."
        )
    act = Act(actor, words.english(sentences.INTO, name=other.face.label), now)
    values = {"state": GapState.JOINED, "joined": into, "assignee": None}
    rows.change(
        db, gap, Taken(GapStep.MERGED, act), version=version, values=values, among=rows.TO_DO
    )
    told = Act(actor, words.english(sentences.WITH, name=read.face.label), now)
    one, two = other.face, read.face
    variants = sorted((*one.variants, *two.variants), key=lambda each: -each.readers)
    both = replace(
        one,
        variants=tuple(variants[: rows.MOST_VARIANTS]),
        wordings=one.wordings + two.wordings,
        askers=one.askers + two.askers,
        before=one.before + two.before,
        volume=one.volume + two.volume,
    )
    return rows.change(
        db, into, Taken(GapStep.MERGED, told), version=other.version, values=both.columns()
    )


def split(
    db: Connection,
    gap: int,
    *,
    actor: str,
    wordings: Collection[str],
    version: int,
    now: datetime,
) -> Gap:
    """Make a gap of its own of some of the wordings shown; it and the rest never meet again.

    Returns the new gap. Its numbers are exact once the gaps are gathered again. Raises UnknownGap,
    StaleItem, and BadSplit unless something goes and something stays.
    """
    read = rows.find(db, gap)
    gone = [each for each in read.face.variants if each.wording in wordings]
    left = [each for each in read.face.variants if each.wording not in wordings]
    standing = {each.wording: each for each in rows.members(db).get(gap, ())}
    if not gone or len(gone) == read.face.wordings:
        raise BadSplit("Choose at least one wording, and leave at least one behind.")
    said = words.english(sentences.ON_ITS_OWN, name=gone[0].text)
    moved = {each.wording for each in gone}
    readers = sum(each.readers for each in gone)
    rest = replace(
        read.face,
        label=left[0].text if read.face.medoid in moved and left else read.face.label,
        variants=tuple(left),
        wordings=read.face.wordings - len(gone),
        askers=max(0, read.face.askers - readers),
        volume=max(0.0, read.face.volume - readers),
    )
    taken = Taken(GapStep.SPLIT, Act(actor, said, now))
    rows.change(db, gap, taken, version=version, values=rest.columns(), among=rows.TO_DO)
    stays = {name: each for name, each in standing.items() if name not in moved}
    kept = {each.wording for each in left} or set(stays)
    rows.set_members(
        db,
        gap,
        {name: replace(one, pinned=one.pinned or name in kept) for name, one in stays.items()},
    )
    face = replace(
        read.face,
        label=gone[0].text,
        medoid=gone[0].wording,
        variants=tuple(gone),
        wordings=len(gone),
        askers=readers,
        before=0,
        volume=float(readers),
    )
    own = {name: Member(name, True, now.date()) for name in moved}  # noqa: FBT003 -- a field of a row
    origin = words.english(sentences.SPLIT_OFF, name=read.face.label)
    began = Taken(GapStep.OPENED, Act(actor, origin, now))
    return rows.add(db, read.lang, face, kept=own, taken=began)
