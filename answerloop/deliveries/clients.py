"""The client for a machine that the settings name, with what it may reach."""

from collections.abc import Iterator
from ipaddress import ip_network

import httpx

from answerloop.deliveries.outgoing import Client
from answerloop.errors import SettingsError
from answerloop.proxies import Network
from answerloop.settings import Settings


def of(
    settings: Settings, url: str, where: str, *, allow_private: bool, name: str = "url"
) -> Client:
    """A client for `url`, which the section `where` names as `name`. Raises SettingsError."""
    allowed = tuple(networks(settings)) if allow_private else ()
    if allow_private and not allowed:
        raise SettingsError(
            f"{where}.allow_private: no private network is named. Name those that may be reached "
            "in `outgoing.private_networks`."
        )
    _check(url, f"{where}.{name}", allow_private=allow_private)
    return Client(allowed)


def _check(url: str, where: str, *, allow_private: bool) -> None:
    """The message does not repeat the address, which may hold a secret."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise SettingsError(f"{where}: not a web address.") from None
    schemes = ("https", "http") if allow_private else ("https",)
    if parsed.scheme not in schemes or not parsed.host:
        raise SettingsError(
            f"{where}: expected an address with https, such as `https://hooks.example.com/help`. "
            "Without TLS goes only what stays in a private network (`allow_private`)."
        )
    if parsed.userinfo:
        raise SettingsError(f"{where}: holds a user name or a password. Leave them out.")


def networks(settings: Settings) -> Iterator[Network]:
    """The private networks that may be reached."""
    return map(ip_network, settings.outgoing.private_networks)
