"""What a build knows of its articles beside their text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from answerloop.highlights import Highlights
from answerloop.history import Change


@dataclass(frozen=True, slots=True)
class Past:
    """The last change of each file, when it came to be, and what homes show of what readers said.

    `shown` is by language.
    """

    changes: Mapping[PurePosixPath, Change] = field(default_factory=dict)
    born: Mapping[PurePosixPath, datetime] = field(default_factory=dict)
    shown: Mapping[str, Highlights] = field(default_factory=dict)
