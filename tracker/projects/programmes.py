"""Programmes: projects with children. A programme sums its children and has no figures of its own that count."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.elements import ColumnElement

from tracker.database import is_sqlite
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to

TREE_LOCK = 7_302_004
"""The number of the lock on who is part of what; any that no other advisory lock has."""


def is_programme(viewer: Viewer) -> ColumnElement[bool]:
    """The project has children that the viewer may see.

    Children that the viewer may not know of make no programme: else the project's own amounts, which stand on its page,
    would be missing from the sums and tell that a hidden child exists.
    """
    child = aliased(Project)
    return exists().where(child.parent_id == Project.id, *visible_to(viewer, child))


def has_children(session: Session, project: Project, viewer: Viewer) -> bool:
    """Whether the project is a programme to this viewer."""
    children = select(Project.id).where(Project.parent_id == project.id, *visible_to(viewer))
    return session.scalar(children.limit(1)) is not None


def programme_ids(session: Session, viewer: Viewer) -> set[int]:
    """The ids of every programme, as the viewer may know."""
    children = select(Project.parent_id).where(Project.parent_id.is_not(None), *visible_to(viewer))
    return set(session.scalars(children.distinct()))


def find_parent(session: Session, project: Project, viewer: Viewer) -> Project | None:
    """The programme that a project is part of, when there is one and the viewer may know of it."""
    if project.parent_id is None:
        return None
    return session.scalar(select(Project).where(Project.id == project.parent_id, *visible_to(viewer)))


def hold(session: Session, project: Project) -> None:
    """Let nobody else change the project until the transaction ends, and read it anew.

    On SQLite whoever writes is alone anyhow.
    """
    session.execute(select(Project.id).where(Project.id == project.id).with_for_update())
    session.expire(project)


def hold_tree(session: Session) -> None:
    """Let one transaction at a time move projects between programmes.

    Two moves that are each right can make a circle together, and on PostgreSQL neither sees the other.
    """
    if not is_sqlite(session):
        session.execute(select(func.pg_advisory_xact_lock(TREE_LOCK)))


def is_below(
    session: Session, candidate: int, project_id: int, moved: Mapping[int, int | None] = MappingProxyType({})
) -> bool:
    """Whether `candidate` is the project itself or lies under it, at any depth.

    `moved` holds what is to be written: project id → its programme then.
    """
    seen: set[int] = set()
    here: int | None = candidate
    while here is not None and here not in seen:
        if here == project_id:
            return True
        seen.add(here)
        stored = select(Project.parent_id).where(Project.id == here)
        here = moved[here] if here in moved else session.scalar(stored)
    return False
