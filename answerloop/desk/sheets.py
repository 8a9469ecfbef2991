"""A report as tables: what stands behind its charts, and what CSV, JSON and the command print."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from answerloop.desk import figures, measures
from answerloop.wording import Wording
from feedback.measures.kcs import Measure
from feedback.measures.repairs import Times
from feedback.measures.summary import Summary
from feedback.model import ArticleKey, Verdict

Cell = str | int | float | bool | date | None
_DAY = timedelta(days=1)
MOST = 20
"""Rows of a list that is cut; the command and the files have as many."""


class Kind(StrEnum):
    """How a cell is written; None is written as a dash."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    DAYS = "days"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    """`key` is its name for programs."""

    key: str
    heading: str
    kind: Kind = Kind.TEXT

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.COUNT, Kind.SHARE, Kind.DAYS)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `name` is its name for programs; lengths of time are days, shares parts of one."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


Titles = Callable[[ArticleKey], str]


def of(summary: Summary, titles: Titles, say: Wording) -> tuple[Sheet, ...]:
    """All tables of a report, in the order of its page."""
    return (
        _measures(summary, say),
        _searches(summary, say),
        _votes(summary, say),
        _flags(summary, say),
        _times(summary, say),
        _verdicts(summary, say),
        _recurring(summary, titles, say),
        _reused(summary, titles, say),
        _changed(summary, titles, say),
        _gaps(summary, say),
    )


def written(cell: Cell, kind: Kind, say: Wording, lang: str) -> str:
    """A cell for people."""
    if cell is None:
        return "\N{EN DASH}"
    if isinstance(cell, date):
        return figures.day(cell, lang)
    if isinstance(cell, bool):
        return say("yes") if cell else say("no")
    if isinstance(cell, str):
        return cell
    return _number(cell, kind, say, lang)


def _number(cell: float, kind: Kind, say: Wording, lang: str) -> str:
    if kind is Kind.SHARE:
        return figures.percent(cell, lang)
    if kind is Kind.DAYS:
        return figures.length(cell * _DAY, say)
    return figures.count(round(cell), lang)


def _period(say: Wording) -> tuple[Column, Column]:
    return Column("from", say("From"), Kind.DAY), Column("to", say("To"), Kind.DAY)


def _measures(summary: Summary, say: Wording) -> Sheet:
    meanings = measures.meanings(say)

    def row(one: Measure) -> tuple[Cell, ...]:
        share, earlier = one.share, summary.earlier[one.name].share
        definition = meanings[one.name].definition
        low, high = one.interval or (None, None)
        return (
            one.name,
            meanings[one.name].name,
            share.value if share else None,
            low,
            high,
            share.part if share else None,
            share.total if share else None,
            earlier.value if earlier else None,
            definition if share else f"{say('Cannot be known here.')} {definition}",
        )

    columns = (
        Column("key", say("Key")),
        Column("measure", say("Measure")),
        Column("share", say("Share"), Kind.SHARE),
        Column("low", say("At least"), Kind.SHARE),
        Column("high", say("At most"), Kind.SHARE),
        Column("part", say("Part"), Kind.COUNT),
        Column("total", say("Of"), Kind.COUNT),
        Column("before", say("Before"), Kind.SHARE),
        Column("definition", say("Definition")),
    )
    return Sheet("measures", say("Measures"), columns, tuple(map(row, summary.measures)))


def _searches(summary: Summary, say: Wording) -> Sheet:
    columns = (
        *_period(say),
        Column("searches", say("Searches"), Kind.COUNT),
        Column("nothing_found", say("Found nothing"), Kind.COUNT),
        Column("not_opened", say("Nothing opened"), Kind.COUNT),
        Column("asked_again", say("Asked again"), Kind.COUNT),
    )
    rows = tuple(
        (
            *(point.period.first, point.period.last),
            *(point.searches.searches, point.searches.empty),
            *(point.searches.unopened, point.searches.refined),
        )
        for point in summary.points
    )
    return Sheet("searches", say("Searches"), columns, rows)


def _votes(summary: Summary, say: Wording) -> Sheet:
    columns = (
        *_period(say),
        Column("yes", say("Yes"), Kind.COUNT),
        Column("no", say("No"), Kind.COUNT),
    )
    rows = tuple(
        (point.period.first, point.period.last, point.yes, point.no) for point in summary.points
    )
    return Sheet("votes", say("Votes"), columns, rows)


def _flags(summary: Summary, say: Wording) -> Sheet:
    columns = (
        *_period(say),
        Column("flagged", say("Flagged by the rule"), Kind.COUNT),
        Column("reported", say("Reported by agents"), Kind.COUNT),
    )
    rows = tuple(
        (point.period.first, point.period.last, point.flagged, point.reported)
        for point in summary.points
    )
    return Sheet("flags", say("Flags"), columns, rows)


def _times(summary: Summary, say: Wording) -> Sheet:
    def row(key: str, name: str, times: Times) -> tuple[Cell, ...]:
        low, high = times.middle or (None, None)
        return (
            key,
            name,
            times.count,
            *(each / _DAY if each is not None else None for each in (times.median, low, high)),
        )

    made = summary.repairs
    columns = (
        Column("key", say("Key")),
        Column("time", say("Time")),
        Column("count", say("Number"), Kind.COUNT),
        Column("median", say("Median"), Kind.DAYS),
        Column("low", say("A quarter below"), Kind.DAYS),
        Column("high", say("A quarter above"), Kind.DAYS),
    )
    rows = (
        row("detect", say("From the first day of a trouble to its item"), made.detect),
        row("mend", say("From the item to the edit"), made.mend),
        row("answer", say("From a gap to the article that answers it"), made.answer),
    )
    return Sheet("times", say("Time to detect and to mend"), columns, rows)


def _verdicts(summary: Summary, say: Wording) -> Sheet:
    names = measures.verdicts(say)
    columns = (
        Column("key", say("Key")),
        Column("verdict", say("Verdict")),
        Column("count", say("Number"), Kind.COUNT),
    )
    given = summary.repairs.verdicts
    rows = [(str(verdict), names[verdict], given[verdict]) for verdict in Verdict]
    rows.append(("watched", say("being watched now"), summary.repairs.watched))
    return Sheet("verdicts", say("Did the repairs help?"), columns, tuple(rows))


def _recurring(summary: Summary, titles: Titles, say: Wording) -> Sheet:
    names = measures.changes(say)
    columns = (
        Column("tag", say("Tag")),
        Column("now", say("In the period"), Kind.COUNT),
        Column("before", say("Before"), Kind.COUNT),
        Column("change", say("Change")),
        Column("no", say("Said no"), Kind.COUNT),
        Column("reported", say("Reported"), Kind.COUNT),
        Column("missed", say("Asked in vain"), Kind.COUNT),
        Column("worst", say("Most of it")),
    )
    rows = tuple(
        (
            one.subject,
            *(one.now.total, one.before.total, names[one.change]),
            *(one.now.no, one.now.reported, one.now.missed),
            titles(one.worst),
        )
        for one in summary.recurring[:MOST]
    )
    return Sheet("recurring", say("Recurring problems"), columns, rows)


def _reused(summary: Summary, titles: Titles, say: Wording) -> Sheet:
    columns = (*_article(say), Column("uses", say("Uses"), Kind.COUNT))
    rows = (
        (key.article, key.lang, titles(key), uses) for key, uses in summary.lessons.reused[:MOST]
    )
    return Sheet("reused", say("Used most"), columns, tuple(rows))


def _changed(summary: Summary, titles: Titles, say: Wording) -> Sheet:
    columns = (
        *_article(say),
        Column("on", say("On"), Kind.DAY),
        Column("new", say("New")),
    )
    rows = (
        (one.key.article, one.key.lang, titles(one.key), one.at.date(), one.is_new)
        for one in summary.lessons.changed[:MOST]
    )
    return Sheet("changed", say("New or changed"), columns, tuple(rows))


def _gaps(summary: Summary, say: Wording) -> Sheet:
    columns = (
        Column("gap", say("Gap"), Kind.COUNT),
        Column("lang", say("Language")),
        Column("label", say("Asked")),
        Column("askers", say("Readers in 30 days"), Kind.COUNT),
        Column("before", say("30 days before"), Kind.COUNT),
    )
    rows = (
        (gap.id, gap.lang, gap.face.label, gap.face.askers, gap.face.before)
        for gap in summary.lessons.gaps
    )
    return Sheet("gaps", say("No answer yet"), columns, tuple(rows))


def _article(say: Wording) -> tuple[Column, Column, Column]:
    return (
        Column("article", say("Id")),
        Column("lang", say("Language")),
        Column("title", say("Title")),
    )


def named(sheets: Iterable[Sheet], name: str) -> Sheet:
    """Raises KeyError."""
    return {sheet.name: sheet for sheet in sheets}[name]
