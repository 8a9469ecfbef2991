"""Joins the votes of `feedback` to this application: who votes, what follows, what is shown."""

from functools import partial
from typing import TYPE_CHECKING

from flask import Request, Response
from flask_openapi3.blueprint import APIBlueprint

from answerloop.web import guards, outcomes
from answerloop.web.guards import Sender
from answerloop.web.limits import Kind
from feedback import web as feedback_web
from feedback.express import Express
from feedback.model import ArticleKey, Ballot, Revision
from feedback.voting import Voter, Voting

if TYPE_CHECKING:
    from answerloop.web.service import Service


def blueprint(service: "Service") -> APIBlueprint:
    """The routes of `feedback.web`, for this service."""

    def show(answer: feedback_web.FormAnswer) -> Response:
        return outcomes.back(service.live.version(), answer)

    edge = feedback_web.Edge(voter=lambda request: _voter(service, request), show=show)
    return feedback_web.blueprint(_rules(service), edge)


def express(service: "Service") -> Express | None:
    """The short way of the ordinary vote, if no requests are logged and votes stand in line."""
    if service.settings.server.access_log or not service.writer.is_queue:
        return None
    address = partial(guards.address_in, trusted=service.trusted_proxies)
    return Express(_rules(service), address)


def ballot(
    service: "Service", request: Request, key: ArticleKey, revision: Revision, *, helpful: bool
) -> Ballot:
    """A plain yes or no of the reader who sent this request by a link of a letter."""
    voter = _voter(service, request)
    visitor = service.salts.identify(
        service.clock(),
        address=voter.address,
        user_agent=voter.user_agent,
        accept_language=voter.accept_language,
        site=_site(service),
    )
    return Ballot(
        article=key.article,
        lang=key.lang,
        revision=revision,
        helpful=helpful,
        visitor=visitor.today,
        network=visitor.network,
        previous_visitor=visitor.yesterday,
        via="letter",
        trusted=voter.trusted,
    )


def _rules(service: "Service") -> Voting:
    def wait(address: str, said: bool) -> float:  # noqa: FBT001 -- as feedback.voting calls it
        """A remark is a vote, too; both limits hold."""
        remark = service.limiter.wait(Kind.REMARK, address) if said else 0.0
        return remark or service.limiter.wait(Kind.VOTE, address)

    return Voting(
        writer=service.writer,
        salts=service.salts,
        clock=service.clock,
        site=_site(service),
        after_vote=service.judge.note,
        wait=wait,
        device_ids=service.settings.feedback.device_id,
        seals=service.seals,
        after_contact=service.courier.wake,
    )


def _site(service: "Service") -> str:
    return service.settings.site.url or service.settings.site_name


def _voter(service: "Service", request: Request) -> Voter:
    trusted = service.trusted_proxies
    own = guards.own_origins(request, service.settings.site.url, trusted)
    is_own = guards.sender(request, own) is Sender.OWN_PAGE
    return Voter.of(request.environ, guards.address_of(request, trusted), trusted=is_own)
