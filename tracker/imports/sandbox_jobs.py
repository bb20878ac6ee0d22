"""What a child process does for the import; its answers are plain values, read by the modules that ask for them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tracker.errors import RefusedFileError
from tracker.imports.kinds import Kind
from tracker.imports.looking import inspect_file_here
from tracker.imports.opening import opened
from tracker.imports.reading import read_table_here
from tracker.imports.texts import read_text_grid
from tracker.imports.workbooks import read_grids
from tracker.messages import message
from tracker.sandbox import wire
from tracker.sandbox.saying import pack_texts


def table(path: Path, title: str, layer: str | None, header_row: int | None) -> bytes:
    """For sources.read_table."""
    read = read_table_here(path, layer, header_row, title)
    columns = {header: wire.cells(column) for header, column in read.columns.items()}
    try:
        said = pack_texts((read.name, *read.notes))
        return wire.pack((said, list(read.rows), columns, read.geometries, read.srid))
    except ValueError as error:
        raise RefusedFileError(
            message("%(title)s har ett tal eller en text som inte går att ta emot.", title=title)
        ) from error


def contents(path: Path, title: str) -> bytes:
    """For contents.inspect_file."""
    found = inspect_file_here(path, title)
    return wire.pack((pack_texts((found.kind, *found.notes)), replace(found, kind="", notes=())))


def ledger(path: Path, title: str) -> bytes:
    """For ledger_files.read_ledger_table: whether it is a workbook, its sheets, and notes."""
    with opened(path, title) as sources:
        source = sources[0]
        if not (source.kind.is_sheet or source.kind is Kind.TEXT):
            raise RefusedFileError(
                message(
                    "%(title)s är %(kind)s. Huvudboken läses ur CSV eller Excel.", title=title, kind=source.kind.label
                )
            )
        if source.kind is Kind.TEXT:
            text = read_text_grid(source.path, source.title)
            grids, notes = {"": text.rows}, (*source.notes, text.note)
        else:
            grids, notes = read_grids(source.path, source.title), source.notes
    marked = {name: [wire.cells(row) for row in grid] for name, grid in grids.items()}
    return wire.pack((source.kind.is_sheet, marked, pack_texts(notes)))
