"""Pictures of numbers, drawn on the server: bars without a word, a colour or a script in them.

Colours come from the style sheet by class, so that dark pages, forced colours and paper work; what
the bars mean stands beside them as text, and in a table behind.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import svg
from markupsafe import Markup, escape

WIDTH, HEIGHT = 600, 150
_GAP = 0.25
"""Of a bar's room, what stays free."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of parts on top of one another; `label` is said where the pointer rests."""

    parts: tuple[int, ...]
    label: str

    @property
    def height(self) -> int:
        return sum(self.parts)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars beside one another with the names of their parts, the lowest part first."""

    names: tuple[str, ...]
    bars: tuple[Bar, ...]

    @property
    def highest(self) -> int:
        return max((bar.height for bar in self.bars), default=0)

    @property
    def plot(self) -> Markup:
        """The picture; empty where every bar is."""
        if not self.highest:
            return Markup("")
        room = WIDTH / len(self.bars)
        elements = [*_lines(), *_bars(self.bars, room, HEIGHT / self.highest)]
        drawn = svg.SVG(
            viewBox=svg.ViewBoxSpec(0, 0, WIDTH, HEIGHT),
            preserveAspectRatio=svg.PreserveAspectRatio("none"),
            class_=["chart__plot"],
            elements=elements,
            extra={"aria-hidden": "true", "focusable": "false"},
        )
        return Markup(drawn.as_str())  # noqa: S704  numbers, and labels that are escaped


def _lines() -> Iterable[svg.Element]:
    """The ground, half of the highest bar, and all of it."""
    for part in (0, 1, 2):
        y = part * HEIGHT / 2
        yield svg.Line(x1=0, x2=WIDTH, y1=y, y2=y, class_=["chart__line"])


def _bars(bars: Sequence[Bar], room: float, scale: float) -> Iterable[svg.Element]:
    for place, bar in enumerate(bars):
        x = round(room * (place + _GAP / 2), 2)
        width = round(room * (1 - _GAP), 2)
        foot = float(HEIGHT)
        parts: list[svg.Element] = [svg.Title(text=str(escape(bar.label)))]
        for number, part in enumerate(bar.parts):
            height = part * scale
            foot -= height
            parts.append(
                svg.Rect(
                    x=x,
                    y=round(foot, 2),
                    width=width,
                    height=round(height, 2),
                    class_=[f"chart__part{number}"],
                )
            )
        yield svg.G(elements=parts)
