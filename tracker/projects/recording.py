"""Writing the history of many projects at once, in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from sqlalchemy.orm import Session

from tracker.history.models import Action, HistoryEntry
from tracker.history.services import NOTE_LENGTH, Actor
from tracker.projects.bulk import Same, Values, insert_columns, reserve_ids, table_of

SUBJECT = "project"

Entry = tuple[int, int, Mapping[str, Sequence[object]]]
"""Project id, its version after the change, and field → [old, new] with values that JSON knows."""


def record_many(session: Session, actor: Actor, action: Action, entries: Sequence[Entry]) -> None:
    """Append one history entry for each project."""
    table = table_of(HistoryEntry)
    ids = reserve_ids(session, table, len(entries))
    subjects = [(project_id, version) for project_id, version, _ in entries]
    texts = [orjson.dumps(changes).decode() for _, _, changes in entries]
    insert_columns(session, table, entry_columns(actor, action, ids, subjects, texts))


def entry_columns(
    actor: Actor, action: Action, ids: Sequence[int], subjects: Sequence[tuple[int, int]], changes: Sequence[str]
) -> dict[str, Values]:
    """History entries as columns of their table: `subjects` are (project id, version), `changes` JSON text."""
    return {
        "id": ids,
        "at": Same(actor.at),
        "actor_id": Same(actor.user_id),
        "actor_name": Same(actor.name),
        "origin": Same(actor.origin),
        "subject_kind": Same(SUBJECT),
        "subject_id": [project_id for project_id, _ in subjects],
        "subject_version": [version for _, version in subjects],
        "action": Same(action),
        "note": Same(actor.note[:NOTE_LENGTH]),
        "changes": changes,
    }
