"""What a person may do with a gap, by form: give it to somebody, ignore, join, take apart."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import request
from sqlalchemy import Connection

from answerloop.desk.acts import Form
from answerloop.desk.service import Service
from feedback.gaps import actions
from feedback.gaps.rows import Gap

_LARGEST_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class GapForm:
    """What a form of a gap's page sends: `to` is an account, `into` the number of another gap."""

    form: Form
    to: str
    into: int
    wordings: tuple[str, ...]

    @classmethod
    def read(cls, service: Service) -> "GapForm":
        into = request.form.get("into", default=0, type=int)
        return cls(
            form=Form.read(service),
            to=request.form.get("to", ""),
            into=into if 0 < into <= _LARGEST_NUMBER else 0,
            wordings=tuple(request.form.getlist("wording")),
        )


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
    return actions.write(
        db, gap, actor=form.actor, article=form.text, version=form.version, now=form.now
    )


def _merge(db: Connection, gap: int, sent: GapForm) -> Gap:
    form = sent.form
    return actions.merge(
        db, gap, actor=form.actor, into=sent.into, version=form.version, now=form.now
    )


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
