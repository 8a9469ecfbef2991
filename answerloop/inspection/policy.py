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
from html import unescape
from pathlib import Path

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


class Inline:
    """Gathers the scripts and styles that stand in pages themselves, as hashes."""

    def __init__(self) -> None:
        self._scripts: set[str] = set()
        self._styles: set[str] = set()
        self._attributes: set[str] = set()

    def note(self, page: str) -> None:
        small = page.lower()
        for match in _SCRIPT.finditer(page):
            if match["code"] and _runs(match["attributes"]):
                self._add(self._scripts, match["code"])
        if not any(mark in small for mark in ("<style", " style", "\nstyle", "\tstyle")):
            return
        for match in _STYLE.finditer(page):
            self._add(self._styles, match["code"])
        for match in _ATTRIBUTE.finditer(page):
            self._add(self._attributes, unescape(match["double"] or match["single"] or ""))

    @staticmethod
    def _add(kind: set[str], code: str) -> None:
        # A browser hashes what it has read: line ends are one character there.
        digest = hashlib.sha256(code.replace("\r\n", "\n").encode()).digest()
        kind.add(f"'sha256-{base64.b64encode(digest).decode()}'")

    def policy(self, hosts: Iterable[str], framers: Iterable[str] = ()) -> Policy:
        """What pages with these scripts need, and no more.

        `hosts` are origins that they may ask, `framers` those whose pages may frame them.
        """
        more = tuple(hosts)
        attributes = ("'unsafe-hashes'", *sorted(self._attributes)) if self._attributes else ()
        return Policy(
            {
                "default-src": ("'none'",),
                "script-src": ("'self'", *sorted(self._scripts), *more),
                "style-src": ("'self'", *sorted(self._styles), *attributes, *more),
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
