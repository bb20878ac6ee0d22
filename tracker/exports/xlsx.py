"""Workbooks: numbers are numbers, text is never a formula, the same report gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import IO, Any, ClassVar

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
from tracker.messages import message
from tracker.web.content import format_moment

SWEDISH = "[$-41D]"
KRONOR, WHOLE_NUMBER, PERCENT = f"{SWEDISH}#,##0.00", f"{SWEDISH}#,##0", f"{SWEDISH}0.00##"
MNKR = f"{SWEDISH}#,##0.0,,"
"""Shown with spaces between thousands and a decimal comma, whatever the language of the program."""
LAST_ROW = 1_048_575
CELL_CHARACTERS = 32_767
A3, A4 = 8, 9
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
"""Text stays text."""
HEADER_COLOURS = {"bg_color": "#005a8c", "font_color": "#ffffff"}
TOO_MANY_ROWS = message("Uttaget har fler rader än ett kalkylblad rymmer. Ta ut det som CSV eller begränsa det.")
_FILLS = {Level.DETAIL: "", Level.SUBTOTAL: "#eef3f7", Level.TOTAL: "#d6e4ee"}

Heading = Sequence[tuple[str, str]]


class Mnkr(Decimal):
    """Exact kronor that are shown in mnkr with one decimal; the cell keeps them all."""


_SHOWN: dict[type, str] = {Decimal: KRONOR, Mnkr: MNKR, int: WHOLE_NUMBER, float: PERCENT}


def plain(text: str) -> str:
    """Text that a cell can hold and that stays text.

    XlsxWriter in constant memory takes what stands between <r> and </r> for markup of its own and writes it unescaped;
    a space after it keeps it text.
    """
    return f"{text[: CELL_CHARACTERS - 1]} " if text.startswith("<r>") else text[:CELL_CHARACTERS]


class Book:
    """A workbook being written, a sheet at a time and a row at a time, in constant memory."""

    def __init__(self, file: IO[bytes], title: str, produced: datetime, paper: int = A3) -> None:
        self.book = xlsxwriter.Workbook(file, OPTIONS | self.font)
        # A fixed moment, and no author: nothing of the machine or the person is in the file.
        created = produced.astimezone(UTC).replace(tzinfo=None)
        self.book.set_properties({"title": title, "created": created})
        self.title = title
        self._produced = format_moment(produced)
        self._paper = paper
        self._looks: dict[Level, dict[type, Any]] = {}
        header = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1} | HEADER_COLOURS
        self._header = self.book.add_format(header)
        self._strong = self.book.add_format({"bold": True})
        self._large = self.book.add_format({"bold": True, "font_size": 14})

    def close(self) -> None:
        """Write it out."""
        self.book.close()

    def add_table(self, table: Table, heading: Heading, frozen: int, pages_wide: int = 1) -> None:
        """A sheet with a heading, the table's header frozen with `frozen` columns, a filter, and its lines."""
        sheet = self.sheet(table.name, [field.width for field in table.fields], pages_wide)
        top = self.write_heading(sheet, heading)
        self._write_header(sheet, top, table.fields)
        sheet.freeze_panes(top + 1, frozen)
        sheet.repeat_rows(top)
        if pages_wide > 1:
            sheet.repeat_columns(0, frozen - 1)
        last = self.write_lines(sheet, top + 1, table.lines)
        sheet.autofilter(top, 0, max(top, last - 1), len(table.fields) - 1)

    def add_blocks(self, name: str, tables: Iterable[Table], heading: Heading) -> None:
        """A sheet with several tables of the same fields below each other, each under its name."""
        several = list(tables)
        if not several:
            return
        sheet = self.sheet(name, [field.width for field in several[0].fields])
        row = self.write_heading(sheet, heading)
        sheet.freeze_panes(row, 1)
        for table in several:
            sheet.write_string(row, 0, plain(table.name), self._strong)
            self._write_header(sheet, row + 1, table.fields)
            row = self.write_lines(sheet, row + 2, table.lines) + 1

    def sheet(self, name: str, widths: Sequence[float], pages_wide: int = 1) -> Any:
        """An empty sheet, set up for print."""
        sheet = self.book.add_worksheet(name)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        sheet.set_landscape()
        sheet.set_paper(self._paper)
        sheet.fit_to_pages(pages_wide, 0)
        sheet.set_footer(f"&L{name} · {self._produced}&RSida &P av &N")
        return sheet

    def write_heading(self, sheet: Any, heading: Heading) -> int:
        """Title and facts at the top, if there are facts; returns the row of the header below."""
        if not heading:
            return 0
        sheet.write_string(0, 0, plain(self.title), self._large)
        for row, (label, text) in enumerate(heading, start=1):
            sheet.write_string(row, 0, plain(f"{label}: {text}"))
        return len(heading) + 2

    def _write_header(self, sheet: Any, row: int, fields: Sequence[Field]) -> None:
        sheet.set_row(row, 32)
        for place, field in enumerate(fields):
            sheet.write_string(row, place, field.label, self._header)

    def write_lines(self, sheet: Any, row: int, lines: Iterable[Line]) -> int:
        """Each cell by its kind, whose format is made once. Returns the row after the last."""
        string, number, blank = sheet.write_string, sheet.write_number, sheet.write_blank
        for line in lines:
            if row > LAST_ROW:
                raise DomainError(TOO_MANY_ROWS)
            looks = self._looks.get(line.level) or self._make_looks(line.level)
            filled = _FILLS[line.level]
            for place, cell in enumerate(line.cells):
                if not isinstance(cell, str):
                    number(row, place, cell, looks[type(cell)])
                elif cell:
                    string(row, place, plain(cell), looks[str])
                elif filled:
                    blank(row, place, None, looks[str])
            row += 1
        return row

    def _make_looks(self, level: Level) -> dict[type, Any]:
        """The format of each type of cell on a kind of line, made once."""
        base: dict[str, Any] = dict(self.base_look)
        if _FILLS[level]:
            base["bg_color"] = _FILLS[level]
        if level is Level.TOTAL:
            base |= {"bold": True, "top": 1}
        # The quote prefix keeps text such as "=1+1" text also after somebody edits the cell.
        looks = {kind: self.book.add_format(base | {"num_format": shown}) for kind, shown in _SHOWN.items()}
        looks[str] = self.book.add_format(base | {"quote_prefix": True} | self.text_look)
        self._looks[level] = looks
        return looks

    font: ClassVar[dict[str, Any]] = {}
    """Options that name another font than the library's."""
    base_look: ClassVar[dict[str, Any]] = {}
    text_look: ClassVar[dict[str, Any]] = {}
    """What all cells, and those of text, look like in a kind of book."""


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
