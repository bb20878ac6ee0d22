"""What a child process does for the import; its answers are plain values, read by the modules that ask for them."""

from __future__ import annotations

from pathlib import Path

from tracker.errors import RefusedFileError
from tracker.imports.kinds import Kind
from tracker.imports.looking import inspect_file_here
from tracker.imports.opening import opened
from tracker.imports.reading import read_table_here
from tracker.imports.texts import read_text_grid
from tracker.imports.workbooks import read_grids
from tracker.sandbox import wire


def table(path: Path, title: str, layer: str | None, header_row: int | None) -> bytes:
    """For sources.read_table."""
    read = read_table_here(path, layer, header_row, title)
    columns = {header: wire.cells(column) for header, column in read.columns.items()}
    try:
        return wire.pack((read.name, list(read.rows), columns, read.geometries, read.srid, read.notes))
    except ValueError as error:
        raise RefusedFileError(f"{title} har ett tal eller en text som inte går att ta emot.") from error


def contents(path: Path, title: str) -> bytes:
    """For contents.inspect_file."""
    return wire.pack(inspect_file_here(path, title))


def ledger(path: Path, title: str) -> bytes:
    """For ledger_files.read_ledger_table: whether it is a workbook, its sheets, and notes."""
    with opened(path, title) as sources:
        source = sources[0]
        if not (source.kind.is_sheet or source.kind is Kind.TEXT):
            raise RefusedFileError(f"{title} är {source.kind.label}. Huvudboken läses ur CSV eller Excel.")
        if source.kind is Kind.TEXT:
            text = read_text_grid(source.path, source.title)
            grids, notes = {"": text.rows}, (*source.notes, text.note)
        else:
            grids, notes = read_grids(source.path, source.title), source.notes
    marked = {name: [wire.cells(row) for row in grid] for name, grid in grids.items()}
    return wire.pack((source.kind.is_sheet, marked, notes))
