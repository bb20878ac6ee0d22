"""What an identifier means today: a project's code may be changed, and its public former codes go on meaning it.

A former code leads to the project only where anybody could know it: the project was published, and not confidential,
when it was renamed. What this reader may not see is answered as if it had never been.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.history.models import Action, HistoryEntry
from tracker.projects.models import Project
from tracker.projects.policies import PUBLIC, Viewer, hidden_ids, visible_to
from tracker.projects.recording import SUBJECT
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Publication


def find_code(session: Session, code: str, viewer: Viewer) -> str | None:
    """The present code of the project that is called so, or was; None where this reader may know of none."""
    known = select(Project.code).where(Project.code == code, *visible_to(viewer))
    return session.scalar(known) or _renamed(session, code)


def is_drawn(session: Session, code: str, viewer: Viewer) -> bool:
    """Whether this reader gets a shape of the project."""
    drawn = select(Project.id).where(Project.code == code, Project.geom.is_not(None), *visible_to(viewer))
    if not viewer.confidential:
        drawn = drawn.where(Project.id.not_in(hidden_ids(viewer, [Secret.GEOMETRY])))
    return session.scalar(drawn) is not None


def _renamed(session: Session, code: str) -> str | None:
    """By the newest renaming first."""
    former = HistoryEntry.changes["code"][0].as_string()
    statement = (
        select(HistoryEntry.id, Project.id, Project.code)
        .join(Project, Project.id == HistoryEntry.subject_id)
        .where(HistoryEntry.subject_kind == SUBJECT, HistoryEntry.action != Action.CREATED, former == code)
        .where(*visible_to(PUBLIC))
        .order_by(HistoryEntry.id.desc())
    )
    for entry, project, present in session.execute(statement).all():
        if _was_public(session, project, entry):
            return str(present)
    return None


def _was_public(session: Session, project: int, entry: int) -> bool:
    """Whether anybody could see the project just before an entry of its history."""
    earlier = select(HistoryEntry.changes).where(
        HistoryEntry.subject_kind == SUBJECT, HistoryEntry.subject_id == project, HistoryEntry.id < entry
    )
    course: Iterable[dict[str, Any]] = session.scalars(earlier.order_by(HistoryEntry.id))
    publication, confidential = "", False
    for changes in course:
        publication = changes.get("publication", (None, publication))[1]
        confidential = changes.get("confidential", (None, confidential))[1]
    return publication == Publication.PUBLISHED.value and not confidential
