"""SQLite: a copy of a database in use, and a copy put back in one transaction.

Both by SQLite's own backup: it reads one moment of a database that others write to, and it writes into the database
that others have open, all of it or nothing. A file that is renamed over another would do neither: whoever has the old
one open goes on writing to it, and its write-ahead log would be taken for the new one's.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from tracker.backup.tables import table_names
from tracker.database import engine_options, prepare_engine, sqlite_driver
from tracker.errors import ConflictError, RefusedFileError
from tracker.storage import StorageError, full_text, is_full

_BUSY = (5, 6)
"""SQLITE_BUSY and SQLITE_LOCKED."""


def copy_out(engine: Engine, target: Path) -> None:
    """Write the database as it is at this moment to a file of its own. Raises StorageError when the disk is full."""
    raw = engine.raw_connection()
    try:
        _copy(raw.driver_connection, sqlite_driver().connect(str(target)), target, close_target=True)
    finally:
        raw.close()
    settle(target)


def put_back(source: Path, engine: Engine) -> None:
    """Let the database hold what the file holds, in one transaction of the database.

    Raises ConflictError when somebody writes to it for longer than the timeout, StorageError when the disk is full.
    """
    raw = engine.raw_connection()
    copy = sqlite_driver().connect(str(source))
    try:
        _copy(copy, raw.driver_connection, database_path(engine), close_target=False)
    finally:
        copy.close()
        raw.close()


def _copy(source: Any, target: Any, where: Path, *, close_target: bool) -> None:
    try:
        source.backup(target, progress=_refuse_waiting)
    except sqlite_driver().Error as error:
        if is_full(error):
            raise StorageError(full_text(where)) from error
        raise StorageError(f"{where} kan inte skrivas: {error}.") from error
    finally:
        if close_target:
            target.close()


def _refuse_waiting(status: int, _remaining: int, _total: int) -> None:
    """The driver would try for ever; each try has waited for the timeout already."""
    if status in _BUSY:
        raise ConflictError("Någon annan skriver i databasen. Stoppa tjänsten (eller vänta) och gör om.")


def settle(path: Path) -> None:
    """Gather a database in its one file: no log beside it."""
    connection = sqlite_driver().connect(str(path))
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    finally:
        connection.close()


def open_file(path: Path, spatialite: str = "") -> Engine:
    """An engine on a file that nobody else has."""
    url = f"sqlite:///{path}"
    engine = create_engine(url, **engine_options(url), poolclass=NullPool)
    prepare_engine(engine, spatialite)
    return engine


def check_whole(engine: Engine) -> None:
    """Raises RefusedFileError where SQLite itself finds the database damaged."""
    try:
        with engine.connect() as connection:
            said = connection.execute(text("PRAGMA integrity_check")).scalar()
            if said != "ok":
                raise RefusedFileError(f"Databasen i säkerhetskopian är skadad: {said}")
            for name in table_names(connection):
                if connection.exec_driver_sql(f'PRAGMA foreign_key_check("{name}")').first() is not None:
                    raise RefusedFileError(f"Databasen i säkerhetskopian är skadad: {name} pekar på rader som saknas.")
    except sqlite_driver().DatabaseError as error:
        raise RefusedFileError(f"Databasen i säkerhetskopian är skadad: {error}") from error


def database_path(engine: Engine) -> Path:
    """The file of an SQLite engine."""
    return Path(engine.url.database or ":memory:")
