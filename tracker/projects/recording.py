"""Writing the history of many projects at once, in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from sqlalchemy.orm import Session

from tracker.history.models import Action, HistoryEntry
from tracker.history.services import Actor
from tracker.projects.bulk import Same, Values, insert_columns, reserve_ids, table_of

SUBJECT = "project"

Entry = tuple[int, int, Mapping[str, Sequence[object]]]
"""Project id, its version after the change, and field → [old, new] with values that JSON knows."""


def record_many(session: Session, actor: Actor, action: Action, entries: Sequence[Entry]) -> None:
    """Append one history entry for each project."""
    ids = [project_id for project_id, _, _ in entries]
    versions = [version for _, version, _ in entries]
    texts = [orjson.dumps(changes).decode() for _, _, changes in entries]
    record_texts(session, actor, action, ids, versions, texts)


def record_texts(
    session: Session,
    actor: Actor,
    action: Action,
    project_ids: Sequence[int],
    versions: Sequence[int],
    changes: Sequence[str],
) -> None:
    """The same with `changes` as ready-made JSON text."""
    table = table_of(HistoryEntry)
    columns: dict[str, Values] = {
        "id": reserve_ids(session, table, len(project_ids)),
        "at": Same(actor.at),
        "actor_id": Same(actor.user_id),
        "actor_name": Same(actor.name),
        "origin": Same(actor.origin),
        "subject_kind": Same(SUBJECT),
        "subject_id": project_ids,
        "subject_version": versions,
        "action": Same(action),
        "changes": changes,
    }
    insert_columns(session, table, columns)
