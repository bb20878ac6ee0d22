"""The rows that a plan refuses as a file: the file's own columns with row and reason, to mend and send in again."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from datetime import date, datetime, time
from typing import Any

import shapely
import xlsxwriter

from tracker.imports.conflict_words import refusal_of
from tracker.imports.plan import Plan
from tracker.imports.sources import Table
from tracker.text import clean

ROW, REASON, SHAPE = "Rad", "Orsak", "WKT"
"""Row and reason are for the person: the reader passes them over."""
_FORMULA = re.compile(r"'*[=+\-@]")
_NUMBER = re.compile(r"[-+]?[\d\s]*\d([.,]\d+)?")
_CELL_LETTERS = 32_767
"""The most that Excel keeps in a cell."""


def refused_csv(table: Table, plan: Plan) -> bytes:
    """A CSV for Swedish Excel: semicolons, UTF-8 with its mark, CRLF, decimal comma."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([_swedish(cell) for cell in row] for row in refused_rows(table, plan))
    return text.getvalue().encode("utf-8-sig")


def refused_xlsx(table: Table, plan: Plan) -> bytes:
    """A workbook with one sheet, numbers as numbers."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Avvisade rader")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(refused_rows(table, plan)):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, cell, day)
                elif cell is not None:
                    sheet.write(number, place, _bounded(cell), bold if number == 0 else None)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def refused_rows(table: Table, plan: Plan) -> list[list[Any]]:
    """The header, then each refused row, and each with an open conflict, once in the order of the file."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for finding in plan.refused:
        reasons[finding.row].append(f"{finding.column}: {finding.reason}")
    for conflict in plan.open_conflicts:
        reasons[plan.candidates.rows[conflict.index]].append(refusal_of(conflict))
    headers = [header for header in table.columns if header.casefold() not in (ROW.casefold(), REASON.casefold())]
    has_shapes = table.geometries is not None
    if has_shapes:
        headers = [header for header in headers if header.casefold() != SHAPE.casefold()]
    rows: list[list[Any]] = [[ROW, REASON, *headers, *([SHAPE] if has_shapes else [])]]
    for index, number in enumerate(table.rows):
        if number in reasons:
            cells = [table.columns[header][index] for header in headers]
            shape = [_shape(table, index)] if has_shapes else []
            rows.append([number, " ".join(dict.fromkeys(reasons[number])), *cells, *shape])
    return rows


def _shape(table: Table, index: int) -> str | None:
    """The shape in the file's own system, which the text names when it is known."""
    shape = None if table.geometries is None else table.geometries[index]
    if shape is None:
        return None
    text = str(shapely.to_wkt(shape, rounding_precision=-1))
    return f"SRID={table.srid};{text}" if table.srid else text


def _swedish(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Ja" if cell else "Nej"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == time() else cell).isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = clean(str(cell))
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def _bounded(cell: Any) -> Any:
    if isinstance(cell, str | int | float | bool):
        return clean(cell)[:_CELL_LETTERS] if isinstance(cell, str) else cell
    return clean(str(cell))[:_CELL_LETTERS]
