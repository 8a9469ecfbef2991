"""Signing in and out."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import Connection

from answerloop.desk import access, arrival, cookies, paths
from answerloop.desk.brake import Brake
from answerloop.desk.service import Service
from feedback import sessions, staff
from feedback.model import Role

WRONG = "The name or the password is wrong."
BUSY = "Many people sign in at this moment. Try again in a few seconds."
_HASHES_AT_ONCE = 2
_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True)
class _Door:
    """What stands between a guess and a password.

    One account from one network is slowed after 5 failures, a network after 50, whatever names it
    tries; the same account from elsewhere is free. At most two passwords are compared at once.
    """

    account: Brake = field(default_factory=lambda: Brake(5, timedelta(minutes=15)))
    network: Brake = field(default_factory=lambda: Brake(50, timedelta(hours=1)))
    turnstile: threading.Semaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_HASHES_AT_ONCE)
    )


@dataclass(frozen=True, slots=True)
class _Refusal:
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
        return _form(wanted)

    @routes.post("/login", endpoint="sign_in")
    @access.for_anybody
    def sign_in() -> Response:
        name = request.form.get("name", "").strip().lower()
        wanted = paths.own(request.form.get("next", ""))
        found = _authenticate(service, door, name, request.form.get("password", ""))
        if isinstance(found, _Refusal):
            return _form(wanted, name=name, refusal=found)
        return _begin(service, found, wanted)

    @routes.post("/logout")
    @access.needs(Role.AGENT)
    def logout() -> Response:
        held = list(cookies.held(request))
        service.writer.apply(lambda db: _end(db, held))
        response = make_response(redirect(url_for("desk.login"), 303))
        cookies.clear(response)
        return response


def _authenticate(service: Service, door: _Door, name: str, password: str) -> str | _Refusal:
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
        plural = "" if minutes == 1 else "s"
        said = f"Too many failed tries from here. Try again in {minutes} minute{plural}."
        return _Refusal(429, said, wait)
    if not door.turnstile.acquire(blocking=False):
        return _Refusal(503, BUSY, timedelta(seconds=2))
    try:
        with service.database.read() as db:
            user = staff.authenticate(db, name, password)
    finally:
        door.turnstile.release()
    if user is None:
        door.account.record(pair, now)
        door.network.record(network, now)
        return _Refusal(401, WRONG)
    door.account.release(pair)
    return user.name


def _begin(service: Service, name: str, wanted: str) -> Response:
    """Begin a session of its own for each sign-in; the one that the browser brought ends."""
    held, now = list(cookies.held(request)), service.clock()

    def begin(db: Connection) -> str:
        _end(db, held)
        return sessions.begin(db, name, now)

    token = service.writer.apply(begin)
    response = make_response(redirect(wanted, 303))
    secure = arrival.is_secure(request, service.trusted_proxies)
    framed = bool(service.settings.desk.framed_by)
    cookies.write(response, token, secure=secure, framed=framed)
    return response


def _end(db: Connection, tokens: Iterable[str]) -> None:
    for token in tokens:
        sessions.end(db, token)


def _form(wanted: str, *, name: str = "", refusal: _Refusal | None = None) -> Response:
    page = render_template("desk/login.html", wanted=wanted, name=name, refusal=refusal)
    response = make_response(page, refusal.status if refusal else 200)
    if refusal and refusal.wait:
        response.headers["Retry-After"] = str(int(refusal.wait.total_seconds()) + 1)
    return response
