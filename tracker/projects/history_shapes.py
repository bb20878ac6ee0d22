"""Shapes of two versions as a small drawing over the stadsdelar: ready texts for an inline SVG, no script needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from tracker.geo.measure import flat_parts
from tracker.messages import joined
from tracker.projects.locating import Outlines, OutlineSet, load_outlines, locate_one
from tracker.projects.vocabulary import Scope
from tracker.web.content import format_share

WIDTH, HEIGHT = 480, 300
MARGIN = 0.18
HALF_LETTER = 3.2
SMALLEST_METRES = 600
"""A point alone is shown in so much of its surroundings."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One version's shape: `sign` is the word its style goes by, `area`, `line` path data, `points` centres."""

    sign: str
    area: str
    line: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of WIDTH × HEIGHT units, north up; `ground` is path data of the stadsdelar, with their names."""

    layers: tuple[Layer, ...]
    ground: str
    names: tuple[tuple[float, float, str], ...]
    width: int = WIDTH
    height: int = HEIGHT


class Drawer:
    """Makes drawings; the outlines under them are read once, and only if there is a shape to draw."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._outlines: Outlines | None = None

    def draw(self, *shapes: tuple[str, str | None]) -> Drawing | None:
        """(sign, WKT in EPSG:3011 or None) over each other; None when none of them is a shape."""
        found = [(sign, shapely.from_wkt(wkt)) for sign, wkt in shapes if wkt]
        if not found:
            return None
        frame = _Frame.around([shape for _sign, shape in found])
        ground, names = _ground(self._areas().lowest, frame)
        return Drawing(tuple(Layer(sign, *frame.texts(shape)) for sign, shape in found), ground, names)

    def places(self, wkt: str | None) -> str:
        """The stadsdelar that a shape lies in: "Vällingby 73 %, Råcksta 27 %"."""
        if not wkt:
            return ""
        found = locate_one(self._areas(), shapely.from_wkt(wkt))
        return joined(
            ", ", (joined(" ", (one.area_name or Scope.OUTSIDE.label, format_share(one.share))) for one in found)
        )

    def _areas(self) -> Outlines:
        if self._outlines is None:
            self._outlines = load_outlines(self._session)
        return self._outlines


@dataclass(frozen=True, slots=True)
class _Frame:
    """Which part of the plane is drawn: the upper left corner in EPSG:3011 and metres per unit."""

    left: float
    top: float
    metres: float

    @classmethod
    def around(cls, shapes: Iterable[BaseGeometry]) -> _Frame:
        west, south, east, north = shapely.total_bounds(np.array(list(shapes), dtype=object))
        wide, high = (max(size * (1 + 2 * MARGIN), SMALLEST_METRES) for size in (east - west, north - south))
        metres = max(wide / WIDTH, high / HEIGHT)
        return cls((west + east - WIDTH * metres) / 2, (south + north + HEIGHT * metres) / 2, metres)

    @property
    def box(self) -> BaseGeometry:
        return shapely.box(self.left, self.top - HEIGHT * self.metres, self.left + WIDTH * self.metres, self.top)

    def place(self, x: float, y: float) -> tuple[float, float]:
        return round((x - self.left) / self.metres, 1), round((self.top - y) / self.metres, 1)

    def texts(self, shape: BaseGeometry) -> tuple[str, str, tuple[tuple[float, float], ...]]:
        """Path data of the areas, of the lines, and the points; details finer than half a unit are left out."""
        areas, lines, points = [], [], []
        for part in flat_parts(shape):
            plain = shapely.simplify(part, self.metres / 2)
            if part.geom_type == "Point":
                points.append(self.place(part.x, part.y))
            elif part.geom_type == "Polygon":
                rings = [part, *part.interiors] if plain.is_empty else [plain.exterior, *plain.interiors]
                areas += [self.path(ring.coords, close=True) for ring in rings if hasattr(ring, "coords")]
            else:
                lines.append(self.path(plain.coords, close=False))
        return "".join(areas), "".join(lines), tuple(points)

    def path(self, coords: Iterable[tuple[float, ...]], *, close: bool) -> str:
        places = (self.place(one[0], one[1]) for one in coords)
        return "M" + "L".join(f"{x},{y}" for x, y in places) + ("Z" if close else "")


def _ground(lowest: OutlineSet, frame: _Frame) -> tuple[str, tuple[tuple[float, float, str], ...]]:
    near = np.flatnonzero(shapely.intersects(lowest.shapes, frame.box))
    seen = shapely.intersection(
        shapely.simplify(lowest.shapes[near], frame.metres / 2), frame.box.buffer(50 * frame.metres)
    )
    paths, names = [], []
    for number, shape in zip(near.tolist(), seen, strict=True):
        area, _line, _points = frame.texts(shape)
        paths.append(area)
        middle = shapely.point_on_surface(shapely.intersection(shape, frame.box))
        if not middle.is_empty:
            x, y = frame.place(middle.x, middle.y)
            half = len(lowest.names[number]) * HALF_LETTER
            names.append((min(max(x, half), WIDTH - half), min(max(y, 12.0), HEIGHT - 6.0), lowest.names[number]))
    return "".join(paths), tuple(names)
