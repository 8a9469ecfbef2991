"""The desk: staff pages where the content team sees what to mend, and says what it found."""

from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from answerloop.desk import (
    access,
    articles,
    auditing,
    decisions,
    deliveries,
    finding,
    gaps,
    handing,
    headers,
    lanes,
    lessons,
    marks,
    openid,
    phrases,
    record,
    refusals,
    reports,
    signin,
    tongues,
    writing,
)
from answerloop.desk.access import Routes
from answerloop.desk.provider import Provider
from answerloop.desk.service import Service
from feedback import words

_STATIC = Path(__file__).parent / "static"


def blueprint(service: Service) -> Blueprint:
    """The routes below `/desk`. Registering fails if one of them does not say who may see it."""
    service = record.keeping(service)
    routes = Routes("desk", __name__, url_prefix="/desk", template_folder="templates")
    tongues.install(routes, service)
    access.install(routes, service)
    headers.install(routes, service)
    _install_words(routes, service)
    signin.install(routes, service)
    openid.install(routes, service, Provider.of(service.settings, service.clock))
    finding.install(routes, service)
    handing.install(routes, service)
    lanes.install(routes, service)
    decisions.install(routes, service)
    deliveries.install(routes, service)
    gaps.install(routes, service)
    articles.install(routes, service)
    marks.install(routes, service)
    lessons.install(routes, service)
    writing.install(routes, service)
    auditing.install(routes, service)
    reports.install(routes, service)
    _install_static(routes)
    refusals.install(routes)
    return routes


def _install_words(routes: Blueprint, service: Service) -> None:
    @routes.context_processor
    def vocabulary() -> dict[str, object]:
        """What every template of the desk may say."""
        return {
            "phrases": phrases,
            "words": words,
            "site_name": service.settings.site_name,
            "user": access.session(),
        }


def _install_static(routes: Blueprint) -> None:
    files = {file.name: file for file in _STATIC.iterdir()}

    @routes.get("/static/<path:name>", endpoint="static")
    @access.for_anybody
    def static(name: str) -> Response:
        """One of the few files of the desk, read whole: nothing is open when a browser hangs up."""
        if name not in files:
            raise NotFound
        return Response(files[name].read_bytes(), mimetype=guess_type(name)[0])
