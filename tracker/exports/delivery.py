"""One way out for every export: written beside its goal, then put in place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from flask_babel import force_locale
from sqlalchemy.orm import Session

from tracker.exports import csv, xlsx
from tracker.exports.geo import Progress
from tracker.exports.register import Extract
from tracker.exports.register_formats import FORMATS, Write
from tracker.exports.report import Report
from tracker.storage import StorageError, full_text, is_full, refusal

MEDIA_TYPES = {one.ending.rpartition(".")[2]: one.media_type for one in FORMATS.values()}
"""By the last part of a file's name."""
REPORT_FORMATS = ("xlsx", "csv")
REGISTER_FORMATS = ("geojson", "gpkg", "csv", "xlsx")
"""Those that come in again by an import."""
OFFERED_FORMATS = tuple(FORMATS)
ENDINGS = {one.word: one.ending for one in FORMATS.values()}
"""Of file names, by format."""


def save_report(report: Report, form: str, path: Path) -> None:
    """Write a contribution report to `path`; half a file is never left there."""
    _replace(path, lambda part: _write_report(report, form, part))


def save_register(
    session: Session,
    extract: Extract,
    form: str,
    path: Path,
    progress: Progress = lambda _: None,
    write: Write | None = None,
) -> None:
    """Write an extract of the register to `path`; half a file is never left there.

    `progress` is told how many projects are done since the last time; `write` takes the place of the format's own way.
    """
    make = write or FORMATS[form].write
    _replace(path, lambda part: make(session, extract, part, progress))


def _write_report(report: Report, form: str, path: Path) -> None:
    if form == "xlsx":
        with path.open("wb") as file:
            xlsx.write_contribution(report, file)
    else:
        with path.open("w", encoding=csv.ENCODING, newline="") as text:
            csv.write_contribution(report, text)


def _replace(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside the goal and then rename: whoever reads it meets the old file or the whole new one.

    Files are Swedish, whatever language their reader's pages have.
    """
    try:
        with force_locale("sv"), tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as folder:
            part = Path(folder) / path.name
            write(part)
            os.replace(part, path)
    except OSError as error:
        raise StorageError(refusal(error, path)) from error
    except RuntimeError as error:  # GDAL's, in the words of the database that a GeoPackage is
        if not is_full(error):
            raise
        raise StorageError(full_text(path)) from error
