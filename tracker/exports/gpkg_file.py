"""A GeoPackage that is filled a block at a time.

GDAL makes each table with everything that the standard wants of it; the rows go in by SQLite itself, and the index of
places is filled beside them. A driver that appends opens the file anew for each block and runs a trigger for each row.
"""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyogrio.raw
import shapely

from tracker.apportion import IntArray
from tracker.geo.crs import STORAGE_SRID, GeometryArray

GEOMETRY = "geom"
FloatArray = npt.NDArray[np.float64]
OLD_ENOUGH = "1.2"
"""The version of the standard that every program in use reads without a remark."""
_LITTLE_ENDIAN, _WITH_ENVELOPE = 0x01, 0x02
_QUICK = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", "cache_size=-8000")
"""The file is written beside its goal: one that breaks off is thrown away."""
_ALL_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_EMPTY: Mapping[type[object], np.dtype[Any]] = {
    str: np.dtype(object),
    int: np.dtype(np.int64),
    float: np.dtype(np.float64),
    bool: np.dtype(np.bool_),
    date: np.dtype("datetime64[D]"),
}
_DATA_COLUMNS = """CREATE TABLE gpkg_data_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
    constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name))"""
_CONSTRAINTS = """CREATE TABLE gpkg_data_column_constraints (
    constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
    max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value))"""
_STYLES = """CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
    f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
    useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME)"""
_EXTENSIONS = """CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))"""
SCHEMA_DEFINITION = "http://www.geopackage.org/spec121/#extension_schema"
StyleRow = tuple[str, str, str, str, str, str, int, str, str, str]
"""The columns of layer_styles without id, styleSLD and ui."""


@dataclass(frozen=True, slots=True)
class Table:
    """A layer, or (without a type of geometry) a table: its fields are name → header, type."""

    name: str
    about: str
    fields: Mapping[str, tuple[str, type[Any]]]
    geometry_type: str | None = None


@dataclass(slots=True)
class _State:
    table: Table
    rows: int = 0
    bounds: list[float] = field(default_factory=lambda: [np.inf, np.inf, -np.inf, -np.inf])


class GeoPackage:
    """Use as a context; `insert` makes a table when it is first named. Geometries are EPSG:3011."""

    def __init__(self, path: Path, produced: datetime) -> None:
        self._path, self._produced = path, produced
        self._states: dict[str, _State] = {}
        self._triggers: list[str] = []
        self._file: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    @property
    def tables(self) -> list[Table]:
        """Those that have been made."""
        return [state.table for state in self._states.values()]

    def insert(self, table: Table, rows: Iterable[Sequence[Any]], shapes: GeometryArray | None = None) -> None:
        """Add rows, as cells in the order of the fields; for a layer with the shape of each, or None for it."""
        if table.name not in self._states:
            self._make(table)
        state, file = self._states[table.name], self._opened()
        if shapes is not None:
            numbers = range(state.rows + 1, state.rows + 1 + len(shapes))
            bounds = shapely.bounds(shapes)
            self._index(state, np.array(numbers), bounds)
            rows = (
                (number, blob, *row) for number, blob, row in zip(numbers, _blobs(shapes, bounds), rows, strict=True)
            )
        state.rows += file.executemany(_insertion(table), rows).rowcount

    def _index(self, state: _State, numbers: IntArray, bounds: FloatArray) -> None:
        """Rows of the index of places: number, west, east, south, north."""
        located = ~np.isnan(bounds[:, 0])
        if not located.any():
            return
        boxes = bounds[located]
        self._opened().executemany(
            f"INSERT INTO rtree_{state.table.name}_{GEOMETRY} VALUES (?, ?, ?, ?, ?)",  # noqa: S608 - our own names
            zip(numbers[located].tolist(), *boxes[:, [0, 2, 1, 3]].T.tolist(), strict=True),
        )
        state.bounds[:2] = np.minimum(state.bounds[:2], boxes[:, :2].min(axis=0)).tolist()
        state.bounds[2:] = np.maximum(state.bounds[2:], boxes[:, 2:].max(axis=0)).tolist()

    def finish(self, styles: Sequence[StyleRow]) -> None:
        """Write what the file says of itself, and put back what keeps its index when somebody edits it."""
        file = self._opened()
        for state in self._states.values():
            self._sum_up(file, state)
        _write_names(file, self.tables)
        self._write_styles(file, styles)
        for trigger in self._triggers:
            file.execute(trigger)
        self._close()

    def _make(self, table: Table) -> None:
        self._close()
        pyogrio.raw.write(
            str(self._path),
            np.array([], dtype=object) if table.geometry_type else None,
            [np.array([], dtype=_EMPTY[kind]) for _, kind in table.fields.values()],
            list(table.fields),
            layer=table.name,
            driver="GPKG",
            geometry_type=table.geometry_type,
            crs=f"EPSG:{STORAGE_SRID}" if table.geometry_type else None,
            append=False,
            encoding="UTF-8",
            layer_metadata={"DESCRIPTION": table.about},
            layer_options={"GEOMETRY_NAME": GEOMETRY} if table.geometry_type else None,
            dataset_options=None if self._states else {"VERSION": OLD_ENOUGH},
        )
        self._states[table.name] = _State(table)

    def _opened(self) -> sqlite3.Connection:
        if self._file is None:
            self._file = sqlite3.connect(self._path, isolation_level=None)
            for word in _QUICK:
                self._file.execute(f"PRAGMA {word}")
            self._file.execute("BEGIN")
            for name, statement in self._file.execute(_ALL_TRIGGERS).fetchall():
                self._file.execute(f'DROP TRIGGER "{name}"')
                self._triggers.append(statement)
        return self._file

    def _close(self) -> None:
        if self._file is not None:
            if self._file.in_transaction:
                self._file.execute("COMMIT")
            self._file.close()
            self._file = None

    def _sum_up(self, file: sqlite3.Connection, state: _State) -> None:
        name, moment = state.table.name, _moment(self._produced)
        box = state.bounds if np.isfinite(state.bounds).all() else [None] * 4
        file.execute(
            "UPDATE gpkg_contents SET last_change=?, min_x=?, min_y=?, max_x=?, max_y=?, description=?"
            " WHERE table_name=?",
            (moment, *box, state.table.about, name),
        )
        file.execute("UPDATE gpkg_ogr_contents SET feature_count=? WHERE table_name=?", (state.rows, name))

    def _write_styles(self, file: sqlite3.Connection, styles: Sequence[StyleRow]) -> None:
        file.execute(_STYLES)
        file.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,"
            " styleQML, useAsDefault, description, owner, update_time) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            styles,
        )
        file.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)"
            " VALUES ('layer_styles', 'attributes', 'layer_styles', 'Stilar för QGIS', ?)",
            (_moment(self._produced),),
        )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _insertion(table: Table) -> str:
    names = [f'"{name}"' for name in (*(("fid", GEOMETRY) if table.geometry_type else ()), *table.fields)]
    # The names are ours, from the tables of this module; what is written is bound.
    return f'INSERT INTO "{table.name}" ({", ".join(names)}) VALUES ({", ".join("?" * len(names))})'  # noqa: S608


def _blobs(shapes: GeometryArray, places: FloatArray) -> Iterable[bytes | None]:
    """Geometries as the standard stores them: a head with the system, the envelope of all but points, and WKB."""
    head = struct.pack("<2sBBi", b"GP", 0, _LITTLE_ENDIAN | _WITH_ENVELOPE, STORAGE_SRID)
    short = struct.pack("<2sBBi", b"GP", 0, _LITTLE_ENDIAN, STORAGE_SRID)
    boxes = places[:, [0, 2, 1, 3]].astype("<f8").tobytes()
    points = (shapely.get_type_id(shapes) == shapely.GeometryType.POINT).tolist()
    texts = shapely.to_wkb(shapes, output_dimension=2, byte_order=1, flavor="iso")
    for row, (wkb, point) in enumerate(zip(texts, points, strict=True)):
        if wkb is None:
            yield None
        else:
            yield short + wkb if point else head + boxes[row * 32 : row * 32 + 32] + wkb


def _write_names(file: sqlite3.Connection, tables: Sequence[Table]) -> None:
    """The fields' names for people, as the standard's schema extension keeps them."""
    for statement in (_EXTENSIONS, _DATA_COLUMNS, _CONSTRAINTS):
        file.execute(statement)
    file.executemany(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)",
        [(table.name, name, label, label) for table in tables for name, (label, _) in table.fields.items()],
    )
    for name in ("gpkg_data_columns", "gpkg_data_column_constraints"):
        file.execute(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_schema', ?, 'read-write')", (name, SCHEMA_DEFINITION)
        )
