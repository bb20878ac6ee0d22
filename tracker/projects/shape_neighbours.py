"""What a drawn shape can be fastened to: the borders of other projects and of the areas in a part of the map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.areas.queries import lowest_set, outlines_of
from tracker.geo.crs import GeometryArray
from tracker.geo.envelope import InEnvelope
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.secrecy import Secret

MAX_PROJECTS = 300
MAX_VERTICES = 20_000
"""Of projects and of areas each: what a browser goes through at every move of the mouse."""

Box = tuple[float, float, float, float]
"""min x, min y, max x, max y in EPSG:3011."""


@dataclass(frozen=True, eq=False, slots=True)
class Neighbours:
    """Points and lines in EPSG:3011, exactly as stored and cut to the box: borders of areas stand for areas."""

    projects: GeometryArray
    areas: GeometryArray
    cut: bool
    """There is more in the box than this."""


def neighbours_in(session: Session, viewer: Viewer, box: Box, except_code: str = "") -> Neighbours:
    """The neighbours that this viewer may see in a box, the shapes of fewest vertices first where there are many."""
    projects, many = _projects(session, viewer, box, except_code)
    borders = _clipped(shapely.boundary(outlines_of(session, lowest_set(session)).shapes), box)
    # Two areas share a border, and it is wanted once.
    once = np.array([shapely.line_merge(shapely.union_all(borders))], dtype=object) if len(borders) else borders
    kept_projects, kept_areas = _bounded(projects), _bounded(once)
    left_out = len(kept_projects) < len(projects) or len(kept_areas) < len(once)
    return Neighbours(kept_projects, kept_areas, many or left_out)


def _projects(session: Session, viewer: Viewer, box: Box, except_code: str) -> tuple[GeometryArray, bool]:
    statement = (
        select(Project.id, func.ST_AsBinary(Project.geom))
        .where(InEnvelope(Project.geom, Project.id, box), Project.code != except_code, *visible_to(viewer))
        .where(*open_to(viewer, Secret.GEOMETRY))
        .limit(MAX_PROJECTS + 1)
    )
    rows = sorted(session.execute(statement).all(), key=lambda row: int(row[0]))
    shapes = shapely.from_wkb(np.array([bytes(row[1]) for row in rows[:MAX_PROJECTS]], dtype=object))
    parts = shapely.get_parts(_flat(shapes))
    areal = shapely.get_dimensions(parts) == 2
    lines = np.array(parts, dtype=object)
    lines[areal] = shapely.boundary(parts[areal])
    return _clipped(lines, box), len(rows) > MAX_PROJECTS


def _flat(shapes: GeometryArray) -> GeometryArray:
    """Collections taken apart, however deep."""
    while (shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION).any():
        shapes = shapely.get_parts(shapes)
    return shapes


def _clipped(shapes: GeometryArray, box: Box) -> GeometryArray:
    clipped = shapely.clip_by_rect(shapes, *box)
    kept: GeometryArray = clipped[~shapely.is_empty(clipped)]
    return kept


def _bounded(shapes: GeometryArray) -> GeometryArray:
    counts = shapely.get_num_coordinates(shapes)
    order = np.argsort(counts, kind="stable")
    kept: GeometryArray = shapes[order[np.cumsum(counts[order]) <= MAX_VERTICES]]
    return kept
