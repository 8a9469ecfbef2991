"""What a reader without JavaScript is shown after a vote.

The form is answered by a redirect to the results page of the article's language, which the
service fills: a reload sends nothing twice.
"""

from urllib.parse import urlencode

from flask import Response, make_response, redirect, render_template, request

from answerloop.web.live import Version
from answerloop.wording import wording
from feedback.model import Outcome, Reason

_STATUS = {"unknown-article": 404, "unknown-revision": 409, "remark-too-long": 422}


def back(version: Version, article: str, lang: str, said: str, *, helpful: bool) -> Response:
    """Lead to the page that says what became of the vote: an `Outcome`, or a problem's name."""
    shells = version.catalog.shells
    url = shells.get(lang) or next(iter(shells.values()), "/")
    query = {"voted": said, "article": article, "helpful": "yes" if helpful else "no"}
    return make_response(redirect(f"{url}?{urlencode(query)}", 303))


def page(version: Version, lang: str) -> Response:
    """The page itself, with the reasons after a no."""
    said = request.args["voted"]
    entry = version.catalog.by_id.get(request.args.get("article", ""), {}).get(lang)
    is_public = entry is not None and bool(entry.url)
    fragment = render_template(
        "outcome.html",
        t=wording(lang),
        lang=lang,
        outcome=said if said in set(Outcome) else "",
        problem=said if said not in set(Outcome) else "",
        article=entry if is_public else None,
        helpful=request.args.get("helpful") == "yes",
        reasons=[reason.value for reason in Reason],
        action="/feedback",
    )
    status = 200 if said in set(Outcome) else _STATUS.get(said, 503)
    response = make_response(version.filled(lang, fragment), status)
    response.headers["Cache-Control"] = "no-store"
    return response
