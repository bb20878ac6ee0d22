"""Putting a backup back: checked first, all of it or nothing, brought up to this program's schema, checked again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from tracker.backup import lite, postgres_restore
from tracker.backup.manifest import KINDS, SQLITE, TEMPLATE_PART, Manifest
from tracker.backup.packing import check, opened, unpack
from tracker.backup.tables import count_rows
from tracker.backup.verifying import check_guards, check_restored
from tracker.errors import ConflictError, RefusedFileError
from tracker.schema_versions import Step, is_known, upgrade
from tracker.storage import storage_faults, working_folder

PREFIX = ".aterstallning-"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and the migrations that brought it up to this program."""

    manifest: Manifest
    steps: tuple[Step, ...]


def rows_there(engine: Engine) -> dict[str, int]:
    """What the database holds now: table → rows; empty for one with no table of ours."""
    with engine.connect() as connection:
        return count_rows(connection)


def restore_backup(
    engine: Engine, path: Path, state: Path, spatialite: str = "", template: Path | None = None, *, replace: bool
) -> Restored:
    """Let the database hold what the backup holds. Working files lie in `state`.

    Raises RefusedFileError for a damaged file, one of the other database or of a later schema, ConflictError for a
    database that is not empty, without `replace`, and for one that somebody holds. Whatever is raised, and wherever the
    process is killed, the database is as it was before, or the whole restored one.
    """
    with opened(path) as (packed, manifest):
        _check_fits(engine, manifest, path.name)
        if rows_there(engine) and not replace:
            raise ConflictError("Databasen är inte tom. Det som finns där ersätts bara med --replace.")
        check(packed, manifest)
        with storage_faults(state), working_folder(state, PREFIX) as folder:
            source = unpack(packed, manifest, manifest.database_part, folder / "databas")
            if manifest.database == SQLITE:
                steps = _restore_sqlite(engine, source, manifest, spatialite)
            else:
                steps = _restore_postgres(engine, source, manifest, folder)
            _put_template(packed, manifest, template, folder)
    return Restored(manifest, tuple(steps))


def _check_fits(engine: Engine, manifest: Manifest, name: str) -> None:
    if manifest.database != engine.dialect.name:
        raise RefusedFileError(
            f"{name} är gjord av {KINDS[manifest.database]} men DATABASE_URL är {KINDS[engine.dialect.name]}. "
            "En säkerhetskopia återställs till samma slags databas."
        )
    if not is_known(manifest.revision):
        raise RefusedFileError(
            f"{name} har schemat {manifest.revision}, från en senare Portföljkartan ({manifest.product}). "
            "Återställ med den versionen eller en senare."
        )


def _restore_sqlite(engine: Engine, source: Path, manifest: Manifest, spatialite: str) -> list[Step]:
    """Everything is done to the copy; then the copy goes in, in one transaction."""
    copy = lite.open_file(source, spatialite)
    lite.check_whole(copy)
    with copy.connect() as connection:
        check_restored(connection, manifest)
        connection.rollback()
    steps = upgrade(copy)
    with copy.connect() as connection:
        check_guards(connection)
        expected = count_rows(connection)
        connection.rollback()
    copy.dispose()
    lite.settle(source)
    with _nothing_left(lite.database_path(engine), engine):
        lite.put_back(source, engine)
    engine.dispose()
    if rows_there(engine) != expected:
        raise RefusedFileError(
            "Återställningen stämmer inte: någon skrev i databasen samtidigt. Stoppa tjänsten, gör om."
        )
    return steps


@contextmanager
def _nothing_left(database: Path, engine: Engine) -> Iterator[None]:
    """A database that was not there before does not stay, empty, when putting it in fails."""
    empty = not rows_there(engine)
    try:
        yield
    except BaseException:
        if empty:
            engine.dispose()
            for ending in ("", "-wal", "-shm"):
                database.with_name(database.name + ending).unlink(missing_ok=True)
        raise


def _restore_postgres(engine: Engine, source: Path, manifest: Manifest, folder: Path) -> list[Step]:
    """In one transaction: the old out, the new in, checked and migrated."""
    try:
        with engine.connect() as connection, connection.begin():
            names = [*manifest.tables, *_ours()]
            postgres_restore.clear(connection, names)
            postgres_restore.load(connection, source, folder)
            check_restored(connection, manifest)
            steps = upgrade(connection)
            check_guards(connection)
    except OperationalError as error:
        if "lock timeout" in str(error):
            raise ConflictError("Databasen används. Stoppa tjänsten (eller vänta) och gör om.") from error
        raise
    finally:
        engine.dispose()  # the session's settings and prepared statements belong to the old register
    return steps


def _ours() -> list[str]:
    """The tables of this program, which an older backup does not name."""
    from tracker.schema import Base

    return list(Base.metadata.tables)


def _put_template(packed: ZipFile, manifest: Manifest, template: Path | None, folder: Path) -> None:
    """The city's own template, where the setting names a file that is gone; one that is there is left alone."""
    if TEMPLATE_PART in manifest.parts and template is not None and not template.exists():
        shutil.move(unpack(packed, manifest, TEMPLATE_PART, folder / "mall"), template)
