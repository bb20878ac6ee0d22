"""The list of the page Bevaka as CSV for Swedish Excel: a line for each finding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from tracker.followup.chasing_page import ChasedRow
from tracker.text import guarded

HEADER = ("Kod", "Projekt", "Projektledare", "Läge", "Kontroll", "Allvar", "Vad")
MARK = "\ufeff"


def csv_lines(rows: Iterable[ChasedRow]) -> Iterator[str]:
    """Lines with semicolons and CRLF, the first with the mark of UTF-8; text that would run as a formula is guarded."""
    yield MARK + _line(HEADER)
    for row in rows:
        for one in row.findings:
            cells = (row.code, row.name, row.manager, row.state.label, one.check.label, one.severity.label, one.text)
            yield _line(cells)


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow([guarded(cell) for cell in cells])
    return buffer.getvalue()
