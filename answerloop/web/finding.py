"""The results page: the same search as in the box, rendered here, for whoever presses Enter."""

import secrets
from math import ceil
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from flask import Response, make_response, redirect, render_template, request
from markupsafe import Markup

from answerloop.web import asking, telling
from answerloop.web.live import Version
from answerloop.wording import wording
from search.documents import Results

if TYPE_CHECKING:
    from answerloop.web.service import Service

_PAGE_SIZE = 10
_LAST_OFFSET = 1000


def page(service: "Service", version: Version, lang: str) -> Response:
    """What was found for `q`, from `offset` on; past the last result it leads to the first."""
    asked = request.args.get("q", "")
    offset = min(max(request.args.get("offset", 0, type=int), 0), _LAST_OFFSET)
    found = service.reader.search(asked, lang=lang, limit=_PAGE_SIZE, offset=offset)
    words = found.query  # what was read: a page need not repeat 100 kB
    shell = version.catalog.shells[lang]
    if offset and not found.hits:
        return make_response(redirect(_address(shell, words)))
    token = secrets.token_hex(16)
    if not offset:
        telling.note_results(service, found, lang, token)
    number, pages = offset // _PAGE_SIZE + 1, _pages(found)
    fragment = render_template(
        "results.html",
        t=wording(lang),
        query=words,
        results=found,
        excerpts=[Markup(hit.excerpt) for hit in found.hits],  # noqa: S704  escaped by the search; only <mark> can occur
        base="",
        lang=lang,
        offset=offset,
        page=number,
        pages=pages,
        token=token,
        asking=lambda other: _address(shell, other),
        ask_url=asking.PATH,
        asked_at=int(service.clock().timestamp()),
        contact_url=service.settings.site.contact_url,
        search_url=shell,
        home_url=version.catalog.homes.get(lang, "/"),
        previous_url=_address(shell, words, max(0, offset - _PAGE_SIZE)) if offset else None,
        next_url=_address(shell, words, offset + _PAGE_SIZE) if number < pages else None,
    )
    title = f"{words} ({number}/{pages})" if offset else words
    response = make_response(version.filled(lang, fragment, title))
    # Asked anew each time, but the back button shows what the reader saw, under the same token.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _address(shell: str, words: str, offset: int = 0) -> str:
    return f"{quote(shell)}?{urlencode({'q': words} | ({'offset': offset} if offset else {}))}"


def _pages(found: Results) -> int:
    return ceil(min(found.total, _LAST_OFFSET + _PAGE_SIZE) / _PAGE_SIZE)
