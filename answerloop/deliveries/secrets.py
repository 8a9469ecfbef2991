"""Secrets of the settings: from kb.toml, a variable, or a file of their own; in no message."""

from collections.abc import Sequence
from pathlib import Path

from answerloop.setting import secret


def read(listed: Sequence[str], file: str, root: Path, where: str) -> tuple[str, ...]:
    """The secrets that stand in the settings, then those of the file, one a line.

    Raises SettingsError if `file`, named by the setting `where`, cannot be read.
    """
    return (*listed, *secret(root / file, where).split()) if file else tuple(listed)
