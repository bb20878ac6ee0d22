"""Writing the history, in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.history.models import Action, HistoryEntry, Origin

NOTE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, by which door, and when: handed to services, which know neither login nor clock."""

    name: str
    origin: Origin
    at: datetime
    user_id: int | None = None
    note: str = ""
    """What every entry of this errand says besides: the file of an import."""


def record(
    session: Session,
    actor: Actor,
    subject: tuple[str, int, int],
    action: Action,
    changes: Mapping[str, list[object]],
    note: str = "",
) -> None:
    """Append one entry. `subject` is (kind, id, version); `changes` maps a field to [old, new]."""
    kind, subject_id, version = subject
    session.add(
        HistoryEntry(
            at=actor.at,
            actor_id=actor.user_id,
            actor_name=actor.name,
            origin=actor.origin,
            subject_kind=kind,
            subject_id=subject_id,
            subject_version=version,
            action=action,
            note=(note or actor.note)[:NOTE_LENGTH],
            changes=dict(changes),
        )
    )
