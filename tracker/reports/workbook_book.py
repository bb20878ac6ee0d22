"""The board's workbook as it is printed: A4 landscape, every sheet a page wide, wrapped text, headings across."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import IO, Any, ClassVar

from tracker.exports.tables import Field, Line, Table
from tracker.exports.xlsx import A4, HEADER_COLOURS, Book, Heading, plain

LINE_HEIGHT, NOTE_HEIGHT = 15, 13
BOLD_WIDTH, TEXT_WIDTH, NOTE_WIDTH = 1.0, 0.95, 0.8
"""How wide characters are against the digits that columns are measured in; notes are set smaller."""
SPACE_WIDTH = 0.5
PAGE_PIXELS, DIGIT_PIXELS, PADDING_PIXELS = 1018, 7.5, 5
"""What an A4 landscape page holds between its margins at full size; a column of n digits is so many and its padding."""
HIGHEST, WIDEST_DATA = 400, 13
STANDING = 5.8
"""Points that a bold character takes upwards in a label that stands."""


class BoardBook(Book):
    """A Book whose text wraps, with rows as high as they need: no program is left to guess."""

    # Arial has the same widths on every machine, or a font of them; what replaces Calibri is wider and higher.
    font: ClassVar[dict[str, Any]] = {
        "default_format_properties": {"font_name": "Arial", "font_size": 10, "font_scheme": False}
    }
    base_look: ClassVar[dict[str, Any]] = {"valign": "top"}
    text_look: ClassVar[dict[str, Any]] = {"text_wrap": True, "align": "left", "indent": 1}

    def __init__(self, file: IO[bytes], title: str, produced: datetime) -> None:
        super().__init__(file, title, produced, A4)
        self.widths: Sequence[float] = ()
        self._wrapping = True
        self._long = False
        self._note = self.book.add_format({"text_wrap": True, "valign": "top", "font_size": 9})
        self._section = self.book.add_format({"bold": True, "font_size": 12, "font_color": "#005a8c"})
        look = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1} | HEADER_COLOURS
        standing = look | {"align": "center", "valign": "bottom", "rotation": 90, "text_wrap": False}
        self._left = self.book.add_format(look | {"align": "left", "indent": 1})
        self._right = self.book.add_format(look | {"align": "right"})
        self._standing = self.book.add_format(standing)

    def sheet(self, name: str, widths: Sequence[float], pages_wide: int = 1) -> Any:
        """An empty sheet with the report's name in its page header."""
        self.widths = widths
        sheet = super().sheet(name, widths, pages_wide)
        sheet.set_default_row(LINE_HEIGHT)
        sheet.set_header(f"&L{self.title.replace('&', '&&')}&R{name}")
        # LibreOffice gives the header the whole space between the two margins: with less it touches the first row.
        sheet.set_margins(left=0.5, right=0.5, top=1.0, bottom=0.8)
        return sheet

    def add_board_table(self, table: Table, heading: Heading, frozen: int, empty: str) -> None:
        """A sheet of one table; where it has no lines, a sentence says what that means."""
        lines = iter(table.lines)
        first = next(lines, None)
        if first is not None:
            self._long = True
            self.add_table(Table(table.name, table.fields, chain([first], lines)), heading, frozen)
            self._long = False
            return
        sheet = self.sheet(table.name, [field.width for field in table.fields])
        self.write_note(sheet, self.write_heading(sheet, heading), empty)

    def add_data(self, table: Table, heading: Heading, frozen: int) -> None:
        """A long table for other programs: rows of one height, no column wider than it must be in print."""
        self._wrapping = False
        fields = tuple(replace(field, width=min(field.width, WIDEST_DATA)) for field in table.fields)
        self.add_table(replace(table, fields=fields), heading, frozen)
        self._wrapping = True

    def add_sections(self, name: str, tables: Iterable[tuple[Table, str]], heading: Heading) -> None:
        """A sheet with tables below each other, the widths of the first; each with what is said if it has no lines."""
        several = list(tables)
        sheet = self.sheet(name, [field.width for field in several[0][0].fields])
        row = self.write_heading(sheet, heading)
        for table, empty in several:
            row = self.write_section(sheet, row, table, empty) + 1

    def write_section(self, sheet: Any, row: int, table: Table, empty: str = "", standing: bool = False) -> int:
        """A table under its name, the labels of numbers standing if wanted. Returns the row after it."""
        sheet.set_row(row, 20)
        sheet.write_string(row, 0, table.name, self._section)
        lines = list(table.lines)
        if not lines and empty:
            self.write_note(sheet, row + 1, empty)
            return row + 2
        if standing:
            self._write_standing(sheet, row + 1, table.fields)
        else:
            self._write_header(sheet, row + 1, table.fields)
        return self.write_lines(sheet, row + 2, lines)

    def _write_standing(self, sheet: Any, row: int, fields: Sequence[Field]) -> None:
        sheet.set_row(row, STANDING * max(len(field.label) for field in fields if field.number) + 12)
        for place, field in enumerate(fields):
            sheet.write_string(row, place, plain(field.label), self._standing if field.number else self._left)

    def write_note(self, sheet: Any, row: int, text: str) -> None:
        """A text across the whole sheet, on as many lines as it takes."""
        lines = sum(math.ceil(max(1, len(one)) * NOTE_WIDTH / sum(self.widths)) for one in text.split("\n"))
        sheet.set_row(row, NOTE_HEIGHT * lines + 2)
        if len(self.widths) > 1:
            sheet.merge_range(row, 0, row, len(self.widths) - 1, "", self._note)
        sheet.write_string(row, 0, plain(text), self._note)

    def write_lines(self, sheet: Any, row: int, lines: Iterable[Line]) -> int:
        """Each line as high as its longest wrapped cell. Returns the row after the last."""
        if not self._wrapping:
            return super().write_lines(sheet, row, lines)
        for line in lines:
            sheet.set_row(row, self._height(line))
            row = super().write_lines(sheet, row, (line,))
            if self._long:
                _forget_row(sheet, row - 2)
        return row

    def _height(self, line: Line) -> float:
        most = 1
        for cell, width in zip(line.cells, self.widths, strict=False):
            if isinstance(cell, str) and (len(cell) > width * 0.8 or "\n" in cell):
                most = max(most, sum(_wrapped(one, width - 1.5, TEXT_WIDTH) for one in cell.split("\n")))
        return min(LINE_HEIGHT * most, HIGHEST)

    def write_heading(self, sheet: Any, heading: Heading) -> int:
        """Title and facts across the sheet. Returns the row of what comes below."""
        sheet.set_row(0, 22)
        sheet.write_string(0, 0, plain(self.title), self._large)
        for row, (label, text) in enumerate(heading, start=1):
            self.write_note(sheet, row, f"{label}: {text}" if label else text)
        return len(heading) + 2

    def _write_header(self, sheet: Any, row: int, fields: Sequence[Field]) -> None:
        """The header as high as its longest label needs; numbers have their label to the right."""
        lines = max(_wrapped(field.label, field.width) for field in fields)
        sheet.set_row(row, LINE_HEIGHT * lines + 4)
        for place, field in enumerate(fields):
            sheet.write_string(row, place, plain(field.label), self._right if field.number else self._left)


def _forget_row(sheet: Any, row: int) -> None:
    """Let go of the height of a row that is written: the library keeps every one, for placing pictures.

    A hundred thousand heights are fifty megabytes. No picture stands on a sheet of one long table.
    """
    for kept in (sheet.row_info, sheet.row_sizes):
        kept.pop(row, None)


def _wrapped(label: str, width: float, wide: float = BOLD_WIDTH) -> int:
    """How many lines a label takes when it is broken between words only."""
    lines, used = 1, 0.0
    for word in label.split():
        length = len(word) * wide
        if used and used + SPACE_WIDTH + length > width:
            lines, used = lines + 1, length
        else:
            used += length + (SPACE_WIDTH if used else 0)
    return lines


def fit_width(sheet: Any, widths: Sequence[float], largest: int = 100) -> None:
    """A scale at which columns of these widths stand on a page; unlike fitting, it heeds page breaks of ours."""
    pixels = sum(width * DIGIT_PIXELS + PADDING_PIXELS for width in widths)
    sheet.set_print_scale(max(10, min(largest, int(100 * PAGE_PIXELS / pixels))))
