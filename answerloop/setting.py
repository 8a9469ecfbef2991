"""What a setting is: a field with its sentence for the manual; kinds of value it may have."""

from dataclasses import field
from pathlib import Path
from typing import Any

import pydantic

from answerloop.errors import SettingsError

PORT = pydantic.Field(ge=0, le=65535)
SECONDS = pydantic.Field(ge=1, le=60)
ORIGIN = pydantic.Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$")
WEB_ADDRESS = pydantic.Field(pattern=r"^(https?://[^\s/]+.*)?$")


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
