"""Where a project lies ("ligger i"): shares of its geometry in the areas, computed with whole arrays.

The measure is that of the highest dimension present: the area of polygons, else the length of lines, else the
number of points; so in a collection of a polygon and a line only the polygon counts. A part is a sliver, and left
out, when it is under 1 % of the whole and under 1 000 m² or 100 m; points are never slivers. What lies in no area is
"outside the city". A shape that one area covers lies in it, borders included; of other shapes, what runs exactly along
a border counts to the area whose code comes first. All in EPSG:3011.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.areas.models import LOWEST, Area, AreaPart, AreaSet
from tracker.geo.crs import GeometryArray
from tracker.projects.bulk import Values, blocks, delete_for, insert_columns, table_of
from tracker.projects.cutting import (
    FloatArray,
    highest_dimension,
    integer_shares,
    parts_by_cell,
    rank_in_run,
    without_slivers,
)
from tracker.projects.geometries import stored_geometries
from tracker.projects.models import Location
from tracker.projects.outlines import Outlines, OutlineSet, load_outlines, outline_set

__all__ = [
    "MAIN_PLACE",
    "OUTSIDE",
    "EditionShare",
    "Lies",
    "LocationRows",
    "OutlineSet",
    "Outlines",
    "insert_locations",
    "load_outlines",
    "locate",
    "locate_one",
    "locate_stored",
    "location_columns",
    "location_in",
    "outline_set",
    "store_locations",
    "stored_for",
]

OUTSIDE = -1
"""The area id of the part outside the city."""
MAIN_PLACE = 1
"""The place of the row with the largest share."""


@dataclass(frozen=True, slots=True)
class LocationRows:
    """Equally long arrays, ordered by set, row and place. `share` sums to 10 000 in each (row, set)."""

    row: IntArray
    """Index of the geometry in the array that was located."""
    area_set_id: IntArray
    place: IntArray
    """1 for the largest share; equal shares in order of area code, outside last."""
    area_id: IntArray
    """OUTSIDE for the part outside the city."""
    share: IntArray
    amount: FloatArray
    """Square metres, metres or number of points; slivers are left out, so a row may sum to a little less."""

    def __len__(self) -> int:
        return len(self.row)

    def of_rows(self, rows: Sequence[int]) -> LocationRows:
        """Those of some geometries only, numbered anew in the order of `rows`."""
        position = np.full(max(self.row.max(initial=0), *rows, 0) + 1, -1, dtype=np.int64)
        position[list(rows)] = np.arange(len(rows))
        kept = position[self.row] >= 0
        columns = {field.name: getattr(self, field.name)[kept] for field in fields(self)}
        return LocationRows(**columns | {"row": position[columns["row"]]})

    def names_by_row(self, cells: OutlineSet) -> dict[int, tuple[str, ...]]:
        """Row → names of the areas of one set that it lies in, the largest share first; outside has no name."""
        names = dict(zip(cells.area_ids.tolist(), cells.names, strict=True))
        chosen = (self.area_set_id == cells.id) & (self.area_id != OUTSIDE)
        found: dict[int, tuple[str, ...]] = {}
        for row, area_id in zip(self.row[chosen].tolist(), self.area_id[chosen].tolist(), strict=True):
            found[row] = (*found.get(row, ()), names[area_id])
        return found


@dataclass(frozen=True, slots=True)
class Lies:
    """One line of "ligger i" for the form: `amount` is square metres, metres or points; no name is outside."""

    area_id: int | None
    area_name: str | None
    share: int
    amount: float
    dimension: int


@dataclass(frozen=True, slots=True)
class EditionShare:
    """The part (in 1/10 000) of a project that lies in an area of an edition; no area is outside the city."""

    project_id: int
    area_id: int | None
    share: int


def locate(outlines: Outlines, geometries: GeometryArray) -> LocationRows:
    """Where each geometry lies in each set; None and empty geometries get no rows."""
    measured = highest_dimension(geometries)
    return _joined([_locate_in(cells, measured) for cells in outlines.sets])


def locate_one(outlines: Outlines, geometry: BaseGeometry) -> list[Lies]:
    """Where one geometry lies at the lowest level, with how much of it; the largest share first."""
    cells = outlines.lowest
    measured = highest_dimension(np.array([geometry], dtype=object))
    rows = _locate_in(cells, measured)
    names = dict(zip(cells.area_ids.tolist(), cells.names, strict=True))
    dimension = int(shapely.get_dimensions(measured[0]))
    return [
        Lies(None if found == OUTSIDE else found, names.get(found), share, amount, dimension)
        for found, share, amount in zip(rows.area_id.tolist(), rows.share.tolist(), rows.amount.tolist(), strict=True)
    ]


def _locate_in(cells: OutlineSet, measured: GeometryArray) -> LocationRows:
    parts = parts_by_cell(cells.cells, measured)
    parts = without_slivers(parts, shapely.get_dimensions(measured))
    share = integer_shares(parts)
    parts, share = parts.take(share > 0), share[share > 0]
    order = np.lexsort((parts.cell, -share, parts.row))
    parts, share = parts.take(order), share[order]
    return LocationRows(
        row=parts.row,
        area_set_id=np.full_like(parts.row, cells.id),
        place=rank_in_run(parts.row) + MAIN_PLACE,
        area_id=np.append(cells.area_ids, OUTSIDE)[parts.cell],
        share=share,
        amount=parts.amount,
    )


def _joined(several: list[LocationRows]) -> LocationRows:
    columns = [[getattr(rows, field.name) for rows in several] for field in fields(LocationRows)]
    return LocationRows(*(np.concatenate(column) for column in columns))


def store_locations(session: Session, project_ids: Sequence[int], rows: LocationRows) -> None:
    """Replace what is stored for these projects; `rows.row` is an index into `project_ids`."""
    delete_for(session, Location.project_id, project_ids)
    insert_locations(session, project_ids, rows)


def insert_locations(session: Session, project_ids: Sequence[int], rows: LocationRows) -> None:
    """Store the rows of projects that have none yet."""
    insert_columns(session, table_of(Location), location_columns(project_ids, rows))


def location_columns(project_ids: Sequence[int], rows: LocationRows) -> dict[str, Values]:
    """The rows as columns of their table; `rows.row` is an index into `project_ids`."""
    return {
        "project_id": np.asarray(project_ids, dtype=np.int64)[rows.row],
        "area_set_id": rows.area_set_id,
        "place": rows.place,
        "area_id": [None if found == OUTSIDE else found for found in rows.area_id.tolist()],
        "share": rows.share,
    }


def locate_stored(session: Session, project_ids: Sequence[int]) -> None:
    """Compute and store "ligger i" of these projects from their stored geometry."""
    ids, geometries = stored_geometries(session, project_ids)
    delete_for(session, Location.project_id, project_ids)
    insert_locations(session, ids, locate(load_outlines(session), geometries))


def location_in(session: Session, project_ids: Sequence[int] | None, area_set: AreaSet) -> list[EditionShare]:
    """ "Ligger i" in any edition, by project, the largest share first and equal shares by area code.

    An edition without outlines of its own adds up the shares of its stadsdelar. None means every project.
    """
    found: list[Any] = []
    for block in [None] if project_ids is None else blocks(project_ids):
        statement = _own_rows(area_set) if stored_for(area_set) else _grouped_rows(area_set)
        if block is not None:
            statement = statement.where(Location.project_id.in_(block))
        found += session.execute(statement).all()
    ordered = sorted(found, key=lambda row: (row.project_id, -row.share, row.code is None, row.code or ""))
    return [EditionShare(row.project_id, row.area_id, int(row.share)) for row in ordered]


def stored_for(area_set: AreaSet) -> bool:
    """Whether rows of this very edition are stored."""
    return area_set.code == LOWEST or area_set.own_outlines


def _own_rows(area_set: AreaSet) -> Select[*tuple[Any, ...]]:
    return (
        select(Location.project_id, Location.area_id, Location.share, Area.code)
        .outerjoin(Area, Area.id == Location.area_id)
        .where(Location.area_set_id == area_set.id)
    )


def _grouped_rows(area_set: AreaSet) -> Select[*tuple[Any, ...]]:
    lowest = select(AreaSet.id).where(AreaSet.code == LOWEST).scalar_subquery()
    groups = (
        select(AreaPart.part_id, Area.id, Area.code)
        .join(Area, Area.id == AreaPart.area_id)
        .where(Area.area_set_id == area_set.id)
        .subquery()
    )
    return (
        select(
            Location.project_id, groups.c.id.label("area_id"), func.sum(Location.share).label("share"), groups.c.code
        )
        .outerjoin(groups, groups.c.part_id == Location.area_id)
        .where(Location.area_set_id == lowest)
        .group_by(Location.project_id, groups.c.id, groups.c.code)
    )
