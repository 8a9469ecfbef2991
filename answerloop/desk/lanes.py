"""The queue's page: four lanes, what is mended and watched, filters."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request

from answerloop import languages
from answerloop.desk import access, speech
from answerloop.desk.acts import ACTS
from answerloop.desk.service import Service
from answerloop.desk.subjects import Subject, Subjects
from feedback import queue, words, yardsticks
from feedback.errors import DatabaseError
from feedback.history import utc_day
from feedback.items import Act
from feedback.model import Lane, RemarkState, Role, Step
from feedback.queue import Entry

logger = logging.getLogger(__name__)

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
        return next(steps, None)

    @property
    def remarks(self) -> int:
        """How many remarks nobody has dealt with."""
        return sum(1 for remark in self.entry.remarks if remark.state is RemarkState.OPEN)

    def is_due(self, today: date) -> bool:
        """Whether nobody has put it off."""
        return self.entry.item is None or not self.entry.item.sleeps(today)

    def because(self) -> str:
        """Why it is here, in the language of this request."""
        return queue.because(self.entry, speech.say)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are shown; an empty field shows all."""

    owner: str
    lang: str
    tag: str

    @classmethod
    def read(cls) -> "Filter":
        asked = request.args
        return cls(asked.get("owner", ""), asked.get("lang", ""), asked.get("tag", ""))

    def passes(self, row: Row) -> bool:
        return (
            self.owner in ("", row.entry.article.owner)
            and self.lang in ("", row.entry.key.lang)
            and self.tag in ("", *row.subject.tags)
        )


def install(routes: Blueprint, service: Service) -> None:
    @routes.get("/queue", endpoint="queue")
    @access.needs(Role.AGENT)
    def show() -> str:
        feedback = service.settings.feedback
        now = service.clock()
        _settle(service)
        with service.database.read() as db:
            lanes = queue.lanes(
                db,
                now,
                reviews_per_week=feedback.reviews_per_week,
                false_flags=feedback.false_flags_per_month,
            )
            yardstick = yardsticks.current(db, now, false_flags=feedback.false_flags_per_month)
        subjects = Subjects.now(service)
        rows = [Row(entry, subjects.of(entry.key)) for entry in _all(lanes)]
        chosen = Filter.read()
        passing = [row for row in rows if chosen.passes(row)]
        today = utc_day(now)
        return render_template(
            "desk/queue.html",
            lanes={
                lane: [
                    row
                    for row in passing
                    if row.entry.lane is lane and row.is_due(today) and not row.entry.is_watching
                ]
                for lane in Lane
            },
            watched=[row for row in passing if row.entry.is_watching and row.is_due(today)],
            sleeping=[row for row in passing if not row.is_due(today)],
            few_votes=words.few_votes(yardstick, speech.say),
            learned=words.learned(yardstick, speech.say),
            chosen=chosen,
            owners=_owners(rows, subjects),
            langs=_langs(rows),
            tags={tag: tag for tag in sorted({tag for row in rows for tag in row.subject.tags})},
            owner=subjects.owner,
            done=_done(request.args.get("done", "")),
            now=now,
        )


def _settle(service: Service) -> None:
    """Whoever opens the queue sees every vote that was answered before, if that can be had."""
    try:
        service.judge.settle(_PATIENCE)
    except DatabaseError as problem:
        logger.warning("The queue is shown without the newest votes: %s", problem)


def _all(lanes: Mapping[Lane, list[Entry]]) -> Iterable[Entry]:
    return (entry for entries in lanes.values() for entry in entries)


def _owners(rows: Iterable[Row], subjects: Subjects) -> dict[str, str]:
    """The owners that the queue holds, with their names in the order of these."""
    found = {row.entry.article.owner for row in rows} - {""}
    return dict(sorted(((owner, subjects.owner(owner)) for owner in found), key=lambda one: one[1]))


def _langs(rows: Iterable[Row]) -> dict[str, str]:
    found = {row.entry.key.lang for row in rows}
    return {lang: languages.display_name(lang) for lang in sorted(found)}


def _done(name: str) -> str:
    return ACTS[name].done if name in ACTS else ""
