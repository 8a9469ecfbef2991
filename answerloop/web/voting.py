"""Joins the votes of `feedback` to this application: who votes, what follows, what is shown."""

from typing import TYPE_CHECKING

from flask import Request, Response
from flask_openapi3.blueprint import APIBlueprint

from answerloop.web import guards, outcomes
from answerloop.web.guards import Sender
from answerloop.web.limits import Kind
from feedback import web as feedback_web
from feedback.model import ArticleKey, Ballot, Revision

if TYPE_CHECKING:
    from answerloop.web.service import Service


def blueprint(service: "Service") -> APIBlueprint:
    """The routes of `feedback.web`, for this service."""
    settings = service.settings

    def wait(request: Request, said: bool) -> float:  # noqa: FBT001 -- as feedback.web calls it
        """A remark is a vote, too; both limits hold."""
        address = guards.address_of(request, service.trusted_proxies)
        remark = service.limiter.wait(Kind.REMARK, address) if said else 0.0
        return remark or service.limiter.wait(Kind.VOTE, address)

    def show(answer: feedback_web.FormAnswer) -> Response:
        return outcomes.back(service.live.version(), answer)

    return feedback_web.blueprint(
        feedback_web.Voting(
            writer=service.writer,
            salts=service.salts,
            clock=service.clock,
            site=_site(service),
            address=lambda request: guards.address_of(request, service.trusted_proxies),
            is_trusted=lambda request: _is_trusted(service, request),
            after_vote=service.judge.note,
            show=show,
            wait=wait,
            device_ids=settings.feedback.device_id,
            seals=service.seals,
            after_contact=service.courier.wake,
        )
    )


def ballot(
    service: "Service", request: Request, key: ArticleKey, revision: Revision, *, helpful: bool
) -> Ballot:
    """A plain yes or no of the reader who sent this request by a link of a letter."""
    visitor = service.salts.identify(
        service.clock(),
        address=guards.address_of(request, service.trusted_proxies),
        user_agent=request.headers.get("User-Agent", ""),
        accept_language=request.headers.get("Accept-Language", ""),
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
        trusted=_is_trusted(service, request),
    )


def _site(service: "Service") -> str:
    return service.settings.site.url or service.settings.site_name


def _is_trusted(service: "Service", request: Request) -> bool:
    own = guards.own_origins(request, service.settings.site.url, service.trusted_proxies)
    return guards.sender(request, own) is Sender.OWN_PAGE
