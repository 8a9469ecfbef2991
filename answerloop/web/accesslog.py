"""The access log: who asked for what, as far as anybody needs to know it.

No query, no body, no header; of an address its network alone; of a path no secret and nothing that
looks like personal data. In the Common Log Format, so that the usual tools read it.
"""

import logging
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

from flask import Flask, Request, Response, request

from answerloop import proxies
from answerloop.web import guards
from feedback import redaction

if TYPE_CHECKING:
    from answerloop.web.service import Service

SECRET = "token"  # noqa: S105 -- the name, not the thing
"""An argument of a route that has this name opens what is somebody's own; no log shows it."""
_BELOW_SECRETS = "/f/"
_WIDTHS = {4: 24, 6: 48}

logger = logging.getLogger("answerloop.access")


def write_to(stream: TextIO) -> None:
    """Let the log of this process go there, one line for each request."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def install(app: Flask, service: "Service") -> None:
    """Keep secrets out of what is logged of failures; write the access log if it is wanted."""

    def log_exception(exc_info: Any) -> None:
        app.logger.error("Exception on %s [%s]", path(request), request.method, exc_info=exc_info)

    app.log_exception = log_exception  # type: ignore[method-assign]  # as Flask's manual says
    if not service.settings.server.access_log:
        return

    @app.after_request
    def note(response: Response) -> Response:
        asked = f"{request.method} {path(request)} {request.environ.get('SERVER_PROTOCOL', '')}"
        address = network(guards.address_of(request, service.trusted_proxies))
        size = response.headers.get("Content-Length", "-")
        logger.info(
            '%s - - [%s] "%s" %d %s',
            *(address, f"{service.clock():%d/%b/%Y:%H:%M:%S %z}", asked),
            *(response.status_code, size),
        )
        return response


def path(asked: Request) -> str:
    """The path in characters that end no line, without a secret."""
    shown = asked.path
    if secret := (asked.view_args or {}).get(SECRET):
        shown = shown.replace(str(secret), "-")
    elif shown.startswith(_BELOW_SECRETS):
        shown = f"{_BELOW_SECRETS}-"
    return quote(redaction.redact(shown).text, safe="/[]", errors="replace")


def network(address: str) -> str:
    """The first address of the network, a /24 or a /48; `-` for what is no address."""
    found = proxies.parsed(address)
    if found is None:
        return "-"
    return str(ip_network((found, _WIDTHS[found.version]), strict=False).network_address)
