"""Values of an indicator from a file: read, planned and shown, then saved whole or not at all.

Columns område, år, mål, prognos, utfall, in any order. An empty cell changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any

from sqlalchemy.orm import Session

from tracker.errors import DomainError, NotFoundError, RefusedFileError
from tracker.history.services import Actor
from tracker.imports.findings import all_of
from tracker.imports.indicator_places import Found, Places
from tracker.imports.sources import Table
from tracker.messages import message, plural_message
from tracker.projects.rules import YEARS
from tracker.steering.indicators import save_values
from tracker.steering.inputs import FIELDS, Numbers, Place
from tracker.steering.models import Indicator
from tracker.steering.numbers import read_cell
from tracker.text import slug

HEADERS: Mapping[str, tuple[str, ...]] = {
    "area": ("omrade", "stadsdelsomrade", "stadsdel", "stadsdelsnamnd", "area"),
    "year": ("ar", "year"),
    "target": ("mal", "arsmal", "target"),
    "forecast": ("prognos", "forecast"),
    "outcome": ("utfall", "varde", "outcome"),
}
LABELS = {
    "area": message("Område"),
    "year": message("År"),
    "target": message("Mål"),
    "forecast": message("Prognos"),
    "outcome": message("Utfall"),
}
MOST_ROWS = 5000
EXACT = 2**53
"""Whole floats below it are themselves."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row as the file has it, its number counted as a person does."""

    number: int
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row cannot be taken."""

    row: int
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A year and place with the numbers that stand and those that will."""

    row: int
    place: Place
    area: str
    edition: str
    before: Numbers
    after: Numbers

    @property
    def changes(self) -> bool:
        """Whether anything becomes different."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class ValuePlan:
    """What a file would do. Nothing is saved when there is a fault."""

    planned: tuple[Planned, ...]
    faults: tuple[RowFault, ...]
    notes: tuple[str, ...]

    @property
    def changed(self) -> tuple[Planned, ...]:
        """The rows that make a difference."""
        return tuple(one for one in self.planned if one.changes)


def read_rows(table: Table) -> list[FileRow]:
    """The rows of a file by field. Raises RefusedFileError when a column is missing or stands twice."""
    headers: dict[str, str] = {}
    for header in table.columns:
        field = next((field for field, words in HEADERS.items() if slug(header) in words), None)
        if field in headers:
            raise RefusedFileError(_said_twice(field, headers[field], header))
        if field is not None:
            headers[field] = header
    if missing := [LABELS[field] for field in ("area", "year") if field not in headers]:
        raise RefusedFileError(
            message("%(file)s saknar kolumnen %(columns)s.", file=table.name, columns=all_of(missing))
        )
    if not headers.keys() & set(FIELDS):
        raise RefusedFileError(message("%(file)s har ingen kolumn Mål, Prognos eller Utfall.", file=table.name))
    if len(table.rows) > MOST_ROWS:
        raise RefusedFileError(
            message(
                "%(file)s har %(count)s rader; högst %(most)s tas emot.",
                file=table.name,
                count=len(table.rows),
                most=MOST_ROWS,
            )
        )
    return [
        FileRow(number, {field: table.columns[header][at] for field, header in headers.items()})
        for at, number in enumerate(table.rows)
    ]


def _said_twice(field: str, first: str, second: str) -> str:
    if field == "target":  # whose word in Swedish is that of goals too
        return message("Kolumnerna ”%(first)s” och ”%(second)s” säger båda mål.", first=first, second=second)
    return message(
        "Kolumnerna ”%(first)s” och ”%(second)s” säger båda %(field)s.",
        first=first,
        second=second,
        field=LABELS[field].lower(),
    )


def plain_rows(rows: Sequence[FileRow]) -> list[FileRow]:
    """The same rows with every cell as text that means the same: 2005.0 is "2005", an empty cell is ""."""
    return [FileRow(row.number, {field: _plain(cell) for field, cell in row.cells.items()}) for row in rows]


def _plain(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT:
        return str(int(cell))
    return f"{Decimal(str(cell)):f}" if isinstance(cell, float) and isfinite(cell) else str(cell)


def plan_values(session: Session, indicator: Indicator, rows: Sequence[FileRow]) -> ValuePlan:
    """What the rows would change, or why they cannot be taken."""
    reading = _Reading(session, indicator)
    for row in rows:
        reading.read(row)
    notes = [*reading.notes, *_looks_like_parts(indicator, reading.planned)]
    return ValuePlan(tuple(reading.planned), tuple(reading.faults), tuple(dict.fromkeys(notes)))


def _looks_like_parts(indicator: Indicator, planned: Sequence[Planned]) -> Iterator[str]:
    """A spreadsheet shows 76 % and keeps 0.76."""
    numbers = [abs(number) for one in planned for number in one.after if number]
    if indicator.unit.strip() in ("%", "procent") and numbers and max(numbers) <= 10**indicator.decimals:
        yield message("Alla värden är högst 1 %. Är de andelar som skulle ha varit procent?")


def apply_values(session: Session, indicator: Indicator, plan: ValuePlan, actor: Actor) -> int:
    """Save the plan; gives how many rows changed. Raises RefusedFileError when it has faults. The caller commits."""
    if plan.faults:
        rows = len({one.row for one in plan.faults})
        raise RefusedFileError(
            plural_message(
                "En rad kan inte tas emot, så ingenting har sparats.",
                "%(num)s rader kan inte tas emot, så ingenting har sparats.",
                rows,
            )
        )
    return save_values(session, indicator, {one.place: one.after for one in plan.planned}, actor)


class _Reading:
    """Goes through the rows, collecting what is planned and what is wrong."""

    def __init__(self, session: Session, indicator: Indicator) -> None:
        self.indicator = indicator
        self.places = Places(session)
        self.stored = {(row.year, row.area_id): row for row in indicator.values}
        self.seen: dict[Place, int] = {}
        self.planned: list[Planned] = []
        self.faults: list[RowFault] = []
        self.notes: list[str] = []

    def read(self, row: FileRow) -> None:
        """One row: every fault of it is told, not only the first."""
        before = len(self.faults)
        year = self._try(row, "year", _year)
        numbers = tuple(
            self._try(row, field, lambda cell: read_cell(cell, self.indicator.decimals)) for field in FIELDS
        )
        found = self._try(row, "area", lambda cell: self.places.find(str(cell or "").strip(), year))
        if len(self.faults) > before or year is None or found is None:
            return
        if numbers == (None, None, None):
            self.notes.append(message("Rad %(number)s har inga värden och ändrar inget.", number=row.number))
            return
        self._plan(row, (year, found.area_id), found, numbers)

    def _plan(self, row: FileRow, place: Place, found: Found, numbers: tuple[int | None, ...]) -> None:
        if place in self.seen:
            reason = message(
                "%(area)s %(year)s står redan på rad %(row)s.", area=found.name, year=place[0], row=self.seen[place]
            )
            self.faults.append(RowFault(row.number, LABELS["area"], found.name, reason))
            return
        self.seen[place] = row.number
        if found.note:
            self.notes.append(found.note)
        stored = self.stored.get(place)
        before = (stored.target, stored.forecast, stored.outcome) if stored else (None, None, None)
        target, forecast, outcome = (old if new is None else new for new, old in zip(numbers, before, strict=True))
        after = (target, forecast, outcome)
        self.planned.append(Planned(row.number, place, found.name, found.edition, before, after))

    def _try(self, row: FileRow, field: str, read: Any) -> Any:
        cell = row.cells.get(field)
        try:
            return read(cell)
        except DomainError as error:
            value = "" if cell is None else str(cell)
            self.faults.append(RowFault(row.number, LABELS[field], value, str(error)))
            return None


def _year(cell: Any) -> int:
    text = _plain(cell).strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS):
        if not text:
            raise NotFoundError(message("Året saknas."))
        raise NotFoundError(
            message("”%(text)s” är inget år mellan %(first)s och %(last)s.", text=text, first=YEARS[0], last=YEARS[-1])
        )
    return int(text)
