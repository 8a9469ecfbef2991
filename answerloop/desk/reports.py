"""The page of reports, and the same tables as files: any period, and what it rests on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, Response, abort, render_template, request

from answerloop.desk import access, exports, figures, measures, sheets, speech, summaries
from answerloop.desk.charts import Bar, Chart
from answerloop.desk.service import Service
from answerloop.desk.sheets import Sheet
from answerloop.desk.subjects import Subjects
from answerloop.desk.summaries import Counted
from answerloop.published import Entry
from answerloop.wording import Wording
from feedback.history import utc_day
from feedback.measures.kcs import UNKNOWN
from feedback.measures.periods import LONGEST, Period
from feedback.measures.summary import Summary
from feedback.measures.trends import Point
from feedback.model import ArticleKey, Role

USUAL = 28
_EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """The period that is shown, and why it is not the one that was asked for."""

    period: Period
    problem: str = ""


def install(routes: Blueprint, service: Service) -> None:
    @routes.get("/reports", endpoint="reports")
    @access.needs(Role.AGENT)
    def show() -> str:
        lang = speech.lang()
        say = speech.voice(lang)
        asked = parse(request.args, utc_day(service.clock()), say)
        counted, tables, subjects = _read(service, asked.period, say)
        found = counted.summary
        return render_template(
            "desk/reports.html",
            asked=asked,
            found=found,
            counted=counted.at,
            sheets={sheet.name: sheet for sheet in tables},
            charts=drawn(found, say, lang),
            meanings=measures.meanings(say),
            unknown=UNKNOWN,
            subject=subjects.of,
            kind=lambda key: _entry(subjects.by_id, key),
            presets=summaries.PRESETS,
            most=sheets.MOST,
            span=figures.span(asked.period, lang),
            percent=lambda share: figures.percent(share, lang),
            count=lambda number: figures.count(number, lang),
            length=lambda time: figures.length(time, say),
            written=lambda cell, kind: sheets.written(cell, kind, say, lang),
            searches_days=service.settings.privacy.searches_days,
            mails=bool(service.settings.mail.host),
        )

    @routes.get("/reports.csv", endpoint="reports-csv")
    @access.needs(Role.AGENT)
    def as_csv() -> Response:
        asked, tables = _asked_tables(service)
        name = request.args.get("table", "")
        if name:
            try:
                tables = (sheets.named(tables, name),)
            except KeyError:
                abort(404)
        return _file(exports.as_csv(tables), "text/csv", f"{name or 'report'}-{asked.last}.csv")

    @routes.get("/reports.json", endpoint="reports-json")
    @access.needs(Role.AGENT)
    def as_json() -> Response:
        asked, tables = _asked_tables(service)
        said = exports.as_json(asked, tables)
        return _file(said, "application/json", f"report-{asked.last}.json")


def parse(args: Mapping[str, str], today: date, say: Wording) -> Asked:
    """The period that an address names: `from` and `to`, else the last `days`, else the usual."""
    usual = Period.ending(today, USUAL)
    try:
        last = date.fromisoformat(args["to"]) if args.get("to") else today
        if args.get("from"):
            period = Period(date.fromisoformat(args["from"]), last)
        else:
            period = Period.ending(last, int(args.get("days") or USUAL))
    except (ValueError, OverflowError):
        return Asked(usual, f"{say('A day is written like 2026-05-03.')} {instead(say)}")
    if not _EARLIEST <= period.first <= period.last <= today or period.days > LONGEST:
        problem = say("A period ends by today, begins before it ends and has ten years at most.")
        return Asked(usual, f"{problem} {instead(say)}")
    return Asked(period)


def instead(say: Wording) -> str:
    """What is shown where no period was named that there is."""
    return say("These are the last 28 days.")


def drawn(found: Summary, say: Wording, lang: str) -> Mapping[str, Chart]:
    """The charts of a report by the names of the tables behind them."""

    def chart(names: tuple[str, ...], parts: Callable[[Point], tuple[int, ...]]) -> Chart:
        bars = []
        for point in found.points:
            counts = parts(point)
            said = ", ".join(
                f"{name}: {figures.count(count, lang)}"
                for name, count in zip(names, counts, strict=True)
            )
            bars.append(Bar(counts, f"{figures.span(point.period, lang)}. {said}"))
        return Chart(names, tuple(bars))

    return {
        "searches": chart(
            (say("Opened, or not watched"), say("Nothing opened"), say("Found nothing")),
            lambda one: (
                one.searches.searches - one.searches.unopened - one.searches.empty,
                one.searches.unopened,
                one.searches.empty,
            ),
        ),
        "votes": chart((say("Yes"), say("No")), lambda one: (one.yes, one.no)),
        "flags": chart(
            (say("Flagged by the rule"), say("Reported by agents")),
            lambda one: (one.flagged, one.reported),
        ),
    }


def _read(
    service: Service, period: Period, say: Wording
) -> tuple[Counted, tuple[Sheet, ...], Subjects]:
    subjects = Subjects.now(service)
    counted = service.summaries.get(service, period)
    return counted, sheets.of(counted.summary, lambda key: subjects.of(key).title, say), subjects


def _asked_tables(service: Service) -> tuple[Period, tuple[Sheet, ...]]:
    """What a file is asked to hold; 400 for no period."""
    say = speech.voice(speech.lang())
    asked = parse(request.args, utc_day(service.clock()), say)
    if asked.problem:
        abort(400, asked.problem)
    return asked.period, _read(service, asked.period, say)[1]


def _file(text: str, kind: str, name: str) -> Response:
    response = Response(text, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _entry(by_id: Mapping[str, Mapping[str, Entry]], key: ArticleKey) -> Entry | None:
    return by_id.get(key.article, {}).get(key.lang)
