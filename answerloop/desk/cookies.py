"""The cookies of the desk: one holds a session's token, one binds a sign-in to its browser."""

from flask import Request, Response

from feedback import handshakes, sessions

SECURE_NAME = "__Host-kb_session"
PLAIN_NAME = "kb_session"


def read(request: Request, *, secure: bool) -> str:
    """The token, empty without one.

    The plain name is not believed over TLS: a page without it could have written that cookie.
    """
    token = request.cookies.get(SECURE_NAME, "")
    return token or ("" if secure else request.cookies.get(PLAIN_NAME, ""))


def held(request: Request) -> list[str]:
    """Every token that the browser holds, under either name."""
    return [token for name in (SECURE_NAME, PLAIN_NAME) if (token := request.cookies.get(name))]


def write(response: Response, token: str, *, secure: bool, framed: bool = False) -> None:
    """Hand out the cookie. Over TLS it may be `framed`: sent inside of frames on other sites."""
    response.set_cookie(
        SECURE_NAME if secure else PLAIN_NAME,
        token,
        max_age=sessions.LONGEST,
        path="/",
        secure=secure,
        httponly=True,
        samesite="None" if secure and framed else "Lax",
    )


def clear(response: Response) -> None:
    """Take both back, whichever the browser holds."""
    response.delete_cookie(SECURE_NAME, path="/", secure=True, httponly=True, samesite="Lax")
    response.delete_cookie(PLAIN_NAME, path="/", httponly=True, samesite="Lax")


SECURE_STATE = "__Host-kb_openid"
PLAIN_STATE = "kb_openid"


def read_state(request: Request, *, secure: bool) -> str:
    """The state of the sign-in that this browser has begun, empty without one; as `read`."""
    state = request.cookies.get(SECURE_STATE, "")
    return state or ("" if secure else request.cookies.get(PLAIN_STATE, ""))


def write_state(response: Response, state: str, *, secure: bool) -> None:
    """Lax, for the provider's page leads back here."""
    response.set_cookie(
        SECURE_STATE if secure else PLAIN_STATE,
        state,
        max_age=handshakes.LONGEST,
        path="/",
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def clear_state(response: Response) -> None:
    response.delete_cookie(SECURE_STATE, path="/", secure=True, httponly=True, samesite="Lax")
    response.delete_cookie(PLAIN_STATE, path="/", httponly=True, samesite="Lax")
