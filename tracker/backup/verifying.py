"""Whether a restored register is the one that was backed up, and whether its guards are alive."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tracker.backup.manifest import Manifest
from tracker.backup.tables import count_rows, trigger_names
from tracker.errors import RefusedFileError
from tracker.geo.crs import STORAGE_SRID

SAMPLE = 1_000
"""Shapes of each table that are read through."""
SPATIAL = ("area", "project")
_SHAPES = "SELECT ST_SRID(geom), ST_AsBinary(geom) FROM {name} WHERE geom IS NOT NULL ORDER BY id LIMIT :rows"
_GUARDED = ("history_entry", "period_snapshot", "period_file")


def check_restored(connection: Connection, manifest: Manifest) -> None:
    """Rows of each table, triggers, and shapes. Raises RefusedFileError with the first thing that differs."""
    found = count_rows(connection)
    for name, rows in sorted(manifest.tables.items()):
        if found.get(name) != rows:
            raise RefusedFileError(
                f"Återställningen stämmer inte: {name} har {found.get(name, 0)} rader men ska ha {rows}. "
                "Registret är som det var före."
            )
    if missing := sorted(set(manifest.triggers) - set(trigger_names(connection))):
        raise RefusedFileError(f"Återställningen stämmer inte: spärren {missing[0]} saknas. Registret är som före.")
    check_guards(connection)
    for name in SPATIAL:
        if name in manifest.tables:
            _check_shapes(connection, name)


def check_guards(connection: Connection, names: Sequence[str] = _GUARDED) -> None:
    """Try to change what must never change. Raises RefusedFileError where the database lets it happen."""
    counts = count_rows(connection)
    for name in names:
        if not counts.get(name):
            continue  # on SQLite a table without rows has nothing to refuse
        try:
            with connection.begin_nested() as point:
                connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - names of our own
                point.rollback()
        except DBAPIError:
            continue
        raise RefusedFileError(f"Återställningen stämmer inte: {name} går att ändra. Registret är som det var före.")


def _check_shapes(connection: Connection, name: str) -> None:
    rows = connection.execute(text(_SHAPES.format(name=name)), {"rows": SAMPLE}).all()
    broken = [srid for srid, _shape in rows if srid != STORAGE_SRID]
    shapes = shapely.from_wkb([bytes(shape) for _srid, shape in rows if shape is not None], on_invalid="ignore")
    if broken or len(shapes) != len(rows) or any(one is None for one in shapes):
        raise RefusedFileError(f"Återställningen stämmer inte: {name} har former som inte går att läsa.")
