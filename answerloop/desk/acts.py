"""What a person may do with an item of the queue, by form: take, note, dismiss, find correct."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import abort, request
from sqlalchemy import Connection

from answerloop.desk import access
from answerloop.desk.service import Service
from answerloop.desk.speech import say
from feedback import actions
from feedback.errors import BadSnooze
from feedback.items import Item
from feedback.model import Revision, Role

_LARGEST_VERSION = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Form:
    """What a form of the desk sends, by whom.

    `version` is that of the item and `revision` that of the article that the person had read.
    """

    actor: str
    version: int
    revision: Revision
    text: str
    now: datetime

    @classmethod
    def read(cls, service: Service) -> "Form":
        version = request.form.get("version", default=0, type=int)
        if not 0 < version <= _LARGEST_VERSION:
            abort(400, say("The form does not say which version of the item it belongs to."))
        text = request.form.get("text", "")
        return cls(
            actor=access.user().user,
            version=version,
            revision=Revision(request.form.get("revision", "")),
            text=text,
            now=service.clock(),
        )

    def had_read(self, item: int) -> actions.Read:
        """What the person decides about."""
        return actions.Read(item, self.version, self.revision)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do: who may do it, how, and what the next page says about it.

    `settles` says that the item leaves the queue by it.
    """

    least: Role
    do: Callable[[Connection, int, Form], Item]
    done: str
    settles: bool = False


def _take(db: Connection, item: int, form: Form) -> Item:
    return actions.assign(
        db, item, actor=form.actor, to=form.actor, version=form.version, now=form.now
    )


def _give_back(db: Connection, item: int, form: Form) -> Item:
    return actions.assign(db, item, actor=form.actor, to=None, version=form.version, now=form.now)


def _note(db: Connection, item: int, form: Form) -> Item:
    return actions.note(
        db, item, actor=form.actor, text=form.text, version=form.version, now=form.now
    )


def _snooze(db: Connection, item: int, form: Form) -> Item:
    try:
        until = date.fromisoformat(form.text.strip())
    except ValueError:
        raise BadSnooze(form.text.strip()[:40] or "no day") from None
    return actions.snooze(
        db, item, actor=form.actor, until=until, version=form.version, now=form.now
    )


def _dismiss(db: Connection, item: int, form: Form) -> Item:
    return actions.dismiss(
        db, form.had_read(item), actor=form.actor, reason=form.text, now=form.now
    )


def _correct(db: Connection, item: int, form: Form) -> Item:
    return actions.correct(
        db, form.had_read(item), actor=form.actor, evidence=form.text, now=form.now
    )


ACTS: Mapping[str, Act] = {
    "take": Act(Role.EDITOR, _take, "It is yours now."),
    "give-back": Act(Role.EDITOR, _give_back, "It is free for anybody to take."),
    "note": Act(Role.AGENT, _note, "Your note is kept."),
    "snooze": Act(
        Role.EDITOR,
        _snooze,
        "Put off. It comes back on that day, or as soon as anybody says more.",
        settles=True,
    ),
    "dismiss": Act(
        Role.EDITOR,
        _dismiss,
        "Dismissed. The evidence starts again from zero; such votes now count as usual.",
        settles=True,
    ),
    "correct": Act(
        Role.EDITOR,
        _correct,
        "Reviewed as correct. The evidence starts again from zero.",
        settles=True,
    ),
}
"""Each under the name that its address has."""
