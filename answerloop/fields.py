"""Front matter keys read into the types that an article needs, with findings instead of crashes."""

import difflib
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, TypeVar

from answerloop.errors import Finding, Level
from answerloop.frontmatter import FrontMatter

Choice = TypeVar("Choice", bound=StrEnum)
Default = TypeVar("Default")

LONGEST_ID = 100
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def slug(words: str) -> str:
    """Words as an id: lower case, letters and digits of any script, single hyphens."""
    folded = unicodedata.normalize("NFC", words).lower()
    return re.sub(r"[\W_]+", "-", folded).strip("-")


def word(value: object) -> str:
    """One of our words as an author may write it: `Work in progress` is `work-in-progress`."""
    return "" if value is None else re.sub(r"[\s_]+", "-", str(value).strip().lower())


@dataclass(slots=True)
class Reading:
    """One file's front matter while it is read; collects what should be mended."""

    path: PurePosixPath
    front: FrontMatter
    findings: list[Finding] = field(default_factory=list)

    def line(self, key: str) -> int:
        return self.front.lines.get(key, 1)

    def complain(self, key: str, message: str, remedy: str) -> None:
        self.findings.append(
            Finding(self.path, self.line(key), Level.WARNING, f"`{key}`: {message}", remedy)
        )

    def words(self, key: str) -> str:
        """A text as its author typed it, empty when absent."""
        value = self.front.text.get(key)
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip()
        self.complain(key, "expected a text.", "Write one value, in quotes if it holds a colon.")
        return ""

    def phrases(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        value = self.front.text.get(key)
        if value is None:
            return ()
        listed = value if isinstance(value, list) else [value]
        filled = [item for item in listed if item is not None]  # a `-` with nothing after it
        if all(isinstance(item, str) for item in filled):
            return tuple(dict.fromkeys(item.strip() for item in filled if item.strip()))
        self.complain(key, "expected a list of texts.", "Write each on its own line after `- `.")
        return ()

    def tags(self, key: str) -> tuple[str, ...]:
        """A list of tags; a single text is split at commas, else at spaces, as Jekyll does."""
        value = self.front.text.get(key)
        if isinstance(value, str):
            tags = value.split(",") if "," in value else value.split()
            return tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
        return self.phrases(key)

    def flag(self, key: str) -> bool | None:
        """Yes, no, or None when the key is absent or is no such word; `"true"` counts, too."""
        return _FLAGS.get(str(self.front.text.get(key)).strip().lower())

    def choice(self, key: str, kind: type[Choice], default: Default) -> Choice | Default:
        """One of the names of `kind`; anything else is a finding and gives the default."""
        value = self.front.text.get(key)
        meant_by_author = word(value)
        if not meant_by_author:
            return default
        names = [choice.value for choice in kind]
        if meant_by_author in names:
            return kind(meant_by_author)
        match = difflib.get_close_matches(meant_by_author, names, n=1)
        meant = f"Did you mean `{match[0]}`?" if match else f"Known are: {', '.join(names)}."
        self.complain(key, f"`{value}` is not known; read as {default or 'absent'}.", meant)
        return default

    def identifier(self, key: str) -> str:
        """An id: letters, digits, `-`, `_` and `.`; empty when absent or unusable."""
        value = unicodedata.normalize("NFC", self.words(key))
        if not value or re.fullmatch(rf"\w[\w.-]{{0,{LONGEST_ID - 1}}}", value):
            return value
        meant = slug(value)[:LONGEST_ID].strip("-")
        self.complain(
            key,
            f"`{value}` cannot be part of an address; the id is taken from the path.",
            f"Write `{meant}`." if meant else "Write letters, digits and hyphens.",
        )
        return ""

    def mapping(self, key: str, names: Sequence[str]) -> dict[str, str] | None:
        """A mapping with all of `names` as texts, or None when absent or incomplete."""
        value = self.front.text.get(key)
        if value is None:
            return None
        filled = value if isinstance(value, dict) else {}
        missing = [name for name in names if not str(filled.get(name) or "").strip()]
        if missing or not isinstance(value, dict):
            self.complain(key, f"lacks {', '.join(missing)}; ignored.", f"Give {', '.join(names)}.")
            return None
        return {name: str(value[name]).strip() for name in names}

    def other(self, known: Collection[str]) -> dict[str, Any]:
        """The keys that this program does not know, with YAML's own types."""
        return {key: value for key, value in self.front.values.items() if key not in known}
