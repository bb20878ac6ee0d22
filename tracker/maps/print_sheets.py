"""The sheet that a map is printed on: paper, frame, scale, and the piece of ground that fits. Pure; millimetres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from tracker.maps.windows import AROUND, Box

MARGIN = 10.0
GAP = 5.0
FOOT = 6.5
"""Under the map of a lying sheet, for what is told in small letters."""
STEPS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)
"""A scale is one of these times a power of ten, so that it can be used with a ruler."""
LARGEST_SCALE = 500
"""1:500; nothing is drawn larger."""


class Paper(StrEnum):
    """The words of the address."""

    A4 = "a4"
    A3 = "a3"

    @property
    def label(self) -> str:
        return self.value.upper()

    @property
    def sides(self) -> tuple[float, float]:
        """The short and the long side."""
        return (210.0, 297.0) if self is Paper.A4 else (297.0, 420.0)

    @property
    def growth(self) -> float:
        """How much larger texts and margins are than on A4."""
        return 1.0 if self is Paper.A4 else 1.25


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Left, bottom, width and height, from the lower left corner of the paper."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def top(self) -> float:
        return self.bottom + self.height

    @property
    def right(self) -> float:
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper and how it is divided: heading above, map, and what explains it beside or below."""

    paper: Paper
    lying: bool
    tall: bool = False
    """Whether there is more to explain than signs: a theme, or a year."""

    @property
    def width(self) -> float:
        return self.paper.sides[1 if self.lying else 0]

    @property
    def height(self) -> float:
        return self.paper.sides[0 if self.lying else 1]

    @property
    def heading(self) -> Rectangle:
        high = 16.0 * self.paper.growth
        return Rectangle(MARGIN, self.height - MARGIN - high, self.width - 2 * MARGIN, high)

    @property
    def frame(self) -> Rectangle:
        """Where the map is."""
        legend, top = self.legend, self.heading.bottom
        if self.lying:
            bottom = MARGIN + FOOT * self.paper.growth
            return Rectangle(MARGIN, bottom, legend.left - GAP - MARGIN, top - bottom)
        return Rectangle(MARGIN, legend.top + GAP, self.width - 2 * MARGIN, top - legend.top - GAP)

    @property
    def legend(self) -> Rectangle:
        """A column on a lying sheet, a strip along the bottom of a standing one."""
        if self.lying:
            wide = 56.0 * self.paper.growth
            return Rectangle(self.width - MARGIN - wide, MARGIN, wide, self.heading.bottom - MARGIN)
        return Rectangle(MARGIN, MARGIN, self.width - 2 * MARGIN, (66.0 if self.tall else 52.0) * self.paper.growth)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the frame of a sheet shows: a box in EPSG:3011, at 1:`scale`."""

    box: Box
    scale: int

    @property
    def metres_per_mm(self) -> float:
        return self.scale / 1000

    def holds(self, x: float, y: float) -> bool:
        """Whether a place in EPSG:3011 is within the frame."""
        return self.box[0] <= x <= self.box[2] and self.box[1] <= y <= self.box[3]


def fit(box: Box, sheet: Sheet) -> Ground:
    """The smallest ground of the frame's shape and of an even scale that holds a box in EPSG:3011, in its middle."""
    frame = sheet.frame
    needed = 1000 * max((box[2] - box[0]) / frame.width, (box[3] - box[1]) / frame.height)
    scale = even_scale(max(needed, LARGEST_SCALE))
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    wide, high = frame.width * scale / 2000, frame.height * scale / 2000
    return Ground((x - wide, y - high, x + wide, y + high), scale)


def even_scale(needed: float) -> int:
    """The next even number of a scale, 23 100 → 25 000."""
    power = 10.0 ** math.floor(math.log10(needed))
    step = next(step for step in STEPS if step * power >= needed * (1 - 1e-9))
    return round(step * power)


def bar_metres(scale: int, longest_mm: float) -> int:
    """The length of a scale bar: 1, 2 or 5 times a power of ten, at most as long on paper as said."""
    longest = longest_mm * scale / 1000
    power = 10.0 ** math.floor(math.log10(longest))
    return max(1, round(next(step for step in (5, 2, 1) if step * power <= longest) * power))


def meets_city(box: Box) -> bool:
    """Whether a box in EPSG:4326 has anything in common with the surroundings of the city."""
    return box[0] < AROUND[2] and box[2] > AROUND[0] and box[1] < AROUND[3] and box[3] > AROUND[1]
