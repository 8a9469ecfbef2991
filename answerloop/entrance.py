"""The sections of kb.toml about who comes in: a proxy that vouches, an OpenID provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import pydantic
from pydantic import ConfigDict

from answerloop.errors import SettingsError
from answerloop.setting import WEB_ADDRESS, secret, setting

HEADER = r"^([A-Za-z][A-Za-z0-9-]*)?$"
_HEADER = pydantic.Field(pattern=HEADER)


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """`[signin]`: who signs staff in beside the desk itself."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    proxy_header: Annotated[str, _HEADER] = setting(
        "",
        "The header in which a proxy of `server.trusted_proxies` names the account of whom it has "
        "signed in, such as `X-Remote-User`; from anybody else it is not read.",
        env="KB_SIGNIN_PROXY_HEADER",
    )


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """`[openid]`: the provider that staff sign in with."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    issuer: Annotated[str, WEB_ADDRESS] = setting(
        "",
        "The address of the provider, such as `https://id.example.com/realms/shop`; without it "
        "there is none. Needs `site.url`, `openid.client_id` and `openid.roles`.",
        env="KB_OPENID_ISSUER",
    )
    name: str = setting("", "What the button for it says it is, such as `Example Ltd`.")
    client_id: str = setting("", "The id that the provider knows us by.", env="KB_OPENID_CLIENT_ID")
    client_secret: str = setting(
        "",
        "The secret to it, if we have one; better in the variable or in a file than in `kb.toml`.",
        env="KB_OPENID_CLIENT_SECRET",
        is_secret=True,
    )
    client_secret_file: str = setting(
        "", "A file that holds the secret, such as a container's; goes before `client_secret`."
    )
    scopes: tuple[str, ...] = setting(
        ("openid", "profile", "email"),
        "What the provider is asked to tell; add what yours wants for groups.",
    )
    role_claim: str = setting(
        "groups",
        "The claim of the ID token that says what a person may do, with dots for claims in claims "
        "such as `realm_access.roles`.",
    )
    roles: Mapping[str, Literal["agent", "editor", "admin"]] = field(
        default_factory=dict,
        metadata={
            "says": "Which of its values is which role, such as "
            '`{kb-editors = "editor", support = "agent"}`; who has none of them stays out, who has '
            "several gets the highest.",
            "env": "",
            "is_secret": False,
        },
    )
    domains: tuple[str, ...] = setting(
        (),
        "The domains that a verified mail address of a person may be of, such as "
        '`["example.com"]`; without it, addresses are not looked at.',
    )
    allow_private: bool = setting(
        False,  # noqa: FBT003  a default value, named by its field
        "Whether the provider may lie in one of `outgoing.private_networks`, and be asked without "
        "TLS.",
    )


def checked(root: Path, openid: OpenIdSettings, *, site_url: str) -> OpenIdSettings:
    """The settings of a provider with the secret read. Raises SettingsError for what is missing."""
    if not openid.issuer:
        return openid
    for name, value in (("site.url", site_url), ("openid.client_id", openid.client_id)):
        if not value:
            raise SettingsError(f"openid.issuer is set, so `{name}` must be, too.")
    if urlsplit(openid.issuer).query or urlsplit(openid.issuer).fragment:
        raise SettingsError("openid.issuer: an issuer has no `?` and no `#`.")
    if not openid.roles:
        raise SettingsError(
            "openid.issuer is set, so `openid.roles` must say who may do what, such as "
            '`{support = "agent"}`: else nobody could sign in.'
        )
    if "openid" not in openid.scopes:
        raise SettingsError("openid.scopes must hold `openid`.")
    if not openid.client_secret_file:
        return openid
    read = secret(root / openid.client_secret_file, "openid.client_secret_file").strip()
    return replace(openid, client_secret=read)


def check_proxy(signin: SignInSettings, trusted: tuple[str, ...]) -> None:
    """Raises SettingsError where a header would be believed of nobody."""
    if signin.proxy_header and not trusted:
        raise SettingsError(
            "signin.proxy_header is set, so `server.trusted_proxies` must name the proxy's "
            "network: of anybody else it must not be believed."
        )
