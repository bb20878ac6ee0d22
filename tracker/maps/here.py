"""What happens at a place: its stadsdel, the area of each edition, and the projects around it, the nearest first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.areas.models import LOWEST, Area, AreaSet, Region
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.geo.envelope import InEnvelope
from tracker.geo.validity import CITY_SURROUNDINGS
from tracker.maps.listing import distance_to
from tracker.maps.page_projects import Amount, planned_amounts
from tracker.maps.times import State, state_of, year_columns
from tracker.projects.filters import ProjectFilter
from tracker.projects.models import Project
from tracker.projects.policies import PUBLIC, Viewer, open_to, visible_to
from tracker.projects.queries import ProjectRow, list_rows
from tracker.projects.secrecy import Secret

MOST = 40
"""So many projects are told; how many there are is said."""


@dataclass(frozen=True, slots=True)
class InArea:
    """The area of an edition that the place lies in."""

    set_code: str
    code: str
    name: str
    region: Region
    schematic: bool

    @property
    def is_district(self) -> bool:
        return self.set_code == LOWEST


@dataclass(frozen=True, slots=True)
class Near:
    """A project with its distance in metres, how it stands in a year, its programme, and what is planned."""

    project: ProjectRow
    metres: float
    state: State
    start: int | None
    end: int | None
    programme: str
    planned: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Here:
    """`areas`: the stadsdel first, then the editions, the newest first; empty outside the city."""

    lon: float
    lat: float
    radius: int
    areas: Sequence[InArea]
    total: int
    near: Sequence[Near]

    @property
    def place(self) -> str:
        return f"{self.lon},{self.lat}"

    @property
    def left_out(self) -> int:
        return self.total - len(self.near)


def what_happens(session: Session, place: str, radius: int, viewer: Viewer, year: int) -> Here:
    """All around "lon,lat" within so many metres, whatever the filter."""
    lon, lat = (float(part) for part in place.split(","))
    point = _stored(lon, lat)
    if point is None:
        return Here(lon, lat, radius, (), 0, ())
    around = [
        InEnvelope(Project.geom, Project.id, (point.x - radius, point.y - radius, point.x + radius, point.y + radius)),
        distance_to(place) <= radius,
        *open_to(viewer, Secret.GEOMETRY),
    ]
    total = session.scalar(select(func.count(Project.id)).where(*visible_to(viewer), *around)) or 0
    return Here(lon, lat, radius, _areas_at(session, point), total, _near(session, place, around, viewer, year))


def _stored(lon: float, lat: float) -> shapely.Point | None:
    """In EPSG:3011; None far outside everything that is stored, where the projection means nothing."""
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        return None
    point = shapely.Point(reproject_one(shapely.Point(lon, lat), WEB_SRID, STORAGE_SRID))
    return point if CITY_SURROUNDINGS.contains(point) else None


def _areas_at(session: Session, point: shapely.Point) -> list[InArea]:
    """The area of each set whose outline holds the point; on a border the first by code."""
    holds = func.ST_Intersects(Area.geom, func.ST_GeomFromText(point.wkt, STORAGE_SRID))
    statement = (
        select(AreaSet.code, AreaSet.schematic, Area.code, Area.name, Area.region)
        .join(AreaSet, Area.area_set_id == AreaSet.id)
        .where(holds)
        .order_by((AreaSet.code == LOWEST).desc(), AreaSet.valid_from.desc(), Area.code)
    )
    found: dict[str, InArea] = {}
    for set_code, schematic, code, name, region in session.execute(statement):
        found.setdefault(set_code, InArea(set_code, code, name, region, schematic))
    return list(found.values())


def _near(session: Session, place: str, around: Sequence[ColumnElement[bool]], viewer: Viewer, year: int) -> list[Near]:
    ordered: list[ColumnElement[Any]] = [distance_to(place).asc(), Project.sort_key.asc(), Project.id.asc()]
    rows = list_rows(session, ProjectFilter(), viewer, "namn", 0, MOST, further=around, ordered=ordered)
    ids = [row.id for row in rows]
    columns = (Project.id, distance_to(place), state_of(year, PUBLIC), *year_columns(PUBLIC))
    facts = {row[0]: row[1:] for row in session.execute(select(*columns).where(Project.id.in_(ids)))}
    programmes, planned = _programmes(session, ids, viewer), planned_amounts(session, ids, viewer)
    made = []
    for row in rows:
        metres, state, start, end = facts[row.id]
        years = [None if one is None else int(one) for one in (start, end)]
        told = programmes.get(row.id, ""), planned.get(row.id, ())
        made.append(Near(row, float(metres), State(state), years[0], years[1], *told))
    return made


def _programmes(session: Session, ids: Sequence[int], viewer: Viewer) -> Mapping[int, str]:
    """Project id → the name of its programme, where the viewer may know of it."""
    parents = select(Project.id, Project.parent_id).where(Project.id.in_(ids), Project.parent_id.is_not(None))
    of = dict(session.execute(parents).all())
    names = select(Project.id, Project.name).where(Project.id.in_(set(of.values())), *visible_to(viewer))
    named = dict(session.execute(names).all()) if of else {}
    return {one: named[parent] for one, parent in of.items() if parent in named}
