"""The ground under every model: the declarative base, the engine's settings, and SpatiaLite.

Two databases: SQLite with SpatiaLite (embedded, the default) and PostgreSQL with PostGIS.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from enum import StrEnum
from types import ModuleType
from typing import Any

from sqlalchemy import DateTime, Engine, Enum, MetaData, String, event
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.exc import DBAPIError, OperationalError, PendingRollbackError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from tracker.errors import DomainError

BUSY_TIMEOUT_MILLISECONDS = 15_000
BEGIN_KIND = "sqlite_begin"
FULL_WORDS = ("disk is full", "no space left on device", "disk quota exceeded")
"""How SQLite, PostgreSQL and the system say it."""
LOST_WORDS = ("terminating connection", "closed the connection", "connection is lost", "connection is closed")


class Base(DeclarativeBase):
    """Base of all models; constraint names are fixed so that migrations can name them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class SpatialiteMissingError(DomainError):
    """SpatiaLite cannot be loaded; the message says which package brings it."""


def sqlite_driver() -> ModuleType:
    """The one SQLite driver of this process: the standard one if it loads extensions, else pysqlite3.

    Many python3 builds leave `enable_load_extension` out. Two drivers in one process must be avoided: each
    brings its own SQLite, and mod_spatialite binds to the first.
    """
    if hasattr(sqlite3.Connection, "enable_load_extension"):
        return sqlite3
    try:
        from pysqlite3 import dbapi2
    except ImportError as error:
        raise SpatialiteMissingError(
            "Den här python3 kan inte ladda SQLite-tillägg och paketet pysqlite3 saknas. Använd systemets python3 "
            "(Debian: python3) eller PostGIS genom DATABASE_URL."
        ) from error
    module: ModuleType = dbapi2
    return module


def engine_options(url: str) -> dict[str, Any]:
    """Arguments of `create_engine` for a DATABASE_URL of either kind.

    An error does not repeat the values of its statement: they can be confidential, and errors are logged.
    """
    if make_url(url).get_backend_name() != "sqlite":
        return {"pool_pre_ping": True, "hide_parameters": True}
    return {
        "hide_parameters": True,
        "module": sqlite_driver(),
        "connect_args": {"timeout": BUSY_TIMEOUT_MILLISECONDS / 1000},
    }


def prepare_engine(engine: Engine, spatialite_path: str = "") -> None:
    """Teach an engine what the register needs of each new connection."""
    if engine.dialect.name == "sqlite":
        library = spatialite_path or "mod_spatialite"
        event.listen(engine, "connect", lambda connection, _record: _open_sqlite(connection, library))
        event.listen(engine, "begin", _begin_sqlite)


def _open_sqlite(connection: Any, library: str) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    connection.enable_load_extension(True)
    try:
        connection.load_extension(library)
    except Exception as error:
        raise SpatialiteMissingError(
            "SpatiaLite kan inte laddas. Installera det (Debian/Ubuntu: apt-get install libsqlite3-mod-spatialite; "
            "macOS: brew install libspatialite) eller ange filen i SPATIALITE_LIBRARY_PATH, "
            "eller använd PostGIS genom DATABASE_URL."
        ) from error
    connection.enable_load_extension(False)
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MILLISECONDS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA recursive_triggers=ON")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    kind = connection.get_execution_options().get(BEGIN_KIND, "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {kind}")


def begin_writing(session: Session) -> None:
    """Open the session's transaction as a writing one.

    On SQLite a transaction that reads first and writes later fails at once when another writer came between,
    whatever the timeout; BEGIN IMMEDIATE waits its turn instead. PostgreSQL needs nothing.
    """
    if not session.in_transaction():
        session.connection(execution_options={BEGIN_KIND: "IMMEDIATE"})


def is_sqlite(session: Session) -> bool:
    """Whether this session speaks to SpatiaLite; for the few places where the two databases differ."""
    return session.get_bind().dialect.name == "sqlite"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, aware in Python on both databases (SQLite would give it back without a zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def text_enum(members: type[StrEnum]) -> Enum:
    """A column that keeps the values of a StrEnum as text, readable in any client."""
    return Enum(
        members,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda kind: [member.value for member in kind],
    )


def database_errors() -> tuple[type[Exception], ...]:
    """What a database refuses with: through SQLAlchemy, and from the drivers themselves, which write many rows."""
    import psycopg

    return (DBAPIError, PendingRollbackError, sqlite_driver().Error, psycopg.Error)


def database_reason(error: Exception) -> str:
    """What an operator can do about a database that is not there or not migrated, in Swedish; else empty."""
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    if "no such table" in said or ("does not exist" in said and "relation" in said):
        return "Databasen är inte uppdaterad. Kör portfoljkartan migrate."
    if "no such column" in said or ("does not exist" in said and "column" in said):
        return "Databasen hör till en annan version. Kör portfoljkartan migrate."
    if "database is locked" in said:
        return "Databasen är upptagen: någon annan skriver i den sedan länge. Inget är sparat. Försök igen om en stund."
    if any(word in said.lower() for word in FULL_WORDS):
        return "Disken är full: databasen kan inte skrivas. Inget är halvt sparat. Frigör utrymme och gör om."
    if isinstance(error, PendingRollbackError) or any(word in said for word in LOST_WORDS):
        return "Anslutningen till databasen bröts. Inget är halvt sparat. Gör om när databasen är i gång."
    if any(kind.__name__ == OperationalError.__name__ for kind in type(error).__mro__):
        return f"Databasen nås inte: {said.strip().splitlines()[0]}"
    return ""


class WordList(TypeDecorator[list[str]]):
    """A short list of words, kept as JSON text, so that an index can hold it on both databases."""

    impl = String(100)
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> list[str] | None:  # noqa: ARG002
        return None if value is None else json.loads(value)
