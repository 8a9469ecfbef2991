"""An edit answers the items of its article: the flag is cleared, they are watched from now on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from feedback import fixes, flags, items, sentences, words
from feedback.fixes import Fix
from feedback.flags import Cleared
from feedback.items import Act, Item, Taken
from feedback.model import ArticleKey, FixingCommit, ItemState, Lane, Revision, Step
from feedback.trailers import SHOWN

ANSWERED = (Lane.REPORTED, Lane.SUSPECTED, Lane.CLARITY)
"""The lanes whose items an edit moves to watching; what is stale needs a review."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The text that an article has from now on. `commit` and `author` are empty without Git."""

    revision: Revision
    commit: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Mended:
    """What a build mends: `edits` by article, `named` the commits by the item that they name.

    `onsets` are the first days of the trouble, where they are known.
    """

    edits: Mapping[ArticleKey, Edit]
    named: Mapping[int, FixingCommit]
    onsets: Mapping[ArticleKey, date]


def answer(db: Connection, mended: Mended, now: datetime) -> list[Item]:
    """Move the open items of the edited articles to watching, each with a step that says why.

    An item that is watched already goes on being watched for its first fix, unless a commit names
    it: then it is watched anew.
    """
    flags.clear(db, mended.edits, Cleared.EDITED, now)
    moved: list[Item] = []
    for item in items.live(db, mended.edits):
        is_answered = item.lane in ANSWERED and item.state is ItemState.OPEN
        if is_answered or item.id in mended.named:
            moved += _watch(db, item, mended, now)
    return moved


def _watch(db: Connection, item: Item, mended: Mended, now: datetime) -> list[Item]:
    edit, naming = mended.edits[item.key], mended.named.get(item.id)
    taken = Taken(Step.WATCHING, Act(None, _said(edit, naming), now))
    after = items.move(db, [item], taken, state=ItemState.WATCHING)
    fixes.record(
        db,
        [
            Fix(
                item=item.id,
                version=one.version,
                revision=edit.revision,
                commit=naming.commit if naming else edit.commit,
                author=naming.author if naming else edit.author,
                named=naming is not None,
                onset=mended.onsets.get(item.key),
                at=now,
            )
            for one in after
        ],
    )
    return after


def _said(edit: Edit, naming: FixingCommit | None) -> str:
    if naming is not None:
        commit = _commit(naming.commit, naming.author)
        return words.english(sentences.MENDED_SAYS, commit=commit, revision=edit.revision)
    if not edit.commit:
        return words.english(sentences.PUBLISHED, revision=edit.revision)
    commit = _commit(edit.commit, edit.author)
    return words.english(sentences.PUBLISHED_BY, revision=edit.revision, commit=commit)


def _commit(commit: str, author: str) -> str:
    if author:
        return words.english(sentences.COMMIT_BY, commit=commit[:SHOWN], author=author)
    return words.english(sentences.COMMIT, commit=commit[:SHOWN])
