"""The outlines that projects are located in, as arrays. EPSG:3011."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.areas.models import LOWEST, Area, AreaSet
from tracker.geo.crs import GeometryArray
from tracker.projects.cutting import Cells, make_cells


@dataclass(frozen=True, slots=True)
class OutlineSet:
    """The outlines of one edition in order of area code: equally long arrays of ids, names and geometries."""

    id: int
    code: str
    area_ids: IntArray
    names: tuple[str, ...]
    cells: Cells

    @property
    def shapes(self) -> GeometryArray:
        """MultiPolygons."""
        return self.cells.shapes


@dataclass(frozen=True, slots=True)
class Outlines:
    """The lowest level first, then every edition that has outlines of its own."""

    sets: tuple[OutlineSet, ...]

    @property
    def lowest(self) -> OutlineSet:
        return self.sets[0]


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
        cells=make_cells(shapes),
    )
