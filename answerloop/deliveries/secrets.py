"""Secrets of the settings: from kb.toml, a variable, or a file of their own; in no message."""

from collections.abc import Sequence
from pathlib import Path

from answerloop.errors import SettingsError


def read(listed: Sequence[str], file: str, root: Path, where: str) -> tuple[str, ...]:
    """The secrets that stand in the settings, then those of the file, one a line.

    Raises SettingsError if `file`, named by the setting `where`, cannot be read.
    """
    if not file:
        return tuple(listed)
    path = root / file
    try:
        lines = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not UTF-8"
        raise SettingsError(f"{where}: {path} cannot be read: {reason}.") from None
    return (*listed, *lines)
