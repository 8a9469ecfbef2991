"""Who may see which page: every route names the least role that it needs, or it is not served."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint, Response, abort, current_app, g, redirect, request, url_for
from flask_openapi3.blueprint import APIBlueprint

from answerloop.desk import arrival, callers
from answerloop.desk.callers import Caller
from answerloop.desk.service import Service
from answerloop.desk.speech import say
from feedback.model import Role, Scope

if TYPE_CHECKING:
    from flask.sansio.app import App

View = TypeVar("View", bound=Callable[..., object])

_RANKS = {role: rank for rank, role in enumerate(Role)}
_LEAST = "_least_role"


class UndeclaredRoute(Exception):  # noqa: N818  named after what happened
    """A bug: a route of the desk that does not say who may see it."""


def needs(role: Role) -> Callable[[View], View]:
    """Only for accounts of this role, or of one that may do more."""

    def declare(view: View) -> View:
        setattr(view, _LEAST, role)
        return view

    return declare


def for_anybody(view: View) -> View:
    """For people who are not signed in, too."""
    setattr(view, _LEAST, None)
    return view


def may(role: Role, least: Role) -> bool:
    return _RANKS[role] >= _RANKS[least]


def session() -> Caller | None:
    """Who sent this request, if it is somebody whom the desk knows."""
    found: Caller | None = g.get("desk_caller")
    return found


def user() -> Caller:
    """Who sent this request, in a view that is not for anybody."""
    found = session()
    if found is None:
        abort(403, say("Sign in first."))
    return found


class Routes(Blueprint):
    """Pages that cannot be registered unless each of them says who may see it."""

    def register(self, app: "App", options: dict[str, Any]) -> None:
        """Raises UndeclaredRoute."""
        super().register(app, options)
        _check(app, self.name)


class ApiRoutes(APIBlueprint):
    """The same for programs: routes that take an API token as well as a session.

    Guard them with `install_api`, and give their views `record.keeping(service)`.
    """

    def register(self, app: "App", options: dict[str, Any]) -> None:
        """Raises UndeclaredRoute."""
        super().register(app, options)
        _check(app, self.name)


def install(routes: Routes, service: Service) -> None:
    """Guard all pages of the blueprint. A token opens none of them."""

    @routes.before_request
    def admit() -> Response | None:
        """Let the request through, or answer it: 403, or the way to the sign-in page."""
        if _is_unsafe() and arrival.is_silent(request):
            abort(403, say("Forms of the desk are sent from a browser."))
        g.desk_caller = callers.of_page(request, service)
        least = least_role(current_app, request.endpoint or "")
        if least is None:
            return None
        if g.desk_caller is None:
            return ask_to_sign_in()
        _hold_back(g.desk_caller, least)
        return None


def install_api(routes: ApiRoutes, service: Service) -> None:
    """Guard all routes of the blueprint, which answers with problem details.

    A request with a token is known by it alone, whatever cookie comes along.
    """
    gate = callers.Gate.of(service)

    @routes.before_request
    def admit() -> None:
        token = callers.bearer(request)
        if _is_unsafe() and arrival.is_silent(request) and (token is None or request.cookies):
            abort(403, "Send an API token and no cookie, or use the desk in a browser.")
        if token is None:
            g.desk_caller = callers.of_page(request, service)
        else:
            g.desk_caller = gate.admit(request, token)
        least = least_role(current_app, request.endpoint or "")
        if least is None:
            return
        if g.desk_caller is None:
            raise callers.unauthorized()
        _hold_back(g.desk_caller, least)

    @routes.after_request
    def keep_to_oneself(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        return response


def least_role(app: "App", endpoint: str) -> Role | None:
    """What a route of the desk needs; None if it is for anybody. Raises UndeclaredRoute."""
    view = app.view_functions.get(endpoint)
    if not hasattr(view, _LEAST):
        raise UndeclaredRoute(
            f"{endpoint} does not say who may see it. Put `@access.needs(Role.…)` above it."
        )
    least: Role | None = getattr(view, _LEAST)
    return least


def _check(app: "App", name: str) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{name}."):
            least_role(app, rule.endpoint)


def _is_unsafe() -> bool:
    return request.method not in ("GET", "HEAD", "OPTIONS")


def _hold_back(caller: Caller, least: Role) -> None:
    """403 for a role, or the scope of a token, that is not enough."""
    if not may(caller.role, least):
        abort(
            403,
            say("This needs the role %(least)s; yours is %(role)s.", least=least, role=caller.role),
        )
    if _is_unsafe() and caller.scope is not Scope.WRITE:
        abort(403, f"The API token {caller.token} may only read. This needs one of scope `write`.")


def ask_to_sign_in() -> Response:
    """A page is come back to; of a form, what was typed is kept for the person to copy."""
    if request.method not in ("GET", "HEAD"):
        abort(401)
    wanted = request.full_path.removesuffix("?")
    target = url_for("desk.login", next=wanted if wanted != url_for("desk.home") else None)
    response: Response = redirect(target, 303)  # type: ignore[assignment]  # werkzeug's base class
    return response
