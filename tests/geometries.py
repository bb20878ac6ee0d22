"""Small shapes in and around Stockholm, EPSG:3011: x is easting, y is northing, metres."""

from __future__ import annotations

import numpy as np
import shapely

from tracker.geo.crs import GeometryArray

CITY_HALL = shapely.Point(153_112, 6_579_142)
"""Stadshuset, in Kungsholmen."""
RINKEBY = shapely.Point(145_965, 6_585_894)
"""Rinkeby torg, in Rinkeby."""
FAR_OUTSIDE = shapely.Point(120_000, 6_560_000)
"""Inside the surroundings that a project may lie in, well outside the city."""


def square(x: float, y: float, side: float) -> shapely.Polygon:
    """A square by its lower left corner and its side in metres."""
    return shapely.box(x, y, x + side, y + side)


def line(*corners: tuple[float, float]) -> shapely.LineString:
    """A line through (easting, northing) corners."""
    return shapely.LineString(corners)


def array(*shapes: object) -> GeometryArray:
    """An object array of shapes or None, whatever they are."""
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made
