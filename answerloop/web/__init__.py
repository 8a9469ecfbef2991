"""The service as a Flask application: site, search, votes and desk in one process."""

import secrets
import time
from math import ceil

from flask import Flask, Response, jsonify, request
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from werkzeug.exceptions import TooManyRequests

from answerloop import __version__, desk
from answerloop.desk import api
from answerloop.errors import AnswerloopError
from answerloop.web import (
    accesslog,
    guards,
    health,
    metrics,
    packing,
    pages,
    problems,
    receipts,
    telling,
    voting,
)
from answerloop.web.guards import Sender
from answerloop.web.limits import Kind
from answerloop.web.problems import Problem
from answerloop.web.service import Service
from search import web as search_web

_MAX_BODY = 64 * 1024
_SEARCH = "/api/v1/search"


def create_app(service: Service) -> OpenAPI:
    """The application around an open service, which its caller closes."""
    app = OpenAPI(
        "answerloop",
        info=Info(title="answerloop", version=__version__),
        validation_error_callback=problems.invalid,
        validation_error_model=Problem,
        security_schemes={"token": {"type": "http", "scheme": "bearer"}},
        doc_ui=False,
        static_folder=None,
    )
    app.config["MAX_CONTENT_LENGTH"] = _MAX_BODY
    app.wsgi_app = guards.cutting_queries(app.wsgi_app)  # type: ignore[assignment, method-assign]  # as Flask's manual says
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider's
    problems.install(app)
    accesslog.install(app, service)
    packing.install(app)
    _install_guards(app, service)
    app.register_api(
        search_web.blueprint(
            service.reader, new_id=lambda: secrets.token_hex(16), clock=time.perf_counter
        )
    )
    app.register_api(voting.blueprint(service))
    app.register_api(receipts.blueprint(service))
    app.register_api(telling.blueprint(service))
    app.register_blueprint(health.blueprint(service))
    app.register_blueprint(metrics.blueprint(service))
    app.register_blueprint(desk.blueprint(service))
    app.register_api(api.blueprint(service))
    _describe(app)
    app.register_blueprint(pages.blueprint(service))
    return app


def _describe(app: OpenAPI) -> None:
    @app.route("/api/v1/openapi.json")
    def openapi() -> Response:
        return jsonify(app.api_doc)


def _install_guards(app: Flask, service: Service) -> None:
    @app.before_request
    def refuse_foreign_pages() -> Response | None:
        """One check for everything that may change something, whatever route it names."""
        if not guards.is_unsafe(request) or guards.is_by_token(request):
            return None
        own = guards.own_origins(request, service.settings.site.url, service.trusted_proxies)
        if guards.sender(request, own) is not Sender.FOREIGN_PAGE:
            return None
        return problems.answer(
            Problem(
                type="/problems/foreign-page",
                title="This request came from another site.",
                status=403,
                remedy="Open the page here and try again.",
            )
        )

    @app.before_request
    def refuse_too_many_searches() -> None:
        """A search is the dearest thing that anybody may ask for; suggestions cost little."""
        is_page = "q" in request.args and not request.path.startswith(("/api/", "/desk/"))
        if request.path != _SEARCH and not is_page:
            return
        address = guards.address_of(request, service.trusted_proxies)
        if seconds := service.limiter.wait(Kind.SEARCH, address):
            raise TooManyRequests(
                f"Search again in {ceil(seconds)} seconds.", retry_after=ceil(seconds)
            )

    @app.errorhandler(AnswerloopError)
    def unavailable(error: AnswerloopError) -> Response:
        return problems.answer(problems.unavailable(error))

    @app.after_request
    def harden(response: Response) -> Response:
        for name, value in guards.HARDENING:
            response.headers.setdefault(name, value)
        return response
