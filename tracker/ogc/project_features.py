"""Projects as GeoJSON features for a viewer, in a number of statements that does not grow with them.

What is written of a project that hides nothing is, to the byte, the ready-made text of the map (projects/display.py),
but for a shape of more than 10,000 corners: the map draws it coarser, here it is whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.maps.reading import BINARY, Utf8
from tracker.ogc.crs import CRS84, Crs
from tracker.ogc.rows import Shaping
from tracker.projects.coarsening import EXACT
from tracker.projects.geojson import to_web
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.queries import area_names, goal_codes
from tracker.projects.secrecy import Secret

if TYPE_CHECKING:
    from tracker.ogc.project_rows import ProjectRows

BLOCK = 2_000
NO_PLACE = b"null}"
TOLD = ("kind", "phase", "start", "end", "approximate")


def write_projects(session: Session, rows: ProjectRows, codes: Sequence[str], shaping: Shaping) -> list[bytes]:
    """The features of some projects, in the order of their codes."""
    found: dict[str, bytes] = {}
    for first in range(0, len(codes), BLOCK):
        found |= _written(session, rows, codes[first : first + BLOCK], shaping)
    return [found[code] for code in codes if code in found]


def _written(session: Session, rows: ProjectRows, codes: Sequence[str], shaping: Shaping) -> dict[str, bytes]:
    columns = [rows.columns[name].label(name) for name in TOLD]
    statement = rows.chosen(Project.id, Project.code, Project.name, rows.located().label("located"), *columns)
    told = session.execute(statement.where(Project.code.in_(codes))).all()
    ids = [row.id for row in told]
    goals, areas = goal_codes(session, ids, rows.viewer), area_names(session, ids, rows.viewer)
    ends = shape_ends(session, [row.id for row in told if row.located], shaping.crs, rows.viewer)
    return {
        row.code: head(_facts(row, goals.get(row.id, ()), areas.get(row.id, ())), shaping.chosen)
        + (ends.get(row.id, NO_PLACE) if row.located else NO_PLACE)
        for row in told
    }


def _facts(row: Any, goals: Sequence[str], areas: Sequence[str]) -> dict[str, Any]:
    """In the order that the map's text has."""
    return {
        "code": row.code, "name": row.name, "kind": row.kind, "phase": row.phase, "goals": goals, "areas": areas,
        "start": row.start, "end": row.end,
        "approximate": None if row.approximate is None else bool(row.approximate),
    }  # fmt: skip


def head(facts: Mapping[str, Any], chosen: Sequence[str] | None) -> bytes:
    """A feature up to its geometry."""
    told = facts if chosen is None else {name: value for name, value in facts.items() if name in chosen}
    return b'{"type":"Feature","id":%b,"properties":%b,"geometry":' % (orjson.dumps(facts["code"]), orjson.dumps(told))


def shape_ends(session: Session, ids: Sequence[int], crs: Crs, viewer: Viewer) -> dict[int, bytes]:
    """Project id → its geometry and the end of its feature, as far as the viewer may know the place now."""
    if crs is not CRS84:
        return _moved_ends(session, ids, crs, viewer)
    columns = select(ProjectDisplay.project_id, ProjectDisplay.vertices, Utf8(ProjectDisplay.shape))
    wanted = columns.join(Project, Project.id == ProjectDisplay.project_id).where(*_known(ids, viewer))
    rows = session.connection().execute(wanted, execution_options=BINARY).all()
    found = {row[0]: bytes(row[2]) for row in rows}
    large = [row[0] for row in rows if row[1] > EXACT.most]
    return found | whole_ends(session, large, found, viewer)


def whole_ends(session: Session, ids: Sequence[int], ends: Mapping[int, bytes], viewer: Viewer) -> dict[int, bytes]:
    """The whole shape in place of one that was made coarser for the map; the place of its sign stays."""
    places, shapes = _shapes(session, ids, viewer)
    texts = to_web(shapes).texts if places else []
    return {
        one: text.encode() + ends[one][ends[one].rindex(b',"point":[') :]
        for one, text in zip(places, texts, strict=True)
    }


def _moved_ends(session: Session, ids: Sequence[int], crs: Crs, viewer: Viewer) -> dict[int, bytes]:
    places, shapes = _shapes(session, ids, viewer)
    texts = shapely.to_geojson(crs.written(shapes)) if places else []
    return {one: text.encode() + b"}" for one, text in zip(places, texts, strict=True)}


def _shapes(session: Session, ids: Sequence[int], viewer: Viewer) -> tuple[list[int], Any]:
    statement = select(Project.id, func.ST_AsBinary(Project.geom)).where(Project.geom.is_not(None))
    rows = session.execute(statement.where(*_known(ids, viewer))).all()
    shapes = shapely.from_wkb(np.array([bytes(row[1]) for row in rows], dtype=object))
    return [row[0] for row in rows], shapes


def _known(ids: Sequence[int], viewer: Viewer) -> list[ColumnElement[bool]]:
    """Asked with the shapes once more: what became confidential since the page was read is gone."""
    return [Project.id.in_(ids), *visible_to(viewer), *open_to(viewer, Secret.GEOMETRY)]
