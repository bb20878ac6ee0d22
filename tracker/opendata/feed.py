"""What has happened to the published projects, as anybody may know it: the newest events, the latest first.

Each project is told from when it was last published: what was before is not told, and of a project that is not public
any more nothing is left. The history is walked backwards from the present, taking each change back. What is hidden now
is told of no time; what was hidden then is told when it was shown. A change without a public part is no event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.history.models import Action, HistoryEntry
from tracker.maps.changes_found import ROW_FIELDS, TRACKED, Difference, Stood, differences
from tracker.maps.changes_told import tell_differences
from tracker.projects.models import Project
from tracker.projects.policies import PUBLIC, visible_to
from tracker.projects.queries import hidden_of, marks_of
from tracker.projects.recording import SUBJECT
from tracker.projects.secrecy import Secret, with_brought
from tracker.projects.vocabulary import Publication

MOST_EVENTS = 1_000
"""So many of the newest are told; the history of a project stands on its page."""
BLOCK = 500
NAMESPACE = UUID("5a1d9c1e-6a0c-4a55-9a3f-5f0a7b6d2c11")
DECIDED = "decision_new"


class Kind(StrEnum):
    """What sort of event, by the word that a reader picks."""

    PUBLISHED = "publicerat"
    CHANGED = "andrat"
    DECIDED = "beslut"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `id` never changes: it is made of what is told alone, and of nothing that counts what is not told."""

    id: str
    kind: Kind
    at: datetime
    code: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """The newest events, the latest first."""

    events: tuple[Event, ...]


@dataclass(slots=True)
class _Course:
    """A project on the way back: its values as they stood after the entries that are still to come."""

    values: dict[str, Any]
    hidden_now: frozenset[Secret]
    ended: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """An event before it is put in words; `code` and `name` as they were then."""

    kind: Kind
    at: datetime
    code: str
    name: str
    differences: tuple[Difference, ...]


def read_feed(session: Session, chosen: Sequence[ColumnElement[bool]] = ()) -> Feed:
    """The newest events of the public's projects; in `chosen`, further conditions, nothing hidden takes part."""
    found: list[_Found] = []
    courses: dict[int, _Course] = {}
    for block in _blocks(session, chosen):
        _begin(session, courses, [row.subject_id for row in block])
        for row in block:
            found += _events(row, courses[row.subject_id])
        if len(found) >= MOST_EVENTS:
            break
    told = sorted(_told(session, found), key=lambda one: (one.at, one.id), reverse=True)
    return Feed(tuple(told[:MOST_EVENTS]))


def _blocks(session: Session, chosen: Sequence[ColumnElement[bool]]) -> Iterator[Sequence[Any]]:
    """The history backwards."""
    columns = (HistoryEntry.id, HistoryEntry.subject_id, HistoryEntry.at, HistoryEntry.action, HistoryEntry.changes)
    statement = (
        select(*columns)
        .join(Project, Project.id == HistoryEntry.subject_id)
        # Not by the index of subjects: SQLite would read and sort the whole history for each block.
        .where(HistoryEntry.subject_kind + "" == SUBJECT, *visible_to(PUBLIC), *chosen)
        .order_by(HistoryEntry.id.desc())
        .limit(BLOCK)
    )
    rows = session.execute(statement).all()
    while rows:
        yield rows
        rows = session.execute(statement.where(HistoryEntry.id < rows[-1].id)).all()


def _begin(session: Session, courses: dict[int, _Course], ids: Iterable[int]) -> None:
    """The present of the projects that are met for the first time."""
    new = sorted(set(ids) - courses.keys())
    if not new:
        return
    hidden, marks = hidden_of(session, new, PUBLIC), marks_of(session, new)
    columns = [getattr(Project, name) for name in ("code", *ROW_FIELDS)]
    for row in session.execute(select(Project.id, *columns).where(Project.id.in_(new))):
        values = {name: _plain(value) for name, value in zip(("code", *ROW_FIELDS), row[1:], strict=True)}
        values["secret_fields"] = [[one.value, ground] for one, ground in marks.get(row[0], {}).items()]
        courses[row[0]] = _Course(values, frozenset(hidden.get(row[0], {})))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else getattr(value, "value", value)


def _events(row: Any, course: _Course) -> Iterator[_Found]:
    """What an entry tells; the course is then at what stood before it."""
    if course.ended:
        return
    tracked = {name: pair for name, pair in row.changes.items() if name in TRACKED or name == "code"}
    after = course.values | {name: new for name, (_old, new) in tracked.items()}
    before = after | {name: old for name, (old, _new) in tracked.items()}
    course.values = before
    if not _is_seen(after):
        course.ended = True
    elif row.action is Action.CREATED or not _is_seen(before):
        course.ended = True
        yield _Found(Kind.PUBLISHED, row.at, after["code"], after["name"], ())
    else:
        yield from _changed(row.at, course, before, after)


def _is_seen(values: Mapping[str, Any]) -> bool:
    return values["publication"] == Publication.PUBLISHED.value and not values["confidential"]


def _changed(at: datetime, course: _Course, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[_Found]:
    """A decision is an event of its own, and what else changed is one."""
    then, now = (course.hidden_now | _hidden(values) for values in (before, after))
    found = differences(Stood(before, then), Stood(after, now))
    code, name = after["code"], after["name"]
    for one in found:
        if one.what == DECIDED:
            yield _Found(Kind.DECIDED, at, code, name, (one,))
    if rest := tuple(one for one in found if one.what != DECIDED):
        yield _Found(Kind.CHANGED, at, code, name, rest)


def _hidden(values: Mapping[str, Any]) -> frozenset[Secret]:
    return frozenset(with_brought(dict(values.get("secret_fields") or [])))


def _told(session: Session, found: Sequence[_Found]) -> Iterator[Event]:
    """In words, in one reading of names for all.

    What is told of an event may shrink when a field is hidden later; its identifier stays.
    """
    lines = tell_differences(session, {number: one.differences for number, one in enumerate(found)})
    seen: dict[str, int] = {}
    for number, one in enumerate(found):
        decided = str(one.differences[0].new) if one.kind is Kind.DECIDED else ""
        said = "\x1f".join((one.code, one.at.isoformat(), one.kind.value, decided))
        seen[said] = seen.get(said, 0) + 1
        again = "" if seen[said] == 1 else f"\x1f{seen[said]}"
        told = tuple(lines.get(number, ()))
        yield Event(f"urn:uuid:{uuid5(NAMESPACE, said + again)}", one.kind, one.at, one.code, one.name, told)
