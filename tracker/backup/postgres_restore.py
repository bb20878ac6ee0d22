"""A dump put into a PostgreSQL database inside a transaction that is the caller's: all of it or nothing.

pg_restore only turns the dump into SQL; the rows go in by COPY on our own connection. So it is this transaction that
drops what was there, and whatever fails, the old register is as it was.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, text

from tracker.backup.postgres import failed, find_program, server_version
from tracker.backup.tables import table_names
from tracker.errors import ConflictError, DomainError

LOCK_SECONDS = 60
_LEFT_OUT = re.compile(
    rb"^\d+; \d+ \d+ "
    rb"(?:EXTENSION|COMMENT - EXTENSION|COMMENT - SCHEMA|SCHEMA|ACL|DEFAULT ACL|TABLE DATA \S+ spatial_ref_sys) "
)
"""What belongs to the server, and PostGIS's own table."""
_COPY = re.compile(rb"^COPY .+ FROM stdin;\n$")
_META = re.compile(rb"^\\(?:un)?restrict ")
"""pg_restore's word to psql, which is not SQL."""
_SETTING = re.compile(rb"^SET (\w+) = ")
_FUNCTIONS = """
    SELECT DISTINCT t.tgfoid::regprocedure::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = t.tgfoid AND d.deptype = 'e')
"""


def clear(connection: Connection, names: list[str]) -> None:
    """Drop the register's tables and the functions of their triggers. Raises ConflictError when somebody holds one."""
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
    functions = list(connection.execute(text(_FUNCTIONS)).scalars())
    if tables := ", ".join(f'"{name}"' for name in table_names(connection) if name in names):
        try:
            connection.exec_driver_sql(f"DROP TABLE {tables}")
        except Exception as error:
            if "lock timeout" in str(error):
                raise ConflictError("Databasen används. Stoppa tjänsten (eller vänta) och gör om.") from error
            raise
    for one in functions:
        connection.exec_driver_sql(f"DROP FUNCTION {one}")


def load(connection: Connection, dump: Path, folder: Path) -> None:
    """Make and fill what the dump holds. Raises ProgramError, and what the database refuses."""
    program = find_program("pg_restore", server_version(connection))
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
    wanted = folder / "innehall"
    wanted.write_bytes(b"".join(_wanted(_listing(program, dump))))
    command = [program, "--no-owner", "--no-acl", f"--use-list={wanted}", "--file=-", str(dump)]
    with (
        (folder / "pg_restore").open("w+b") as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as process,  # noqa: S603 - a fixed program
    ):
        if process.stdout is None:
            raise DomainError("pg_restore ger inget innehåll.")
        try:
            _play(connection, process.stdout)
        except BaseException:
            process.kill()
            raise
        if process.wait():
            said.seek(0)
            raise failed("pg_restore", said.read().decode("utf-8", "replace"), dump)
    connection.exec_driver_sql("RESET ALL")


def _listing(program: str, dump: Path) -> bytes:
    # A fixed program, and paths of ours.
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, no shell
        [program, "--list", str(dump)], capture_output=True, check=False
    )
    if done.returncode:
        raise failed("pg_restore", done.stderr.decode("utf-8", "replace"), dump)
    return done.stdout


def check_readable(connection: Connection, dump: Path) -> int:
    """How many things the dump lists. Raises ProgramError for what pg_restore cannot read."""
    program = find_program("pg_restore", server_version(connection))
    return sum(1 for line in _listing(program, dump).splitlines() if line and not line.startswith(b";"))


def _wanted(listing: bytes) -> Iterator[bytes]:
    for line in listing.splitlines(keepends=True):
        if not _LEFT_OUT.match(line):
            yield line


def _play(connection: Connection, lines: IO[bytes]) -> None:
    """Run the SQL as it comes; the rows between a COPY and its `\\.` are streamed, never held."""
    driver: Any = connection.connection.driver_connection
    known = _knows(connection)
    waiting: list[bytes] = []
    for line in lines:
        if _COPY.match(line):
            _run(driver, waiting)
            _copy(driver, line, lines)
        elif not _META.match(line) and known(line):
            waiting.append(line)
    _run(driver, waiting)


def _knows(connection: Connection) -> Callable[[bytes], bool]:
    """A later pg_restore sets what an earlier server has never heard of."""
    settings = {str(one).encode() for one in connection.execute(text("SELECT name FROM pg_settings")).scalars()}

    def known(line: bytes) -> bool:
        found = _SETTING.match(line)
        return found is None or found[1] in settings

    return known


def _run(driver: Any, waiting: list[bytes]) -> None:
    if sql := b"".join(waiting).strip():
        driver.execute(sql)
    waiting.clear()


def _copy(driver: Any, statement: bytes, lines: IO[bytes]) -> None:
    with driver.cursor() as cursor, cursor.copy(statement.strip().rstrip(b";")) as copy:
        for line in lines:
            if line == b"\\.\n":
                return
            copy.write(line)
