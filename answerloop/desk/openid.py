"""Signing in with a provider of OpenID Connect: there, and back."""

import hmac
import logging
from datetime import timedelta
from functools import partial
from math import ceil

from flask import Blueprint, Response, abort, make_response, redirect, request
from sqlalchemy import Connection

from answerloop.desk import access, admission, arrival, cookies, paths, record, signin
from answerloop.desk.brake import Brake
from answerloop.desk.provider import Provider
from answerloop.desk.service import Service
from answerloop.desk.signin import Refusal
from answerloop.desk.speech import say
from answerloop.errors import ProviderAway, ProviderUntrusted
from feedback import audit, handshakes, identities
from feedback.audit import Who
from feedback.errors import AccountError
from feedback.handshakes import Handshake
from feedback.identities import Identity
from feedback.model import Way

logger = logging.getLogger(__name__)


def install(routes: Blueprint, service: Service, provider: Provider | None) -> None:
    brake = Brake(100, timedelta(minutes=10))

    @routes.get("/login/begin", endpoint="openid_begin")
    @access.for_anybody
    def begin() -> Response:
        """Send the person to the provider."""
        if provider is None:
            abort(404)
        wanted = paths.own(request.args.get("next", ""))
        if wait := _wait(service, brake):
            return signin.form(service, wanted, refusal=_busy(wait))
        wanted = wanted if len(wanted) <= handshakes.LONGEST_ADDRESS else paths.START
        now = service.clock()
        made = service.writer.apply(lambda db: handshakes.begin(db, wanted, now))
        try:
            response = make_response(redirect(provider.address(made), 303))
        except (ProviderAway, ProviderUntrusted) as problem:
            return signin.form(service, wanted, refusal=_away(problem))
        secure = arrival.is_secure(request, service.trusted_proxies)
        cookies.write_state(response, made.state, secure=secure)
        return response

    @routes.get("/login/openid", endpoint="openid")
    @access.for_anybody
    def come_back() -> Response:
        """Take the person in whom the provider sends back, if all of it fits."""
        if provider is None:
            abort(404)
        response = _come_back(service, provider)
        cookies.clear_state(response)
        return response

    @routes.get("/login/leave", endpoint="openid_leave")
    @access.for_anybody
    def leave() -> Response:
        """To the provider's own way out; the session of the desk has ended before."""
        return _leave(service, provider or abort(404))


def _leave(service: Service, provider: Provider) -> Response:
    try:
        address = provider.way_out()
    except (ProviderAway, ProviderUntrusted) as problem:
        return signin.form(service, paths.START, refusal=_away(problem))
    if address is None:
        return signin.form(service, paths.START, refusal=_no_way_out())
    return make_response(redirect(address, 303))


def _come_back(service: Service, provider: Provider) -> Response:
    made = _handshake(service)
    if made is None or request.args.get("iss", provider.openid.issuer) != provider.openid.issuer:
        return signin.form(service, paths.START, refusal=_lost())
    wanted = paths.own(made.wanted)
    code = request.args.get("code", "")
    if not code:  # the person said no, or the provider did
        return signin.form(service, wanted, refusal=_not_admitted(service))
    try:
        claims = provider.redeem(code, made)
    except (ProviderAway, ProviderUntrusted) as problem:
        return signin.form(service, wanted, refusal=_away(problem))
    identity = admission.identity(claims, provider.openid)
    if identity is None:
        return signin.form(service, wanted, refusal=_not_admitted(service))
    try:
        return signin.begin(service, partial(_admit, service, identity), wanted)
    except AccountError:
        return signin.form(service, wanted, refusal=_not_admitted(service))


def _handshake(service: Service) -> Handshake | None:
    """What this browser was sent away with, if the answer belongs to it; it is used up."""
    state = request.args.get("state", "")
    held = cookies.read_state(request, secure=arrival.is_secure(request, service.trusted_proxies))
    if not state or not hmac.compare_digest(state.encode(), held.encode()):
        return None
    now = service.clock()
    record.by_hand()
    return service.writer.apply(lambda db: handshakes.take(db, state, now))


def _admit(service: Service, identity: Identity, db: Connection) -> Who:
    return Who(identities.admit(db, identity, service.clock()), Way.OPENID)


def _wait(service: Service, brake: Brake) -> timedelta:
    now = service.clock()
    network = arrival.network(request, service.trusted_proxies)
    wait = brake.wait(network, now)
    if not wait:
        brake.record(network, now)
    return wait


def _busy(wait: timedelta) -> Refusal:
    minutes = ceil(wait.total_seconds() / 60)
    return Refusal(429, signin.too_many(minutes), wait)


def _no_way_out() -> Refusal:
    return Refusal(404, say("The provider offers no way out from here. Sign out on its own pages."))


def _lost() -> Refusal:
    return Refusal(400, say("This sign-in took too long, or was begun elsewhere. Try once more."))


def _away(problem: ProviderAway | ProviderUntrusted) -> Refusal:
    logger.warning("%s", problem)
    if isinstance(problem, ProviderAway):
        said = say("The provider cannot be reached. Try again in a few minutes.")
        return Refusal(503, said, timedelta(minutes=1))
    return Refusal(502, say("The provider's answer cannot be trusted. Nobody was signed in."))


def _not_admitted(service: Service) -> Refusal:
    """On record without a name: whoever may not come in is nobody here."""
    now = service.clock()
    record.by_hand()
    service.writer.apply(
        lambda db: audit.record(db, Who("", Way.OPENID), signin.FAILED, "", now=now)
    )
    return Refusal(403, say("You may not work at this desk. Ask who runs this help."))
