"""From cells to values, a column at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracker.imports import values
from tracker.imports.choices import Choices
from tracker.imports.columns import Headers
from tracker.imports.findings import Reading
from tracker.imports.sources import Table
from tracker.text import slug

EMPTY = (None, "")


def _read_kind(cell: Any) -> Any:
    return values.read_kind(values.read_text(cell))


def _read_phase(cell: Any) -> Any:
    return values.read_phase(values.read_text(cell))


READERS: Mapping[str, Callable[[Any], Any]] = {
    "code": values.read_text,
    "name": values.read_text,
    "main_kind": _read_kind,
    "phase": _read_phase,
    "stated_area": values.read_text,
    "dwellings": values.read_count,
    "case_numbers": values.read_case_numbers,
    "description_public": values.read_text,
    "link": values.read_text,
    "confidential": values.read_yes,
    "confidentiality_ground": values.read_text,
}
"""Field → how its cells are read. Fields that are not here are coordinates."""


class Faults:
    """Collects why rows cannot be taken: index → (field, value as in the file, reason)."""

    def __init__(self) -> None:
        self.by_row: dict[int, list[tuple[str, object, str]]] = defaultdict(list)

    def add(self, index: int, field: str, value: object, reason: str) -> None:
        self.by_row[index].append((field, value, reason))


def parse_columns(table: Table, headers: Headers, choices: Choices, faults: Faults) -> dict[str, list[Any]]:
    """Field → values, None where a cell is empty or cannot be read."""
    return {
        field: _parse_column(field, table.columns[headers.of[field]], choices, faults)
        for field in READERS
        if field in headers.of
    }


def _parse_column(field: str, cells: Sequence[Any], choices: Choices, faults: Faults) -> list[Any]:
    """A cell that comes again is not read again: files have few phases and many rows."""
    known: dict[Any, tuple[Any, str]] = dict.fromkeys(EMPTY, (None, ""))
    parsed = []
    for index, cell in enumerate(cells):
        answer = known.get(cell)
        if answer is None:
            answer = known[cell] = _read(READERS[field], _chosen(field, cell, choices))
        value, reason = answer
        parsed.append(value)
        if reason:
            faults.add(index, field, cell, reason)
    return parsed


def _chosen(field: str, cell: Any, choices: Choices) -> Any:
    """The cell, or the value that a person chose for its word."""
    words = choices.values.get(field)
    return cell if not words else words.get(values.read_text(cell), cell)


def _read(read: Callable[[Any], Any], cell: Any) -> tuple[Any, str]:
    """The value, or None and the reason; a text of blanks is an empty cell."""
    if cell == "":
        return None, ""
    try:
        value = read(cell)
    except values.UnreadableError as error:
        return None, str(error)
    return (None, "") if value in ("", ()) else (value, "")


def readings_of(table: Table, headers: Headers, choices: Choices) -> tuple[Reading, ...]:
    """Words of phase and kind that were understood as other words than they are, the most frequent first."""
    found = []
    for field in ("phase", "main_kind"):
        header = headers.of.get(field)
        counted = Counter(table.columns[header]) if header else Counter[Any]()
        for cell, rows in counted.most_common():
            meaning = meaning_of(field, cell, choices)
            if header and meaning and slug(meaning) != slug(str(cell)):
                found.append(Reading(header, str(cell).strip(), meaning, rows))
    return tuple(found)


def meaning_of(field: str, cell: Any, choices: Choices = Choices()) -> str:  # noqa: B008 - frozen
    """The label of what a cell means; nothing when it is empty or unknown."""
    chosen = None if cell in EMPTY else _chosen(field, cell, choices)
    value = None if chosen in EMPTY else _read(READERS[field], chosen)[0]
    return str(value.label) if value is not None else ""
