"""What readers could not find: the list of gaps, and the page of one."""

from dataclasses import dataclass, replace
from typing import ClassVar

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from answerloop import languages
from answerloop.desk import access, naming, paging, phrases, writing
from answerloop.desk.gap_acts import ACTS, Act, GapForm
from answerloop.desk.paging import Part
from answerloop.desk.refusals import Refusal
from answerloop.desk.service import Service
from answerloop.desk.subjects import Subject, Subjects
from feedback import staff
from feedback.errors import (
    AccountError,
    BadMerge,
    BadSplit,
    RemarkTooLong,
    StaleItem,
    UnknownArticle,
    UnknownGap,
)
from feedback.gaps import overview, rows
from feedback.gaps.rows import Gap
from feedback.model import ArticleId, ArticleKey, GapState, Role

COMMITTED = "Committed. The next build publishes it."
_GAP = "/gaps/<int:gap>"
TO_DO = "open"
PARTS = {
    TO_DO: rows.TO_DO,
    "written": (GapState.WRITTEN,),
    "ignored": (GapState.IGNORED,),
}
"""What the list is made of."""
ON_A_PAGE, FEW = 50, 10
"""Gaps on a page, and of what waits for nobody beside those that do."""
_LARGEST_NUMBER = 2**31 - 1
_LISTED = (*rows.SHOWN, GapState.IGNORED)
_REFUSED = (StaleItem, BadMerge, BadSplit, UnknownArticle, AccountError, RemarkTooLong)


@dataclass(frozen=True, slots=True)
class Row:
    """A gap with the articles that it names."""

    gap: Gap
    nearest: Subject | None
    written: Subject | None

    @property
    def language(self) -> str:
        return languages.display_name(self.gap.lang)


@dataclass(frozen=True, slots=True)
class Chosen(paging.Chosen):
    """Which gaps are shown."""

    endpoint: ClassVar[str] = "desk.gaps"
    offered: ClassVar[tuple[str, ...]] = tuple(PARTS)
    lang: str


def install(routes: Blueprint, service: Service) -> None:
    @routes.get("/gaps", endpoint="gaps")
    @access.needs(Role.AGENT)
    def show() -> str:
        chosen, subjects = Chosen.read(), Subjects.now(service)
        with service.database.read() as db:
            parts = {name: _part(db, name, chosen, subjects) for name in chosen.parts}
            langs = overview.langs(db, _LISTED)
        done = ACTS.get(request.args.get("done", ""))
        return render_template(
            "desk/gaps.html",
            shown=parts,
            langs={lang: languages.display_name(lang) for lang in langs},
            chosen=chosen,
            done=done.done if done else "",
            now=service.clock(),
        )

    @routes.get(_GAP, endpoint="gap")
    @access.needs(Role.AGENT)
    def read(gap: int) -> Response:
        return _page(service, gap)

    for name, act in ACTS.items():
        _offer(routes, service, name, act)


def _offer(routes: Blueprint, service: Service, name: str, act: Act) -> None:
    """One form of a gap's page: its route, and the page after it."""

    @routes.post(f"{_GAP}/{name}", endpoint=f"gap-{name}")
    @access.needs(Role.EDITOR)
    def perform(gap: int) -> Response:
        _check(gap)
        form = GapForm.read(service)
        try:
            after = service.writer.apply(lambda db: act.do(db, gap, form))
        except _REFUSED as problem:
            return _page(service, gap, Refusal(name, problem, form.typed))
        if act.settles:
            return redirect(url_for("desk.gaps", done=name), 303)
        return redirect(url_for("desk.gap", gap=after.id, done=name), 303)


def _check(gap: int) -> None:
    """Raises UnknownGap for a number that no database could hold."""
    if gap > _LARGEST_NUMBER:
        raise UnknownGap(gap)


def _page(service: Service, gap: int, refusal: Refusal | None = None) -> Response:
    _check(gap)
    subjects = Subjects.now(service)
    with service.database.read() as db:
        found = rows.find(db, gap)
        taken = rows.steps(db, gap)
        labels = overview.labels(db, found.lang, _LISTED)
        names = [one.name for one in staff.listed(db)]
    labels.pop(gap, None)
    name = request.args.get("done", "")
    done = ACTS.get(name)
    page = render_template(
        "desk/gap.html",
        row=_row(found, subjects),
        gap=found,
        steps=[replace(one, act=phrases.told(one.step, one.act)) for one in taken],
        others=naming.alike(found.face.label, labels),
        names=names,
        articles=naming.suggested(service, found, subjects),
        may_act=access.may(access.user().role, Role.EDITOR) and found.state != GapState.JOINED,
        refusal=refusal,
        wordings=writing.wordings(found),
        file=writing.file_for(found, subjects),
        done=done.done if done else COMMITTED if name == "committed" else "",
        now=service.clock(),
    )
    return make_response(page, refusal.status if refusal else 200)


def _part(db: Connection, name: str, chosen: Chosen, subjects: Subjects) -> Part[Row]:
    states, most = PARTS[name], ON_A_PAGE if chosen.show or name == TO_DO else FEW
    first = (chosen.page - 1) * most if chosen.show else 0
    found = rows.listed(db, states, lang=chosen.lang, first=first, most=most)
    counts = overview.counts(db, chosen.lang)
    total = sum(counts[state] for state in states)
    return Part(total, tuple(_row(gap, subjects) for gap in found), first)


def _row(gap: Gap, subjects: Subjects) -> Row:
    def named(article: ArticleId | None) -> Subject | None:
        return subjects.of(ArticleKey(article, gap.lang)) if article else None

    return Row(gap, named(gap.face.nearest), named(gap.article))
