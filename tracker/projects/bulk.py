"""Writing many rows at once, column by column: binary COPY on PostgreSQL, executemany on SQLite.

Above this line there is one code path for both databases; `encoding.py` holds what differs. Nothing here commits.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, delete, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.database import Base, is_sqlite
from tracker.history.revision import note_write
from tracker.projects.encoding import (
    BLOCK_ROWS,
    Same,
    Values,
    copy_blocks,
    copy_statement,
    row_count,
    sqlite_rows,
    sqlite_statement,
)

__all__ = [
    "BLOCK_ROWS",
    "Rows",
    "Same",
    "Values",
    "blocks",
    "columns_of",
    "delete_for",
    "insert_columns",
    "reserve_ids",
    "table_of",
    "without_collecting",
    "write_batches",
]

_UNSEEN = {"synchronize_session": False}

Rows = list[tuple[Table, dict[str, Values]]]
"""Columns by table, in the order in which they must be written."""


def insert_columns(session: Session, table: Table, columns: Mapping[str, Values]) -> int:
    """Insert rows given as columns of one length, and return how many; columns left out must be nullable.

    Defaults of the model are not applied: every column that has one is given here.
    """
    session.flush()
    connection = session.connection()
    ready = _make_ready(connection, table, columns)
    _send(connection, ready)
    return ready.count


@dataclass(frozen=True, slots=True)
class _Ready:
    """Rows of one table, encoded for the database at hand."""

    statement: str
    count: int
    parts: Sequence[Any]
    """Pieces of COPY data, or rows."""


def _make_ready(connection: Connection, table: Table, columns: Mapping[str, Values]) -> _Ready:
    count = row_count(columns)
    if connection.dialect.name == "sqlite":
        return _Ready(sqlite_statement(table, columns), count, sqlite_rows(table, columns, connection.dialect))
    return _Ready(copy_statement(table, columns), count, list(copy_blocks(table, columns)) if count else ())


def _send(connection: Connection, ready: _Ready) -> None:
    if not ready.count:
        return
    note_write(connection)
    raw: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        raw.executemany(ready.statement, ready.parts)
        return
    with raw.cursor() as cursor, cursor.copy(ready.statement) as copy:
        for part in ready.parts:
            copy.write(part)


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
            ready = [_make_ready(connection, table, columns) for table, columns in rows]
            if writing is not None:
                progress(writing.result())
            writing = writer.submit(_send_all, connection, ready)
        if writing is not None:
            progress(writing.result())


def _send_all(connection: Connection, several: Sequence[_Ready]) -> int:
    for ready in several:
        _send(connection, ready)
    return several[0].count


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
