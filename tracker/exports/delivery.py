"""One way out for every export: format → writer, media type and file name."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from tracker.errors import DomainError
from tracker.exports import csv, geo, oc4ids, xlsx
from tracker.exports.register import Extract
from tracker.exports.register_tables import register_table
from tracker.exports.report import Report

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "gpkg": "application/geopackage+sqlite3",
    "json": "application/json",
}
REPORT_FORMATS = ("xlsx", "csv")
REGISTER_FORMATS = ("geojson", "gpkg", "csv", "xlsx")
"""Those that come in again by an import."""
OFFERED_FORMATS = (*REGISTER_FORMATS, "oc4ids")
ENDINGS = {"oc4ids": "oc4ids.json"}
"""Of file names, where it is not the format's own word."""


def save_report(report: Report, form: str, path: Path) -> None:
    """Write a contribution report to `path`; half a file is never left there."""
    _replace(path, lambda part: _write_report(report, form, part))


def save_register(session: Session, extract: Extract, form: str, path: Path) -> None:
    """Write an extract of the register to `path`; half a file is never left there."""
    _replace(path, lambda part: _write_register(session, extract, form, part))


def _write_report(report: Report, form: str, path: Path) -> None:
    if form == "xlsx":
        with path.open("wb") as file:
            xlsx.write_contribution(report, file)
    else:
        with path.open("w", encoding=csv.ENCODING, newline="") as text:
            csv.write_contribution(report, text)


def _write_register(session: Session, extract: Extract, form: str, path: Path) -> None:
    if form == "gpkg":
        geo.write_geopackage(session, extract, path)
    elif form == "geojson":
        with path.open("wb") as file:
            geo.write_geojson(session, extract, file)
    elif form == "oc4ids":
        with path.open("wb") as file:
            oc4ids.write_package(session, extract, file)
    elif form == "xlsx":
        with path.open("wb") as file:
            table = register_table(session, extract, longest=xlsx.CELL_CHARACTERS)
            xlsx.write_table(table, extract.about, extract.produced, file)
    else:
        table = register_table(session, extract)
        with path.open("w", encoding=csv.ENCODING, newline="") as text:
            csv.write_lines(table.fields, table.lines, text)


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside the goal and then rename: whoever reads it meets the old file or the whole new one."""
    try:
        with tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as folder:
            part = Path(folder) / path.name
            write(part)
            os.replace(part, path)
    except OSError as error:
        raise DomainError(f"Filen {path} kan inte skrivas: {error.strerror or error}.") from error
