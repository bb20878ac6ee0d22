"""Opening the file of a ledger: the sheet that holds it and the row of its headers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.errors import RefusedFileError
from tracker.imports.ledger_choices import LedgerChoices
from tracker.imports.ledger_columns import amount_column, is_ledger_header
from tracker.imports.sheets import SEARCHED_ROWS, header_text, propose_header, to_sheet
from tracker.imports.sources import JOBS
from tracker.imports.workbooks import Grid, is_filled
from tracker.messages import message
from tracker.projects.bulk import without_collecting
from tracker.sandbox import calling, wire
from tracker.sandbox.saying import read_texts

_CHUNK = 2**20
_Answer = tuple[bool, dict[str, Grid], bytes]


class ManySheetsError(RefusedFileError):
    """Several sheets may be the ledger: a person chooses one of `sheets`."""

    def __init__(self, title: str, sheets: Sequence[str]) -> None:
        names = ", ".join(sheets)
        super().__init__(
            message(
                "%(title)s har flera blad som kan vara huvudboken: %(names)s. Välj ett med --layer.",
                title=title,
                names=names,
            )
        )
        self.sheets = tuple(sheets)


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """Columns by header with the row numbers that a person sees; empty cells are None."""

    title: str
    sheets: tuple[str, ...]
    """The sheets that hold something; empty for a text."""
    layer: str
    header_row: int
    rows: Sequence[int]
    columns: Mapping[str, Sequence[Any]]
    notes: tuple[str, ...]


def read_ledger_table(path: Path, title: str, choices: LedgerChoices) -> LedgerTable:
    """Read a CSV file or a workbook. Of several sheets the one with a ledger's headers is taken, if it is one.

    Raises RefusedFileError with one sentence; `title` is the name that the person knows the file by.
    """
    is_workbook, grids, notes = _grids(path, title)
    layer = _choose(grids, choices.layer, title)
    header_row = choices.header_row or find_header(grids[layer]) or propose_header(grids[layer])
    sheet = to_sheet(grids[layer], title, header_row)
    sheets = tuple(grids) if is_workbook else ()
    told = (message("Läst ur bladet %(layer)s.", layer=layer),) if len(sheets) > 1 else ()
    return LedgerTable(title, sheets, layer, header_row or 1, sheet.rows, sheet.columns, (*notes, *told))


def _grids(path: Path, title: str) -> tuple[bool, dict[str, Grid], tuple[str, ...]]:
    """Read in a child process: whether it is a workbook, its sheets that hold something, and notes."""
    data = calling.run(f"{JOBS}:ledger", path, title)
    try:
        with without_collecting():
            read: _Answer = wire.unpack(data, _Answer)
        for grid in read[1].values():
            for row in grid:
                wire.check_cells(row)
        return read[0], read[1], read_texts(read[2])
    except wire.WireError as error:
        raise calling.not_understood(title) from error


def _choose(grids: Mapping[str, Grid], wanted: str | None, title: str) -> str:
    if not grids:
        raise RefusedFileError(message("%(title)s är tom.", title=title))
    if wanted is not None and wanted not in grids:
        raise RefusedFileError(
            message(
                "%(title)s har inget blad ”%(wanted)s”. Den har: %(names)s.",
                title=title,
                wanted=wanted,
                names=", ".join(grids),
            )
        )
    if wanted is not None:
        return wanted
    fitting = [name for name, grid in grids.items() if find_header(grid) is not None] or list(grids)
    if len(fitting) > 1:
        raise ManySheetsError(title, fitting)
    return fitting[0]


def find_header(grid: Grid) -> int | None:
    """The row, counted from 1, with most of a ledger's words and a column of amounts; None where there is none."""
    best: tuple[int, int | None] = (1, None)
    for number, row in enumerate(grid[:SEARCHED_ROWS], start=1):
        texts = [header_text(cell) for cell in row if isinstance(cell, str)] if is_filled(row) else []
        known = sum(is_ledger_header(text) for text in texts)
        if known > best[0] and any(amount_column(text) for text in texts):
            best = (known, number)
    return best[1]


def sha256_of(path: Path) -> str:
    """The digest of the file as it was sent."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
