"""Which projects an export holds, for whom, and what it says of itself. register_blocks.py reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.exports.audience import Audience
from tracker.money import format_count
from tracker.projects.choosing import filter_heading
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.models import Project
from tracker.web.content import format_moment

READ_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Extract:
    """What is exported: the ids in order of code, for whom, and what the export says of itself."""

    ids: tuple[int, ...]
    audience: Audience
    produced: datetime
    about: str

    @property
    def file_stem(self) -> str:
        """A name for files: "projekt-med-utkast"."""
        return f"projekt-{self.audience.file_word}"


def choose(
    session: Session,
    wanted: ProjectFilter,
    audience: Audience,
    now: datetime,
    further: Sequence[ColumnElement[bool]] = (),
    words: str = "",
) -> Extract:
    """The projects of a filter that this audience may have. Raises NotFoundError for an unknown area edition.

    `further` are conditions besides the filter's, in which nothing hidden from the audience takes part; `words` say
    what they are.
    """
    chosen = [*conditions(session, wanted, audience.viewer), *further]
    statement = select(Project.id, Project.code).where(*chosen)
    # Sorted here: the two databases collate text in different ways.
    codes = {row[0]: row[1] for row in session.execute(statement).yield_per(READ_AT_ONCE)}
    found = sorted(codes, key=codes.__getitem__)
    everything = select(func.count(Project.id)).where(*conditions(session, ProjectFilter(), audience.viewer))
    total = session.scalar(everything) or 0
    parts = [f"{format_count(len(found))} av {format_count(total)} projekt", filter_heading(session, wanted), words]
    about = f"{' · '.join(part for part in parts if part)}. {audience.text} Framställd {format_moment(now)}."
    return Extract(tuple(found), audience, now, about)


def point_of(geometry: BaseGeometry) -> tuple[float, float]:
    """Northing and easting in metres (EPSG:3011): of a point itself, else of a point inside the shape."""
    point = geometry if geometry.geom_type == "Point" else shapely.point_on_surface(geometry)
    return point.y, point.x
