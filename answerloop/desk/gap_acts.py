"""What a person may do with a gap, by form: give it to somebody, ignore, join, take apart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import request
from sqlalchemy import Connection

from answerloop.desk import naming
from answerloop.desk.acts import Form
from answerloop.desk.service import Service
from answerloop.desk.speech import say
from answerloop.desk.subjects import Subjects
from feedback.errors import BadMerge
from feedback.gaps import actions, overview, rows
from feedback.gaps.rows import Gap
from feedback.model import ArticleId


class _NoSuchGap(BadMerge):
    """Said in the language of whoever works at the desk."""


@dataclass(frozen=True, slots=True)
class GapForm:
    """What a form of a gap's page sends: `to` is an account, `into` names another gap.

    `subjects` are the articles that it may name.
    """

    form: Form
    to: str
    into: str
    wordings: tuple[str, ...]
    subjects: Subjects

    @classmethod
    def read(cls, service: Service) -> "GapForm":
        return cls(
            form=Form.read(service),
            to=request.form.get("to", ""),
            into=request.form.get("into", ""),
            wordings=tuple(request.form.getlist("wording")),
            subjects=Subjects.now(service),
        )

    @property
    def typed(self) -> str:
        """What the person wrote, to be shown again where it was refused."""
        return self.form.text or self.into


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do, what the next page says about it, and whether the gap leaves the list."""

    do: Callable[[Connection, int, GapForm], Gap]
    done: str
    settles: bool = False


def _assign(db: Connection, gap: int, sent: GapForm) -> Gap:
    form, to = sent.form, sent.to or None
    return actions.assign(db, gap, actor=form.actor, to=to, version=form.version, now=form.now)


def _ignore(db: Connection, gap: int, sent: GapForm) -> Gap:
    form = sent.form
    return actions.ignore(
        db, gap, actor=form.actor, why=form.text, version=form.version, now=form.now
    )


def _reopen(db: Connection, gap: int, sent: GapForm) -> Gap:
    form = sent.form
    return actions.reopen(db, gap, actor=form.actor, version=form.version, now=form.now)


def _write(db: Connection, gap: int, sent: GapForm) -> Gap:
    form = sent.form
    lang = rows.find(db, gap).lang
    name = naming.article(form.text, lang, sent.subjects) or ArticleId(form.text.strip())
    return actions.write(
        db, gap, actor=form.actor, article=name, version=form.version, now=form.now
    )


def _merge(db: Connection, gap: int, sent: GapForm) -> Gap:
    form = sent.form
    others = overview.labels(db, rows.find(db, gap).lang, rows.NOT_JOINED)
    others.pop(gap, None)
    into = naming.gap(sent.into, others)
    if into is None:
        raise _NoSuchGap(
            say(
                "There is no other gap “%(name)s” in this language. Choose a suggestion, or type a "
                "whole name or the number in its address.",
                name=sent.into,
            )
        )
    return actions.merge(db, gap, actor=form.actor, into=into, version=form.version, now=form.now)


def _split(db: Connection, gap: int, sent: GapForm) -> Gap:
    form, chosen = sent.form, sent.wordings
    return actions.split(
        db, gap, actor=form.actor, wordings=chosen, version=form.version, now=form.now
    )


ACTS: Mapping[str, Act] = {
    "assign": Act(_assign, "Noted who writes it."),
    "ignore": Act(_ignore, "Ignored. It comes back only when somebody opens it.", settles=True),
    "reopen": Act(_reopen, "It is open again."),
    "written": Act(_write, "Noted. In 14 days readers will have said whether it answers them."),
    "merge": Act(_merge, "Joined: this gap now stands for both."),
    "split": Act(_split, "This is a gap of its own now. Its numbers are exact by tomorrow."),
}
"""Each under the name that its address has."""
