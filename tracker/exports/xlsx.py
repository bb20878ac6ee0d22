"""Workbooks: numbers are numbers, text is never a formula, the same report gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from tracker.errors import DomainError
from tracker.exports.report import Report
from tracker.exports.tables import (
    Field,
    Level,
    Line,
    Table,
    contribution_table,
    control_table,
    matrix_tables,
    project_table,
)
from tracker.web.content import format_moment

SWEDISH = "[$-41D]"
KRONOR, WHOLE_NUMBER, PERCENT = f"{SWEDISH}#,##0.00", f"{SWEDISH}#,##0", f"{SWEDISH}0.00##"
"""Shown with spaces between thousands and a decimal comma, whatever the language of the program."""
LAST_ROW = 1_048_575
CELL_CHARACTERS = 32_767
A3 = 8
_FILLS = {Level.DETAIL: "", Level.SUBTOTAL: "#eef3f7", Level.TOTAL: "#d6e4ee"}

Heading = Sequence[tuple[str, str]]


class Book:
    """A workbook being written, a sheet at a time and a row at a time, in constant memory."""

    def __init__(self, file: IO[bytes], title: str, produced: datetime) -> None:
        self._book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False})
        # A fixed moment, and no author: nothing of the machine or the person is in the file.
        created = produced.astimezone(UTC).replace(tzinfo=None)
        self._book.set_properties({"title": title, "created": created})
        self._produced = format_moment(produced)
        self._title = title
        self._formats: dict[tuple[Level, str], Any] = {}
        self._header = self._book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "top",
                "bottom": 1,
                "bg_color": "#005a8c",
                "font_color": "#ffffff",
            }
        )
        self._strong = self._book.add_format({"bold": True})
        self._large = self._book.add_format({"bold": True, "font_size": 14})

    def close(self) -> None:
        """Write it out."""
        self._book.close()

    def add_table(self, table: Table, heading: Heading, frozen: int) -> None:
        """A sheet with a heading, the table's header frozen with `frozen` columns, a filter, and its lines."""
        sheet = self._sheet(table.name, table.fields)
        top = self._write_heading(sheet, heading)
        self._write_header(sheet, top, table.fields)
        sheet.freeze_panes(top + 1, frozen)
        sheet.repeat_rows(top)
        last = self._write_lines(sheet, top + 1, table.lines)
        sheet.autofilter(top, 0, max(top, last - 1), len(table.fields) - 1)

    def add_blocks(self, name: str, tables: Iterable[Table], heading: Heading) -> None:
        """A sheet with several tables of the same fields below each other, each under its name."""
        several = list(tables)
        if not several:
            return
        sheet = self._sheet(name, several[0].fields)
        row = self._write_heading(sheet, heading)
        sheet.freeze_panes(row, 1)
        for table in several:
            sheet.write_string(row, 0, table.name, self._strong)
            self._write_header(sheet, row + 1, table.fields)
            row = self._write_lines(sheet, row + 2, table.lines) + 1

    def _sheet(self, name: str, fields: Sequence[Field]) -> Any:
        sheet = self._book.add_worksheet(name)
        for place, field in enumerate(fields):
            sheet.set_column(place, place, field.width)
        sheet.set_landscape()
        sheet.set_paper(A3)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L{name} · {self._produced}&RSida &P av &N")
        return sheet

    def _write_heading(self, sheet: Any, heading: Heading) -> int:
        """Title and facts at the top, if there are facts; returns the row of the header below."""
        if not heading:
            return 0
        sheet.write_string(0, 0, self._title, self._large)
        for row, (label, text) in enumerate(heading, start=1):
            sheet.write_string(row, 0, f"{label}: {text}")
        return len(heading) + 2

    def _write_header(self, sheet: Any, row: int, fields: Sequence[Field]) -> None:
        sheet.set_row(row, 32)
        for place, field in enumerate(fields):
            sheet.write_string(row, place, field.label, self._header)

    def _write_lines(self, sheet: Any, row: int, lines: Iterable[Line]) -> int:
        """Returns the row after the last."""
        for line in lines:
            if row > LAST_ROW:
                raise DomainError(
                    "Uttaget har fler rader än ett kalkylblad rymmer. Ta ut det som CSV eller begränsa det."
                )
            for place, cell in enumerate(line.cells):
                if cell == "":
                    sheet.write_blank(row, place, None, self._format(line.level, "text"))
                elif isinstance(cell, str):
                    sheet.write_string(row, place, cell[:CELL_CHARACTERS], self._format(line.level, "text"))
                elif isinstance(cell, Decimal):
                    sheet.write_number(row, place, cell, self._format(line.level, KRONOR))
                else:
                    shown = PERCENT if isinstance(cell, float) else WHOLE_NUMBER
                    sheet.write_number(row, place, cell, self._format(line.level, shown))
            row += 1
        return row

    def _format(self, level: Level, shown: str) -> Any:
        """A format for each kind of line and cell, made once."""
        if (level, shown) not in self._formats:
            # The quote prefix keeps text such as "=1+1" text also after somebody edits the cell.
            look: dict[str, Any] = {"quote_prefix": True} if shown == "text" else {"num_format": shown}
            if _FILLS[level]:
                look["bg_color"] = _FILLS[level]
            if level is Level.TOTAL:
                look |= {"bold": True, "top": 1}
            self._formats[level, shown] = self._book.add_format(look)
        return self._formats[level, shown]


def write_contribution(report: Report, file: IO[bytes]) -> None:
    """The sheets Bidrag, Avstämning, Projekt and Matris."""
    book = Book(file, report.title, report.produced)
    short = [
        pair for pair in report.heading if pair[0] in ("Räkneregel", "Områdesindelning", "Omfattning", "Framställd")
    ]
    book.add_table(contribution_table(report), report.heading, frozen=6)
    verdict = "Differens 0: rapporten stämmer med registret." if report.reconciles else "RAPPORTEN STÄMMER INTE."
    book.add_table(control_table(report), [*short, ("Utfall", verdict)], frozen=1)
    book.add_table(project_table(report), short, frozen=2)
    book.add_blocks("Matris", matrix_tables(report), short)
    book.close()


def write_table(table: Table, title: str, produced: datetime, file: IO[bytes]) -> None:
    """A single sheet with the header in its first row, so that an import finds it. `title` goes into the properties."""
    book = Book(file, title, produced)
    book.add_table(table, (), frozen=2)
    book.close()
