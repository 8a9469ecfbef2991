"""Which language the desk speaks with a person: what their browser asks for, or what they chose."""

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from answerloop import languages
from answerloop.desk import access, arrival, paths, speech
from answerloop.desk.service import Service

COOKIE = "kb_desk_lang"
_YEAR = 365 * 24 * 3600


def install(routes: Blueprint, service: Service) -> None:
    @routes.before_request
    def listen() -> None:
        """Settle the language of this request before anything is said, refusals included."""
        wanted = [request.cookies.get(COOKIE, ""), *request.accept_languages.values()]
        bases = (tag.partition("-")[0].lower() for tag in wanted)
        g.desk_lang = next((base for base in bases if base in speech.LANGS), "en")

    @routes.post("/language", endpoint="language")
    @access.for_anybody
    def choose() -> Response:
        """Remember the language that was chosen, and show the same page in it."""
        response = redirect(paths.own(request.form.get("next", url_for("desk.home"))), 303)
        if (chosen := request.form.get("lang", "")) in speech.LANGS:
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
        names = {each: languages.display_name(each) for each in speech.LANGS}
        return {"_": speech.say, "many": speech.many, "lang": speech.lang(), "langs_of_desk": names}
