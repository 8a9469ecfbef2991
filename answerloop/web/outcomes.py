"""What a reader without JavaScript is shown after a vote.

The form is answered by a redirect to the results page of the article's language, which the
service fills: a reload sends nothing twice.
"""

from urllib.parse import urlencode

from flask import Response, make_response, redirect, render_template, request

from answerloop.published import Entry
from answerloop.web.live import Version
from answerloop.wording import wording
from feedback.model import Outcome, Reason
from feedback.web import FormAnswer

# What a reader can mend is said with the status of its problem, the rest as "not now".
_STATUS = {
    "unknown-article": 404,
    "unknown-revision": 409,
    "remark-too-long": 422,
    "contact-not-taken": 409,
    "contact-malformed": 422,
    "too-many-letters": 422,
    "invalid-request": 422,
    "content-too-large": 413,
    "unsupported-media-type": 415,
    "too-many-requests": 429,
    "unavailable": 503,
    "outcome-unknown": 503,
}


def back(version: Version, answer: FormAnswer) -> Response:
    """Lead to the page that says what became of the vote: the reader's own, if they have one."""
    if answer.receipt and answer.outcome:
        return make_response(redirect(f"{answer.receipt}?voted={answer.outcome.value}", 303))
    catalog = version.catalog
    lang = answer.lang if answer.lang in catalog.shells else catalog.default_lang
    url = catalog.shells.get(lang) or next(iter(catalog.shells.values()), "/")
    said = answer.outcome.value if answer.outcome else "unavailable"
    if answer.problem:
        said = answer.problem.name
    query = {
        "voted": said,
        "article": answer.article if _public(version, answer.article, lang) else "",
        "helpful": "yes" if answer.helpful else "no",
        "said": "1" if answer.said else "0",
    }
    return make_response(redirect(f"{url}?{urlencode(query)}", 303))


def page(version: Version, lang: str, contact_url: str, *, writes: bool) -> Response:
    """The page itself, with the reasons after a no; `writes` offers a letter."""
    said = request.args["voted"]
    fragment = render_template(
        "outcome.html",
        t=wording(lang),
        lang=lang,
        outcome=said if said in set(Outcome) else "",
        problem=said if said not in set(Outcome) else "",
        article=_public(version, request.args.get("article", ""), lang),
        helpful=request.args.get("helpful") == "yes",
        reasons=[reason.value for reason in Reason],
        action="/feedback",
        said=request.args.get("said") == "1",
        search_url=version.catalog.shells[lang],
        contact_url=contact_url,
        writes=writes,
        query="",
    )
    status = 200 if said in set(Outcome) else _STATUS.get(said, 400)
    response = make_response(version.filled(lang, fragment), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _public(version: Version, article: str, lang: str) -> Entry | None:
    """The article of that id if readers may see it; what else a form may say is not repeated."""
    entry = version.catalog.by_id.get(article, {}).get(lang)
    return entry if entry is not None and entry.url else None
