"""The sheet Matris: goal × area for the amounts that a board compares, each in a block of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.contribution.amounts import AMOUNTS, Amount, Money
from tracker.contribution.places import ColumnKind
from tracker.contribution.rows import RowKind
from tracker.exports.tables import INDENT, Cell, Field, Level, Line, Table
from tracker.exports.xlsx import Heading, Mnkr
from tracker.reports.counted import PLACES, Counted
from tracker.reports.workbook_book import BoardBook, fit_width
from tracker.reports.workbook_projects import as_mnkr

NAME, NAME_WIDTH, LEAST_WIDTH = "Matris", 40, 5.5
ALWAYS = (RowKind.GOAL, RowKind.ASPECT, RowKind.ALL)
"""An empty goal or aspect is shown as empty; the other rows only where a project stands on them."""


def add_matrix(book: BoardBook, counted: Counted, heading: Heading) -> None:
    """Each block on a page of its own, all areas side by side, their names standing."""
    blocks = [replace(block, lines=tuple(block.lines)) for block in matrix_blocks(counted)]
    widths = [NAME_WIDTH, *_widths(blocks)]
    sheet = book.sheet(NAME, widths)
    row, breaks = book.write_heading(sheet, heading), []
    sheet.freeze_panes(row, 1)
    for block in blocks:
        row = book.write_section(sheet, row, block, standing=True) + 1
        breaks.append(row)
    fit_width(sheet, widths)
    sheet.set_h_pagebreaks(breaks[:-1])


def _widths(blocks: Sequence[Table]) -> list[float]:
    """Each area's column as wide as its longest number, so that all of them can be read on one page."""
    lines = [line.cells[1:] for block in blocks for line in block.lines]
    return [max(LEAST_WIDTH, *(_length(cell) + 0.5 for cell in column)) for column in zip(*lines, strict=True)]


def _length(cell: Cell) -> int:
    return len(f"{cell / 1_000_000:,.1f}") if isinstance(cell, Mnkr) else len(f"{cell:,}") if cell else 0


def matrix_blocks(counted: Counted) -> Iterator[Table]:
    """A block for each amount that any project has, and last the numbers of projects."""
    columns = shown_columns(counted)
    labels = [counted.reckoning.places.columns[at].label for at in columns]
    fields = (Field("Mål", NAME_WIDTH), *(Field(label, LEAST_WIDTH, number=True) for label in labels))
    for amount in AMOUNTS:
        if counted.given[counted.every_row, counted.every_column, PLACES[amount.key]]:
            unit = "mnkr" if isinstance(amount, Money) else "st"
            yield Table(f"{amount.label} ({unit})", fields, _lines(counted, columns, amount))
    yield Table("Antal projekt (st; varje projekt räknas en gång i varje ruta)", fields, _lines(counted, columns, None))


def shown_columns(counted: Counted) -> list[int]:
    """Every area of the edition and every sum; what cannot be split only where a project lies there."""
    touched = counted.reckoning.cube.projects[counted.every_row]
    return [
        at
        for at, one in enumerate(counted.reckoning.places.columns)
        if one.kind is not ColumnKind.UNDIVIDED or touched[at]
    ]


def _lines(counted: Counted, columns: Sequence[int], amount: Amount | None) -> Iterator[Line]:
    for node, row in enumerate(counted.reckoning.rows.rows):
        if row.kind not in ALWAYS and not counted.project_count(node, counted.every_column):
            continue
        cells = (_cell(counted, node, at, amount) for at in columns)
        level = Level.TOTAL if row.depth == 0 else Level.DETAIL if row.detail else Level.SUBTOTAL
        yield Line(level, (INDENT * max(0, row.depth - 1) + row.label, *cells))


def _cell(counted: Counted, row: int, column: int, amount: Amount | None) -> Cell:
    if amount is None:
        return counted.project_count(row, column) or ""
    number = counted.amount(row, column, amount.key)
    if isinstance(amount, Money):
        return as_mnkr(number)
    return "" if number is None else number
