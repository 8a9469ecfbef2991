"""Who sends a request: by a session, by an API token, or by the word of a trusted proxy."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from flask import Request, abort
from werkzeug.exceptions import HTTPException, TooManyRequests, Unauthorized

from answerloop import proxies
from answerloop.desk import arrival, cookies
from answerloop.desk.brake import Brake
from answerloop.desk.service import Service
from answerloop.desk.speech import say
from feedback import sessions, staff, tokens
from feedback.audit import Who
from feedback.errors import AccountError
from feedback.model import Role, Scope, Way
from feedback.tokens import Token

_NO_BEARER = "This needs an API token: `Authorization: Bearer kb_…`."


@dataclass(frozen=True, slots=True)
class Caller:
    """An account that asks for something, and how it came in; `token` is the name of a token."""

    user: str
    role: Role
    way: Way
    token: str = ""
    scope: Scope = Scope.WRITE

    @property
    def who(self) -> Who:
        return Who(self.user, self.way, self.token)


def of_page(request: Request, service: Service) -> Caller | None:
    """Who opens a page: whom a proxy vouches for, else whose cookie the browser holds.

    The proxy goes first: somebody else may have left a cookie in this browser.
    """
    return _of_proxy(request, service) or _of_session(request, service)


def bearer(request: Request) -> str | None:
    """What stands behind `Bearer`, which may be empty; None for a request without it."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets programs in by their tokens; a network that brings wrong ones is told to wait."""

    service: Service
    brake: Brake

    @classmethod
    def of(cls, service: Service) -> "Gate":
        return cls(service, Brake(50, timedelta(hours=1)))

    def admit(self, request: Request, token: str) -> Caller:
        """Raises Unauthorized for what is no live token, TooManyRequests after many of those.

        A live token passes from wherever it comes: none can be guessed, and one program's old
        token must not keep another out that shares its network.
        """
        now = self.service.clock()
        with self.service.database.read() as db:
            found = tokens.find(db, token)
        if found is None or not found.is_live(now):
            raise self._refusal(request, found)
        if found.is_due(now):
            self.service.writer.apply(lambda db: tokens.touch(db, found.id, now))
        return Caller(found.user, found.role, Way.TOKEN, found.name, found.scope)

    def _refusal(self, request: Request, found: Token | None) -> HTTPException:
        now = self.service.clock()
        network = arrival.network(request, self.service.trusted_proxies)
        if wait := self.brake.wait(network, now):
            return TooManyRequests(
                "Too many wrong tokens came from this network.",
                retry_after=ceil(wait.total_seconds()),
            )
        self.brake.record(network, now)
        return unauthorized(_why(found))


def unauthorized(why: str = _NO_BEARER) -> Unauthorized:
    return Unauthorized(why)


def _why(found: Token | None) -> str:
    """Who has a token may be told what became of it."""
    if found is None:
        return "This API token is not known here."
    if found.revoked is not None:
        return f"The API token {found.name} was revoked. Ask for a new one."
    return f"The API token {found.name} expired on {found.expires:%Y-%m-%d}. Ask for a new one."


def _of_session(request: Request, service: Service) -> Caller | None:
    secure = arrival.is_secure(request, service.trusted_proxies)
    token = cookies.read(request, secure=secure)
    if not token:
        return None
    now = service.clock()
    with service.database.read() as db:
        found = sessions.find(db, token, now)
    if found is None:
        return None
    if found.is_due(now):
        service.writer.apply(lambda db: sessions.touch(db, token, now))
    return Caller(found.user, found.role, Way.SESSION)


def _of_proxy(request: Request, service: Service) -> Caller | None:
    """The account that a trusted proxy names; from anybody else the header says nothing."""
    header = service.settings.signin.proxy_header
    if not header or not proxies.is_trusted(request.remote_addr or "", service.trusted_proxies):
        return None
    values = request.headers.getlist(header)
    if not any(values):
        return None
    if len(values) > 1 or "," in values[0]:
        abort(400, say("The proxy names more than one person."))
    name = values[0].strip().lower()
    try:
        with service.database.read() as db:
            user = staff.find(db, name)
    except AccountError:
        abort(403, say("You have no account here. Who runs this help makes one."))
    if user.deactivated is not None:
        abort(403, say("Your account is switched off."))
    return Caller(user.name, user.role, Way.PROXY)
