"""Columns in the form that each database takes fastest: PostgreSQL's binary COPY, and plain rows for SQLite. Pure.

The binary format is PostgreSQL's own ("COPY", File Formats): a field is its length in four bytes, big-endian, and its
bytes; length -1 is null.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import numpy as np
import shapely
from geoalchemy2 import Geometry
from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Dialect, Enum, Float, Integer, Table

from tracker.database import UtcDateTime, WordList
from tracker.geo.crs import STORAGE_SRID

BLOCK_ROWS = 5_000
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_LENGTH = struct.Struct(">i").pack
_COUNT = struct.Struct(">h").pack


@dataclass(frozen=True, slots=True)
class Same:
    """One value for every row of a column."""

    value: object


Values = Sequence[Any] | np.ndarray[Any, Any] | Same
"""A column's values: Python values, a numpy array, or one value for all rows.

A geometry column takes shapely geometries in EPSG:3011 or None; a JSON column and a WordList take ready-made JSON text.
"""


def row_count(columns: Mapping[str, Values]) -> int:
    """How many rows the columns make. Raises ValueError when they are not equally long."""
    lengths = {len(values) for values in columns.values() if not isinstance(values, Same)}
    if len(lengths) != 1:
        raise ValueError("the columns of a bulk insert must have one length")
    return lengths.pop()


def copy_statement(table: Table, columns: Mapping[str, Values]) -> str:
    """COPY with the columns in the order that `copy_blocks` writes them: those with one value for all come last."""
    names = ", ".join(f'"{name}"' for name in _in_order(columns))
    return f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT binary)'


def copy_blocks(table: Table, columns: Mapping[str, Values]) -> Iterator[bytes]:
    """The rows in PostgreSQL's binary format, some thousand in a piece."""
    order = _in_order(columns)
    varying = [name for name in order if not isinstance(columns[name], Same)]
    shared = [(name, columns[name]) for name in order if name not in varying]
    tail = b"".join(_fields(table.c[name], [values.value])[0] for name, values in shared if isinstance(values, Same))
    head = _COUNT(len(order))
    yield HEADER
    for start in range(0, row_count(columns), BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        fields = [_fields(table.c[name], columns[name][rows]) for name in varying]  # type: ignore[index]
        yield b"".join([head + b"".join(row) + tail for row in zip(*fields, strict=True)])
    yield TRAILER


def _in_order(columns: Mapping[str, Values]) -> list[str]:
    return sorted(columns, key=lambda name: isinstance(columns[name], Same))


def _fields(column: Column[Any], values: Sequence[Any] | np.ndarray[Any, Any]) -> list[bytes]:
    """The fields of one column, length and bytes."""
    if isinstance(column.type, Geometry):
        # PostGIS gives a shape that names no system the one of its column.
        return [NULL if wkb is None else _LENGTH(len(wkb)) + wkb for wkb in shapely.to_wkb(_shapes(values))]
    write = _writer(column)
    listed = _listed(values)
    if isinstance(column.type, Enum | Boolean):
        known = {value: NULL if value is None else write(value) for value in set(listed)}
        return [known[value] for value in listed]
    if write is _write_text and None not in listed:
        return [_LENGTH(len(text)) + text for text in map(str.encode, listed)]
    return [NULL if value is None else write(value) for value in listed]


def _writer(column: Column[Any]) -> Callable[[Any], bytes]:
    kind = column.type
    if isinstance(kind, Boolean):
        return partial(struct.Struct(">i?").pack, 1)
    if isinstance(kind, BigInteger):
        return partial(struct.Struct(">iq").pack, 8)
    if isinstance(kind, Integer):
        return partial(struct.Struct(">ii").pack, 4)
    if isinstance(kind, Float):
        return partial(struct.Struct(">id").pack, 8)
    if isinstance(kind, UtcDateTime):
        return _write_moment
    return _write_day if isinstance(kind, Date) else _write_text


def _write_day(value: date) -> bytes:
    return struct.pack(">ii", 4, (value - _EPOCH.date()).days)


def _write_moment(value: datetime) -> bytes:
    since = value - _EPOCH
    return struct.pack(">iq", 8, (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


def _write_text(value: str) -> bytes:
    text = value.encode()
    return _LENGTH(len(text)) + text


def sqlite_statement(table: Table, columns: Mapping[str, Values]) -> str:
    """INSERT with one mark for each column; shapes come as WKB."""
    names = ", ".join(f'"{name}"' for name in columns)
    marks = (f"GeomFromWKB(?, {STORAGE_SRID})" if isinstance(table.c[name].type, Geometry) else "?" for name in columns)
    return f'INSERT INTO "{table.name}" ({names}) VALUES ({", ".join(marks)})'  # noqa: S608 - names of our own model


def sqlite_rows(table: Table, columns: Mapping[str, Values], dialect: Dialect) -> list[tuple[Any, ...]]:
    """The rows as the driver takes them."""
    count = row_count(columns)
    ready = [_for_sqlite(table.c[name], values, count, dialect) for name, values in columns.items()]
    return list(zip(*ready, strict=True))


def _for_sqlite(column: Column[Any], values: Values, count: int, dialect: Dialect) -> list[Any]:
    if isinstance(values, Same):
        return _for_sqlite(column, [values.value], 1, dialect) * count
    if isinstance(column.type, Geometry):
        return list(shapely.to_wkb(_shapes(values)))
    listed = _listed(values)
    if isinstance(column.type, JSON | WordList):
        return listed
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    return listed if process is None else [process(value) for value in listed]


def _shapes(values: Sequence[Any] | np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.asarray(values, dtype=object)


def _listed(values: Sequence[Any] | np.ndarray[Any, Any]) -> list[Any]:
    """Plain Python values: a database driver does not know numpy's."""
    return values.tolist() if isinstance(values, np.ndarray) else list(values)
