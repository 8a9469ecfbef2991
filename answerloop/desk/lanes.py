"""The queue's page: four lanes, what is mended and watched, filters."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request

from answerloop import languages
from answerloop.desk import access
from answerloop.desk.acts import ACTS
from answerloop.desk.service import Service
from answerloop.desk.subjects import Subject, Subjects
from feedback import queue, words, yardsticks
from feedback.errors import DatabaseError
from feedback.items import Act
from feedback.model import Lane, Role, Step
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


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are shown; an empty field shows all."""

    owner: str
    lang: str

    def passes(self, entry: Entry) -> bool:
        return self.owner in ("", entry.article.owner) and self.lang in ("", entry.key.lang)


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
        chosen = Filter(request.args.get("owner", ""), request.args.get("lang", ""))
        subjects = Subjects.now(service)
        return render_template(
            "desk/queue.html",
            lanes={lane: _rows(lanes[lane], chosen, subjects) for lane in Lane},
            watched=[
                Row(entry, subjects.of(entry.key))
                for entry in _all(lanes)
                if entry.is_watching and chosen.passes(entry)
            ],
            few_votes=words.few_votes(yardstick),
            learned=words.learned(yardstick),
            chosen=chosen,
            owners=_owners(lanes, subjects),
            langs=_langs(lanes),
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


def _rows(entries: Iterable[Entry], chosen: Filter, subjects: Subjects) -> list[Row]:
    return [
        Row(entry, subjects.of(entry.key))
        for entry in entries
        if not entry.is_watching and chosen.passes(entry)
    ]


def _all(lanes: Mapping[Lane, list[Entry]]) -> Iterable[Entry]:
    return (entry for entries in lanes.values() for entry in entries)


def _owners(lanes: Mapping[Lane, list[Entry]], subjects: Subjects) -> dict[str, str]:
    """The owners that the queue holds, with their names in the order of these."""
    found = {entry.article.owner for entry in _all(lanes)} - {""}
    return dict(sorted(((owner, subjects.owner(owner)) for owner in found), key=lambda one: one[1]))


def _langs(lanes: Mapping[Lane, list[Entry]]) -> dict[str, str]:
    found = {entry.key.lang for entry in _all(lanes)}
    return {lang: languages.display_name(lang) for lang in sorted(found)}


def _done(name: str) -> str:
    return ACTS[name].done if name in ACTS else ""
