"""From the grid of a sheet or a text to columns: which row holds the headers, and what stands below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tracker.errors import RefusedFileError
from tracker.imports.columns import is_known
from tracker.imports.values import without_guard
from tracker.imports.workbooks import is_filled
from tracker.messages import message

MOST_COLUMNS = 2_000
"""As many as a GeoPackage can have. Columns without a header are nothing, and may be more."""
SEARCHED_ROWS = 20
"""How far down the headers are looked for."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Columns by header with the row numbers that a person sees; empty cells are None."""

    rows: list[int]
    columns: dict[str, list[Any]]


def propose_header(grid: Sequence[Sequence[Any]]) -> int | None:
    """The row, counted from 1, that looks like the headers: the most known words, else the first filled one."""
    best: tuple[int, int | None] = (0, None)
    first = None
    for number, row in enumerate(grid[:SEARCHED_ROWS], start=1):
        if not is_filled(row):
            continue
        first = first or number
        known = sum(isinstance(cell, str) and is_known(cell) for cell in row)
        if known > best[0]:
            best = (known, number)
    return best[1] if best[0] > 1 else first or _first_filled(grid)


def _first_filled(grid: Sequence[Sequence[Any]]) -> int | None:
    return next((number for number, row in enumerate(grid, start=1) if is_filled(row)), None)


def to_sheet(grid: Sequence[Sequence[Any]], title: str, header_row: int | None = None) -> Sheet:
    """Columns under the headers; empty rows, and columns without a header, are nothing.

    Raises RefusedFileError when nothing stands below the headers or two columns have the same.
    """
    header_row = header_row or propose_header(grid)
    if header_row is None:
        raise RefusedFileError(message("%(title)s är tom.", title=title))
    if not 0 < header_row <= len(grid):
        raise RefusedFileError(
            message("%(title)s har ingen rad %(row)s att ta rubrikerna från.", title=title, row=header_row)
        )
    places = _places(grid[header_row - 1], title)
    width = max(places.values(), default=-1) + 1
    rows = [number for number in range(header_row, len(grid)) if is_filled(grid[number][:width])]
    if not rows:
        raise RefusedFileError(message("%(title)s har inga rader under rubrikerna.", title=title))
    columns = {header: [_cell(grid[number], place) for number in rows] for header, place in places.items()}
    return Sheet([number + 1 for number in rows], columns)


def _places(header: Sequence[Any], title: str) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        text = header_text(cell)
        if not text:
            continue
        if text in places:
            raise RefusedFileError(
                message("%(title)s har två kolumner med rubriken ”%(header)s”.", title=title, header=text)
            )
        places[text] = place
    refuse_width(len(places), title)
    return places


def refuse_width(count: int, title: str) -> None:
    """Raises RefusedFileError for more columns than anybody answers questions about."""
    if count > MOST_COLUMNS:
        raise RefusedFileError(
            message(
                "%(title)s har %(count)s kolumner med rubrik; högst %(most)s tas emot. Ta bort dem som inte behövs.",
                title=title,
                count=count,
                most=MOST_COLUMNS,
            )
        )


def header_text(cell: Any) -> str:
    """A header as text; a year that the spreadsheet keeps as 2005.0 is "2005"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def _cell(row: Sequence[Any], place: int) -> Any:
    value = row[place] if place < len(row) else None
    if not isinstance(value, str):
        return value
    return None if not value or value.isspace() else without_guard(value)
