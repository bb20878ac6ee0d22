"""Making a backup, and reading one through."""

from __future__ import annotations

import shutil
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from tracker.backup import lite, postgres
from tracker.backup.manifest import DATABASE_PARTS, POSTGRESQL, SQLITE, TEMPLATE_PART, Manifest
from tracker.backup.packing import check, opened, pack, part_of, unpack
from tracker.backup.postgres_restore import check_readable
from tracker.backup.tables import count_rows, trigger_names
from tracker.errors import DomainError
from tracker.schema_versions import current_revision
from tracker.storage import put_in_place, refuse_existing, storage_faults, working_folder

PREFIX = ".sakerhetskopia-"
_SERVER = {SQLITE: "SELECT sqlite_version()", POSTGRESQL: "SHOW server_version"}


def make_backup(
    engine: Engine,
    path: Path,
    now: datetime,
    spatialite: str = "",
    template: Path | None = None,
    *,
    force: bool = False,
) -> Manifest:
    """Write the whole register, as it is at one moment while others work, to `path`; what was written.

    `template` is the city's own for reports. Raises ConflictError for a file that is there, StorageError when it cannot
    be written, ProgramError without PostgreSQL's own programs. Whatever is raised, no half file is left.
    """
    refuse_existing(path, force=force)
    with storage_faults(path), working_folder(path.absolute().parent, PREFIX) as folder:
        files = {DATABASE_PARTS[engine.dialect.name]: folder / "databas"}
        manifest = _copied(engine, next(iter(files.values())), now, spatialite)
        if template is not None:
            files[TEMPLATE_PART] = Path(shutil.copyfile(template, folder / "mall"))
        made = Manifest(
            version("portfoljkartan"), manifest.revision, manifest.database, manifest.database_version, now,
            manifest.tables, manifest.triggers, {name: part_of(one) for name, one in files.items()},
        )  # fmt: skip
        part = folder / "kopia"
        pack(part, made, files)
        put_in_place(part, path, force=force)
    return made


def _copied(engine: Engine, target: Path, now: datetime, spatialite: str) -> Manifest:
    """The database in a file, and what is in that very file."""
    if engine.dialect.name == SQLITE:
        lite.copy_out(engine, target)
        copy = lite.open_file(target, spatialite)
        with copy.connect() as connection:
            found = _described(connection, now)
        copy.dispose()
        lite.settle(target)
        return found
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        found = _described(connection, now)
        postgres.dump(connection, target)
        return found


def _described(connection: Connection, now: datetime) -> Manifest:
    revision = current_revision(connection)
    if not revision:
        raise DomainError("Databasen är tom: det finns inget att säkerhetskopiera.")
    kind = connection.dialect.name
    server = str(connection.scalar(text(_SERVER[kind])))
    return Manifest("", revision, kind, server, now, count_rows(connection), tuple(trigger_names(connection)), {})


def verify_backup(path: Path, engine: Engine, spatialite: str = "") -> Manifest:
    """Read a backup through: every sum, and the database in it as far as it can be read without being restored.

    Raises RefusedFileError for a damaged one. A dump is listed by pg_restore where the engine is PostgreSQL's.
    """
    with opened(path) as (packed, manifest):
        check(packed, manifest)
        with storage_faults(path), working_folder(path.absolute().parent, PREFIX) as folder:
            if manifest.database == SQLITE:
                unpacked = unpack(packed, manifest, manifest.database_part, folder / "databas")
                copy = lite.open_file(unpacked, spatialite)
                lite.check_whole(copy)
                copy.dispose()
            elif engine.dialect.name == POSTGRESQL:
                dump = unpack(packed, manifest, manifest.database_part, folder / "databas")
                with engine.connect() as connection:
                    check_readable(connection, dump)
        return manifest
