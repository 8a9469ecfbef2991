"""The headers that every answer of the desk carries."""

from collections.abc import Sequence

from flask import Blueprint, Response, request

from answerloop.desk import arrival
from answerloop.desk.service import Service

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_YEAR = 365 * 24 * 3600


def framed(response: Response, hosts: Sequence[str]) -> Response:
    """An answer that pages of these origins may show in a frame; nobody where there are none."""
    if hosts:
        policy = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(hosts)}")
        response.headers["Content-Security-Policy"] = policy
    return response


def install(routes: Blueprint, service: Service) -> None:
    @routes.after_request
    def harden(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Cache-Control"] = "no-store"
        if arrival.is_secure(request, service.trusted_proxies):
            headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
        return response
