"""A row that began from an older version of its project: what the file changed, what the register did meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from tracker.imports.comparing import Names, Pair, same_place
from tracker.imports.contents_wanted import figures_told, volumes_told
from tracker.imports.registered import Registered


class Side(StrEnum):
    """Whose value stands where both changed the same field."""

    FILE = "fil"
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Settled:
    """What a person has chosen: for single rows, else for all of them."""

    everywhere: Side | None = None
    rows: Mapping[str, str] = field(default_factory=dict)
    """Row of the file → "fil:7" or "register:7": the number is the version that the register had when it was chosen."""

    def of(self, row: int, version: int) -> Side | None:
        """A choice falls when somebody has saved the project since: it was made of other values."""
        word, _, seen = self.rows.get(str(row), "").partition(":")
        return Side(word) if seen == str(version) and word in set(Side) else self.everywhere


@dataclass(frozen=True, slots=True)
class Edit:
    """Who changed a field last, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Base:
    """The project as it stood in the version that the file has; None when the history does not reach back to it."""

    project: Registered | None
    edits: Mapping[str, Edit]
    """Field → its last change since then."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A project where the file and the register changed the same fields: nothing of it is written unasked."""

    index: int
    project_id: int
    code: str
    name: str
    version: int
    """Of the register."""
    stated: int
    """Of the file."""
    known: bool
    """Whether the history shows what the file changed; else every field that differs is here."""
    fields: Mapping[str, Pair]
    """Field → (the register's value, the file's), as the history writes them."""
    edits: Mapping[str, Edit]
    side: Side | None
    """What was chosen."""
    names: Names = field(default_factory=dict)
    """What the ids in the fields are called."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The fields in which a row differs from the register, by whose they are."""

    free: dict[str, Pair]
    """Changed by the file alone."""
    clashing: dict[str, Pair]
    kept: tuple[str, ...]
    """Changed by the register alone: the file has the former value."""


_TOGETHER = (frozenset({"goals", "no_contribution"}), frozenset({"serves", "serves_motivation"}))
_OPTIONS = frozenset({"publication"})
"""Not said by the file but chosen for the whole import."""


def merge(fields: Mapping[str, Pair], mine: Mapping[str, Pair] | None, base: Base, present: Registered) -> Merged:
    """`fields` is the row against the register, `mine` against the file's own version (None: nobody knows it)."""
    former = base.project
    if former is None or mine is None:
        options = {name: pair for name, pair in fields.items() if name in _OPTIONS}
        return Merged(options, {name: pair for name, pair in fields.items() if name not in _OPTIONS}, ())
    both = {name: pair for name, pair in fields.items() if name in mine or name in _OPTIONS}
    for name in both.keys() & {"figures", "volumes"}:
        both[name] = _only(both[name], _keys(mine[name]))
    clashing = {name for name in both.keys() - _OPTIONS if _touched(name, former, present, both[name])}
    for several in _TOGETHER:
        clashing |= several & both.keys() if clashing & several else set()
    return Merged(
        free={name: pair for name, pair in both.items() if name not in clashing},
        clashing={name: pair for name, pair in both.items() if name in clashing},
        kept=tuple(name for name in fields if name not in both),
    )


def _touched(name: str, former: Registered, present: Registered, pair: Pair) -> bool:
    """Whether the register's own value is another one since the file's version."""
    if name == "geometry":
        moved = former.geometry is None or not same_place(former.geometry, present.geometry)
        return moved and (former.geometry or present.geometry) is not None
    if name == "volumes" and not (former.contents.volumes or present.contents.volumes):
        return former.dwellings != present.dwellings
    if name in ("volumes", "figures"):
        return _cells_touched(pair, _told(name, former), _told(name, present))
    if name in ("goals", "no_contribution", "serves"):
        return bool(getattr(former.contents, name) != getattr(present.contents, name))
    return bool(getattr(former, name) != getattr(present, name))


def _told(name: str, project: Registered) -> list[object]:
    contents = project.contents
    return figures_told(contents.figures) if name == "figures" else volumes_told(contents.volumes)


def _cells_touched(pair: Pair, former: list[object], present: list[object]) -> bool:
    """Whether the register changed one of the very cells that the pair changes."""
    old, new, before, now = ({(row[1], row[2]): row for row in _rows(rows)} for rows in (*pair, former, present))
    for key, row in new.items():
        had = old.get(key, [*row[:3], *[None] * len(row)])
        cells = [place for place in range(3, 6) if row[place] != had[place]]
        first, last = (side.get(key, [None] * 6) for side in (before, now))
        if any(first[place] != last[place] for place in cells):
            return True
    return False


def _keys(pair: Pair) -> set[tuple[Any, Any]]:
    """What names the rows that a change reaches: year and flow, or measure and year."""
    return {(row[1], row[2]) for row in _rows(pair[1])}


def _only(pair: Pair, keys: set[tuple[Any, Any]]) -> Pair:
    old, new = ([row for row in _rows(rows) if (row[1], row[2]) in keys] for rows in pair)
    return old, new


def _rows(told: Any) -> Iterable[Any]:
    return told if isinstance(told, list) else ()
