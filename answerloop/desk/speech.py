"""What the desk says, in the language of whoever works at it.

Sentences stand in English where they are said, `_("Sign out")` in templates and `say("…")` here;
`translations/<lang>.po` beside this file has them in other languages. Adding one is adding a file.
"""

from pathlib import Path

from flask import Blueprint, g, has_request_context, redirect, request, url_for
from werkzeug.wrappers import Response

from answerloop import languages, wording
from answerloop.desk import access, arrival, paths
from answerloop.desk.service import Service
from answerloop.wording import Wording

COOKIE = "kb_desk_lang"
_FOLDER = Path(__file__).parent / wording.FOLDER
_YEAR = 365 * 24 * 3600

LANGS = ("en", *sorted(file.stem for file in _FOLDER.glob("*.po")))
"""Languages of the desk, by their tags."""


def install(routes: Blueprint, service: Service) -> None:
    @routes.before_request
    def listen() -> None:
        """Settle the language of this request before anything is said, refusals included."""
        wanted = [request.cookies.get(COOKIE, ""), *request.accept_languages.values()]
        bases = (tag.partition("-")[0].lower() for tag in wanted)
        g.desk_lang = next((base for base in bases if base in LANGS), "en")

    @routes.post("/language", endpoint="language")
    @access.for_anybody
    def choose() -> Response:
        """Remember the language that was chosen, and show the same page in it."""
        response = redirect(paths.own(request.form.get("next", url_for("desk.home"))), 303)
        if (chosen := request.form.get("lang", "")) in LANGS:
            response.set_cookie(
                COOKIE,
                chosen,
                max_age=_YEAR,
                path=paths.START,
                secure=arrival.is_secure(request, service.trusted_proxies),
                httponly=True,
                samesite="Lax",
            )
        return response

    @routes.context_processor
    def vocabulary() -> dict[str, object]:
        names = {each: languages.display_name(each) for each in LANGS}
        return {"_": say, "many": many, "lang": lang(), "langs_of_desk": names}


def lang() -> str:
    """The language of this request; English outside of one."""
    found: str = g.get("desk_lang", "en") if has_request_context() else "en"
    return found


def say(sentence: str, **values: object) -> str:
    """A sentence in the language of this request, its `%(name)s` places filled."""
    return wording.of(_FOLDER, lang())(sentence, **values)


def many(one: str, other: str, *, count: int, **values: object) -> str:
    """One of two sentences by a number, which is in them as `%(count)s`."""
    return wording.of(_FOLDER, lang()).many(one, other, count=count, **values)


def voice(lang: str) -> Wording:
    """The words of a language, for what is said outside of a request."""
    return wording.of(_FOLDER, lang)
