"""A project as it stood: its contents after any version and at any moment, out of the append-only history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tracker.history.models import HistoryEntry
from tracker.projects.history_parts import Contents, contents_of, filled, parts_of
from tracker.projects.models import Project
from tracker.projects.recording import SUBJECT
from tracker.projects.snapshots import describe


@dataclass(frozen=True, slots=True)
class Standing:
    """The contents after a version, and the entry that made it so (None: it was made before the history began)."""

    contents: Contents
    version: int
    entry: HistoryEntry | None


def entries_of(project: Project) -> Select[HistoryEntry]:
    """The entries of a project, without an order."""
    return select(HistoryEntry).where(HistoryEntry.subject_kind == SUBJECT, HistoryEntry.subject_id == project.id)


def entries_after(session: Session, project: Project, version: int) -> list[HistoryEntry]:
    """What was saved after that version, the earliest first."""
    later = entries_of(project).where(HistoryEntry.subject_version > version)
    return list(session.scalars(later.order_by(HistoryEntry.id)))


def contents_after(session: Session, project: Project, version: int) -> Contents:
    """The contents after that version: what was saved later is taken back from the present, the latest first.

    Backwards, because the first entry need not say everything (generated example projects name only themselves).
    """
    return undone(describe(project), reversed(entries_after(session, project, version)))


def standing_at(session: Session, project: Project, moment: datetime) -> Standing | None:
    """How the project stood just before a moment; None when it was not in the register yet."""
    last = session.scalars(
        entries_of(project).where(HistoryEntry.at < moment).order_by(HistoryEntry.id.desc()).limit(1)
    ).first()
    if last is not None:
        return Standing(_before(session, project, last.id), last.subject_version, last)
    if project.created_at < moment and session.scalars(entries_of(project).limit(1)).first() is None:
        return Standing(filled(describe(project)), project.version, None)
    return None


def standing_after(session: Session, project: Project, version: int) -> Standing | None:
    """How the project stood after a version; None when there is no such version."""
    chosen = session.scalars(
        entries_of(project).where(HistoryEntry.subject_version == version).order_by(HistoryEntry.id.desc()).limit(1)
    ).first()
    return Standing(contents_after(session, project, version), version, chosen) if chosen is not None else None


def _before(session: Session, project: Project, entry_id: int) -> Contents:
    later = entries_of(project).where(HistoryEntry.id > entry_id).order_by(HistoryEntry.id.desc())
    return undone(describe(project), session.scalars(later))


def undone(contents: Contents, entries: Iterable[HistoryEntry]) -> Contents:
    """Take changes back, in the order given."""
    before = dict(contents)
    for entry in entries:
        for name, (old, new) in entry.changes.items():
            if name in contents:
                before[name] = stepped(name, before[name], new, old)
    return filled(before)


def replayed(entries: Iterable[HistoryEntry]) -> Contents:
    """The contents that changes lead to from nothing, in the order given."""
    made: Contents = {}
    for entry in entries:
        for name, (old, new) in entry.changes.items():
            made[name] = stepped(name, made.get(name), old, new)
    return filled(made)


def stepped(name: str, value: Any, left: Any, reached: Any) -> Any:
    """A field's value after a step from `left` to `reached`.

    Of volumes and figures an import writes only the rows that it changed; the others stay. All other fields are told
    whole.
    """
    if name not in ("volumes", "figures"):
        return reached
    rows = parts_of({name: value})
    for key in parts_of({name: left}):
        rows.pop(key, None)
    return contents_of(rows | parts_of({name: reached}), [name])[name]
