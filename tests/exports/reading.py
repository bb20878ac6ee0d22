"""Reading our own files back as another program would."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.exports.delivery import save_register, save_report
from tracker.exports.register import choose
from tracker.exports.report import Question, Report, make_report
from tracker.projects.filters import ProjectFilter

NOW = datetime(2005, 7, 1, 21, 30, tzinfo=UTC)
"""Half past eleven in the evening in Stockholm."""


def report_of(
    session: Session,
    areas: str = "1999",
    rule: CountingRule = CountingRule.FORDELAD,
    audience: Audience = Audience.INTERNAL,
    year: int = 2005,
) -> Report:
    """A report of the register as it is."""
    return make_report(session, Question(year, rule, audience, area_set=areas), NOW)


def report_bytes(report: Report, form: str, folder: Path) -> bytes:
    """The file of a report."""
    path = folder / f"report.{form}"
    save_report(report, form, path)
    return path.read_bytes()


def register_file(
    session: Session, form: str, folder: Path, wanted: ProjectFilter | None = None, audience: Audience = Audience.OPEN
) -> Path:
    """The register as a file."""
    path = folder / f"projekt.{form}"
    save_register(session, choose(session, wanted or ProjectFilter(), audience, NOW), form, path)
    return path


def csv_rows(data: bytes) -> list[dict[str, str]]:
    """The lines of a Swedish CSV file by header."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheets(data: bytes) -> dict[str, Any]:
    """The sheets of a workbook."""
    return {sheet.title: sheet for sheet in load_workbook(io.BytesIO(data)).worksheets}


def sheet_rows(sheet: Any, first_header: str) -> list[dict[str, Any]]:
    """The lines under the header that begins with a word, by header."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    start = next(place for place, row in enumerate(rows) if row[0] == first_header)
    header = [cell for cell in rows[start] if cell is not None]
    return [dict(zip(header, row, strict=False)) for row in rows[start + 1 :] if row[0] is not None]


def ore(number: str | float) -> int:
    """Kronor of a file as whole öre: "1234,50" or 1234.5."""
    text = number.replace(",", ".") if isinstance(number, str) else repr(number)
    value = Decimal(text) * 100
    assert value == value.to_integral_value()
    return int(value)
