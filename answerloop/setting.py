"""What a setting is: a field with its sentence for the manual; kinds of value it may have."""

from dataclasses import field
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pydantic

from answerloop.errors import SettingsError

PORT = pydantic.Field(ge=0, le=65535)
SECONDS = pydantic.Field(ge=1, le=60)
ORIGIN = pydantic.Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$")
WEB_ADDRESS = pydantic.Field(pattern=r"^(https?://[^\s/]+.*)?$")

PERSON = r"^((https?://[^\s/]|mailto:|tel:|/).*)?$"
WITH_PATH = r"^(.*\{path\}.*)?$"
WITH_COMMIT = r"^(https?://[^\s/]+.*\{commit\}.*)?$"
MAIL = r"^([^\s@]+@[^\s@]+)?$"
DATABASE = r"^((sqlite|postgresql)(\+[a-z0-9]+)?:.*)?$"


def _network(name: str) -> str:
    try:
        network = ip_network(name)
    except ValueError as problem:
        if "host bits" in str(problem):
            wanted = ip_network(name, strict=False)
            raise ValueError(f"a network: that of this address is `{wanted}`") from None
        raise ValueError("a network such as `127.0.0.1/32`") from None
    if network.prefixlen == 0:
        raise ValueError("a network of your own: this one is everybody")
    return name


NETWORK = pydantic.AfterValidator(_network)


def setting(default: Any, says: str, *, env: str = "", is_secret: bool = False) -> Any:
    """A field with the sentence that the manual prints and the variable that overrides it.

    The value of a secret is in no message and in no `repr`.
    """
    metadata = {"says": says, "env": env, "is_secret": is_secret}
    if callable(default):
        return field(default_factory=default, metadata=metadata, repr=not is_secret)
    return field(default=default, metadata=metadata, repr=not is_secret)


def secret(path: Path, where: str) -> str:
    """What the file holds that the setting `where` names. Raises SettingsError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not UTF-8"
        raise SettingsError(f"{where}: {path} cannot be read: {reason}.") from None
