"""Projects whose shape can be copied: found by name, code or place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.geo.stored import from_stored
from tracker.projects.cutting import amounts_of, highest_dimension
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.form_lies import amount_text
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret

MAX_SOURCES = 12


@dataclass(frozen=True, slots=True)
class ShapeSource:
    """A project with a shape, and how much shape it is: "1,25 ha", "340 m", "3 punkter"."""

    code: str
    name: str
    extent: str


def find_sources(session: Session, viewer: Viewer, text: str, except_code: str = "") -> list[ShapeSource]:
    """The first projects by name that the text means, that this viewer may see and that have a shape."""
    wanted = ProjectFilter(q=text)
    statement = (
        select(Project.code, Project.name, Project.geom)
        .where(*conditions(session, wanted, viewer), Project.geom.is_not(None), Project.code != except_code)
        .where(*open_to(viewer, Secret.GEOMETRY))
        .order_by(Project.sort_key, Project.code)
        .limit(MAX_SOURCES)
    )
    rows = session.execute(statement).all()
    return [ShapeSource(row.code, row.name, extent_text(from_stored(row.geom))) for row in rows]


def extent_text(geometry: shapely.Geometry | None) -> str:
    """How much shape there is, by the highest dimension that it has."""
    if geometry is None or geometry.is_empty:
        return ""
    measured = highest_dimension(np.array([geometry], dtype=object))
    return amount_text(float(amounts_of(measured)[0]), int(shapely.get_dimensions(measured[0])))
