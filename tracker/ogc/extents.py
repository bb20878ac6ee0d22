"""Where and when the features of a collection are, as far as the viewer may know; remembered until the next write."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import shapely
from sqlalchemy import func
from sqlalchemy.orm import Session

from tracker.geo.crs import STORAGE_SRID, WEB_SRID, transformer
from tracker.history.revision import revision
from tracker.maps.keeping import Asking, Keeping
from tracker.ogc.collections import Collection
from tracker.ogc.crs import CRS84
from tracker.ogc.project_rows import ProjectRows
from tracker.ogc.table_rows import TableRows
from tracker.projects.geojson import DECIMALS
from tracker.projects.models import Project
from tracker.projects.policies import Viewer

_KEPT: Keeping[dict[str, Any]] = Keeping(500)
GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"


def extent_of(session: Session, collection: Collection, viewer: Viewer) -> dict[str, Any]:
    """As the standard writes it; without features, nothing of it."""
    asking = Asking(str(session.get_bind().engine.url), revision(session), ("extent", collection.id, viewer))
    found = _KEPT.find(asking)
    if found is None:
        found = _extent(session, collection, viewer)
        _KEPT.keep(asking, found)
    return found


def _extent(session: Session, collection: Collection, viewer: Viewer) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rows = collection.opened(session, viewer)
    box = _box(session, rows) if collection.located else None
    if box is not None:
        found["spatial"] = {"bbox": [_lonlat(box)], "crs": CRS84.uri}
    times = _times(session, rows) if isinstance(rows, ProjectRows) else (None, None)
    if any(times):
        found["temporal"] = {"interval": [[_moment(one) for one in times]], "trs": GREGORIAN}
    return found


def _moment(day: date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00Z" if day else None


def _box(session: Session, rows: Any) -> Sequence[float] | None:
    if isinstance(rows, TableRows):
        return tuple(shapely.total_bounds(rows.shapes)) if len(rows.shapes) else None
    sides = _SIDES[session.get_bind().dialect.name]
    ends = [
        (func.min if number < 2 else func.max)(getattr(func, side)(Project.geom)) for number, side in enumerate(sides)
    ]
    found = session.execute(rows.chosen(*ends)).one()
    return None if None in tuple(found) else tuple(found)


_SIDES = {
    "postgresql": ("ST_XMin", "ST_YMin", "ST_XMax", "ST_YMax"),
    "sqlite": ("ST_MinX", "ST_MinY", "ST_MaxX", "ST_MaxY"),
}


def _times(session: Session, rows: ProjectRows) -> tuple[date | None, date | None]:
    start, end = rows.interval
    first, last = session.execute(rows.chosen(func.min(start), func.max(end))).one()
    return first, last


def _lonlat(box: Sequence[float]) -> list[float]:
    west, south, east, north = box
    moved = transformer(STORAGE_SRID, WEB_SRID).transform_bounds(west, south, east, north, densify_pts=21)
    return [round(value, DECIMALS) for value in moved]
