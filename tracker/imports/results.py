"""What an import wrote, from the history: the result page keeps no list of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.history.models import Action, HistoryEntry, Origin
from tracker.projects.models import Project
from tracker.projects.services import SUBJECT


@dataclass(frozen=True, slots=True)
class WrittenProject:
    """A project that the import added or changed."""

    code: str
    name: str
    added: bool


def written_projects(session: Session, at: datetime, user_id: int, offset: int, size: int) -> Sequence[WrittenProject]:
    """Some of the projects that a person's import wrote at that moment, new ones first, then by code."""
    rows = session.execute(
        select(Project.code, Project.name, HistoryEntry.action)
        .join(HistoryEntry, HistoryEntry.subject_id == Project.id)
        .where(HistoryEntry.subject_kind == SUBJECT, HistoryEntry.origin == Origin.IMPORT)
        .where(HistoryEntry.at == at, HistoryEntry.actor_id == user_id)
        .order_by((HistoryEntry.action == Action.CREATED).desc(), Project.code)
        .offset(offset)
        .limit(size)
    )
    return [WrittenProject(code, name, action is Action.CREATED) for code, name, action in rows]
