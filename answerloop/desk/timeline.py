"""The votes on an article along a line of time, its edits marked: a picture drawn as SVG.

Looks come from the style sheet by class. The table of editions beside it says the same in words.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from html import escape
from itertools import pairwise
from math import ceil

import svg
from markupsafe import Markup

from answerloop.desk import phrases
from answerloop.desk.editions import Edition
from answerloop.desk.speech import say
from feedback.history import Tally, utc_day

WIDTH, HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 708, 30, 186
_LONGEST = timedelta(days=730)
_MOST_BARS = 60
_NUMBER_ROOM = 22
"""Between the numbers of two edits, so that neither hides the other."""


def draw(editions: Sequence[Edition], tallies: Iterable[Tally], now: datetime) -> Markup:
    """Yes above the line, no below it, a bar for each day or more; empty without a vote."""
    votes = list(tallies)
    if not votes:
        return Markup("")
    plot = _Plot(editions, votes, utc_day(now))
    drawn = svg.SVG(
        class_=["timeline"],
        viewBox=svg.ViewBoxSpec(0, 0, WIDTH, HEIGHT),
        extra={"role": "img", "aria-label": escape(plot.described())},
        elements=[*plot.bands(), *plot.bars(), *plot.axes(), *plot.edits()],
    )
    return Markup(drawn.as_str())  # noqa: S704  every word in it is escaped


class _Plot:
    """Where on the picture a day and a number of votes lie."""

    def __init__(self, editions: Sequence[Edition], votes: Sequence[Tally], today: date) -> None:
        self.editions = sorted(
            ((utc_day(each.published), each) for each in editions if each.published),
            key=lambda pair: (pair[0], pair[1].number),
        )
        voted = min(vote.day for vote in votes)
        first = min([voted, *(day for day, _ in self.editions)])
        quiet = max(timedelta(days=7), (today - voted) / 4)  # years without a vote say nothing
        self.first = max(first, voted - quiet, today - _LONGEST)
        self.days = max(1, (today - self.first).days + 1)
        self.step = max(1, ceil(self.days / _MOST_BARS))
        self.yes: Counter[int] = Counter()
        self.no: Counter[int] = Counter()
        for vote in votes:
            if self.first <= vote.day <= today:
                bar = (vote.day - self.first).days // self.step
                (self.yes if vote.helpful else self.no)[bar] += vote.count
        self.most_yes = max(self.yes.values(), default=0)
        self.most_no = max(self.no.values(), default=0)
        self.unit = (_BOTTOM - _TOP) / max(1, self.most_yes + self.most_no)
        self.zero = _TOP + self.most_yes * self.unit
        self.today = today

    def described(self) -> str:
        return say(
            "Votes from %(first)s to %(last)s: %(yes)s yes and %(no)s no. "
            "The table says the same in numbers.",
            first=phrases.on(self.first),
            last=phrases.on(self.today),
            yes=phrases.number(sum(self.yes.values())),
            no=phrases.number(sum(self.no.values())),
        )

    def x(self, day: date) -> float:
        share = min(1.0, max(0.0, (day - self.first).days / self.days))
        return round(_LEFT + share * (_RIGHT - _LEFT), 1)

    def bands(self) -> list[svg.Element]:
        """The time of every other text, tinted."""
        edges = [*(self.x(day) for day, _ in self.editions), float(_RIGHT)]
        return [
            svg.Rect(class_=["chart__band"], x=left, y=_TOP, width=round(right - left, 1),
                     height=_BOTTOM - _TOP)
            for number, (left, right) in enumerate(pairwise(edges))
            if number % 2 and right > left
        ]  # fmt: skip

    def bars(self) -> list[svg.Element]:
        room = (_RIGHT - _LEFT) * self.step / self.days
        wide = round(max(1.5, min(26.0, room * 0.8)), 1)
        drawn: list[svg.Element] = []
        for bar in sorted(self.yes.keys() | self.no.keys()):
            left = round(min(_LEFT + bar * room + (room - wide) / 2, _RIGHT - wide), 1)
            up, down = round(self.yes[bar] * self.unit, 1), round(self.no[bar] * self.unit, 1)
            if up:
                drawn.append(
                    svg.Rect(class_=["chart__yes"], x=left, y=round(self.zero - up, 1), width=wide,
                             height=up)
                )  # fmt: skip
            if down:
                drawn.append(
                    svg.Rect(class_=["chart__no"], x=left, y=round(self.zero, 1), width=wide,
                             height=down)
                )  # fmt: skip
        return drawn

    def axes(self) -> list[svg.Element]:
        zero = round(self.zero, 1)
        drawn: list[svg.Element] = [
            svg.Line(class_=["chart__axis"], x1=_LEFT, x2=_RIGHT, y1=zero, y2=zero),
            _word(_LEFT, HEIGHT - 10, phrases.on(self.first), "start"),
            _word(_RIGHT, HEIGHT - 10, phrases.on(self.today), "end"),
        ]
        if self.most_yes:
            drawn.append(_word(_LEFT - 6, _TOP + 10, phrases.number(self.most_yes), "end"))
        if self.most_no:
            drawn.append(_word(_LEFT - 6, _BOTTOM, phrases.number(self.most_no), "end"))
        return drawn

    def edits(self) -> list[svg.Element]:
        """A line where each text was published, with its number; the newest where room is short."""
        drawn: list[svg.Element] = []
        free = float(WIDTH)
        for day, edition in reversed(self.editions):
            if day < self.first:
                continue
            at = self.x(day)
            drawn.append(svg.Line(class_=["chart__edit"], x1=at, x2=at, y1=_TOP - 8, y2=_BOTTOM))
            if at <= free - _NUMBER_ROOM:
                drawn.append(_word(at, _TOP - 14, f"{edition.number}", "middle"))
                free = at
        return drawn


def _word(x: float, y: float, text: str, anchor: str) -> svg.Text:
    return svg.Text(class_=["chart__word", f"chart__word--{anchor}"], x=x, y=y, text=escape(text))
