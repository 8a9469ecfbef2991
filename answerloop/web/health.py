"""`/livez` and `/readyz`: whether the process runs, and whether it can store a vote."""

import logging
from typing import TYPE_CHECKING

from flask import Blueprint

from answerloop.errors import AnswerloopError
from feedback import database

if TYPE_CHECKING:
    from answerloop.web.service import Service

logger = logging.getLogger(__name__)


def blueprint(service: "Service") -> Blueprint:
    routes = Blueprint("health", __name__)

    @routes.get("/livez")
    def livez() -> dict[str, str]:
        return {"status": "ok"}

    @routes.get("/readyz")
    def readyz() -> tuple[dict[str, str], int]:
        """A real write the way of every vote, and a version that can be served."""
        now = service.clock()
        service.writer.apply(lambda db: database.beat(db, now))
        try:
            service.live.version().look()
        except AnswerloopError as problem:
            logger.warning("%s", problem)  # it names folders, which are nobody else's business
            return {"status": "no site", "remedy": "The operator runs `kb build`."}, 503
        return {"status": "ready", "build": service.reader.build}, 200

    return routes
