"""What a setting is: a field with its sentence for the manual; kinds of value it may have."""

from dataclasses import field
from typing import Any

import pydantic

PORT = pydantic.Field(ge=0, le=65535)
SECONDS = pydantic.Field(ge=1, le=60)
WEB_ADDRESS = pydantic.Field(pattern=r"^(https?://[^\s/]+.*)?$")


def setting(default: Any, says: str, *, env: str = "", is_secret: bool = False) -> Any:
    """A field with the sentence that the manual prints and the variable that overrides it.

    The value of a secret is in no message and in no `repr`.
    """
    metadata = {"says": says, "env": env, "is_secret": is_secret}
    if callable(default):
        return field(default_factory=default, metadata=metadata, repr=not is_secret)
    return field(default=default, metadata=metadata, repr=not is_secret)
