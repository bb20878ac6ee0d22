"""Writing many rows at once, column by column: COPY on PostgreSQL, executemany on SQLite.

Above this line there is one code path for both databases. Nothing here commits.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

import numpy as np
import shapely
from geoalchemy2 import Geometry
from sqlalchemy import JSON, Boolean, Column, Connection, Dialect, Enum, Table, delete, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.database import Base, WordList, is_sqlite
from tracker.geo.crs import STORAGE_SRID

BLOCK_ROWS = 5_000
_UNSEEN = {"synchronize_session": False}
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Same:
    """One value for every row of a column."""

    value: object


Values = Sequence[Any] | np.ndarray[Any, Any] | Same
"""A column's values: Python values, a numpy array, or one value for all rows.

A geometry column takes shapely geometries in EPSG:3011 or None; a JSON column and a WordList take ready-made JSON text.
"""


Rows = list[tuple[Table, dict[str, Values]]]
"""Columns by table, in the order in which they must be written."""


def insert_columns(session: Session, table: Table, columns: Mapping[str, Values]) -> int:
    """Insert rows given as columns of one length, and return how many; columns left out must be nullable.

    Defaults of the model are not applied: every column that has one is given here.
    """
    session.flush()
    return write_columns(session.connection(), table, columns)


def write_columns(connection: Connection, table: Table, columns: Mapping[str, Values]) -> int:
    """The same on the session's connection, for a thread of its own; the session must have been flushed."""
    lengths = {len(values) for values in columns.values() if not isinstance(values, Same)}
    if len(lengths) != 1:
        raise ValueError("the columns of a bulk insert must have one length")
    (count,) = lengths
    if count:
        chosen = [table.c[name] for name in columns]
        write = _executemany if connection.dialect.name == "sqlite" else _copy
        write(connection, table, chosen, list(columns.values()), count)
    return count


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keep the collector of reference cycles away from a hundred thousand rows of tuples, which have none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def write_batches(session: Session, batches: Iterable[Rows], progress: Callable[[int], None] = lambda _: None) -> None:
    """Insert batch after batch: one is made ready while the database takes the one before it.

    The other thread has the connection to itself; whoever makes the batches must not use the session. `progress`
    is told the number of rows of each batch's first table when they are written.
    """
    session.flush()
    connection = session.connection()
    writing: Future[int] | None = None
    with without_collecting(), ThreadPoolExecutor(1) as writer:
        for rows in batches:
            if writing is not None:
                progress(writing.result())
            writing = writer.submit(_write_rows, connection, rows)
        if writing is not None:
            progress(writing.result())


def _write_rows(connection: Connection, rows: Rows) -> int:
    counts = [write_columns(connection, table, columns) for table, columns in rows]
    return counts[0]


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - for the type checker
    return table


def columns_of(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> dict[str, Values]:
    """Rows turned into named columns."""
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def reserve_ids(session: Session, table: Table, count: int) -> list[int]:
    """That many new ids, in ascending order, for rows that are about to be inserted into `table`.

    On SQLite the caller holds the write lock (`begin_writing`), so that nobody else takes the same ids.
    """
    if is_sqlite(session):
        newest = session.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0
        return list(range(newest + 1, newest + 1 + count))
    sequence = session.scalar(select(func.pg_get_serial_sequence(f'"{table.name}"', "id")))
    statement = text("SELECT nextval(cast(:sequence AS regclass)) FROM generate_series(1, :count)")
    return sorted(session.scalars(statement, {"sequence": sequence, "count": count}))


def delete_for(session: Session, column: InstrumentedAttribute[int], ids: Iterable[int]) -> None:
    """Delete the rows whose `column` is one of `ids`, some thousand at a time."""
    for block in blocks(ids):
        session.execute(delete(column.class_).where(column.in_(block)).execution_options(**_UNSEEN))


def blocks(items: Iterable[int], size: int = BLOCK_ROWS) -> Iterator[list[int]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while block := list(islice(rest, size)):
        yield block


def _executemany(
    connection: Connection, table: Table, chosen: list[Column[Any]], values: list[Values], count: int
) -> None:
    dialect = connection.dialect
    marks = ", ".join(f"GeomFromWKB(?, {STORAGE_SRID})" if _is_geometry(column) else "?" for column in chosen)
    names = ", ".join(f'"{column.name}"' for column in chosen)
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own model
    ready = [_for_sqlite(column, part, count, dialect) for column, part in zip(chosen, values, strict=True)]
    cursor: Any = connection.connection.cursor()
    cursor.executemany(statement, zip(*ready, strict=True))
    cursor.close()


def _for_sqlite(column: Column[Any], values: Values, count: int, dialect: Dialect) -> list[Any]:
    if isinstance(values, Same):
        return _for_sqlite(column, [values.value], 1, dialect) * count
    if _is_geometry(column):
        return list(shapely.to_wkb(np.asarray(values, dtype=object)))
    listed = _listed(values)
    process = None if isinstance(column.type, JSON | WordList) else _bind_processor(column, dialect)
    return listed if process is None else [process(value) for value in listed]


def _copy(connection: Connection, table: Table, chosen: list[Column[Any]], values: list[Values], count: int) -> None:
    dialect = connection.dialect
    names = ", ".join(f'"{column.name}"' for column in chosen)
    raw: Any = connection.connection.driver_connection
    with raw.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for start in range(0, count, BLOCK_ROWS):
            stop = min(start + BLOCK_ROWS, count)
            fields = [
                _for_copy(column, part, slice(start, stop), dialect)
                for column, part in zip(chosen, values, strict=True)
            ]
            copy.write("\n".join(map("\t".join, zip(*fields, strict=True))) + "\n")


def _for_copy(column: Column[Any], values: Values, rows: slice, dialect: Dialect) -> list[str]:
    """The fields of some rows in the text format of COPY."""
    if isinstance(values, Same):
        (field,) = _for_copy(column, [values.value], slice(0, 1), dialect)
        return [field] * (rows.stop - rows.start)
    part: Any = values[rows]
    if _is_geometry(column):
        # PostGIS gives a shape that names no system the one of its column.
        return ["\\N" if wkb is None else wkb.hex() for wkb in shapely.to_wkb(np.asarray(part, dtype=object))]
    return _fields(column, _listed(part), dialect)


def _fields(column: Column[Any], values: list[Any], dialect: Dialect) -> list[str]:
    """Values of one column, all of one Python type or None, as COPY writes them."""
    process = None if isinstance(column.type, JSON | WordList) else _bind_processor(column, dialect)
    if isinstance(column.type, Enum | Boolean):
        known = {value: _field(value if process is None or value is None else process(value)) for value in set(values)}
        return [known[value] for value in values]
    if process is not None:
        values = [process(value) for value in values]
    sample = next((value for value in values if value is not None), None)
    if isinstance(sample, str):
        return _texts(values)
    if type(sample) in (int, float) and None not in values:
        return list(map(repr, values))
    return [_field(value) for value in values]


def _texts(values: list[Any]) -> list[str]:
    """Most columns have nothing to escape: one look at them all is cheaper than a look at each."""
    if None not in values:
        joined = "".join(values)
        if not any(mark in joined for mark in "\\\t\n\r"):
            return values
    return [_field(value) for value in values]


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date):
        return str(value.isoformat())
    return str(value).translate(_ESCAPES)


def _listed(values: Sequence[Any] | np.ndarray[Any, Any]) -> list[Any]:
    """Plain Python values: a database driver does not know numpy's."""
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def _bind_processor(column: Column[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    return column.type.dialect_impl(dialect).bind_processor(dialect)


def _is_geometry(column: Column[Any]) -> bool:
    return isinstance(column.type, Geometry)
