"""The board's workbook as it is printed: A4 landscape, wrapped text, headings across the sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import IO, Any, ClassVar

from tracker.exports.tables import Field, Table
from tracker.exports.xlsx import A4, HEADER_COLOURS, Book, Heading

LINE_HEIGHT = 15
HEADER_CHARACTERS = 1.05
"""A bold character of a header is somewhat wider than the digit that columns are measured in."""


class BoardBook(Book):
    """A Book whose headings wrap over the whole width of the sheet."""

    text_look: ClassVar[dict[str, Any]] = {"text_wrap": True, "valign": "top"}

    def __init__(self, file: IO[bytes], title: str, produced: datetime) -> None:
        super().__init__(file, title, produced, A4)
        self.widths: Sequence[float] = ()
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top", "font_size": 9})
        self.section = self.book.add_format({"bold": True, "font_size": 12, "font_color": "#005a8c"})
        self.header = self.book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "align": "right", "bottom": 1} | HEADER_COLOURS
        )

    def sheet(self, name: str, widths: Sequence[float], pages_wide: int = 1) -> Any:
        """An empty sheet with the report's name in its page header."""
        self.widths = widths
        sheet = super().sheet(name, widths, pages_wide)
        sheet.set_header(f"&L{self.title.replace('&', '&&')}&R{name}")
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.8)
        return sheet

    def _write_heading(self, sheet: Any, heading: Heading) -> int:
        """Title and facts, each on as many lines as it takes."""
        sheet.write_string(0, 0, self.title, self._large)
        for row, (label, text) in enumerate(heading, start=1):
            self.write_note(sheet, row, f"{label}: {text}" if label else text)
        return len(heading) + 2

    def write_note(self, sheet: Any, row: int, text: str) -> None:
        """A text across the whole sheet."""
        lines = math.ceil(len(text) * 0.88 / sum(self.widths))
        sheet.set_row(row, 13 * lines + 2)
        if len(self.widths) > 1:
            sheet.merge_range(row, 0, row, len(self.widths) - 1, "", self.wrapped)
        sheet.write_string(row, 0, text, self.wrapped)

    def _write_header(self, sheet: Any, row: int, fields: Sequence[Field]) -> None:
        """The header as high as its longest label needs."""
        lines = max(math.ceil(len(field.label) * HEADER_CHARACTERS / field.width) for field in fields)
        sheet.set_row(row, LINE_HEIGHT * min(lines + 1, 6))
        for place, field in enumerate(fields):
            sheet.write_string(row, place, field.label, self._header)

    def add_pair(self, name: str, first: Table, second: Table, heading: Heading) -> None:
        """A sheet with two tables of different fields, the widths of the first."""
        sheet = self.sheet(name, [field.width for field in first.fields])
        row = self._write_heading(sheet, heading)
        for table in (first, second):
            sheet.write_string(row, 0, table.name, self.section)
            self._write_header(sheet, row + 1, table.fields)
            row = self.write_lines(sheet, row + 2, table.lines) + 2
