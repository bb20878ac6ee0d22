"""Reading the area catalogue: the editions, their areas and their outlines.

`grouping`, `gazetteer`, `populations` and `searching` hold what has more to say; all can be had from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, defer

from tracker.areas.coverage import geometry_array
from tracker.areas.gazetteer import Gazetteer, Place
from tracker.areas.grouping import CrosswalkRow, areas_in_order, areas_upward, crosswalk, parts_by_area
from tracker.areas.models import LOWEST, Area, AreaSet
from tracker.areas.populations import PopulationBook, PopulationFigure, population
from tracker.areas.searching import FoundArea, Holder, find_areas
from tracker.errors import NotFoundError
from tracker.geo.crs import GeometryArray
from tracker.messages import message

__all__ = [
    "CrosswalkRow",
    "FoundArea",
    "Gazetteer",
    "Holder",
    "Outlines",
    "Place",
    "PopulationBook",
    "PopulationFigure",
    "area_set_for_year",
    "areas_upward",
    "crosswalk",
    "find_areas",
    "get_area",
    "get_area_set",
    "list_area_sets",
    "list_areas",
    "lowest_set",
    "newest_set",
    "outlines_of",
    "parts_by_area",
    "population",
]


def list_area_sets(session: Session) -> list[AreaSet]:
    """The editions, the oldest first; the lowest level is none of them."""
    return list(
        session.scalars(select(AreaSet).where(AreaSet.code != LOWEST).order_by(AreaSet.valid_from, AreaSet.code))
    )


def get_area_set(session: Session, code: str) -> AreaSet:
    """The edition (or the lowest level) with that code; raises NotFoundError."""
    found = session.scalars(select(AreaSet).where(AreaSet.code == code)).one_or_none()
    if found is None:
        raise NotFoundError(message("Det finns ingen områdesutgåva ”%(code)s”.", code=code))
    return found


def lowest_set(session: Session) -> AreaSet:
    """The set of stadsdelar."""
    return get_area_set(session, LOWEST)


def newest_set(session: Session) -> AreaSet:
    """The edition with the latest first day; raises NotFoundError before the catalogue is seeded."""
    sets = list_area_sets(session)
    if not sets:
        raise NotFoundError(message("Det finns inga områdesutgåvor än. Kör portfoljkartan seed."))
    return sets[-1]


def area_set_for_year(session: Session, year: int) -> AreaSet:
    """The edition valid on 31 December of a year, never the lowest level; raises NotFoundError."""
    day = date(year, 12, 31)
    found = session.scalars(
        select(AreaSet)
        .where(AreaSet.code != LOWEST, AreaSet.valid_from <= day)
        .where(or_(AreaSet.valid_to.is_(None), AreaSet.valid_to >= day))
        .order_by(AreaSet.valid_from.desc(), AreaSet.code)
    ).first()
    if found is None:
        raise NotFoundError(message("Ingen områdesutgåva gäller den 31 december %(year)s.", year=year))
    return found


def list_areas(session: Session, area_set: AreaSet) -> list[Area]:
    """The areas of a set in Swedish order, without their outlines (see `outlines_of`)."""
    return areas_in_order(session, area_set)


def get_area(session: Session, set_code: str, code: str) -> Area:
    """An area by its set and code; raises NotFoundError."""
    found = session.scalars(
        select(Area).join(AreaSet).where(AreaSet.code == set_code, Area.code == code).options(defer(Area.geom))
    ).one_or_none()
    if found is None:
        raise NotFoundError(
            message("Det finns inget område ”%(code)s” i utgåvan ”%(edition)s”.", code=code, edition=set_code)
        )
    return found


@dataclass(frozen=True, eq=False, slots=True)
class Outlines:
    """The outlines of a set: ids and shapely MultiPolygons in EPSG:3011, in the order of the areas' codes."""

    ids: list[int]
    shapes: GeometryArray

    def shapes_of(self, area_ids: Sequence[int]) -> list[BaseGeometry]:
        """The outlines of some areas, in the order asked for."""
        by_id = dict(zip(self.ids, self.shapes, strict=True))
        return [by_id[area_id] for area_id in area_ids]


def outlines_of(session: Session, area_set: AreaSet) -> Outlines:
    """All outlines of a set in one query."""
    columns = select(Area.code, Area.id, func.ST_AsBinary(Area.geom))
    rows = session.execute(columns.where(Area.area_set_id == area_set.id)).all()
    ordered = sorted(rows, key=lambda row: row[0])
    shapes = shapely.from_wkb([bytes(row[2]) for row in ordered])
    return Outlines([row[1] for row in ordered], geometry_array(list(shapes)))
