"""A provider of OpenID Connect: where people are sent, and what it says of those who come back.

The protocol is Authlib's: the authorization code flow with PKCE, and the claims of the ID token;
the signatures are joserfc's. Each request goes through the guard of `answerloop.deliveries`. Only
the ID token is read: what else a provider tells is not signed for us.
"""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from authlib.oauth2.base import OAuth2Error
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from answerloop.deliveries import clients
from answerloop.deliveries.errors import GiveUp, TryLater
from answerloop.deliveries.outgoing import Answer, Client, Request
from answerloop.entrance import OpenIdSettings
from answerloop.errors import ProviderAway, ProviderUntrusted
from answerloop.settings import Settings
from feedback.handshakes import Handshake

PATH = "desk/login/openid"
"""Where the provider sends people back to, below `site.url`."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures that only the provider can make: never `none`, never a shared secret's."""
_KEEP = timedelta(hours=1)
_LOOK_AGAIN = timedelta(minutes=1)
_PAUSE = timedelta(seconds=5)
_LEEWAY = 120
"""Seconds by which clocks may differ."""
_SERVER_ERROR = 500

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Provider:
    """What is known of the provider is asked at the first sign-in, and kept for an hour."""

    openid: OpenIdSettings
    redirect_uri: str
    http: Client
    clock: Callable[[], datetime]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _found: "_Found | None" = None
    _failed: datetime | None = None

    @classmethod
    def of(cls, settings: Settings, clock: Callable[[], datetime]) -> "Provider | None":
        """The provider that the settings name, if any. Raises SettingsError."""
        openid = settings.openid
        if not openid.issuer:
            return None
        http = clients.of(
            settings, openid.issuer, "openid", name="issuer", allow_private=openid.allow_private
        )
        return cls(openid, f"{settings.site.url.rstrip('/')}/{PATH}", http, clock)

    @property
    def name(self) -> str:
        return self.openid.name or urlsplit(self.openid.issuer).netloc

    def address(self, handshake: Handshake) -> str:
        """Where to send a person. Raises ProviderAway and ProviderUntrusted."""
        found = self._metadata()
        address, _state = self._client(found).create_authorization_url(
            found.endpoint("authorization_endpoint"),
            state=handshake.state,
            code_verifier=handshake.verifier,
            nonce=handshake.nonce,
        )
        return str(address)

    def way_out(self) -> str | None:
        """Where a person signs out there; None where it names no such page. Raises as above.

        No address to come back to is named: a provider refuses one that it was not told of before.
        """
        found = self._metadata()
        if "end_session_endpoint" not in found.told:
            return None
        address = found.endpoint("end_session_endpoint")
        joint = "&" if urlsplit(address).query else "?"
        return f"{address}{joint}{urlencode({'client_id': self.openid.client_id})}"

    def redeem(self, code: str, handshake: Handshake) -> Mapping[str, Any]:
        """The claims of the ID token that the provider gives for a code, all of them checked.

        Raises ProviderAway and ProviderUntrusted, the second also for a code that was used.
        """
        found = self._metadata()
        try:
            told = self._client(found).fetch_token(
                found.endpoint("token_endpoint"),
                grant_type="authorization_code",
                code=code,
                code_verifier=handshake.verifier,
            )
        except (OAuth2Error, ValueError) as problem:
            raise self._untrusted(f"no token for the code: {problem}") from None
        return self._verified(told, handshake)

    def _verified(self, told: Mapping[str, Any], handshake: Handshake) -> Mapping[str, Any]:
        """Signature, issuer, audience, time, nonce, and the access token that came along."""
        id_token = told.get("id_token")
        if not isinstance(id_token, str):
            raise self._untrusted("no ID token.")
        try:
            token = self._decode(id_token)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": self.openid.issuer},
                    "sub": {"essential": True},
                    "aud": {"essential": True, "values": [self.openid.client_id]},
                },
                {
                    "nonce": handshake.nonce,
                    "client_id": self.openid.client_id,
                    "access_token": told.get("access_token"),
                },
            )
            claims.validate(now=int(self.clock().timestamp()), leeway=_LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as problem:
            raise self._untrusted(f"its ID token: {problem!r}") from None
        return dict(claims)

    def _decode(self, id_token: str) -> jwt.Token:
        """A key that is not known yet may be new: the keys are asked for once more."""
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        try:
            return jwt.decode(id_token, self._keys(), registry=registry)
        except InvalidKeyIdError:
            return jwt.decode(id_token, self._keys(older_than=_LOOK_AGAIN), registry=registry)

    def _client(self, found: "_Found") -> OAuth2Client:
        return OAuth2Client(
            _Wire(self.http),
            client_id=self.openid.client_id,
            client_secret=self.openid.client_secret or None,
            token_endpoint_auth_method=found.way_to_prove(self.openid.client_secret),
            scope=" ".join(self.openid.scopes),
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
        )

    def _metadata(self) -> "_Found":
        """Where the provider was away a moment ago, nobody else waits for it to be asked again."""
        with self._lock:
            now = self.clock()
            if self._found is not None and now - self._found.at <= _KEEP:
                return self._found
            if self._failed is not None and timedelta(0) <= now - self._failed < _PAUSE:
                raise ProviderAway(f"{self.openid.issuer} was away {_PAUSE.seconds} seconds ago.")
            try:
                self._found, self._failed = self._ask(), None
            except ProviderAway:
                self._failed = self.clock()
                raise
            return self._found

    def _ask(self) -> "_Found":
        address = f"{self.openid.issuer.rstrip('/')}/.well-known/openid-configuration"
        told = self._get(address)
        if told.get("issuer") != self.openid.issuer:
            raise self._untrusted(f"it calls itself {told.get('issuer')!r}.")
        found = _Found(told, self.clock(), allow_private=self.openid.allow_private)
        found.asked_for_keys(self._get(found.endpoint("jwks_uri")), self.clock())
        return found

    def _keys(self, *, older_than: timedelta | None = None) -> KeySet:
        """The provider's keys; asked for again if those that are known are older than that."""
        found = self._metadata()
        with self._lock:
            if older_than is not None and self.clock() - found.keys_at > older_than:
                found.asked_for_keys(self._get(found.endpoint("jwks_uri")), self.clock())
            return KeySet.import_key_set(found.keys)  # type: ignore[arg-type]  # checked there

    def _get(self, address: str) -> dict[str, Any]:
        answer = _sent(self.http, Request("GET", address, {"Accept": "application/json"}))
        try:
            told = json.loads(answer.body)
        except (ValueError, RecursionError):
            told = None
        if answer.status != 200 or not isinstance(told, dict):  # noqa: PLR2004  OK
            raise ProviderAway(f"{address} answered {answer.status}, without what was asked for.")
        return told

    def _untrusted(self, what: str) -> ProviderUntrusted:
        return ProviderUntrusted(f"{self.openid.issuer}: {what}")


@dataclass(slots=True)
class _Found:
    """What a provider says of itself."""

    told: Mapping[str, Any]
    at: datetime
    allow_private: bool
    keys: Mapping[str, Any] = field(default_factory=dict)
    keys_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.keys_at = self.at

    def endpoint(self, name: str) -> str:
        """An address that it names. Raises ProviderUntrusted for one that is none, or open."""
        address = self.told.get(name)
        schemes = ("https", "http") if self.allow_private else ("https",)
        if isinstance(address, str) and address.isprintable():
            parts = urlsplit(address)
            if parts.scheme in schemes and parts.netloc:
                return address
        raise ProviderUntrusted(f"The provider's {name} is no address with TLS: {address!r}.")

    def asked_for_keys(self, keys: Mapping[str, Any], at: datetime) -> None:
        if not isinstance(keys.get("keys"), list):
            raise ProviderUntrusted("The provider's keys are no list.")
        self.keys, self.keys_at = keys, at

    def way_to_prove(self, secret: str) -> str:
        """How the secret is shown: as the provider wishes, in the header if it may."""
        if not secret:
            return "none"
        ways = self.told.get("token_endpoint_auth_methods_supported")
        basic, posted = "client_secret_basic", "client_secret_post"
        is_posted = isinstance(ways, list) and basic not in ways and posted in ways
        return posted if is_posted else basic


def _sent(http: Client, request: Request) -> Answer:
    try:
        return http.send(request)
    except (TryLater, GiveUp) as problem:
        raise ProviderAway(str(problem)) from None


@dataclass(frozen=True, slots=True)
class _Wire:
    """What Authlib asks of an HTTP library."""

    http: Client

    def post(
        self, url: str, *, data: Mapping[str, str], headers: Mapping[str, str], auth: Any
    ) -> "_Told":
        url, shown, body = auth.prepare("POST", url, dict(headers), urlencode(data))
        shown["Content-Length"] = str(len(body))
        return _Told(_sent(self.http, Request("POST", url, shown, body.encode("ascii"))))


@dataclass(frozen=True, slots=True)
class _Told:
    """An answer as Authlib reads it."""

    answer: Answer

    @property
    def status_code(self) -> int:
        return self.answer.status

    def json(self) -> Any:
        return json.loads(self.answer.body)

    def raise_for_status(self) -> None:
        if self.answer.status >= _SERVER_ERROR:
            raise ProviderAway(f"The provider answered {self.answer.status}.")
