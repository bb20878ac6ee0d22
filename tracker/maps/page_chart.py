"""A chart of bars for a page: numbers by year as boxes of an SVG drawing. The table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STEP = 40
HEIGHT = 120
BAR_WIDTH = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, its number, and its box in units of the drawing from the upper left."""

    label: str
    number: int
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars from the left; `zero` is where they stand. Nothing to draw has no bars."""

    width: int
    height: int
    zero: int
    bars: tuple[Bar, ...]


def bar_chart(numbers: Sequence[tuple[str, int]]) -> BarChart:
    """Bars to scale; negative ones hang below the line, and what is not nothing is at least visible."""
    low = min((number for _, number in numbers), default=0)
    high = max((number for _, number in numbers), default=0)
    low, high = min(0, low), max(0, high)
    if low == high:
        return BarChart(STEP, HEIGHT, HEIGHT, ())
    zero = HEIGHT * high // (high - low)
    bars = []
    for place, (label, number) in enumerate(numbers):
        height = max(1, abs(number) * HEIGHT // (high - low)) if number else 0
        bars.append(Bar(label, number, place * STEP, zero - height if number > 0 else zero, height))
    return BarChart(max(1, len(numbers)) * STEP, HEIGHT, zero, tuple(bars))
