"""A small but real provider of OpenID Connect: HTTP, discovery, keys, codes, signed tokens.

It keeps to the rules by itself (exact redirect address, PKCE, each code once) and lies where a test
tells it to.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT = "answerloop"
SECRET = "the secret of this client"

Sign = Callable[["Provider", dict[str, Any]], str]


def by_key(provider: "Provider", claims: dict[str, Any]) -> str:
    """As it should be: RS256, with the key that the provider shows."""
    return jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, provider.key)


@dataclass(slots=True)
class Asked:
    """What belongs to a code."""

    nonce: str
    challenge: str
    redirect_uri: str


@dataclass(slots=True)
class Provider:
    """`person` are the claims of whoever signs in; `lies` are laid over each ID token."""

    clock: Callable[[], datetime]
    key: RSAKey
    issuer: str = ""
    redirect_uri: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    sign: Sign = by_key
    metadata: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, Asked] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
            "code_challenge_methods_supported": ["S256"],
        } | self.metadata

    def keys(self) -> Any:
        return KeySet([self.key]).as_dict(private=False)

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes with a code. Raises AssertionError for a wrong request."""
        assert asked["client_id"] == CLIENT
        assert asked["redirect_uri"] == self.redirect_uri
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe()
        self.codes[code] = Asked(asked["nonce"], asked["code_challenge"], asked["redirect_uri"])
        query = {"code": code, "state": asked["state"], "iss": self.issuer}
        return f"{asked['redirect_uri']}?{urlencode(query)}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        shown = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        if unquote(shown) != f"{CLIENT}:{SECRET}":
            return 401, {"error": "invalid_client"}
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            asked is None
            or asked.challenge != challenge
            or asked.redirect_uri != sent.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked.nonce,
        }
        id_token = self.sign(self, claims | self.person | self.lies)
        return 200, {"access_token": "opaque", "token_type": "Bearer", "id_token": id_token}


@contextmanager
def serve(clock: Callable[[], datetime], key: RSAKey) -> Iterator[Provider]:
    """The provider on a port of its own, until the block ends."""
    provider = Provider(clock, key)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.requests.append(f"GET {parts.path}")
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(dict(parse_qsl(parts.query))))
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            pages = {
                "/.well-known/openid-configuration": provider.described,
                "/keys": provider.keys,
            }
            page = pages.get(parts.path)
            self._answer(*((200, page()) if page else (404, {})))

        def do_POST(self) -> None:
            provider.requests.append(f"POST {self.path}")
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(*provider.token(sent, self.headers.get("Authorization", "")))

        def _answer(self, status: int, told: object) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
