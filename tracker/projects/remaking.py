"""Making the map's texts anew after an upgrade that changed what they look like."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.database import begin_writing
from tracker.projects.display import FORMAT, refresh_display
from tracker.projects.models import Project, ProjectDisplay

BLOCK = 2_000


def remake_displays(session: Session, progress: Callable[[int], None] = lambda _: None) -> int:
    """Make the text of every project that has a place but no text of today's format; how many there were.

    Commits after each block, alone among the services: it belongs to no request, and when it is killed halfway the
    next call goes on with those that are left. `progress` is told the number of projects of each block.
    """
    made = 0
    while True:
        begin_writing(session)
        if not (ids := _old(session)):
            session.rollback()
            return made
        refresh_display(session, ids)
        session.commit()
        made += len(ids)
        progress(len(ids))


def _old(session: Session) -> list[int]:
    missing = or_(ProjectDisplay.format.is_(None), ProjectDisplay.format != FORMAT)
    statement = select(Project.id).outerjoin(ProjectDisplay, ProjectDisplay.project_id == Project.id)
    return list(session.scalars(statement.where(Project.geom.is_not(None), missing).order_by(Project.id).limit(BLOCK)))
