"""Typed makers of rows for tests; each gives what the test does not care about a plain value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import shapely
from flask_security.utils import hash_password
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Role as StoredRole
from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.areas.models import LOWEST, Area, AreaSet, Region
from tracker.geo.stored import to_stored
from tracker.goals.models import Goal, GoalSet
from tracker.measures.models import MainKind, Measure, MeasureGroup
from tracker.projects.models import Project
from tracker.projects.vocabulary import Phase, Publication
from tracker.text import search_text, slug, sort_key

NOW = datetime(2005, 5, 2, 8, 30, tzinfo=UTC)


def update_user(session: Session, email: str, role: Role | None, password: str | None, *, close: bool) -> User:
    """Give an account another role or password, or close it, asking nobody; every session of it ends."""
    user = session.scalars(select(User).where(User.email == email)).one()
    if role is not None:
        user.roles = [session.scalars(select(StoredRole).where(StoredRole.name == role.value)).one()]
    if password is not None:
        user.password = hash_password(password)
    if close:
        user.active = False
    user.fs_uniquifier = uuid4().hex
    session.flush()
    return user


def make_project(session: Session, code: str, geometry: BaseGeometry | None = None, **values: Any) -> Project:
    """A published housing project, flushed; without "ligger i" and map text, which services keep."""
    name = values.pop("name", f"Projekt {code}")
    chosen = {
        "main_kind": MainKind.HOUSING,
        "phase": Phase.PLANNING,
        "publication": Publication.PUBLISHED,
        "secondary_kinds": [],
        "created_at": NOW,
        "updated_at": NOW,
        "geom": to_stored(geometry),
    } | values
    project = Project(code=code, name=name, sort_key=sort_key(name), search_text=search_text(code, name), **chosen)
    session.add(project)
    session.flush()
    return project


def make_goal_set(session: Session, code: str, *goals: str) -> GoalSet:
    """A goal edition valid from 2005 with goals of these codes, flushed."""
    goal_set = GoalSet(code=code, name=code, valid_from_year=2005)
    goal_set.goals = [Goal(code=one, name_sv=f"Mål {one}") for one in goals]
    session.add(goal_set)
    session.flush()
    return goal_set


def make_area_set(session: Session, code: str, shapes: dict[str, shapely.Polygon], **values: Any) -> AreaSet:
    """An edition with outlines of its own (EPSG:3011) by area name, flushed."""
    chosen = {"name": code, "valid_from": date(2005, 1, 1), "own_outlines": True, "schematic": False} | values
    area_set = AreaSet(code=code, **chosen)
    area_set.areas = [
        Area(
            code=slug(name),
            name=name,
            sort_key=sort_key(name),
            region=Region.WEST,
            geom=to_stored(shapely.MultiPolygon([shape])),
        )
        for name, shape in shapes.items()
    ]
    session.add(area_set)
    session.flush()
    return area_set


def make_measure(session: Session, code: str) -> Measure:
    """The measure of that code, made if it is not there."""
    found = session.scalar(select(Measure).where(Measure.code == code))
    if found is None:
        found = Measure(code=code, name_sv=code, unit="st", group=MeasureGroup.DWELLINGS, position=1)
        session.add(found)
        session.flush()
    return found


def find_area(session: Session, name: str, area_set: str = LOWEST) -> Area:
    """The area of that name in an edition, the lowest level unless another is named."""
    statement = select(Area).join(AreaSet).where(AreaSet.code == area_set, Area.name == name)
    return session.scalars(statement).one()
