"""The queue's page: four lanes, what is mended and watched, filters."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from flask import Blueprint, render_template, request

from answerloop import languages
from answerloop.desk import access, paging, phrases, speech
from answerloop.desk.acts import ACTS
from answerloop.desk.paging import Part
from answerloop.desk.service import Service
from answerloop.desk.subjects import Subject, Subjects
from feedback import queue, waiting, words, yardsticks
from feedback.errors import DatabaseError
from feedback.history import utc_day
from feedback.items import Act
from feedback.model import Lane, Role, Step
from feedback.queue import Entry
from feedback.waiting import Waiting

logger = logging.getLogger(__name__)

WATCHING, SLEEPING = "watching", "sleeping"
PARTS = (*map(str, Lane), WATCHING, SLEEPING)
"""What the page is made of."""
FEW, MANY = 10, 50
"""Rows of a part among the others, and of one by itself on a page."""
_ORDERED = (str(Lane.STALE), SLEEPING)
"""Parts with an order of their own; the most urgent stand first in the others."""
_PATIENCE = 2.0
"""Seconds to wait for votes that are being judged."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of the queue with the article it is about."""

    entry: Entry
    subject: Subject

    @property
    def mended(self) -> Act | None:
        """What moved it to watching: the words name the revision."""
        steps = (taken.act for taken in reversed(self.entry.steps) if taken.step is Step.WATCHING)
        act = next(steps, None)
        return act and phrases.told(Step.WATCHING, act)

    def because(self) -> str:
        """Why it is here, in the language of this request."""
        return queue.because(self.entry, speech.say)


@dataclass(frozen=True, slots=True)
class Filter(paging.Chosen):
    """Which rows are shown."""

    endpoint: ClassVar[str] = "desk.queue"
    offered: ClassVar[tuple[str, ...]] = PARTS
    owner: str
    lang: str
    tag: str

    @property
    def most(self) -> int:
        """So many of each part as are shown, those on the pages before among them."""
        return self.page * MANY if self.show else FEW

    def passes(self, one: Waiting, subject: Subject) -> bool:
        return (
            self.owner in ("", one.article.owner)
            and self.lang in ("", one.key.lang)
            and self.tag in ("", *subject.tags)
        )


def install(routes: Blueprint, service: Service) -> None:
    @routes.get("/queue", endpoint="queue")
    @access.needs(Role.AGENT)
    def show() -> str:
        feedback = service.settings.feedback
        now, chosen, subjects = service.clock(), Filter.read(), Subjects.now(service)
        _settle(service)
        with service.database.read() as db:
            waits = waiting.read(db, now, reviews_per_week=feedback.reviews_per_week)
            about = {one.key: subjects.of(one.key) for one in waits}
            passing = [one for one in waits if chosen.passes(one, about[one.key])]
            lists = _parted(passing, utc_day(now))
            yardstick = yardsticks.current(db, now, false_flags=feedback.false_flags_per_month)
            asked = {name: lists[name] for name in chosen.parts}
            found = queue.first(db, asked, yardstick, now, most=chosen.most, as_they_are=_ORDERED)
        first = (chosen.page - 1) * MANY if chosen.show else 0
        parts = {
            name: Part(
                total=len(lists[name]),
                rows=tuple(Row(entry, about[entry.key]) for entry in found[name][first:]),
                first=first,
            )
            for name in chosen.parts
        }
        return render_template(
            "desk/queue.html",
            shown=parts,
            counts={name: len(waits) for name, waits in lists.items()},
            few_votes=words.few_votes(yardstick, speech.say),
            learned=words.learned(yardstick, speech.say),
            chosen=chosen,
            owners=_owners(waits, subjects),
            langs=_langs(waits),
            tags={tag: tag for tag in sorted({tag for one in about.values() for tag in one.tags})},
            owner=subjects.owner,
            done=_done(request.args.get("done", "")),
            now=now,
        )


def _parted(waits: Iterable[Waiting], today: date) -> dict[str, list[Waiting]]:
    """The parts of the page, in their order: what is mended, or put off, stands by itself."""
    lists: dict[str, list[Waiting]] = {name: [] for name in PARTS}
    for one in waits:
        mended = WATCHING if one.is_watching else one.lane
        lists[SLEEPING if one.sleeps(today) else mended].append(one)
    lists[SLEEPING].sort(key=_waking)
    return lists


def _waking(one: Waiting) -> tuple[date, datetime]:
    until = one.item.snoozed if one.item else None
    return until or date.max, one.since


def _settle(service: Service) -> None:
    """Whoever opens the queue sees every vote that was answered before, if that can be had."""
    try:
        service.judge.settle(_PATIENCE)
    except DatabaseError as problem:
        logger.warning("The queue is shown without the newest votes: %s", problem)


def _owners(waits: Iterable[Waiting], subjects: Subjects) -> dict[str, str]:
    """The owners that the queue holds, with their names in the order of these."""
    found = {one.article.owner for one in waits} - {""}
    return dict(sorted(((owner, subjects.owner(owner)) for owner in found), key=lambda one: one[1]))


def _langs(waits: Iterable[Waiting]) -> dict[str, str]:
    found = {one.key.lang for one in waits}
    return {lang: languages.display_name(lang) for lang in sorted(found)}


def _done(name: str) -> str:
    return ACTS[name].done if name in ACTS else ""
