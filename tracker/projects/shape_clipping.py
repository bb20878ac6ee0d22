"""What an area of very many vertices has in common with the cells of a map. Pure, planar, EPSG:3011.

An intersection works out every crossing of the whole shape with itself and with the cell. Cutting to a box is one pass
over the vertices. So a large shape is halved by boxes until a box lies in one cell, where the piece counts whole, or
the piece is small enough to be cut by the cells that meet in its box.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from tracker.geo.crs import GeometryArray

LARGE_FROM = 1_000
"""Vertices; smaller shapes are cut as fast whole."""
PIECE_VERTICES = 400
MOST_HALVINGS = 24
LOST = 1e-9
"""Of the whole shape's area; when one halving loses or gains more, it went wrong and the shape is cut whole."""

FloatArray = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]


def common_areas(shape: BaseGeometry, cells: GeometryArray) -> FloatArray:
    """Square metres of a valid area in each cell. Cells that are prepared are asked much faster."""
    try:
        return _by_boxes(shape, cells)
    except (shapely.errors.GEOSException, ArithmeticError):
        whole: FloatArray = shapely.area(shapely.intersection(shape, cells))
        return whole


def _by_boxes(shape: BaseGeometry, cells: GeometryArray) -> FloatArray:
    common = np.zeros(len(cells))
    lost = LOST * shape.area
    waiting = [(shape, shape.bounds, np.arange(len(cells)), 0)]
    while waiting:
        piece, box, near, halvings = waiting.pop()
        rectangle = shapely.box(*box)
        near = near[shapely.intersects(cells[near], rectangle)]
        inside = shapely.covers(cells[near], rectangle)
        common[near[inside]] += piece.area
        near = near[~inside]
        if not len(near):
            continue
        if shapely.get_num_coordinates(piece) <= PIECE_VERTICES or halvings == MOST_HALVINGS:
            common[near] += shapely.area(shapely.intersection(piece, cells[near]))
            continue
        waiting += [(part, half, near, halvings + 1) for part, half in _halved(piece, box, lost)]
    return common


def _halved(piece: BaseGeometry, box: Box, lost: float) -> list[tuple[BaseGeometry, Box]]:
    """The piece in the two halves of its box. Raises ArithmeticError when the halves are not the whole."""
    halves = [(half, shapely.clip_by_rect(piece, *half)) for half in _halves(box)]
    if abs(sum(part.area for _, part in halves) - piece.area) > lost:
        raise ArithmeticError
    return [(part, half) for half, part in halves if not part.is_empty]


def _halves(box: Box) -> tuple[Box, Box]:
    min_x, min_y, max_x, max_y = box
    if max_x - min_x > max_y - min_y:
        middle = (min_x + max_x) / 2
        return (min_x, min_y, middle, max_y), (middle, min_y, max_x, max_y)
    middle = (min_y + max_y) / 2
    return (min_x, min_y, max_x, middle), (min_x, middle, max_x, max_y)
