"""Who may see which page: every route names the least role that it needs, or it is not served."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Blueprint, Response, abort, current_app, g, redirect, request, url_for

from answerloop.desk import arrival, cookies
from answerloop.desk.service import Service
from feedback import sessions
from feedback.model import Role
from feedback.sessions import Session

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


def session() -> Session | None:
    """The session of this request."""
    found: Session | None = g.get("desk_session")
    return found


def user() -> Session:
    """The session of this request, in a view that is not for anybody."""
    found = session()
    if found is None:
        abort(403)
    return found


class Routes(Blueprint):
    """Routes that cannot be registered unless each of them says who may see it."""

    def register(self, app: "App", options: dict[str, Any]) -> None:
        """Raises UndeclaredRoute."""
        super().register(app, options)
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith(f"{self.name}."):
                least_role(app, rule.endpoint)


def install(routes: Blueprint, service: Service, ask: Callable[[], Response] | None = None) -> None:
    """Guard all routes of the blueprint; `ask` answers who is not signed in."""

    @routes.before_request
    def admit() -> Response | None:
        """Let the request through, or answer it: 403, or the way to the sign-in page."""
        if request.method not in ("GET", "HEAD", "OPTIONS") and arrival.is_silent(request):
            abort(403, "Forms of the desk are sent from a browser.")
        g.desk_session = _find_session(service)
        least = least_role(current_app, request.endpoint or "")
        if least is None:
            return None
        if g.desk_session is None:
            return (ask or ask_to_sign_in)()
        if not may(g.desk_session.role, least):
            abort(403, f"This needs the role {least}; yours is {g.desk_session.role}.")
        return None


def least_role(app: "App", endpoint: str) -> Role | None:
    """What a route of the desk needs; None if it is for anybody. Raises UndeclaredRoute."""
    view = app.view_functions.get(endpoint)
    if not hasattr(view, _LEAST):
        raise UndeclaredRoute(
            f"{endpoint} does not say who may see it. Put `@access.needs(Role.…)` above it."
        )
    least: Role | None = getattr(view, _LEAST)
    return least


def _find_session(service: Service) -> Session | None:
    secure = arrival.is_secure(request, service.trusted_proxies)
    token = cookies.read(request, secure=secure)
    if not token:
        return None
    now = service.clock()
    with service.database.read() as db:
        found = sessions.find(db, token, now)
    if found is not None and found.is_due(now):
        service.writer.apply(lambda db: sessions.touch(db, token, now))
    return found


def ask_to_sign_in() -> Response:
    """A page is come back to; of a form, what was typed is kept for the person to copy."""
    if request.method not in ("GET", "HEAD"):
        abort(401)
    wanted = request.full_path.removesuffix("?")
    target = url_for("desk.login", next=wanted if wanted != url_for("desk.home") else None)
    response: Response = redirect(target, 303)  # type: ignore[assignment]  # werkzeug's base class
    return response
