"""Reading many ready-made texts with as little as possible in between: as bytes, and without a transaction.

Text that is only passed on need not become a string and bytes again. A question that is answered by single statements
needs no BEGIN and ROLLBACK around them: the register's revision is read first, so what is read later is never older.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, LargeBinary, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from tracker.history.revision import revision_now

_READERS: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()
_LOCK = Lock()

BINARY = {"binary_results": True}
"""Execution options of a statement whose answer the driver should take in PostgreSQL's binary form."""


class Utf8(FunctionElement[bytes]):
    """A text as bytes in UTF-8."""

    inherit_cache = True
    type = LargeBinary()
    name = "utf8"

    def __init__(self, text: Any) -> None:
        super().__init__(text)


@compiles(Utf8, "postgresql")
def _postgresql(element: Utf8, compiler: SQLCompiler, **kw: Any) -> str:
    return f"convert_to({compiler.process(element.clauses, **kw)}, 'UTF8')"


@compiles(Utf8, "sqlite")
def _sqlite(element: Utf8, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS BLOB)"


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for a request that writes nothing; on PostgreSQL each of its statements stands alone."""
    with Session(reader_of(engine)) as session:
        yield session


def reader_of(engine: Engine) -> Engine:
    """Connections of its own, which neither begin transactions nor are tried before each use."""
    if engine.dialect.name != "postgresql":
        return engine
    with _LOCK:
        if engine not in _READERS:
            _READERS[engine] = alone = create_engine(engine.url, isolation_level="AUTOCOMMIT")
            event.listen(alone, "connect", _plan_each_time)
            event.listen(alone, "before_cursor_execute", _ask_for_binary)
            event.listen(engine, "engine_disposed", lambda _engine: alone.dispose())
        return _READERS[engine]


def read_revision(engine: Engine) -> int:
    """The register's, asked again when the connection was found to be broken."""
    reader = reader_of(engine)
    try:
        with reader.connect() as connection:
            return revision_now(connection)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        with reader.connect() as connection:
            return revision_now(connection)


def _plan_each_time(connection: Any, _record: Any) -> None:
    """After some runs PostgreSQL would keep one plan for every box, and a slow one."""
    connection.execute("SET plan_cache_mode = force_custom_plan")


def _ask_for_binary(
    _connection: Any, cursor: Any, _statement: str, _parameters: Any, context: Any, _executemany: bool
) -> None:
    if context.execution_options.get("binary_results"):
        cursor.format = 1
