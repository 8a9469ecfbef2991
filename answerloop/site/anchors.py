"""Addresses within an article: each heading and each numbered step has one, and a link to it.

A step's address comes from its own first words, so that it outlives the edits of other steps.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

from answerloop import fields
from answerloop.wording import Wording

_HEADING = re.compile(
    r"<(?P<tag>h[1-6])\b(?P<attributes>[^>]*)>(?P<inside>.*?)</(?P=tag)>", re.DOTALL
)
_PERMALINK = re.compile(r'\s*<a class="headerlink"[^>]*>.*?</a>', re.DOTALL)
_ID = re.compile(r'\bid="(?P<id>[^"]*)"')
_MARKUP = re.compile(r"<[^>]*>")
_BLOCKS = frozenset(
    {"blockquote", "details", "div", "dl", "figure", "ol", "p", "pre", "table", "ul"}
)
_WORDS_IN_ADDRESS = 6
_LONGEST_NAME = 60


def linked(html: str, say: Wording) -> str:
    """A rendered article in which every heading and step can be linked."""
    return _HEADING.sub(lambda match: _with_link(match, say), _with_steps(html, say))


def _with_link(match: re.Match[str], say: Wording) -> str:
    found = _ID.search(match["attributes"])
    if found is None:
        return match[0]
    inside = _PERMALINK.sub("", match["inside"])
    words = " ".join(_MARKUP.sub("", inside).split())
    quoted = words.replace('"', "&quot;").replace("<", "&lt;")
    label = escape(say("Link to “%(words)s”")) % {"words": quoted}
    link = _link(found["id"], label) if match["tag"] != "h1" else ""  # that is the page
    return f"<{match['tag']}{match['attributes']}>{inside}{link}</{match['tag']}>"


def _link(anchor: str, label: str) -> str:
    """`anchor` and `label` are HTML already; the class keeps the link out of the search index."""
    return (
        f'<a class="headerlink kb-anchor" href="#{anchor}" aria-label="{label}" '
        f'title="{label}" data-kb-anchor>#</a>'
    )


@dataclass(slots=True)
class _Step:
    """An item of a numbered list. `begin` is where its tag does, `end` where its link belongs."""

    begin: int
    anchor: str
    words: list[str] = field(default_factory=list)
    end: int | None = None
    in_paragraph: bool = False

    @property
    def said(self) -> str:
        return " ".join("".join(self.words).split())


def _with_steps(html: str, say: Wording) -> str:
    if "<ol" not in html:
        return html
    taken = {match["id"] for match in _ID.finditer(html)}
    put: list[tuple[int, str]] = []
    for number, step in _steps(html):
        anchor = step.anchor or _free(_name(step, number), taken)
        if not step.anchor:
            put.append((step.begin + len("<li"), f' id="{anchor}"'))
        # Not its words: who has the page read aloud has just heard them.
        label = escape(say("Link to step %(number)s")) % {"number": number}
        put.append((step.end or step.begin, _link(anchor, label)))
    parts, done = [], 0
    for at, text in put:
        parts += [html[done:at], text]
        done = at
    return "".join([*parts, html[done:]])


def _name(step: _Step, number: int) -> str:
    words = fields.slug(" ".join(step.said.split()[:_WORDS_IN_ADDRESS]))
    return f"step-{words[:_LONGEST_NAME].rstrip('-') or number}"


def _free(name: str, taken: set[str]) -> str:
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free


def _steps(html: str) -> Iterator[tuple[int, _Step]]:
    """The steps of each procedure, by their place in it; one item alone is no procedure."""
    reader = _Reader(html)
    reader.feed(html)
    reader.close()
    for steps in reader.procedures:
        if len(steps) > 1:
            yield from enumerate(steps, 1)


class _Reader(HTMLParser):
    """Finds the items of numbered lists that are in no other list and in no footnotes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.procedures: list[list[_Step]] = []
        self._lines = [0, *(match.end() for match in re.finditer("\n", html))]
        self._lists: list[str] = []
        self._footnotes = False
        self._step: _Step | None = None

    @property
    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if "footnote" in (attributes.get("class") or "").split():
            self._footnotes = True
        if self._step and tag in _BLOCKS:
            self._meet_block(self._step, tag)
        if tag in ("ol", "ul"):
            if not self._lists:
                self.procedures.append([])
            self._lists.append(tag)
        elif tag == "li" and self._lists == ["ol"] and not self._footnotes:
            self._end_step()
            self._step = _Step(self._at, escape(attributes.get("id") or ""))

    def _meet_block(self, step: _Step, tag: str) -> None:
        if tag == "p" and not step.said:
            step.in_paragraph = True
        elif step.end is None:
            step.end = self._at

    def handle_endtag(self, tag: str) -> None:
        if tag == "p" and self._step and self._step.in_paragraph and self._step.end is None:
            self._step.end = self._at
        if tag == "li" and self._lists == ["ol"]:
            self._end_step()
        if tag in ("ol", "ul") and self._lists:
            self._lists.pop()
            self._footnotes = self._footnotes and bool(self._lists)

    def handle_data(self, data: str) -> None:
        if self._step and self._step.end is None:
            self._step.words.append(data)

    def _end_step(self) -> None:
        if self._step:
            if self._step.end is None:
                self._step.end = self._at
            self.procedures[-1].append(self._step)
        self._step = None
