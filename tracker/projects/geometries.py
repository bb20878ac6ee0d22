"""Reading stored geometry as whole arrays, past the ORM."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.geo.crs import GeometryArray
from tracker.projects.bulk import blocks
from tracker.projects.models import Project


def stored_geometries(session: Session, project_ids: Sequence[int] | None = None) -> tuple[list[int], GeometryArray]:
    """Ids and geometries (EPSG:3011) of those projects that have one, by id; None means every project."""
    statement = select(Project.id, func.ST_AsBinary(Project.geom)).where(Project.geom.is_not(None))
    if project_ids is None:
        rows = session.execute(statement).all()
    else:
        rows = [row for block in blocks(project_ids) for row in session.execute(statement.where(Project.id.in_(block)))]
    rows = sorted(rows, key=lambda row: row[0])
    shapes = shapely.from_wkb(np.array([bytes(wkb) for _, wkb in rows], dtype=object))
    return [project_id for project_id, _ in rows], shapes
