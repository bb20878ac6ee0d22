"""CSV for Swedish Excel: semicolons, UTF-8 with a mark, CRLF, decimal comma, no mark between thousands."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TextIO

from tracker.exports.report import Report
from tracker.exports.tables import Cell, Field, Line, contribution_table
from tracker.text import guarded
from tracker.web.content import format_moment

ENCODING = "utf-8-sig"


def write_contribution(report: Report, file: TextIO) -> None:
    """The table Bidrag; what the report says of itself stands in columns of every line, so that a pivot keeps it."""
    table = contribution_table(report)
    said = dict(report.heading)
    about: dict[str, Cell] = {
        "År": report.year,
        "Räkneregel": said["Räkneregel"].partition(":")[0],
        "Målutgåva": said["Målutgåva"],
        "Områdesindelning": said["Områdesindelning"],
        "Områdesandelar": said["Områdesandelar"],
        "Belopp": said["Belopp"],
        "Omfattning": said["Omfattning"],
        "Framställd": format_moment(report.produced),
    }
    fields = [*table.fields, *(Field(label, 20) for label in about)]
    lines = (Line(line.level, (*line.cells, *about.values())) for line in table.lines)
    write_lines(fields, lines, file)


def write_lines(fields: Sequence[Field], lines: Iterable[Line], file: TextIO) -> None:
    """A header and its lines. The file is opened with ENCODING and newline=""."""
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow([field.label for field in fields])
    writer.writerows(_texts(lines))


def _texts(lines: Iterable[Line]) -> Iterator[list[str]]:
    for line in lines:
        yield [cell_text(cell) for cell in line.cells]


def cell_text(cell: Cell) -> str:
    """A cell as text: numbers typed as numbers, text guarded."""
    if isinstance(cell, str):
        return guarded(cell)
    if isinstance(cell, Decimal):
        return f"{cell:.2f}".replace(".", ",")
    return str(cell).replace(".", ",")
