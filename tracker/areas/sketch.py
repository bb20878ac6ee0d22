"""A small drawing of an edition as SVG paths, for the page of areas: no script, no map library."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tracker.areas.models import Area
from tracker.geo.crs import GeometryArray

WIDTH = 1000
"""Units of the drawing from west to east; a unit is some 25 metres."""
TOLERANCE_METRES = 25.0
LINE_HEIGHT = 22
LETTER_WIDTH = 11


@dataclass(frozen=True, slots=True)
class SketchArea:
    """An area as an SVG path with its name, in units of the drawing from the upper left."""

    code: str
    name: str
    outer_city: bool
    path: str
    x: int
    lines: tuple[tuple[int, str], ...]
    """The name broken after hyphens: the y of each line and its text, centred on `x`."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """The drawing of an edition."""

    width: int
    height: int
    areas: tuple[SketchArea, ...]


@dataclass(slots=True)
class _Label:
    """Where a name is to stand: the middle, and half of the room it takes."""

    lines: list[str]
    x: float
    y: float

    @property
    def reach(self) -> tuple[float, float]:
        return LETTER_WIDTH * max(map(len, self.lines)) / 2, LINE_HEIGHT * len(self.lines) / 2

    def avoid(self, others: list[_Label]) -> None:
        """Move down until no other name is covered."""
        for other in sorted(others, key=lambda one: one.y):
            width, height = (own + its for own, its in zip(self.reach, other.reach, strict=True))
            if abs(self.x - other.x) < width and abs(self.y - other.y) < height:
                self.y = other.y + height

    def placed(self) -> tuple[tuple[int, str], ...]:
        first = self.y - LINE_HEIGHT * (len(self.lines) - 1) / 2
        return tuple((round(first + LINE_HEIGHT * number), line) for number, line in enumerate(self.lines))


def draw(areas: list[Area], shapes: GeometryArray) -> Sketch:
    """Draw the outlines (EPSG:3011, one for each area) so that neighbours still share their edges."""
    simple = shapely.coverage_simplify(shapes, TOLERANCE_METRES)
    min_x, min_y, max_x, max_y = shapely.total_bounds(simple)
    scale = WIDTH / (max_x - min_x)

    def place(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(((xy[:, 0] - min_x) * scale, (max_y - xy[:, 1]) * scale)).round()

    placed = list(shapely.transform(simple, place))
    labels = _labels([area.name for area in areas], placed)
    drawn = [
        SketchArea(area.code, area.name, area.outer_city, _path(shape), round(label.x), label.placed())
        for area, shape, label in zip(areas, placed, labels, strict=True)
    ]
    return Sketch(WIDTH, round((max_y - min_y) * scale), tuple(drawn))


def _labels(names: list[str], shapes: list[BaseGeometry]) -> list[_Label]:
    """Each name in the roomiest place of its area, further down where it would cover one above it."""
    labels = []
    for name, shape in zip(names, shapes, strict=True):
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        x, y = shapely.get_coordinates(shapely.maximum_inscribed_circle(largest, 1))[0]
        labels.append(_Label(name.replace("-", "-\n").split("\n"), float(x), float(y)))
    done: list[_Label] = []
    for label in sorted(labels, key=lambda one: one.y):
        label.avoid(done)
        done.append(label)
    return labels


def _path(shape: BaseGeometry) -> str:
    return "".join(_ring_path(ring) for ring in shapely.get_rings(shapely.get_parts(shape)))


def _ring_path(ring: BaseGeometry) -> str:
    points = shapely.get_coordinates(ring).astype(int).tolist()[:-1]
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"
