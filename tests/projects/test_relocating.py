"""New outlines move projects: shares, map texts and history follow."""

from __future__ import annotations

import json

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import find_area, make_project
from tests.geometries import CITY_HALL, RINKEBY
from tracker.areas.seeding import seed_areas
from tracker.geo.stored import to_stored
from tracker.history.models import Action, HistoryEntry
from tracker.history.services import Actor
from tracker.projects.models import Location, ProjectDisplay
from tracker.projects.relocating import Moved, relocate_all


def test_relocating_reports_and_records_who_moved(session: Session, actor: Actor) -> None:
    seed_areas(session)
    moving = make_project(session, "A-1", RINKEBY)
    make_project(session, "A-2", CITY_HALL)
    make_project(session, "A-3")
    first = relocate_all(session, actor)
    assert (first.projects, first.rows, first.moved) == (2, 2, ())
    rinkeby, tensta = find_area(session, "Rinkeby"), find_area(session, "Tensta")
    rinkeby.geom, tensta.geom = tensta.geom, rinkeby.geom
    session.flush()
    second = relocate_all(session, actor)
    assert second.moved == (Moved("A-1", "Rinkeby", "Tensta"),)
    assert relocate_all(session, actor).moved == ()
    (entry,) = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_id == moving.id))
    assert (entry.action, entry.actor_name, entry.at) == (Action.CHANGED, "Prov", actor.at)
    assert entry.changes == {"lies_in": ["Rinkeby", "Tensta"]}
    shown = session.get_one(ProjectDisplay, moving.id)
    assert json.loads(shown.feature)["properties"]["areas"] == ["Tensta"]


def test_what_no_outline_covers_any_more_is_outside(session: Session, actor: Actor) -> None:
    seed_areas(session)
    project = make_project(session, "A-1", RINKEBY)
    relocate_all(session, actor)
    find_area(session, "Rinkeby").geom = to_stored(shapely.MultiPolygon([shapely.box(0, 0, 1, 1)]))
    session.flush()
    assert relocate_all(session, actor).moved == (Moved("A-1", "Rinkeby", "utanför staden"),)
    (row,) = session.scalars(select(Location).where(Location.project_id == project.id))
    assert (row.area_id, row.share) == (None, 10_000)
