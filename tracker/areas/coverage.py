"""Shapes of areas that lie edge to edge: joining, mending and cutting them. Everything is EPSG:3011."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from tracker.geo.crs import GeometryArray

SNAP_METRES = 0.01
"""Vertices nearer to each other than this become one."""
GAP_METRES = 1.0
"""Gaps narrower than this go to a neighbour; wider ones are kept, for they may be meant."""
_REACH_METRES = 5_000.0


def multipolygon(shape: BaseGeometry) -> shapely.MultiPolygon:
    """The polygons of a shape as one MultiPolygon; lines and points in it are dropped."""
    parts = shapely.get_parts(shape)
    while any(hasattr(part, "geoms") for part in parts):
        parts = shapely.get_parts(parts)
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def united(shapes: Sequence[BaseGeometry]) -> shapely.MultiPolygon:
    """The union of shapes that share their edges vertex by vertex."""
    return multipolygon(shapely.coverage_union_all(list(shapes)))


def clean_coverage(shapes: GeometryArray) -> GeometryArray:
    """The same areas as MultiPolygons that share their edges vertex by vertex, with no overlap and no slit.

    Files carry shared borders with slightly different vertices on each side; left so, the borders of merged
    areas would show hairlines and a project on one would lie a little outside the city.
    """
    if not shapely.coverage_is_valid(shapes):
        shapes = shapely.coverage_clean(shapes, snapping_distance=SNAP_METRES, gap_width=GAP_METRES)
    return geometry_array([multipolygon(shape) for shape in shapes])


def differences(before: GeometryArray, after: GeometryArray) -> list[float]:
    """Square metres that each pair of shapes does not have in common."""
    return [float(area) for area in shapely.area(shapely.symmetric_difference(before, after))]


def split_along_cells(shape: BaseGeometry, cells: Sequence[BaseGeometry]) -> list[shapely.MultiPolygon]:
    """Cut a shape in two along the border of two neighbouring cells, lengthened at both ends.

    Each piece goes to the cell it overlaps most, else to the nearest. Raises ValueError when the cells do not
    share one unbroken border or when a part would be empty.
    """
    first, second = cells
    border = shapely.line_merge(shapely.intersection(first.boundary, second.boundary))
    if border.geom_type != "LineString" or border.is_empty:
        raise ValueError("the two cells share no unbroken border")
    pieces: list[list[BaseGeometry]] = [[], []]
    for piece in split(shape, _lengthened(border)).geoms:
        shared = [piece.intersection(cell).area for cell in cells]
        nearest = int(np.argmin([piece.distance(cell) for cell in cells]))
        pieces[int(np.argmax(shared)) if any(shared) else nearest].append(piece)
    if not all(pieces):
        raise ValueError("the border does not cut the shape")
    return [multipolygon(shapely.union_all(part)) for part in pieces]


def _lengthened(line: shapely.LineString) -> shapely.LineString:
    """The line with both ends drawn out straight, well past anything in the city part."""
    xy = shapely.get_coordinates(line)
    ends = []
    for end, inner in ((xy[0], xy[1]), (xy[-1], xy[-2])):
        step = end - inner
        ends.append(end + step / np.hypot(*step) * _REACH_METRES)
    return shapely.LineString([ends[0], *xy, ends[1]])


def geometry_array(shapes: Sequence[BaseGeometry | None]) -> GeometryArray:
    """A one-dimensional object array of the shapes."""
    array = np.empty(len(shapes), dtype=object)
    array[:] = shapes
    return array
