"""A reader's private pages: where their message stands, and what the links in a letter ask.

Each works without JavaScript, is stored by nobody and found by no search engine. An unknown link
and one that was withdrawn are answered alike.
"""

import logging
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode

from flask import Response, make_response, redirect, render_template, request, send_file
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from answerloop import languages
from answerloop.published import Entry, PublishedCatalog
from answerloop.web import voting
from answerloop.web.problems import Problem
from answerloop.wording import wording
from feedback import articles, contacts, receipts, standing, votes
from feedback.contacts import Contact
from feedback.errors import FeedbackError, OutcomeUnknown
from feedback.model import ArticleKey, Outcome, Purpose
from feedback.receipts import Receipt
from feedback.standing import Standing

if TYPE_CHECKING:
    from answerloop.web.service import Service

logger = logging.getLogger(__name__)

# `same-origin`: with `no-referrer` a browser calls the origin of a form "null", and where it sends
# no Sec-Fetch-Site (plain HTTP) the form would be refused as a foreign page's. Links of the page
# send no referrer.
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
}
_STYLE = Path(str(resources.files("answerloop"))) / "web" / "static" / "receipt.css"
_HTML: Any = {"content": {"text/html": {"schema": {"type": "string"}}}}


class Link(BaseModel):
    """What follows `/f/` in a private link."""

    token: str


class Press(BaseModel):
    """The button that a reader pressed."""

    do: Literal["withdraw", "confirm", "refuse", "yes", "no"] = Field(
        description="To delete the message; to confirm or delete the address; to say whether the "
        "article answers now. What the link is not for changes nothing."
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """What a private page shows; without a receipt it is about nobody's message.

    `view` names the page, `said` what became of a vote just cast.
    """

    view: str
    lang: str
    receipt: Receipt | None = None
    standing: Standing | None = None
    contact: Contact | None = None
    said: str = ""


def blueprint(service: "Service") -> APIBlueprint:
    """The routes below `/f/`."""
    api = APIBlueprint(
        "receipts",
        __name__,
        template_folder="../templates",
        abp_tags=[Tag(name="private pages")],
    )

    @api.get("/f/receipt.css", doc_ui=False)
    def style() -> Response:
        return send_file(_STYLE, mimetype="text/css", conditional=True, etag=True, max_age=3600)

    @api.get(
        "/f/<token>",
        summary="A reader's private page",
        responses={200: _described("The page"), 404: _described("No such link, now or ever")},
    )
    def show(path: Link) -> Response:
        with service.database.read() as db:
            page = _look(db, path.token)
        if page is None:
            return _missing(service)
        return _shown(service, replace(page, said=request.args.get("voted", "")))

    @api.post(
        "/f/<token>",
        summary="Press a button of the private page",
        responses={
            200: _described("The message is deleted"),
            303: _described("Done; the page says what"),
            404: _described("No such link, now or ever"),
            422: {
                "description": "No button, or an unknown one",
                "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
            },
            503: _described("The database refuses; nothing was changed"),
        },
    )
    def press(path: Link, form: Press) -> Response:
        return _pressed(service, path.token, form.do)

    @api.after_request
    def harden(response: Response) -> Response:
        if request.endpoint != "receipts.style":
            response.headers.update(_HEADERS)
        return response

    @api.errorhandler(FeedbackError)
    def refuse(error: FeedbackError) -> Response:
        logger.warning("A private page was refused: %s", error)
        view = "unknown" if isinstance(error, OutcomeUnknown) else "away"
        return _shown(service, _Page(view, _reader_language(service)), 503)

    return api


def _look(db: Connection, token: str) -> _Page | None:
    """The page behind a link; None when nothing is there."""
    receipt = receipts.find(db, token)
    if receipt is None:
        return None
    return _Page(
        view=receipt.purpose,
        lang=receipt.place.key.lang,
        receipt=receipt,
        standing=standing.of(db, receipt),
        contact=contacts.at(db, receipt.place),
    )


def _pressed(service: "Service", token: str, do: str) -> Response:
    """Do what a button says, if it is one of this link's page."""
    now = service.clock()
    with service.database.read() as db:
        receipt = receipts.find(db, token)
    if receipt is None:
        return _missing(service)
    place, lang = receipt.place, receipt.place.key.lang
    match receipt.purpose, do:
        case Purpose.SEE, "withdraw":
            service.writer.apply(lambda db: receipts.withdraw(db, place))
            return _shown(service, _Page("withdrawn", lang))
        case Purpose.CONFIRM, "confirm":
            service.writer.apply(lambda db: contacts.confirm(db, place, now))
        case Purpose.CONFIRM, "refuse":
            service.writer.apply(lambda db: contacts.drop(db, place))
            return _shown(service, _Page("refused", lang))
        case Purpose.ANSWER, "yes" | "no":
            return _answered(service, token, receipt, helpful=do == "yes")
    return _again(token)


def _answered(service: "Service", token: str, receipt: Receipt, *, helpful: bool) -> Response:
    """Vote on the article as it is now, once for each link."""
    now = service.clock()
    key = receipt.place.key
    with service.database.read() as db:
        article = articles.find(db, [key]).get(key)
    if article is None or article.gone or not article.public:
        return _again(token)
    ballot = voting.ballot(service, request, key, article.revision, helpful=helpful)
    prepared = votes.prepare(ballot)

    def vote(db: Connection) -> Outcome | None:
        is_first = receipts.use(db, token, now)
        return votes.store(db, prepared, now).outcome if is_first else None

    outcome = service.writer.apply(vote, then=lambda _: service.judge.note(key))
    return _again(token, voted=outcome.value if outcome else "")


def _again(token: str, **query: str) -> Response:
    said = urlencode({name: value for name, value in query.items() if value})
    return make_response(redirect(f"/f/{quote(token)}" + (f"?{said}" if said else ""), 303))


def _missing(service: "Service") -> Response:
    return _shown(service, _Page("missing", _reader_language(service)), 404)


def _shown(service: "Service", page: _Page, status: int = 200) -> Response:
    """The page in its language, with the article as it is served now."""
    catalog = service.live.version().catalog
    entry = _entry(catalog, page.receipt.place.key) if page.receipt else None
    at = page.standing.at if page.standing else None
    html = render_template(
        "receipt.html",
        t=wording(page.lang),
        lang=page.lang,
        direction=languages.direction(page.lang),
        site_name=service.settings.site_name,
        home=catalog.homes.get(page.lang) or "/",
        contact_url=service.settings.site.contact_url,
        view=page.view,
        receipt=page.receipt,
        stage=page.standing.stage.value if page.standing else "",
        date=languages.long_date(at.date(), page.lang) if at else "",
        contact=page.contact,
        article=entry,
        said=page.said if page.said in set(Outcome) else "",
    )
    return make_response(html, status)


def _entry(catalog: PublishedCatalog, key: ArticleKey) -> Entry | None:
    entry = catalog.by_id.get(key.article, {}).get(key.lang)
    return entry if entry is not None and entry.url else None


def _reader_language(service: "Service") -> str:
    """That of the browser, where nothing else is known of the reader."""
    catalog = service.live.version().catalog
    return request.accept_languages.best_match(catalog.shells) or catalog.default_lang


def _described(description: str) -> Any:
    return {"description": description, **_HTML}
