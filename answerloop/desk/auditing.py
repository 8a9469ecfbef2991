"""The page of the audit log, for admins: who did what, by person and day, as a table or a sheet."""

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for

from answerloop import sheets
from answerloop.desk import access, deeds
from answerloop.desk.service import Service
from feedback import audit
from feedback.audit import Entry, Filter
from feedback.model import Role

_ON_A_PAGE = 100
_MOST_IN_A_SHEET = 100_000
_LARGEST_NUMBER = 2**31 - 1


def install(routes: Blueprint, service: Service) -> None:
    @routes.get("/audit", endpoint="audit")
    @access.needs(Role.ADMIN)
    def show() -> str | Response:
        wanted = _wanted()
        if request.args.get("format") == "csv":
            return _sheet(service, wanted)
        with service.database.read() as db:
            found = audit.listed(db, wanted, most=_ON_A_PAGE + 1)
            people = audit.people(db)
        return render_template(
            "desk/audit.html",
            entries=found[:_ON_A_PAGE],
            older=_older(wanted, found),
            sheet=_address(wanted, format="csv"),
            people=people,
            wanted=wanted,
            deeds=deeds,
            months=service.settings.privacy.audit_months,
        )


def _wanted() -> Filter:
    """What the address asks for; a day or a number that is none asks for nothing."""
    before = request.args.get("before", default=0, type=int)
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = None
    person = request.args.get("person", "").strip()
    return Filter(
        person if person.isprintable() else "",
        day,
        before if 0 < before <= _LARGEST_NUMBER else None,
    )


def _older(wanted: Filter, found: list[Entry]) -> str:
    """The address of the next page; empty where this is the last."""
    if len(found) <= _ON_A_PAGE:
        return ""
    return _address(wanted, before=str(found[_ON_A_PAGE - 1].id))


def _address(wanted: Filter, **more: str) -> str:
    named = {"person": wanted.person, "day": wanted.day.isoformat() if wanted.day else ""}
    query = urlencode({name: value for name, value in (named | more).items() if value})
    return f"{url_for('desk.audit')}?{query}"


def _sheet(service: Service, wanted: Filter) -> Response:
    with service.database.read() as db:
        found = audit.listed(db, wanted, most=_MOST_IN_A_SHEET)
    response = Response(
        sheets.written(audit.COLUMNS, map(audit.cells, found)),
        content_type="text/csv; charset=utf-8",
    )
    response.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response
