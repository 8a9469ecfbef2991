"""What readers could not find: the list of gaps, and the page of one."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answerloop import languages
from answerloop.desk import access, writing
from answerloop.desk.gap_acts import ACTS, Act, GapForm
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
from feedback.gaps import rows
from feedback.gaps.rows import Gap
from feedback.model import ArticleId, ArticleKey, GapState, Role

COMMITTED = "Committed. The next build publishes it."
_GAP = "/gaps/<int:gap>"
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


def install(routes: Blueprint, service: Service) -> None:
    @routes.get("/gaps", endpoint="gaps")
    @access.needs(Role.AGENT)
    def show() -> str:
        lang = request.args.get("lang", "")
        subjects = Subjects.now(service)
        with service.database.read() as db:
            found = rows.listed(db, _LISTED)
        langs = {gap.lang: languages.display_name(gap.lang) for gap in found}
        listed = [_row(gap, subjects) for gap in found if lang in ("", gap.lang)]
        done = ACTS.get(request.args.get("done", ""))
        return render_template(
            "desk/gaps.html",
            open=_of(listed, GapState.OPEN, GapState.ASSIGNED),
            written=_of(listed, GapState.WRITTEN),
            ignored=_of(listed, GapState.IGNORED),
            langs=dict(sorted(langs.items())),
            chosen=lang,
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
            return _page(service, gap, Refusal(name, problem, form.form.text))
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
        steps = rows.steps(db, gap)
        others = [one for one in rows.listed(db, _LISTED) if one.id != gap]
        names = [one.name for one in staff.listed(db)]
    name = request.args.get("done", "")
    done = ACTS.get(name)
    page = render_template(
        "desk/gap.html",
        row=_row(found, subjects),
        gap=found,
        steps=steps,
        others=[one for one in others if one.lang == found.lang],
        names=names,
        articles=subjects.published(found.lang),
        may_act=access.may(access.user().role, Role.EDITOR) and found.state != GapState.JOINED,
        refusal=refusal,
        wordings=writing.wordings(found),
        file=writing.file_for(found, subjects),
        done=done.done if done else COMMITTED if name == "committed" else "",
        now=service.clock(),
    )
    return make_response(page, refusal.status if refusal else 200)


def _row(gap: Gap, subjects: Subjects) -> Row:
    def named(article: ArticleId | None) -> Subject | None:
        return subjects.of(ArticleKey(article, gap.lang)) if article else None

    return Row(gap, named(gap.face.nearest), named(gap.article))


def _of(listed: Iterable[Row], *states: GapState) -> list[Row]:
    return [row for row in listed if row.gap.state in states]
