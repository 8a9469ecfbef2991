"""Joins the votes of `feedback` to this application: who votes, what follows, what is shown."""

from typing import TYPE_CHECKING

from flask import Request, Response
from flask_openapi3.blueprint import APIBlueprint

from answerloop.web import guards, outcomes
from answerloop.web.guards import Sender
from feedback import web as feedback_web

if TYPE_CHECKING:
    from answerloop.web.service import Service


def blueprint(service: "Service") -> APIBlueprint:
    """The routes of `feedback.web`, for this service."""
    settings = service.settings

    def is_trusted(request: Request) -> bool:
        own = guards.own_origins(request, settings.site.url, service.trusted_proxies)
        return guards.sender(request, own) is Sender.OWN_PAGE

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
            device_ids=settings.feedback.device_id,
        )
    )
