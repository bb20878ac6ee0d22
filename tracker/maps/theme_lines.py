"""Which areas projects serve, for lines on the map from a project's place to each area of the edition drawn there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.areas.models import Area, AreaSet
from tracker.areas.queries import areas_upward
from tracker.projects.models import Project, ProjectDisplay, ServedArea
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret

MOST = 400
"""Projects in an answer; of more than these, lines would hide the map."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A project's place "lon, lat" in EPSG:4326, codes of the areas that it serves, and what has no place on the map.

    `elsewhere` holds the whole city, what lies outside it, and areas of other editions that cannot be divided.
    """

    code: str
    at: tuple[float, float]
    areas: tuple[str, ...]
    elsewhere: tuple[str, ...]


def list_serving(
    session: Session, chosen: Sequence[ColumnElement[bool]], viewer: Viewer, area_set: AreaSet
) -> list[Serving] | None:
    """Of the chosen projects, those that serve areas, by code; None when they are too many to draw.

    `chosen` are conditions on `project` that hold what the viewer may see. A project that hides its place or what it
    serves from the viewer is not there at all.
    """
    found = session.execute(_serving(chosen, viewer)).all()
    if len(found) > MOST:
        return None
    served = _served(session, [row[0] for row in found], area_set)
    serving = [Serving(code, (lon, lat), *served[project_id]) for project_id, code, lon, lat in found]
    return sorted(serving, key=lambda one: one.code)


def _serving(chosen: Sequence[ColumnElement[bool]], viewer: Viewer) -> Select[int, str, float, float]:
    return (
        select(Project.id, Project.code, ProjectDisplay.lon, ProjectDisplay.lat)
        .join(ProjectDisplay, ProjectDisplay.project_id == Project.id)
        .where(*chosen, exists().where(ServedArea.project_id == Project.id))
        .where(*open_to(viewer, Secret.SERVES), *open_to(viewer, Secret.GEOMETRY))
        .limit(MOST + 1)
    )


def _served(
    session: Session, ids: Sequence[int], area_set: AreaSet
) -> dict[int, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Project id → codes in the edition and words for the rest, in the order that the manager gave."""
    upward = areas_upward(session, area_set)
    own = select(Area.id, Area.code).where(Area.area_set_id == area_set.id)
    codes = {row.id: row.code for row in session.execute(own)}
    statement = (
        select(ServedArea.project_id, ServedArea.area_id, ServedArea.scope, Area.name)
        .outerjoin(Area, Area.id == ServedArea.area_id)
        .where(ServedArea.project_id.in_(ids))
        .order_by(ServedArea.project_id, ServedArea.position)
    )
    found: dict[int, tuple[list[str], list[str]]] = {one: ([], []) for one in ids}
    for project_id, area_id, scope, name in session.execute(statement):
        code = codes.get(upward.get(area_id) or area_id) if area_id else None
        places, rest = found[project_id]
        if code:
            places.append(code)
        else:
            rest.append(name or scope.label)
    return {one: (tuple(dict.fromkeys(places)), tuple(rest)) for one, (places, rest) in found.items()}
