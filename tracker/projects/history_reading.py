"""The history of a project in words: who, when, by which door, what, old → new, filtered and a page at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session

from tracker.history.models import Action, HistoryEntry
from tracker.messages import joined
from tracker.projects.history_parts import LISTS, Contents, field_of, parts_of
from tracker.projects.history_replay import entries_of
from tracker.projects.history_shapes import Drawer, Drawing
from tracker.projects.models import Project
from tracker.projects.notes import note_words
from tracker.projects.policies import Viewer
from tracker.projects.secrecy import VALUES, Hidden, sign
from tracker.projects.telling import DOORS, LABELS, Words, label, load_words, place_of
from tracker.web.content import NOT_GIVEN, STOCKHOLM

ACTIONS = {
    Action.CREATED: _l("Registrerat"),
    Action.CHANGED: _l("Ändrat"),
    Action.PUBLISHED: _l("Granskning och publicering"),
    Action.RESTORED: _l("Återställt"),
}


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What of the history is asked for; empty is everything. The days are those of Stockholm, both included."""

    field: str = ""
    who: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def in_force(self) -> bool:
        return self != HistoryFilter()


@dataclass(frozen=True, slots=True)
class Told:
    """One part that changed, in words. A hidden one says so in `old` and has no `new`."""

    key: str
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """One entry of the history."""

    version: int
    at: datetime
    who: str
    door: str
    action: str
    note: str
    rows: tuple[Told, ...]
    drawing: Drawing | None
    makes_version: bool
    """False for what is no version of its own, as where the project lies after new outlines."""


def in_order(row: Told) -> tuple[int, str]:
    """Sorts rows as a project is told: by field, then by name."""
    return place_of(row.key), row.label


def end_of_day(day: date) -> datetime:
    """The first moment after a day in Stockholm, in UTC: a day is 23 or 25 hours long when the clocks change."""
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """The first moment of a day in Stockholm, in UTC."""
    return datetime.combine(day, time(), STOCKHOLM).astimezone(UTC)


def filtered(project: Project, wanted: HistoryFilter) -> Select[HistoryEntry]:
    """The entries that the filter means, without an order."""
    statement = entries_of(project)
    if wanted.field:
        # A name of a field with its quotation marks cannot stand inside a text of JSON, where they are escaped.
        statement = statement.where(cast(HistoryEntry.changes, Text).contains(f'"{wanted.field}":', autoescape=True))
    if wanted.who:
        statement = statement.where(HistoryEntry.actor_name == wanted.who)
    if wanted.first is not None:
        statement = statement.where(HistoryEntry.at >= start_of_day(wanted.first))
    if wanted.last is not None:
        statement = statement.where(HistoryEntry.at < end_of_day(wanted.last))
    return statement


def count_entries(session: Session, project: Project, wanted: HistoryFilter) -> int:
    """How many entries the filter means."""
    return session.scalar(select(func.count()).select_from(filtered(project, wanted).subquery())) or 0


def list_people(session: Session, project: Project) -> list[str]:
    """Everybody who changed the project, by name."""
    names = entries_of(project).with_only_columns(HistoryEntry.actor_name).distinct()
    return sorted(session.scalars(names), key=str.casefold)


def tell_entries(
    session: Session, project: Project, wanted: HistoryFilter, viewer: Viewer, hidden: Hidden, offset: int, limit: int
) -> list[ToldEntry]:
    """A slice of the history, the latest first. What is hidden now is hidden of old too."""
    slice_ = filtered(project, wanted).order_by(HistoryEntry.id.desc()).offset(offset).limit(limit)
    entries = list(session.scalars(slice_))
    programmes = [one for entry in entries for one in entry.changes.get("parent_id", ()) if isinstance(one, int)]
    words, drawer = load_words(session, viewer, programmes), Drawer(session)
    return [_told(entry, words, hidden, drawer) for entry in entries]


def _told(entry: HistoryEntry, words: Words, hidden: Hidden, drawer: Drawer) -> ToldEntry:
    rows = tuple(sorted(tell_changes(entry.changes, words, hidden), key=in_order))
    old, new = entry.changes.get("geometry", (None, None))
    seen = any(row.key == "geometry" and row.new for row in rows)
    return ToldEntry(
        version=entry.subject_version,
        at=entry.at,
        who=entry.actor_name,
        door=str(DOORS[entry.origin]),
        action=str(ACTIONS[entry.action]),
        note=note_words(entry.note),
        rows=rows,
        drawing=drawer.draw(("before", _text(old)), ("after", _text(new))) if seen else None,
        makes_version=any(name != "lies_in" for name in entry.changes),
    )


def _text(wkt: object) -> str | None:
    return wkt if isinstance(wkt, str) else None


def hidden_signs(hidden: Hidden) -> dict[str, str]:
    """Name of a value → what stands in its place."""
    return {name: sign(ground) for one, ground in hidden.items() for name in VALUES[one]}


def tell_changes(changes: Mapping[str, Sequence[Any]], words: Words, hidden: Hidden) -> Iterator[Told]:
    """Field → [old, new] as rows, one for each part that differs."""
    signs = hidden_signs(hidden)
    for name, (old, new) in changes.items():
        if name in signs:
            yield Told(name, label(name), signs[name], "")
        else:
            yield from tell_differences({name: old}, {name: new}, words)


def tell_differences(before: Mapping[str, Any], after: Mapping[str, Any], words: Words) -> Iterator[Told]:
    """Every part in which two contents differ."""
    old, new = parts_of(before), parts_of(after)
    for key in {*old, *new}:
        if old.get(key) != new.get(key):
            yield Told(key, words.part(key), words.value(key, old.get(key)), words.value(key, new.get(key)))


def tell_contents(contents: Contents, words: Words, hidden: Hidden) -> list[tuple[str, list[str]]]:
    """The whole project: (name of a field, its values in words), in order; a list has a value for each row."""
    signs, parts = hidden_signs(hidden), parts_of(contents)
    by_field: dict[str, list[str]] = {name: [] for name in LABELS if name in contents}
    for key in sorted(parts, key=lambda key: (place_of(key), words.part(key))):
        name, value = field_of(key), words.value(key, parts[key])
        if name in by_field and name not in signs:
            by_field[name].append(
                value if key in (name, f"case_numbers:{value}") else joined(": ", (words.row(key), value))
            )
    return [
        (label(name), [signs[name]] if name in signs else values or [_nothing(name, words)])
        for name, values in by_field.items()
    ]


def _nothing(name: str, words: Words) -> str:
    return NOT_GIVEN if name in LISTS else words.value(name, None)
