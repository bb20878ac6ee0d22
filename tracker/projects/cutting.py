"""How shapes are shared by the cells of a map: amounts, slivers and integer shares, with whole arrays. Pure.

`row` is the index of a shape, `cell` the index of a cell in order of area code; the cell after the last one stands
for what lies in no cell. Everything is planar, in EPSG:3011.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from tracker.apportion import WHOLE, IntArray, apportion_groups
from tracker.geo.crs import GeometryArray
from tracker.projects.crossing import Borders, borders_of, line_lengths
from tracker.projects.shape_clipping import LARGE_FROM, common_areas

SLIVER_SHARE = 0.01
SLIVER_BELOW = (0.0, 100.0, 1_000.0)
"""By dimension: points (never a sliver), metres, square metres."""
THREAD_PAIRS = 2_000
"""Fewer cuts than this are not worth a thread of their own."""
BLOCK_LINES = 2_000
"""Lines measured at a time: their segments then fit into the processor's cache."""
_FINENESS = 2**30

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parts:
    """How much (`amount` > 0: square metres, metres or points) of each shape lies in each cell; equal lengths."""

    row: IntArray
    cell: IntArray
    amount: FloatArray

    def __len__(self) -> int:
        return len(self.row)

    def take(self, chosen: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Parts:
        """The parts that an index or a mask picks."""
        return Parts(self.row[chosen], self.cell[chosen], self.amount[chosen])


def highest_dimension(geometries: GeometryArray) -> GeometryArray:
    """Each collection replaced by its parts of the highest dimension, merged; empty geometries by None."""
    measured = np.array(geometries, dtype=object)
    measured[shapely.is_empty(measured)] = None
    for row in np.flatnonzero(shapely.get_type_id(measured) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = _single_parts(measured[row])
        dimensions = shapely.get_dimensions(parts)
        measured[row] = shapely.union_all(parts[dimensions == dimensions.max()])
    return measured


def _single_parts(geometry: BaseGeometry) -> GeometryArray:
    parts: GeometryArray = np.array([geometry], dtype=object)
    while (shapely.get_type_id(parts) > shapely.GeometryType.POLYGON).any():
        parts = shapely.get_parts(parts)
    kept: GeometryArray = parts[~shapely.is_empty(parts)]
    return kept


def amounts_of(shapes: GeometryArray) -> FloatArray:
    """Square metres, metres or number of points, by each shape's own dimension; collections are not for this."""
    dimensions = shapely.get_dimensions(shapes)
    amounts = np.where(dimensions == 2, shapely.area(shapes), shapely.length(shapes))
    points = dimensions == 0
    amounts[points] = shapely.get_num_geometries(shapes[points])
    return np.asarray(amounts, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Cells:
    """What shapes are shared by: areas in order of code, their union, and their borders."""

    shapes: GeometryArray
    whole: BaseGeometry
    borders: Borders

    def __len__(self) -> int:
        return len(self.shapes)


def make_cells(shapes: GeometryArray) -> Cells:
    """Cells made ready for many questions."""
    whole = shapely.union_all(shapes)
    # Prepared once here, not for every batch of projects.
    shapely.prepare(shapes)
    shapely.prepare(whole)
    return Cells(shapes, whole, borders_of(shapes))


def parts_by_cell(cells: Cells, shapes: GeometryArray) -> Parts:
    """The parts of each shape in order of row and cell; the amounts of a row sum to the shape's own.

    Most shapes lie wholly in one cell, which prepared geometry tells fast; only the others are measured piece by
    piece. None has no parts.
    """
    cell, row = shapely.STRtree(shapes).query(cells.shapes, predicate="covers")
    row, first = np.unique(row, return_index=True)  # two cells cover it only on their border: the first counts
    whole = Parts(row, cell[first], amounts_of(shapes[row]))
    rest = np.setdiff1d(np.flatnonzero(~shapely.is_missing(shapes)), row, assume_unique=True)
    dimension = shapely.get_dimensions(shapes[rest])
    counted = _count_points(cells, shapes, rest[dimension == 0])
    measured = _measure_lines(cells, shapes, rest[dimension == 1])
    cut = _cut_areas(cells, shapes, rest[dimension == 2])
    return _sorted(_joined(whole, counted, measured, cut))


def _count_points(cells: Cells, shapes: GeometryArray, rows: IntArray) -> Parts:
    points, owner = shapely.get_parts(shapes[rows], return_index=True)
    cell, point = shapely.STRtree(points).query(cells.shapes, predicate="covers")
    home = np.full(len(points), len(cells))
    home[point[::-1]] = cell[::-1]  # on a border the first cell is written last
    return _summed(Parts(rows[owner], home, np.ones(len(points))))


def _measure_lines(cells: Cells, shapes: GeometryArray, rows: IntArray) -> Parts:
    blocks = np.array_split(rows, 1 + len(rows) // BLOCK_LINES)
    return _joined(*(_measure_block(cells, shapes[block], block) for block in blocks))


def _measure_block(cells: Cells, lines: GeometryArray, rows: IntArray) -> Parts:
    row, cell, metres = line_lengths(cells.shapes, cells.borders, lines)
    return _summed(Parts(rows[row], cell, metres))


def _summed(parts: Parts) -> Parts:
    """One part for each row and cell."""
    pairs, place = np.unique(np.column_stack([parts.row, parts.cell]), axis=0, return_inverse=True)
    amount = np.bincount(place.ravel(), parts.amount, len(pairs)).astype(np.float64)
    return Parts(pairs[:, 0], pairs[:, 1], amount)


def _cut_areas(cells: Cells, shapes: GeometryArray, rows: IntArray) -> Parts:
    """Areas that no single cell covers.

    The last cell of a shape within the city gets what the others leave, which saves a cut for each shape.
    """
    chosen = shapes[rows]
    total = amounts_of(chosen)
    tree = shapely.STRtree(chosen)
    cell, row = tree.query(cells.shapes, predicate="intersects")
    order = np.lexsort((cell, row))
    cell, row = cell[order], row[order]
    inside = np.zeros(len(rows), dtype=bool)
    inside[tree.query(cells.whole, predicate="covers")] = True
    takes_rest = _last_of_run(row) & inside[row]
    amount = np.full(len(row), np.inf)
    large = shapely.get_num_coordinates(chosen)[row] > LARGE_FROM
    small = ~takes_rest & ~large
    amount[small] = _common(chosen[row[small]], cells.shapes[cell[small]])
    for one in np.unique(row[large & ~takes_rest]):
        here = (row == one) & ~takes_rest
        amount[here] = common_areas(chosen[one], cells.shapes[cell[here]])
    amount, left = _spend(total, row, amount)
    outside = np.flatnonzero(left > 0)
    return Parts(
        rows[np.concatenate([row, outside])],
        np.concatenate([cell, np.full(len(outside), len(cells))]),
        np.concatenate([amount, left[outside]]),
    )


def _common(shapes: GeometryArray, cells: GeometryArray) -> FloatArray:
    """Square metres of each shape in the cell beside it. GEOS works outside the interpreter's lock, so in threads."""
    workers = min(os.cpu_count() or 1, 1 + len(shapes) // THREAD_PAIRS)
    parts = np.array_split(np.arange(len(shapes)), workers)
    with ThreadPoolExecutor(workers) as pool:
        common = pool.map(lambda part: shapely.area(shapely.intersection(shapes[part], cells[part])), parts)
        return np.concatenate(list(common))


def _spend(total: FloatArray, row: IntArray, amount: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Cut `amount` so that no row gets more than its total, and say what is left of each.

    Where cells overlap, two would count the same square metre; the first one keeps it.
    """
    left, spent = total.copy(), np.zeros(len(row))
    rank = rank_in_run(row)
    for place in range(int(rank.max(initial=-1)) + 1):
        here = rank == place
        spent[here] = np.minimum(amount[here], left[row[here]])
        left[row[here]] -= spent[here]
    return spent, left


def without_slivers(parts: Parts, dimensions: IntArray) -> Parts:
    """Leave out parts that are too small to mean anything; the largest part of a row always stays."""
    total, largest = np.zeros(len(dimensions)), np.zeros(len(dimensions))
    np.add.at(total, parts.row, parts.amount)
    np.maximum.at(largest, parts.row, parts.amount)
    limit = np.array(SLIVER_BELOW)[dimensions[parts.row]]
    small = (parts.amount < SLIVER_SHARE * total[parts.row]) & (parts.amount < limit)
    return parts.take((parts.amount > 0) & (~small | (parts.amount == largest[parts.row])))


def integer_shares(parts: Parts) -> IntArray:
    """Shares in 1/10 000 that sum exactly in each row: largest remainder, ties to the earlier cell."""
    share = np.full(len(parts), WHOLE, dtype=np.int64)
    _, start, counts = np.unique(parts.row, return_index=True, return_counts=True)
    for size in np.unique(counts[counts > 1]):
        members = start[counts == size][:, np.newaxis] + np.arange(size)
        fractions = parts.amount[members] / parts.amount[members].sum(axis=1, keepdims=True)
        weights = np.rint(fractions * _FINENESS).astype(np.int64)
        share[members] = apportion_groups(np.full(len(members), WHOLE, dtype=np.int64), weights)
    return share


def rank_in_run(group: IntArray) -> IntArray:
    """0, 1, 2 … within each run of equal values."""
    position = np.arange(len(group), dtype=np.int64)
    starts = np.ones(len(group), dtype=bool)
    starts[1:] = group[1:] != group[:-1]
    return position - np.maximum.accumulate(np.where(starts, position, 0))


def _last_of_run(group: IntArray) -> npt.NDArray[np.bool_]:
    last = np.ones(len(group), dtype=bool)
    last[:-1] = group[1:] != group[:-1]
    return last


def _joined(*several: Parts) -> Parts:
    return Parts(
        np.concatenate([parts.row for parts in several]),
        np.concatenate([parts.cell for parts in several]),
        np.concatenate([parts.amount for parts in several]),
    )


def _sorted(parts: Parts) -> Parts:
    return parts.take(np.lexsort((parts.cell, parts.row)))
