"""The form for a question that no article answers, and what is shown after sending one.

The form is answered by a redirect to the results page of the reader's language, which the service
fills: a reload sends nothing twice.
"""

from datetime import datetime
from urllib.parse import quote, urlencode

from flask import Response, make_response, render_template, request

from answerloop.web.live import Version
from answerloop.wording import wording
from feedback.questions import Received

PATH = "/ask"

_STATUS = {
    "unknown-language": 404,
    "content-too-large": 413,
    "unsupported-media-type": 415,
    "too-many-requests": 429,
    "unavailable": 503,
    "outcome-unknown": 503,
}
_NOT_VALID = 422


def address(version: Version, lang: str, said: str) -> str:
    """The page that says what became of a question."""
    catalog = version.catalog
    shells = catalog.shells
    url = shells.get(lang) or shells.get(catalog.default_lang) or next(iter(shells.values()), "/")
    return f"{quote(url)}?{urlencode({'asked': said})}"


def form(version: Version, lang: str, contact_url: str, now: datetime) -> Response:
    """The form on a page of its own, for who comes from an article."""
    fragment = render_template(
        "ask.html",
        t=wording(lang),
        lang=lang,
        query=request.args["ask"],
        token="",
        ask_url=PATH,
        asked_at=int(now.timestamp()),
        ask_level=1,
        contact_url=contact_url,
    )
    response = make_response(version.filled(lang, fragment))
    response.headers["Cache-Control"] = "no-store"
    return response


def page(version: Version, lang: str, contact_url: str) -> Response:
    """The page itself."""
    said = request.args["asked"]
    is_received = said in set(Received)
    fragment = render_template(
        "asked.html",
        t=wording(lang),
        outcome=said if is_received else "",
        is_busy=_STATUS.get(said, _NOT_VALID) in (429, 503),
        search_url=version.catalog.shells[lang],
        contact_url=contact_url,
        query="",
    )
    status = 200 if is_received else _STATUS.get(said, _NOT_VALID)
    response = make_response(version.filled(lang, fragment), status)
    response.headers["Cache-Control"] = "no-store"
    return response
