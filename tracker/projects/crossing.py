"""Where lines cross the borders of cells, with whole arrays: many lines are measured at once, none is cut.

A line is broken where it meets a border; each piece between two breaks lies in one cell, which its middle tells. A grid
over the borders leaves out at once the segments that no border is near. Planar, EPSG:3011; `row` and `cell` as in
`cutting.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from tracker.apportion import IntArray
from tracker.geo.crs import GeometryArray

SQUARE_METRES = 100.0
"""The side of a square of the grid."""
_TOUCHING = 1e-9
"""As a part of an edge: a line through a corner must meet one of its two edges in spite of rounding."""
_BESIDE_METRES = 1e-6
"""A middle so near a cell lies in it: along a border rounding may put it in neither."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Segments:
    """Straight pieces in order: (x, y) where each starts and ends, the shape that it belongs to, and its line.

    `line` numbers the connected lines: two segments with the same number follow each other.
    """

    start: FloatArray
    end: FloatArray
    owner: IntArray
    line: IntArray

    @property
    def length(self) -> FloatArray:
        return np.asarray(np.hypot(*(self.end - self.start).T))


def segments_of(shapes: GeometryArray) -> Segments:
    """The segments of lines, multi-lines, or the rings of areas; `owner` is an index into `shapes`."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    if (shapely.get_dimensions(parts) == 2).any():
        parts, ring_owner = shapely.get_rings(parts, return_index=True)
        owner = owner[ring_owner]
    xy, line = shapely.get_coordinates(parts, return_index=True)
    joined = np.flatnonzero(line[1:] == line[:-1])
    return Segments(xy[joined], xy[joined + 1], owner[line[joined]], line[joined])


@dataclass(frozen=True, slots=True)
class Borders:
    """The edges of all cells, and for each square of a grid the edges that may touch it."""

    edges: Segments
    corner: FloatArray
    """The lower left corner of the grid."""
    shape: tuple[int, int]
    """Squares eastward and northward."""
    first: IntArray
    """Square → where its edges begin in `listed`; one entry more than squares."""
    listed: IntArray

    def near(self, segments: Segments) -> tuple[IntArray, IntArray]:
        """(segment, edge): every pair that may touch, and some that do not."""
        low, high = _span(segments, self.corner, self.shape)
        busy = np.flatnonzero(self._edges_within(low, high))
        segment, square = _squares(low[busy], high[busy], self.shape)
        counts = self.first[square + 1] - self.first[square]
        place = np.repeat(self.first[square], counts) + _counting(counts)
        return np.repeat(busy[segment], counts), self.listed[place]

    def _edges_within(self, low: IntArray, high: IntArray) -> IntArray:
        """How many edges are listed in the squares from `low` to `high`: four looks at a table of sums."""
        counts = np.diff(self.first).reshape(self.shape)
        table = np.zeros((self.shape[0] + 1, self.shape[1] + 1), dtype=np.int64)
        table[1:, 1:] = counts.cumsum(axis=0).cumsum(axis=1)
        (x0, y0), (x1, y1) = low.T, high.T + 1
        return np.asarray(table[x1, y1] - table[x0, y1] - table[x1, y0] + table[x0, y0])


def borders_of(cells: GeometryArray) -> Borders:
    """The borders of the cells."""
    edges = segments_of(cells)
    bounds = shapely.total_bounds(cells)
    corner = bounds[:2] - SQUARE_METRES
    east, north = (int(side) for side in np.ceil((bounds[2:] - corner) / SQUARE_METRES) + 1)
    edge, square = _squares(*_span(edges, corner, (east, north)), (east, north))
    order = np.argsort(square, kind="stable")
    first = np.searchsorted(square[order], np.arange(east * north + 1))
    return Borders(edges, corner, (east, north), first, edge[order])


def _span(segments: Segments, corner: FloatArray, shape: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """The lowest and the highest square that each segment's box touches; what lies outside counts to the rim."""
    low = np.floor((np.minimum(segments.start, segments.end) - corner) / SQUARE_METRES).astype(np.int64)
    high = np.floor((np.maximum(segments.start, segments.end) - corner) / SQUARE_METRES).astype(np.int64)
    limit = np.array(shape) - 1
    return np.clip(low, 0, limit), np.clip(high, 0, limit)


def _squares(low: IntArray, high: IntArray, shape: tuple[int, int]) -> tuple[IntArray, IntArray]:
    """(index, square) for every square from `low` to `high`."""
    width, height = (high - low + 1).T
    index = np.repeat(np.arange(len(low)), width * height)
    step = _counting(width * height)
    x = low[index, 0] + step // height[index]
    y = low[index, 1] + step % height[index]
    return index, x * shape[1] + y


def _counting(counts: IntArray) -> IntArray:
    """0 … count - 1 for each count, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)


def line_lengths(cells: GeometryArray, borders: Borders, lines: GeometryArray) -> tuple[IntArray, IntArray, FloatArray]:
    """(row, cell, metres) of every piece of the lines between two borders, in no order; outside is the cell after all.

    The metres of a row sum to the line's length.
    """
    segments = segments_of(lines)
    length = segments.length
    along = np.cumsum(length)
    row, begin, end = _pieces(segments, along, *_breaks(segments, borders, along - length))
    middle = (begin + end) / 2
    segment = np.minimum(np.searchsorted(along, middle, side="right"), len(along) - 1)
    part = (middle - (along - length)[segment]) / np.where(length[segment] > 0, length[segment], 1.0)
    points = segments.start[segment] + (segments.end - segments.start)[segment] * part[:, np.newaxis]
    # A line that is short against all lines laid end to end vanishes among them: it lies where it starts.
    lost = np.setdiff1d(segments.owner, row)
    starts = segments.start[np.searchsorted(segments.owner, lost)]
    metres = np.bincount(segments.owner, length, len(lines))[lost]
    home = _home(cells, np.concatenate([points, starts]))
    return np.concatenate([row, lost]), home, np.concatenate([end - begin, metres])


def _breaks(segments: Segments, borders: Borders, before: FloatArray) -> tuple[IntArray, FloatArray]:
    """(row, metres along all lines laid end to end) of every crossing."""
    segment, edge = borders.near(segments)
    p, d = segments.start[segment], (segments.end - segments.start)[segment]
    a, e = borders.edges.start[edge], (borders.edges.end - borders.edges.start)[edge]
    across = _cross(d, e)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = _cross(a - p, e) / across
        u = _cross(a - p, d) / across
    meets = (across != 0) & (t >= 0) & (t <= 1) & (u >= -_TOUCHING) & (u <= 1 + _TOUCHING)
    found = segment[meets]
    return segments.owner[found], before[found] + t[meets] * segments.length[found]


def _cross(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _pieces(
    segments: Segments, along: FloatArray, row: IntArray, at: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """(row, begin, end) between neighbouring breaks, the ends of connected lines included."""
    ends_line = np.ones(len(along), dtype=bool)
    ends_line[:-1] = segments.line[1:] != segments.line[:-1]
    owner, ends = segments.owner[ends_line], along[ends_line]
    begins = np.zeros(len(ends))
    begins[1:] = ends[:-1]
    rows = np.concatenate([row, owner, owner])
    places = np.concatenate([at, begins, ends])
    order = np.lexsort((places, rows))
    rows, places = rows[order], places[order]
    kept = (rows[1:] == rows[:-1]) & (places[1:] > places[:-1])
    return rows[1:][kept], places[:-1][kept], places[1:][kept]


def _home(cells: GeometryArray, points: FloatArray) -> IntArray:
    """The first cell that covers each point, else one that it touches but for rounding, else len(cells)."""
    home = np.full(len(points), len(cells), dtype=np.int64)
    made = shapely.points(points)
    cell, point = shapely.STRtree(made).query(cells, predicate="covers")
    home[point[::-1]] = cell[::-1]  # the first cell is written last
    lost = np.flatnonzero(home == len(cells))
    if lost.size:
        found, near = shapely.STRtree(cells).query(made[lost], predicate="dwithin", distance=_BESIDE_METRES)
        home[lost[found[::-1]]] = near[::-1]
    return home
