"""Computing every "ligger i" anew, after new outlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker.areas.models import Area
from tracker.database import begin_writing
from tracker.history.models import Action
from tracker.history.services import Actor
from tracker.projects.display import refresh_display
from tracker.projects.geometries import stored_geometries
from tracker.projects.locating import MAIN_PLACE, insert_locations, load_outlines, locate
from tracker.projects.models import Location, Project
from tracker.projects.recording import record_many

OUTSIDE_NAME = "utanför staden"


@dataclass(frozen=True, slots=True)
class Moved:
    """A project whose main stadsdel became another; "utanför staden" when it lies mostly outside."""

    code: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RelocationReport:
    """What a recomputation did: projects with a geometry, rows now stored, and whose main stadsdel changed."""

    projects: int
    rows: int
    moved: tuple[Moved, ...]
    """By project code."""


def relocate_all(session: Session, actor: Actor) -> RelocationReport:
    """Compute and store "ligger i" of every project from the outlines as they are now, map texts included.

    A project whose main stadsdel changed gets a line in its history.
    """
    begin_writing(session)
    session.flush()
    before = _main_areas(session)
    session.execute(delete(Location))
    ids, geometries = stored_geometries(session)
    rows = locate(load_outlines(session), geometries)
    insert_locations(session, ids, rows)
    session.expire_all()
    after = _main_areas(session)
    moved = {one: (before[one], name) for one, name in after.items() if before.get(one, name) != name}
    _record(session, actor, moved)
    refresh_display(session, ids)
    codes = dict(session.execute(select(Project.id, Project.code)).all()) if moved else {}
    report = sorted((codes[one], old, new) for one, (old, new) in moved.items())
    return RelocationReport(len(ids), len(rows), tuple(Moved(*one) for one in report))


def _main_areas(session: Session) -> dict[int, str]:
    """Project id → name of the stadsdel with the largest share."""
    lowest = load_outlines(session).lowest.id
    statement = (
        select(Location.project_id, Area.name)
        .outerjoin(Area, Area.id == Location.area_id)
        .where(Location.area_set_id == lowest, Location.place == MAIN_PLACE)
    )
    return {one: name or OUTSIDE_NAME for one, name in session.execute(statement)}


def _record(session: Session, actor: Actor, moved: Mapping[int, tuple[str, str]]) -> None:
    if not moved:
        return
    versions = dict(session.execute(select(Project.id, Project.version)).all())
    entries = [(one, versions[one], {"lies_in": [old, new]}) for one, (old, new) in sorted(moved.items())]
    record_many(session, actor, Action.CHANGED, entries)
