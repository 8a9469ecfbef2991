"""Joins the votes of `feedback` to this application: who votes, what follows, what is shown."""

from typing import TYPE_CHECKING

from flask import Request, Response
from flask_openapi3.blueprint import APIBlueprint

from answerloop.web import guards, outcomes
from answerloop.web.guards import Sender
from answerloop.web.limits import Kind
from feedback import web as feedback_web

if TYPE_CHECKING:
    from answerloop.web.service import Service


def blueprint(service: "Service") -> APIBlueprint:
    """The routes of `feedback.web`, for this service."""
    settings = service.settings

    def is_trusted(request: Request) -> bool:
        own = guards.own_origins(request, settings.site.url, service.trusted_proxies)
        return guards.sender(request, own) is Sender.OWN_PAGE

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
            site=settings.site.url or settings.site_name,
            address=lambda request: guards.address_of(request, service.trusted_proxies),
            is_trusted=is_trusted,
            after_vote=service.judge.note,
            show=show,
            wait=wait,
            device_ids=settings.feedback.device_id,
        )
    )
