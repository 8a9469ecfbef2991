"""The agent's page: one search over public and internal articles, and what can be sent of each.

With its script (`static/find.js`) results come as one types and are copied by one key; without it
the same form leads to the same results, and each to a page of its own (`handing`).
"""

from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from answerloop import languages
from answerloop.desk import access, agent_says, explanations, headers, offers, speech
from answerloop.desk.offers import Found
from answerloop.desk.service import Service
from answerloop.desk.speech import say
from feedback.errors import RemarkTooLong, TicketMalformed
from feedback.model import Role


@dataclass(frozen=True, slots=True)
class Asked:
    """What the search field says, and what was found. `langs` are those of the articles."""

    words: str
    lang: str
    langs: dict[str, str]
    default_lang: str
    found: Found


def install(routes: Blueprint, service: Service) -> None:
    @routes.get("", endpoint="entrance")
    @routes.get("/")
    @access.needs(Role.AGENT)
    def home() -> str:
        done = _became().get(request.args.get("done", ""), "")
        return render_template("desk/find.html", asked=_asked(service), done=done)

    @routes.post("/missing", endpoint="missing")
    @access.needs(Role.AGENT)
    def miss() -> Response:
        return _miss(service)

    @routes.get("/bookmarklet", endpoint="bookmarklet")
    @access.needs(Role.AGENT)
    def bookmarklet() -> str:
        return render_template(
            "desk/bookmarklet.html",
            find=f"{offers.base(service)}{url_for('desk.home')}",
            sidebar=f"{offers.base(service)}{url_for('desk.sidebar')}",
            framed_by=service.settings.desk.framed_by,
        )

    @routes.get("/sidebar", endpoint="sidebar")
    @access.for_anybody
    def sidebar() -> Response:
        return _sidebar(service)


def _became() -> dict[str, str]:
    """What became of a question that nothing answers."""
    return {
        "received": say("Noted. It is listed as a gap once three customers have asked for it."),
        "already_received": say("It was noted already."),
        "held": say("Kept, but it does not count: it holds no words, or several links."),
    }


def _asked(service: Service) -> Asked:
    words, lang = request.args.get("q", "").strip(), request.args.get("lang", "")
    catalog = service.live.version().catalog
    langs = {each: languages.display_name(each) for each in sorted(catalog.homes)}
    if "lang" not in request.args:  # the agent's own, as long as nobody said another
        lang = speech.lang()
    lang = lang if lang in langs else ""
    found = offers.search(service, words, lang) if words else offers.sent_most(service, lang)
    return Asked(words, lang, langs, catalog.default_lang, found)


def _miss(service: Service) -> Response:
    """Keep the agent's words, and say on the same page what became of them."""
    catalog = service.live.version().catalog
    lang = request.form.get("lang", "")
    lang = lang if lang in catalog.homes else catalog.default_lang
    text = request.form.get("text", "")
    try:
        done = agent_says.miss(service, text, lang, ticket=request.form.get("ticket", ""))
    except (TicketMalformed, RemarkTooLong) as problem:
        page = render_template(
            "desk/find.html",
            asked=_asked(service),
            done="",
            refused=explanations.of(problem),
            typed=text,
        )
        return make_response(page, 422)
    return redirect(url_for("desk.home", done=str(done)), 303)


def _sidebar(service: Service) -> Response:
    """The finder alone, made to be framed by the helpdesks of the settings.

    In a frame there is no session where the browser keeps its cookie from it; then the page says
    what to do, since the sign-in page itself is never framed.
    """
    hosts = service.settings.desk.framed_by
    if access.session() is not None:
        page = render_template("desk/sidebar.html", asked=_asked(service), done="")
        return headers.framed(make_response(page), hosts)
    if not hosts:
        return access.ask_to_sign_in()
    here = url_for("desk.sidebar", q=request.args.get("q") or None)
    page = render_template("desk/sidebar_closed.html", here=here)
    return headers.framed(make_response(page, 401), hosts)
