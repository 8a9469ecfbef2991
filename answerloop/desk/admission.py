"""Whom a provider's claims let in, and as what."""

from collections.abc import Iterator, Mapping
from typing import Any

from answerloop.entrance import OpenIdSettings
from feedback.identities import Identity
from feedback.model import Role

_ROLES = list(Role)


def identity(claims: Mapping[str, Any], openid: OpenIdSettings) -> Identity | None:
    """The person of these checked claims; None for whom the settings let nobody be."""
    found = [openid.roles[value] for value in _values(claims, openid) if value in openid.roles]
    if not found or not _is_of_domain(claims, openid):
        return None
    role = max((Role(each) for each in found), key=_ROLES.index)
    return Identity(openid.issuer, str(claims["sub"]), _called(claims), role)


def _values(claims: Mapping[str, Any], openid: OpenIdSettings) -> Iterator[str]:
    """What the claim for the role holds: a list of words, or one. A dot leads into a claim."""
    value: Any = claims.get(openid.role_claim)
    if value is None:
        value = claims
        for name in openid.role_claim.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
    values = value if isinstance(value, list) else [value]
    yield from (each for each in values if isinstance(each, str))


def _is_of_domain(claims: Mapping[str, Any], openid: OpenIdSettings) -> bool:
    """Whether the mail address will do: verified by the provider, and of a domain that is named."""
    if not openid.domains:
        return True
    mail = claims.get("email")
    if not isinstance(mail, str) or claims.get("email_verified") is not True:
        return False
    _name, at, domain = mail.rpartition("@")
    return bool(at) and domain.lower() in {each.lower() for each in openid.domains}


def _called(claims: Mapping[str, Any]) -> str:
    names = (claims.get(name) for name in ("preferred_username", "email", "name"))
    return next((name for name in names if isinstance(name, str) and name), "")
