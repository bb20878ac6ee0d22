"""From cells to values, a column at a time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tracker.errors import DomainError
from tracker.imports import lists, values
from tracker.imports.amounts import amount_column, of_field, read_amount
from tracker.imports.beside_cells import BESIDE_READERS
from tracker.imports.choices import Choices
from tracker.imports.columns import Headers
from tracker.imports.dates import RANGE, read_span
from tracker.imports.findings import Reading
from tracker.imports.markup import DESCRIPTIONS, read_description
from tracker.imports.sources import Table
from tracker.text import slug

EMPTY = (None, "")
SPANS = ("start_decided", "start_forecast", "end_decided", "end_forecast", "start", "end")
"""Fields of dates; "start" and "end" are those whose header does not say decided or forecast."""


def _read_kind(cell: Any) -> Any:
    return values.read_kind(values.read_text(cell))


def _read_phase(cell: Any) -> Any:
    return values.read_phase(values.read_text(cell))


READERS: Mapping[str, Callable[[Any], Any]] = {
    "code": values.read_text,
    "name": values.read_text,
    "main_kind": _read_kind,
    "secondary_kinds": lists.read_kinds,
    "subtype": lists.read_subtype,
    "phase": _read_phase,
    "stated_area": values.read_text,
    "dwellings": values.read_count,
    "case_numbers": values.read_case_numbers,
    "manager": values.read_text,
    "deputy": values.read_text,
    **dict.fromkeys(SPANS, read_span),
    **dict.fromkeys(DESCRIPTIONS, read_description),
    "link": values.read_text,
    "confidential": values.read_yes,
    "confidentiality_ground": values.read_text,
    "serves": lists.read_served,
    "serves_motivation": values.read_text,
    "goals": lists.read_goals,
    "parent": values.read_text,
    "city_share": lists.read_share,
    "location_approximate": values.read_yes,
    "example_values": values.read_yes,
    "version": values.read_version,
    **BESIDE_READERS,
}
"""Field → how its cells are read. Fields that are not here are coordinates, or amounts with a unit of their own."""
ITEMS = frozenset({"serves", "goals"})
"""Fields of several words, each of which a person can give a meaning."""


class Faults:
    """Collects why rows cannot be taken: index → (field, value as in the file, reason)."""

    def __init__(self) -> None:
        self.by_row: dict[int, list[tuple[str, object, str]]] = defaultdict(list)

    def add(self, index: int, field: str, value: object, reason: str) -> None:
        self.by_row[index].append((field, value, reason))


def parse_columns(table: Table, headers: Headers, choices: Choices, faults: Faults) -> dict[str, list[Any]]:
    """Field → values, None where a cell is empty or cannot be read."""
    parsed = {}
    for field, header in headers.of.items():
        read = READERS.get(field) or _amount_reader(field, header, choices)
        if read is not None:
            parsed[field] = _parse_column(field, read, table.columns[header], choices, faults)
    return parsed


def _amount_reader(field: str, header: str, choices: Choices) -> Callable[[Any], Any] | None:
    """Reads amounts in the unit of the header, or in the one that a person says where the header says none."""
    if of_field(field) is None:
        return None
    stated = amount_column(header)
    unit = (stated.unit if stated else None) or choices.units.get(header)
    return lambda cell: read_amount(cell, unit)


def _parse_column(
    field: str, read: Callable[[Any], Any], cells: Sequence[Any], choices: Choices, faults: Faults
) -> list[Any]:
    """A cell that comes again is not read again: files have few phases and many rows."""
    known: dict[Any, tuple[Any, str]] = dict.fromkeys(EMPTY, (None, ""))
    parsed = []
    for index, cell in enumerate(cells):
        answer = known.get(cell)
        if answer is None:
            answer = known[cell] = _with_items(field, _read(read, _chosen(field, cell, choices)), choices)
        value, reason = answer
        parsed.append(value)
        if reason:
            faults.add(index, field, "" if field in BESIDE_READERS else cell, reason)
    return parsed


def _with_items(field: str, answer: tuple[Any, str], choices: Choices) -> tuple[Any, str]:
    """Give each word of a list the meaning that a person chose; a word that is to be left empty goes."""
    words = choices.values.get(field)
    if field not in ITEMS or not words or not answer[0]:
        return answer
    kept = tuple((words.get(word, word), number) for word, number in answer[0])
    return tuple(item for item in kept if item[0]) or None, answer[1]


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
    except DomainError as error:
        return None, str(error)
    return (None, "") if value in ("", ()) else (value, "")


def readings_of(table: Table, headers: Headers, choices: Choices) -> tuple[Reading, ...]:
    """Words of phase and kind that were understood as other words than they are, the most frequent first."""
    found = []
    for field in ("phase", "main_kind", *SPANS):
        header = headers.of.get(field)
        counted = Counter(table.columns[header]) if header else Counter[Any]()
        for cell, rows in counted.most_common():
            meaning = meaning_of(field, cell, choices)
            if field in SPANS and RANGE not in meaning:
                continue  # a day is a day
            if header and meaning and slug(meaning) != slug(str(cell)):
                found.append(Reading(header, str(cell).strip(), meaning, rows))
    return tuple(found)


def meaning_of(field: str, cell: Any, choices: Choices = Choices()) -> str:  # noqa: B008 - frozen
    """The label of what a cell means; nothing when it is empty or unknown."""
    chosen = None if cell in EMPTY else _chosen(field, cell, choices)
    value = None if chosen in EMPTY else _read(READERS[field], chosen)[0]
    return "" if value is None else str(value.label)
