"""Projects as they stood in the version that a file has, a few thousand at a time out of the append-only history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.goals.models import Goal
from tracker.history.models import HistoryEntry
from tracker.imports.comparing import DATES, SIMPLE
from tracker.imports.conflicts import Base, Edit
from tracker.imports.registered import Registered, VolumeRow
from tracker.imports.registered_contents import Counts, FigureRow, ServedRow, Tag
from tracker.measures.models import MainKind
from tracker.projects.bulk import blocks
from tracker.projects.figures import Volume
from tracker.projects.history_parts import FLAGS, TEXTS
from tracker.projects.history_replay import stepped
from tracker.projects.recording import SUBJECT
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow, Phase, Publication, Scope


class Counted(NamedTuple):
    """The measure of dwellings (None when the file has none), the year, and whether the file has all volumes."""

    measure_id: int | None
    year: int
    whole: bool = False


_BY_ROW = frozenset({"volumes", "figures"})
"""Fields of which an import tells only the rows that it changed."""


class _Entry(NamedTuple):
    """A change as the history has it."""

    project_id: int
    version: int
    who: str
    at: datetime
    changes: Mapping[str, list[Any]]


def find_bases(
    session: Session, stated: Mapping[int, int], registered: Mapping[int, Registered], counted: Counted
) -> dict[int, Base]:
    """Project id → how it stood in the version `stated` for it by the file."""
    found: dict[int, Base] = {}
    editions: dict[int, int] = {}
    for block in blocks(stated):
        entries = _entries(session, {one: stated[one] for one in block})
        if not editions and any("goals" in entry.changes for several in entries.values() for entry in several):
            editions = dict(session.execute(select(Goal.id, Goal.goal_set_id)).all())
        volumes = _volumes(session, block, counted)
        for one in block:
            present, later = registered[one], entries.get(one, [])
            edits = {name: Edit(entry.who, entry.at) for entry in later for name in entry.changes}
            if not _reaches(later, stated[one], present.version):
                found[one] = Base(None, edits)
                continue
            told = _told(later, present, volumes.get(one, []))
            found[one] = Base(_with(present, told, counted, editions), edits)
    return found


def _entries(session: Session, stated: Mapping[int, int]) -> dict[int, list[_Entry]]:
    """Project id → what was saved after the file's version, the earliest first."""
    columns = (HistoryEntry.subject_id, HistoryEntry.subject_version, HistoryEntry.actor_name, HistoryEntry.at)
    statement = (
        select(*columns, HistoryEntry.changes)
        .where(HistoryEntry.subject_kind == SUBJECT, HistoryEntry.subject_id.in_(list(stated)))
        .where(HistoryEntry.subject_version > min(stated.values()))
        .order_by(HistoryEntry.id)
    )
    found: dict[int, list[_Entry]] = defaultdict(list)
    for row in session.execute(statement):
        entry = _Entry(*row)
        if entry.version > stated[entry.project_id]:
            found[entry.project_id].append(entry)
    return found


def _reaches(entries: Sequence[_Entry], stated: int, present: int) -> bool:
    """Whether the history tells every step from one version to the other."""
    return stated <= present and {entry.version for entry in entries} >= set(range(stated + 1, present + 1))


def _volumes(session: Session, ids: Sequence[int], counted: Counted) -> dict[int, list[list[Any]]]:
    """Project id → its rows of dwellings, or all of them, as the history writes them."""
    if counted.measure_id is None and not counted.whole:
        return {}
    columns = (Volume.period, Volume.measure_id, Volume.year, Volume.planned, Volume.started, Volume.completed)
    rows = select(Volume.project_id, *columns).where(Volume.project_id.in_(ids))
    if not counted.whole:
        rows = rows.where(Volume.measure_id == counted.measure_id)
    found: dict[int, list[list[Any]]] = defaultdict(list)
    for one, *row in session.execute(rows.where(Volume.period == RUNNING_PERIOD)):
        found[one].append(row)
    return found


def _told(entries: Sequence[_Entry], present: Registered, volumes: list[list[Any]]) -> dict[str, Any]:
    """Field → its value before all of these, as the history writes it; only fields that they changed."""
    found: dict[str, Any] = {}
    for entry in entries:
        for name, (old, _new) in entry.changes.items():
            found.setdefault(name, old)
    rows: dict[str, Any] = {
        "volumes": volumes,
        "figures": [row.told(*key) for key, row in present.contents.figures.items()],
    }
    for entry in reversed(entries):
        for name in entry.changes.keys() & _BY_ROW:
            old, new = entry.changes[name]
            rows[name] = stepped(name, rows[name], new, old)
    return found | {name: rows[name] for name in found.keys() & _BY_ROW}


def _with(present: Registered, told: Mapping[str, Any], counted: Counted, editions: Mapping[int, int]) -> Registered:
    plain = {name: _value(name, told[name]) for name in told if name in _PLAIN}
    contents = {name: read(told[name] or [], editions) for name, read in _CONTENTS.items() if name in told}
    if "volumes" in told and counted.measure_id is not None:
        plain["dwellings"] = _newest(told["volumes"], counted)
    return replace(present, **plain, contents=replace(present.contents, **contents))


def _value(name: str, told: Any) -> Any:
    if told is None:
        return _NOTHING.get(name)
    read = _READERS.get(name)
    return told if read is None else read(told)


_NOTHING: Mapping[str, Any] = {
    **dict.fromkeys(TEXTS, ""), **dict.fromkeys(FLAGS, False), "case_numbers": (), "secondary_kinds": [],
}  # fmt: skip
"""What the history leaves out where a field says nothing."""
_PLAIN = frozenset({*SIMPLE, *DATES.values(), "secondary_kinds", "case_numbers", "publication", "geometry"})
_READERS: Mapping[str, Callable[[Any], Any]] = {
    "main_kind": MainKind,
    "phase": Phase,
    "publication": Publication,
    "case_numbers": tuple,
    "geometry": shapely.from_wkt,
    **dict.fromkeys(DATES.values(), date.fromisoformat),
}


def _newest(rows: Sequence[Sequence[Any]], counted: Counted) -> VolumeRow | None:
    """The newest planned number up to the year, as registered.py takes it."""
    measure_id, year, _ = counted
    meant = [
        row
        for row in rows
        if row[0] == RUNNING_PERIOD and row[1] == measure_id and row[2] <= year and row[3] is not None
    ]
    newest = max(meant, key=lambda row: row[2], default=None)
    return None if newest is None else (newest[0], newest[1], newest[2], newest[3], newest[4], newest[5])


def _goals(rows: Sequence[Sequence[Any]], editions: Mapping[int, int]) -> dict[int, Tag]:
    return {goal_id: Tag(editions[goal_id], weight, text) for goal_id, weight, text in rows if goal_id in editions}


def _serves(rows: Sequence[Sequence[Any]], _editions: Mapping[int, int]) -> list[ServedRow]:
    return [(Scope(scope), area_id, share) for scope, area_id, share in rows]


def _figures(rows: Sequence[Sequence[Any]], _editions: Mapping[int, int]) -> dict[tuple[int, Flow], FigureRow]:
    return {(row[1], Flow(row[2])): FigureRow(*row[3:7]) for row in rows if row[0] == RUNNING_PERIOD}


def _counts(rows: Sequence[Sequence[Any]], _editions: Mapping[int, int]) -> dict[tuple[int, int], Counts]:
    return {(row[1], row[2]): (row[3], row[4], row[5]) for row in rows if row[0] == RUNNING_PERIOD}


_CONTENTS: Mapping[str, Callable[[Any, Mapping[int, int]], Any]] = {
    "goals": _goals,
    "no_contribution": lambda rows, _editions: dict(rows),
    "serves": _serves,
    "figures": _figures,
    "volumes": _counts,
}
