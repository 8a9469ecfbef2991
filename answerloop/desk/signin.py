"""Signing in and out."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection

from answerloop.desk import access, arrival, cookies, paths, record
from answerloop.desk.brake import Brake
from answerloop.desk.service import Service
from answerloop.desk.speech import many, say
from feedback import audit, identities, sessions, staff
from feedback.audit import Who
from feedback.model import Role, Way

SIGNED_IN = "sign-in"
FAILED = "sign-in-failed"
_HASHES_AT_ONCE = 2
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class _Door:
    """What stands between a guess and a password.

    One account from one network is slowed after 5 failures, a network after 50, whatever names it
    tries; the same account from elsewhere is free. At most two passwords are compared at once, and
    500 failures an hour put on record.
    """

    account: Brake = field(default_factory=lambda: Brake(5, timedelta(minutes=15)))
    network: Brake = field(default_factory=lambda: Brake(50, timedelta(hours=1)))
    record: Brake = field(default_factory=lambda: Brake(500, timedelta(hours=1)))
    turnstile: threading.Semaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_HASHES_AT_ONCE)
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nobody was signed in: the answer's status, a sentence, and when to try again."""

    status: int
    message: str
    wait: timedelta = timedelta(0)


def install(routes: Blueprint, service: Service) -> None:
    door = _Door()

    @routes.get("/login")
    @access.for_anybody
    def login() -> Response:
        wanted = paths.own(request.args.get("next", ""))
        if access.session() is not None:
            return make_response(redirect(wanted, 303))
        return form(service, wanted)

    @routes.post("/login", endpoint="sign_in")
    @access.for_anybody
    def sign_in() -> Response:
        name = request.form.get("name", "").strip().lower()
        wanted = paths.own(request.form.get("next", ""))
        found = _authenticate(service, door, name, request.form.get("password", ""))
        if isinstance(found, Refusal):
            return form(service, wanted, name=name, refusal=found)
        return begin(service, lambda _db: Who(found, Way.PASSWORD), wanted)

    @routes.post("/logout")
    @access.needs(Role.AGENT)
    def logout() -> Response:
        held, issuer = list(cookies.held(request)), service.settings.openid.issuer
        service.writer.apply(lambda db: _end(db, held))
        with service.database.read() as db:
            is_guest = bool(issuer) and identities.knows(db, issuer, access.user().user)
        left = "provider" if is_guest else None  # where the person is signed in still
        response = make_response(redirect(url_for("desk.login", left=left), 303))
        cookies.clear(response)
        return response


def _authenticate(service: Service, door: _Door, name: str, password: str) -> str | Refusal:
    """The name of the account, or why it was not signed in.

    1. Whoever failed too often waits.
    2. Whoever comes while two passwords are compared comes again.
    3. An unknown name and a wrong password cost the same and are answered alike.
    """
    now = service.clock()
    network = arrival.network(request, service.trusted_proxies)
    pair = f"{name[:_LONGEST_NAME]} {network}"
    wait = max(door.account.wait(pair, now), door.network.wait(network, now))
    if wait:
        minutes = max(1, round(wait.total_seconds() / 60))
        return Refusal(429, too_many(minutes), wait)
    if not door.turnstile.acquire(blocking=False):
        said = say("Many people sign in at this moment. Try again in a few seconds.")
        return Refusal(503, said, timedelta(seconds=2))
    try:
        with service.database.read() as db:
            user = staff.authenticate(db, name, password)
    finally:
        door.turnstile.release()
    if user is None:
        door.account.record(pair, now)
        door.network.record(network, now)
        _record_failure(service, door, name, now)
        return Refusal(401, say("The name or the password is wrong."))
    door.account.release(pair)
    return user.name


def _record_failure(service: Service, door: _Door, name: str, now: datetime) -> None:
    """Of a name that nobody has, nothing is kept: it might be a password. Nor are floods kept."""
    if door.record.wait("", now):
        return
    door.record.record("", now)

    def record_failure(db: Connection) -> None:
        known = name if staff.is_known(db, name) else ""
        audit.record(db, Who(known, Way.PASSWORD), FAILED, "", now=now)

    record.by_hand()
    service.writer.apply(record_failure)


def begin(service: Service, admit: Callable[[Connection], Who], wanted: str) -> Response:
    """Begin a session for whom `admit` names, and go to the page that is wanted.

    Each sign-in has a session of its own; the one that the browser brought ends.
    """
    held, now = list(cookies.held(request)), service.clock()

    def begin_on_record(db: Connection) -> str:
        _end(db, held)
        who = admit(db)
        audit.record(db, who, SIGNED_IN, "", now=now)
        return sessions.begin(db, who.name, now)

    record.by_hand()
    token = service.writer.apply(begin_on_record)
    response = make_response(redirect(wanted, 303))
    secure = arrival.is_secure(request, service.trusted_proxies)
    framed = bool(service.settings.desk.framed_by)
    cookies.write(response, token, secure=secure, framed=framed)
    return response


def too_many(minutes: int) -> str:
    return many(
        "Too many failed tries from here. Try again in %(count)s minute.",
        "Too many failed tries from here. Try again in %(count)s minutes.",
        count=minutes,
    )


def _end(db: Connection, tokens: Iterable[str]) -> None:
    for token in tokens:
        sessions.end(db, token)


def form(
    service: Service, wanted: str, *, name: str = "", refusal: Refusal | None = None
) -> Response:
    """The sign-in page; with why nobody was signed in, if that is so."""
    openid = service.settings.openid
    page = render_template(
        "desk/login.html",
        wanted=wanted,
        name=name,
        refusal=refusal,
        provider=openid.name or urlsplit(openid.issuer).netloc,
    )
    response = make_response(page, refusal.status if refusal else 200)
    if refusal and refusal.wait:
        response.headers["Retry-After"] = str(int(refusal.wait.total_seconds()) + 1)
    return response
