"""The headers that every answer of the desk carries."""

from flask import Blueprint, Response, request

from answerloop.desk import arrival
from answerloop.desk.service import Service

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_YEAR = 365 * 24 * 3600


def install(routes: Blueprint, service: Service) -> None:
    @routes.after_request
    def harden(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = POLICY
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Cache-Control"] = "no-store"
        if arrival.is_secure(request, service.trusted_proxies):
            headers["Strict-Transport-Security"] = f"max-age={_YEAR}"
        return response
