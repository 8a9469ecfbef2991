"""The page of one item of the queue, and the review of an article that has none."""

from datetime import timedelta
from functools import partial

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answerloop.desk import access, case, paging
from answerloop.desk.acts import ACTS, Act, Form
from answerloop.desk.case import Case
from answerloop.desk.refusals import Refusal
from answerloop.desk.service import Service
from answerloop.desk.subjects import Subjects
from feedback import actions
from feedback.errors import BadSnooze, RemarkTooLong, StaleItem, UnknownItem, WordsMissing
from feedback.history import utc_day
from feedback.model import ArticleId, ArticleKey, Revision, Role

_ITEM = "/items/<int:item>"
_LARGEST_NUMBER = 2**31 - 1
_REVIEW = "/reviews/<lang>/<article>"
_REFUSED = (StaleItem, WordsMissing, RemarkTooLong, BadSnooze)


def install(routes: Blueprint, service: Service) -> None:
    @routes.get(_ITEM, endpoint="item")
    @access.needs(Role.AGENT)
    def show(item: int) -> Response:
        return _item_page(service, item)

    for name, act in ACTS.items():
        _offer(routes, service, name, act)

    @routes.get(_REVIEW, endpoint="review")
    @access.needs(Role.AGENT)
    def read(lang: str, article: str) -> Response:
        return _review_page(service, ArticleKey(ArticleId(article), lang))

    @routes.post(_REVIEW, endpoint="reviewed")
    @access.needs(Role.EDITOR)
    def review(lang: str, article: str) -> Response:
        key = ArticleKey(ArticleId(article), lang)
        typed = request.form.get("text", "")
        reviewed = partial(
            actions.review,
            key=key,
            actor=access.user().user,
            evidence=typed,
            revision=Revision(request.form.get("revision", "")),
            now=service.clock(),
        )
        try:
            service.writer.apply(reviewed)
        except _REFUSED as problem:
            return _review_page(service, key, Refusal("correct", problem, typed))
        return redirect(url_for("desk.queue", done="correct"), 303)


def _offer(routes: Blueprint, service: Service, name: str, act: Act) -> None:
    """One form of the item's page: its route, its role, and the page after it."""

    @routes.post(f"{_ITEM}/{name}", endpoint=name)
    @access.needs(act.least)
    def perform(item: int) -> Response:
        _check(item)
        form = Form.read(service)
        try:
            service.writer.apply(lambda db: act.do(db, item, form))
        except _REFUSED as problem:
            return _item_page(service, item, Refusal(name, problem, form.text))
        if act.settles:
            return redirect(url_for("desk.queue", done=name), 303)
        return redirect(url_for("desk.item", item=item, done=name), 303)


def _check(item: int) -> None:
    """Raises UnknownItem for a number that no database could hold."""
    if item > _LARGEST_NUMBER:
        raise UnknownItem(item)


def _item_page(service: Service, item: int, refusal: Refusal | None = None) -> Response:
    _check(item)
    budget = service.settings.feedback.false_flags_per_month
    with service.database.read() as db:
        page = paging.number("remarks")
        found = case.of_item(db, item, service.clock(), false_flags=budget, page=page)
    return _page(service, found, refusal)


def _review_page(service: Service, key: ArticleKey, refusal: Refusal | None = None) -> Response:
    budget = service.settings.feedback.false_flags_per_month
    with service.database.read() as db:
        page = paging.number("remarks")
        found = case.of_article(db, key, service.clock(), false_flags=budget, page=page)
    return _page(service, found, refusal)


def _page(service: Service, found: Case, refusal: Refusal | None) -> Response:
    user = access.user()
    subjects = Subjects.now(service)
    done = ACTS.get(request.args.get("done", ""))
    page = render_template(
        "desk/case.html",
        case=found,
        subject=subjects.of(found.key),
        commit_url=subjects.commit_url,
        owner=subjects.owner(found.article.owner),
        first_day=utc_day(service.clock()) + timedelta(days=1),
        later=utc_day(service.clock()) + timedelta(days=7),
        last_day=utc_day(service.clock()) + actions.LONGEST_SNOOZE,
        allowed={name for name, act in ACTS.items() if access.may(user.role, act.least)},
        wanted="" if refusal else request.args.get("do", ""),
        refusal=refusal,
        done=done.done if done else "",
        now=service.clock(),
    )
    return make_response(page, refusal.status if refusal else 200)
