"""The Content-Security-Policy of the public pages: what a page may load and run, and nothing else.

Material's pages hold a few scripts of their own; each is allowed by its hash, so that no script
that anybody smuggles in can run. The policy belongs to a version: it is written into its folder.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Self

from answerloop.errors import BuildError

FILE_NAME = "policy.json"

_SCRIPT = re.compile(
    r"<script(?P<attributes>(?:\s[^<>]*)?)>(?P<code>.*?)</script", re.DOTALL | re.IGNORECASE
)
_STYLE = re.compile(r"<style(?:\s[^<>]*)?>(?P<code>.*?)</style", re.DOTALL | re.IGNORECASE)
# Not asked whether it stands in a tag: a hash too many allows no more than the words in it.
_ATTRIBUTE = re.compile(
    r"\sstyle\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')", re.IGNORECASE
)
_STYLED = re.compile(rb"style\s*=")  # found at once, which that one is not
_HAS_SOURCE = re.compile(r"\ssrc\s*=", re.IGNORECASE)
_TYPE = re.compile(r"\stype\s*=\s*[\"']?(?P<type>[^\"'\s>]*)", re.IGNORECASE)
_RUN = frozenset({"", "module", "text/javascript", "application/javascript"})


class Format(StrEnum):
    """Ways to say a policy: as a header, and for web servers and static hosts."""

    HEADER = "header"
    NGINX = "nginx"
    CADDY = "caddy"
    NETLIFY = "netlify"


@dataclass(frozen=True, slots=True)
class Policy:
    """The directives in order, each with its sources."""

    directives: Mapping[str, tuple[str, ...]]

    @property
    def is_framed(self) -> bool:
        """Whether pages of some other site may show these in a frame."""
        return self.directives.get("frame-ancestors") != ("'none'",)

    @property
    def header(self) -> str:
        return "; ".join(" ".join((name, *listed)) for name, listed in self.directives.items())

    def said(self, form: Format) -> str:
        """The policy as lines to put into a web server's or a host's configuration."""
        match form:
            case Format.NGINX:
                return f'add_header Content-Security-Policy "{self.header}" always;'
            case Format.CADDY:
                return f'header Content-Security-Policy "{self.header}"'
            case Format.NETLIFY:
                return f"/*\n  Content-Security-Policy: {self.header}"
            case Format.HEADER:
                return f"Content-Security-Policy: {self.header}"


@dataclass(frozen=True, slots=True)
class Inline:
    """The scripts, styles and style attributes that stand in pages themselves, as hashes."""

    scripts: frozenset[str] = frozenset()
    styles: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, page: str) -> Self:
        scripts = frozenset(
            _hash(match["code"])
            for match in _SCRIPT.finditer(page)
            if match["code"] and _runs(match["attributes"])
        )
        small = page.encode("utf-8", "replace").lower()
        if b"<style" not in small and not _STYLED.search(small):
            return cls(scripts)
        return cls(
            scripts,
            frozenset(_hash(match["code"]) for match in _STYLE.finditer(page)),
            frozenset(
                _hash(unescape(match["double"] or match["single"] or ""))
                for match in _ATTRIBUTE.finditer(page)
            ),
        )

    def __or__(self, other: "Inline") -> "Inline":
        return Inline(
            self.scripts | other.scripts,
            self.styles | other.styles,
            self.attributes | other.attributes,
        )

    def policy(self, hosts: Iterable[str], framers: Iterable[str] = ()) -> Policy:
        """What pages with these scripts need, and no more.

        `hosts` are origins that they may ask, `framers` those whose pages may frame them.
        """
        more = tuple(hosts)
        attributes = ("'unsafe-hashes'", *sorted(self.attributes)) if self.attributes else ()
        return Policy(
            {
                "default-src": ("'none'",),
                "script-src": ("'self'", *sorted(self.scripts), *more),
                "style-src": ("'self'", *sorted(self.styles), *attributes, *more),
                "img-src": ("'self'", "data:", *more),
                "font-src": ("'self'", *more),
                "media-src": ("'self'", *more),
                "connect-src": ("'self'", *more),
                "manifest-src": ("'self'",),
                "frame-src": more or ("'none'",),
                "form-action": ("'self'",),
                "base-uri": ("'none'",),
                "frame-ancestors": tuple(framers) or ("'none'",),
            }
        )


@lru_cache(maxsize=256)
def _hash(code: str) -> str:
    # A browser hashes what it has read: line ends are one character there.
    digest = hashlib.sha256(code.replace("\r\n", "\n").encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _runs(attributes: str) -> bool:
    """Whether a browser would run what stands in a script element: data it would not."""
    kind = _TYPE.search(attributes)
    return not _HAS_SOURCE.search(attributes) and (kind["type"].lower() if kind else "") in _RUN


STRICTEST = Inline().policy(())
"""For pages that hold no script and no style of their own."""


def write(policy: Policy, folder: Path) -> None:
    text = json.dumps(policy.directives, indent=1)
    (folder / FILE_NAME).write_text(f"{text}\n", encoding="utf-8")


def read(folder: Path) -> Policy:
    """The policy of a version; of one that was built before there were any, the strictest.

    Raises BuildError when it cannot be read.
    """
    file = folder / FILE_NAME
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        return Policy({str(name): tuple(listed) for name, listed in said.items()})
    except FileNotFoundError:
        return STRICTEST
    except (OSError, ValueError, AttributeError) as problem:
        raise BuildError(f"{file}: cannot be read: {problem}. Run `kb build`.") from None
