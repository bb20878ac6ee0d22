"""Where a project lies ("ligger i"): shares of its geometry in the areas, computed with whole arrays.

The measure is that of the highest dimension present: the area of polygons, else the length of lines, else the
number of points; so in a collection of a polygon and a line only the polygon counts. A part is a sliver, and left
out, when it is under 1 % of the whole and under 1 000 m² or 100 m; points are never slivers. What lies in no area is
"outside the city". What runs exactly along a border counts to the area whose code comes first. All in EPSG:3011.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.apportion import WHOLE, IntArray, apportion_groups
from tracker.areas.models import LOWEST, Area, AreaSet
from tracker.geo.crs import GeometryArray

OUTSIDE = -1
"""The area id of the part outside the city."""
MAIN_PLACE = 0
"""The place of the row with the largest share."""
SLIVER_SHARE = 0.01
SLIVER_BELOW = (0.0, 100.0, 1_000.0)
"""By dimension: points (never a sliver), metres, square metres."""
_FINENESS = 2**30

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class OutlineSet:
    """The outlines of one edition in order of area code: equally long arrays of ids, names and geometries."""

    id: int
    code: str
    area_ids: IntArray
    names: tuple[str, ...]
    shapes: GeometryArray
    whole: BaseGeometry
    """The city as this edition draws it."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """The lowest level first, then every edition that has outlines of its own."""

    sets: tuple[OutlineSet, ...]

    @property
    def lowest(self) -> OutlineSet:
        return self.sets[0]


@dataclass(frozen=True, slots=True)
class LocationRows:
    """Equally long arrays, ordered by set, row and place. `share` sums to 10 000 in each (row, set)."""

    row: IntArray
    """Index of the geometry in the array that was located."""
    area_set_id: IntArray
    place: IntArray
    """0 for the largest share; equal shares in order of area code, outside last."""
    area_id: IntArray
    """OUTSIDE for the part outside the city."""
    share: IntArray
    amount: FloatArray
    """Square metres, metres or number of points; slivers are left out, so a row may sum to a little less."""

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class Lies:
    """One line of "ligger i" for the form: `amount` is square metres, metres or points; no name is outside."""

    area_id: int | None
    area_name: str | None
    share: int
    amount: float
    dimension: int


def load_outlines(session: Session) -> Outlines:
    """The outlines that locations are stored for. Raises LookupError when the catalogues are not seeded."""
    sets = session.execute(
        select(AreaSet.id, AreaSet.code)
        .where(or_(AreaSet.code == LOWEST, AreaSet.own_outlines))
        .order_by(AreaSet.code != LOWEST, AreaSet.code)
    ).all()
    if not sets or sets[0].code != LOWEST:
        raise LookupError("the lowest area level is not in the database")
    return Outlines(tuple(_load_set(session, one.id, one.code) for one in sets))


def _load_set(session: Session, set_id: int, code: str) -> OutlineSet:
    rows = session.execute(
        select(Area.id, Area.code, Area.name, func.ST_AsBinary(Area.geom)).where(Area.area_set_id == set_id)
    ).all()
    # Sorted here: the two databases collate text in different ways.
    ordered = sorted(rows, key=lambda row: row[1])
    wkb = [bytes(row[3]) for row in ordered]
    return outline_set(set_id, code, [(row[0], row[2]) for row in ordered], shapely.from_wkb(wkb))


def outline_set(set_id: int, code: str, areas: list[tuple[int, str]], shapes: GeometryArray) -> OutlineSet:
    """Outlines from (id, name) and shapes, both in order of area code."""
    return OutlineSet(
        id=set_id,
        code=code,
        area_ids=np.array([area_id for area_id, _ in areas], dtype=np.int64),
        names=tuple(name for _, name in areas),
        shapes=shapes,
        whole=shapely.union_all(shapes),
    )


def locate(outlines: Outlines, geometries: GeometryArray) -> LocationRows:
    """Where each geometry lies in each set; None and empty geometries get no rows."""
    measured = highest_dimension(geometries)
    located = [_locate_in(one, measured) for one in outlines.sets]
    return LocationRows(*(np.concatenate(columns) for columns in zip(*located, strict=True)))


def locate_one(outlines: Outlines, geometry: BaseGeometry) -> list[Lies]:
    """Where one geometry lies at the lowest level, with how much of it; the largest share first."""
    cells = outlines.lowest
    measured = highest_dimension(np.array([geometry], dtype=object))
    _, _, _, area_id, share, amount = _locate_in(cells, measured)
    names = dict(zip(cells.area_ids.tolist(), cells.names, strict=True))
    dimension = int(shapely.get_dimensions(measured[0]))
    return [
        Lies(None if found == OUTSIDE else found, names.get(found), part, much, dimension)
        for found, part, much in zip(area_id.tolist(), share.tolist(), amount.tolist(), strict=True)
    ]


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
    return parts[~shapely.is_empty(parts)]


def amounts_of(geometries: GeometryArray) -> FloatArray:
    """Square metres, metres or number of points, by each geometry's own dimension."""
    dimensions = shapely.get_dimensions(geometries)
    amounts = np.where(dimensions == 2, shapely.area(geometries), shapely.length(geometries))
    counted = dimensions == 0
    amounts[counted] = shapely.get_num_geometries(geometries[counted])
    return np.asarray(amounts, dtype=np.float64)


def _locate_in(cells: OutlineSet, measured: GeometryArray) -> tuple[Any, ...]:
    """The columns of LocationRows for one set."""
    row, cell, amount = _without_slivers(*_parts(cells, measured), shapely.get_dimensions(measured))
    share = _shares(row, amount)
    row, cell, amount, share = (column[share > 0] for column in (row, cell, amount, share))
    order = np.lexsort((cell, -share, row))
    row, cell, amount, share = (column[order] for column in (row, cell, amount, share))
    area_id = np.append(cells.area_ids, OUTSIDE)[cell]
    return row, np.full_like(row, cells.id), _rank(row), area_id, share, amount


def _parts(cells: OutlineSet, measured: GeometryArray) -> tuple[IntArray, IntArray, FloatArray]:
    """(row, cell, amount) in order of row and cell; the cell after the last one is outside.

    Most shapes lie wholly in one cell, which prepared geometry tells fast; only the others are cut.
    """
    cell, row = shapely.STRtree(measured).query(cells.shapes, predicate="covers")
    row, first = np.unique(row, return_index=True)  # in two cells only on their border: the first by code
    whole = (row, cell[first], amounts_of(measured[row]))
    rest = np.setdiff1d(np.flatnonzero(~shapely.is_missing(measured)), row, assume_unique=True)
    points = shapely.get_dimensions(measured[rest]) == 0
    cut = [_count_points(cells, measured, rest[points]), _cut(cells, measured, rest[~points])]
    row, cell, amount = (np.concatenate(columns) for columns in zip(whole, *cut, strict=True))
    order = np.lexsort((cell, row))
    return row[order], cell[order], amount[order]


def _count_points(cells: OutlineSet, measured: GeometryArray, rows: IntArray) -> tuple[Any, ...]:
    parts, owner = shapely.get_parts(measured[rows], return_index=True)
    cell, part = shapely.STRtree(parts).query(cells.shapes, predicate="covers")
    home = np.full(len(parts), len(cells.shapes))
    home[part[::-1]] = cell[::-1]  # on a border the first by code is written last
    pairs, counts = np.unique(np.column_stack([rows[owner], home]), axis=0, return_counts=True)
    return pairs[:, 0], pairs[:, 1], counts.astype(np.float64)


def _cut(cells: OutlineSet, measured: GeometryArray, rows: IntArray) -> tuple[Any, ...]:
    """Lines and polygons that no single cell covers.

    The last cell of a shape within the city gets what the others leave, which saves a cut for each shape.
    """
    shapes = measured[rows]
    totals = amounts_of(shapes)
    tree = shapely.STRtree(shapes)
    cell, row = tree.query(cells.shapes, predicate="intersects")
    order = np.lexsort((cell, row))
    cell, row = cell[order], row[order]
    last = np.append(row[1:] != row[:-1], True) if len(row) else np.zeros(0, dtype=bool)
    inside = np.zeros(len(rows), dtype=bool)
    inside[tree.query(cells.whole, predicate="covers")] = True
    remainder = last & inside[row]
    amount = np.zeros(len(row))
    amount[~remainder] = _cut_amounts(shapes[row[~remainder]], cells.shapes[cell[~remainder]])
    # Cells that overlap, or a line along a border, must not count twice: the running sum stops at the total.
    running = np.minimum(_running_sum(row, amount), totals[row])
    running[remainder] = totals[row[remainder]]
    amount = running - np.where(np.append(True, last[:-1]), 0.0, np.append(0.0, running[:-1]))
    left = totals.copy()
    left[row[last]] -= running[last]
    outside = np.flatnonzero(left > 0)
    return (
        rows[np.concatenate([row, outside])],
        np.concatenate([cell, np.full(len(outside), len(cells.shapes))]),
        np.concatenate([amount, left[outside]]),
    )


def _cut_amounts(shapes: GeometryArray, cells: GeometryArray) -> FloatArray:
    """How much of each shape lies in the cell beside it."""
    areal = shapely.get_dimensions(shapes) == 2
    common = shapely.intersection(shapes, cells)
    return np.asarray(np.where(areal, shapely.area(common), 0.0) + np.where(areal, 0.0, shapely.length(common)))


def _without_slivers(
    row: IntArray, cell: IntArray, amount: FloatArray, dimensions: IntArray
) -> tuple[IntArray, IntArray, FloatArray]:
    total, largest = np.zeros(len(dimensions)), np.zeros(len(dimensions))
    np.add.at(total, row, amount)
    np.maximum.at(largest, row, amount)
    small = (amount < SLIVER_SHARE * total[row]) & (amount < np.array(SLIVER_BELOW)[dimensions[row]])
    kept = (amount > 0) & (~small | (amount == largest[row]))
    return row[kept], cell[kept], amount[kept]


def _shares(row: IntArray, amount: FloatArray) -> IntArray:
    """Integer shares that sum to 10 000 in each row: largest remainder, ties in the order given."""
    if len(row) == 0:
        return np.zeros(0, dtype=np.int64)
    _, start, group, counts = np.unique(row, return_index=True, return_inverse=True, return_counts=True)
    share = np.full(len(row), WHOLE, dtype=np.int64)
    for size in np.unique(counts[counts > 1]):
        members = start[counts == size][:, np.newaxis] + np.arange(size)
        parts = amount[members] / amount[members].sum(axis=1, keepdims=True)
        weights = np.rint(parts * _FINENESS).astype(np.int64)
        share[members] = apportion_groups(np.full(len(members), WHOLE, dtype=np.int64), weights)
    return share


def _running_sum(group: IntArray, amount: FloatArray) -> FloatArray:
    """The cumulated amount within each run of equal groups."""
    total = np.cumsum(amount)
    first = np.append(True, group[1:] != group[:-1]) if len(group) else np.zeros(0, dtype=bool)
    before = np.where(first, total - amount, 0.0)
    return np.asarray(total - np.maximum.accumulate(before))


def _rank(group: IntArray) -> IntArray:
    """0, 1, 2 … within each run of equal groups."""
    first = np.append(True, group[1:] != group[:-1]) if len(group) else np.zeros(0, dtype=bool)
    position = np.arange(len(group))
    return position - np.maximum.accumulate(np.where(first, position, 0))
