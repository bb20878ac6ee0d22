"""The columns of a file as rows of a page: header, some of its values, the field it is proposed for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.imports.amounts import amount_column, of_field
from tracker.imports.choices import Choices
from tracker.imports.columns import ALIASES, label_of, match_headers
from tracker.imports.contents import shown
from tracker.imports.sources import Table
from tracker.messages import message

POSITIONS = ("northing", "easting", "x", "y", "latitude", "longitude", "wkt")
"""Fields that a position is read from."""
UNITS = ("kr", "tkr", "mnkr")
_SAMPLES = 3
_LOOKED_AT = 2_000


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column."""

    header: str
    samples: tuple[str, ...]
    filled: int
    """How many rows have something in it."""
    field: str
    """What is chosen or proposed; "" when it is not read."""
    amount: str
    """The field of an amount that the header means; "" for another column."""
    asks_unit: bool
    """An amount whose header does not say kr, tkr or mnkr."""
    unit: str


def column_rows(table: Table, choices: Choices) -> list[ColumnRow]:
    """Every column of the file in its order."""
    headers = match_headers(table.columns, choices.columns)
    field_of = {header: field for field, header in headers.of.items()}
    return [_row(header, cells, field_of.get(header, ""), choices) for header, cells in table.columns.items()]


def _row(header: str, cells: Sequence[Any], field: str, choices: Choices) -> ColumnRow:
    meant = amount_column(header)
    return ColumnRow(
        header=header,
        samples=tuple(_samples(cells)),
        filled=sum(cell not in (None, "") for cell in cells),
        field=field,
        amount=meant.field if meant else "",
        asks_unit=meant is not None and meant.unit is None,
        unit=choices.units.get(header, ""),
    )


def _samples(cells: Sequence[Any]) -> Iterable[str]:
    found: dict[str, None] = {}
    for cell in cells[:_LOOKED_AT]:
        text = shown(cell).strip()
        if text:
            found.setdefault(text)
        if len(found) == _SAMPLES:
            break
    return found


def field_options(row: ColumnRow) -> list[tuple[str, str]]:
    """What a column can be: not read, the amount that its header means, or any field."""
    fields = [(field, label_of(field)) for field in ALIASES]
    amounts = {name for name in (row.amount, row.field) if name and of_field(name)}
    return [("", message("Läs inte in")), *((name, label_of(name)) for name in sorted(amounts)), *fields]


def all_fields(rows: Iterable[ColumnRow]) -> list[str]:
    """Every field that some column could be, so that one that was turned down is not found again by its alias."""
    return [*ALIASES, *dict.fromkeys(row.amount for row in rows if row.amount)]
