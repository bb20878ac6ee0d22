"""PostgreSQL's own programs: finding those that fit the server, and dumping what one transaction sees."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo
from sqlalchemy import Connection, text

from tracker.database import FULL_WORDS
from tracker.errors import DomainError
from tracker.storage import StorageError, full_text

FOLDERS = "/usr/lib/postgresql"
"""Where Debian keeps the programs of each version."""
_VERSION = re.compile(r"\b(\d+)(?:\.\d+|beta\d*|rc\d*|devel)")


class ProgramError(DomainError):
    """A program of PostgreSQL's that is missing, too old, or fails."""


def find_program(name: str, server: int) -> str:
    """The path of `pg_dump` or `pg_restore` of the server's version or later, the nearest. Raises ProgramError."""
    there = {path: version for path in _candidates(name) if (version := _version_of(path))}
    fitting = {path: version for path, version in there.items() if version >= server}
    if fitting:
        return min(fitting, key=lambda path: fitting[path])
    had = f" Här finns bara version {max(there.values())}." if there else ""
    raise ProgramError(
        f"{name} av version {server} eller senare saknas på den här datorn (Debian: postgresql-client-{server})."
        f"{had} Utan det kan PostgreSQL varken säkerhetskopieras eller återställas härifrån."
    )


def _candidates(name: str) -> list[str]:
    found = shutil.which(name)
    folders = Path(FOLDERS)
    own = sorted(str(path) for path in folders.glob(f"*/bin/{name}")) if folders.is_dir() else []
    return [*([found] if found else []), *own]


def _version_of(path: str) -> int:
    """The major version; 0 for what does not answer."""
    try:
        # A fixed program, and paths of ours.
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, no shell
            [path, "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = _VERSION.search(done.stdout)
    return int(found[1]) if found else 0


def server_version(connection: Connection) -> int:
    """The server's major version."""
    return int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000


def dump(connection: Connection, target: Path) -> None:
    """Write what the connection's transaction sees to `target`, in PostgreSQL's custom format.

    The transaction has to be REPEATABLE READ, so that the rows that were counted in it are those of the dump.
    """
    program = find_program("pg_dump", server_version(connection))
    snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
    schema = connection.scalar(text("SELECT current_schema()"))
    command = [
        program, "--format=custom", "--no-owner", "--no-acl", "--no-password", f"--schema={schema}",
        f"--snapshot={snapshot}", f"--file={target}",
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, no shell
        [*command, f"--dbname={dsn(connection)}"], capture_output=True, text=True, env=environment(connection),
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise failed("pg_dump", done.stderr, target)


def failed(program: str, said: str, where: Path) -> DomainError:
    """Why a program failed, in its own last words; a full disk in ours."""
    if any(word in said.lower() for word in FULL_WORDS):
        return StorageError(full_text(where))
    lines = [line for line in said.strip().splitlines() if line.strip()]
    return ProgramError(f"{program} misslyckades: {lines[-1] if lines else 'utan att säga varför'}")


def dsn(connection: Connection) -> str:
    """How libpq reaches the same database; without the password, which others could read in the list of processes.

    From what the settings say alone: our driver's libpq is often later than that of the programs, which do not know
    the options that it fills in.
    """
    return make_conninfo("", **{name: value for name, value in _asked(connection).items() if name != "password"})


def environment(connection: Connection) -> Mapping[str, str]:
    """This process's own, with the password, and messages in English, which `failed` reads."""
    password = _asked(connection).get("password")
    return {**os.environ, "LC_MESSAGES": "C", **({"PGPASSWORD": str(password)} if password else {})}


def _asked(connection: Connection) -> dict[str, Any]:
    """What DATABASE_URL says, in libpq's words."""
    known = {one.keyword.decode() for one in Conninfo.get_defaults()}
    _args, asked = connection.dialect.create_connect_args(connection.engine.url)
    return {name: value for name, value in asked.items() if name in known}
