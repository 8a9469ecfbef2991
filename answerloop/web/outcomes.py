"""What a reader without JavaScript is shown after a vote.

The form is answered by a redirect to the results page of the article's language, which the
service fills: a reload sends nothing twice.
"""

from urllib.parse import urlencode

from flask import Response, make_response, redirect, render_template, request

from answerloop.web.live import Version
from answerloop.wording import wording
from feedback.model import Outcome, Reason
from feedback.web import FormAnswer

# What a reader can mend is said with the status of its problem, the rest as "not now".
_STATUS = {
    "unknown-article": 404,
    "unknown-revision": 409,
    "remark-too-long": 422,
    "invalid-request": 422,
    "content-too-large": 413,
    "unsupported-media-type": 415,
}


def back(version: Version, answer: FormAnswer) -> Response:
    """Lead to the page that says what became of the vote."""
    shells = version.catalog.shells
    url = shells.get(answer.lang) or next(iter(shells.values()), "/")
    said = answer.outcome.value if answer.outcome else "unavailable"
    if answer.problem:
        said = answer.problem.name
    query = {
        "voted": said,
        "article": answer.article,
        "helpful": "yes" if answer.helpful else "no",
        "said": "1" if request.form.get("reason") or request.form.get("comment") else "0",
    }
    return make_response(redirect(f"{url}?{urlencode(query)}", 303))


def page(version: Version, lang: str, contact_url: str) -> Response:
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
        said=request.args.get("said") == "1",
        search_url=version.catalog.shells[lang],
        contact_url=contact_url,
        query="",
    )
    status = 200 if said in set(Outcome) else _STATUS.get(said, 503)
    response = make_response(version.filled(lang, fragment), status)
    response.headers["Cache-Control"] = "no-store"
    return response
