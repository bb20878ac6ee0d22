"""The database is held by somebody else for longer than we wait, or goes away in the middle of a command."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cli.test_backup import content_at
from tests.imports.files import write_csv
from tests.shell import SECRET, run
from tracker.database import sqlite_driver

IMPATIENT = """
from tracker import database
database.BUSY_TIMEOUT_MILLISECONDS = 50
from tracker.cli import main
main()
"""
"""The console script, which waits for 50 ms where it would wait for 15 s."""
TERMINATED = """
from sqlalchemy import create_engine, text
from tracker.imports import apply
from tracker.cli import main
write = apply.new_rows

def lose(*given, **named):
    made = write(*given, **named)
    from tracker.extensions import db
    pid = db.session.connection().connection.driver_connection.info.backend_pid
    other = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    return made

apply.new_rows = lose
main()
"""
"""The import, whose own connection the server ends when its rows are half written."""


def program(code: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "SECRET_KEY": SECRET} | environment
    return subprocess.run([sys.executable, "-c", code, *words], env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path)}


@pytest.fixture
def writer(database_url: str, backend: str) -> Iterator[Any]:
    """Somebody who writes to the file and does not finish.

    By the driver of the product: two SQLites in one process would drop each other's locks.
    """
    connection = sqlite_driver().connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # only SQLite has one writer at a time
@pytest.mark.parametrize(
    "words",
    [
        ("import", "projects", "{file}"),
        ("users", "create", "ny@staden.se", "--password", "tolv tecken långt"),
        ("retention", "record", "B 1", "--decided", "2005-01-01", "--by", "N", "--what", "V", "--rule", "svar"),
        ("restore", "{backup}", "--replace"),
    ],
)
def test_sqlite_held_by_another_writer_is_one_sentence_and_nothing_is_written(
    place: dict[str, str], writer: Any, words: tuple[str, ...], tmp_path: Path
) -> None:
    file, kept = write_csv(tmp_path / "p.csv"), tmp_path / "k.zip"
    assert run("backup", str(kept), **place).returncode == 0  # reading waits for nobody
    before = content_at(place["DATABASE_URL"], tmp_path)
    held = program(IMPATIENT, *(word.format(file=file, backup=kept) for word in words), **place)
    assert held.returncode == 1, held.stdout
    assert "Databasen är upptagen" in held.stderr or "Någon annan skriver" in held.stderr, held.stderr
    assert "Traceback" not in held.stderr
    writer.execute("ROLLBACK")
    assert content_at(place["DATABASE_URL"], tmp_path) == before
    assert run(*(word.format(file=file, backup=kept) for word in words), **place).returncode == 0


@pytest.mark.parametrize("backend", ["postgis"], indirect=True)  # SQLite is a file, which is not lost midway
def test_postgresql_gone_in_the_middle_of_an_import_leaves_nothing(
    place: dict[str, str], backend: str, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "p.csv")
    before = content_at(place["DATABASE_URL"], tmp_path)
    lost = program(TERMINATED, "import", "projects", str(file), **place)
    assert lost.returncode == 1
    assert "Anslutningen till databasen bröts. Inget är halvt sparat." in lost.stderr, lost.stderr
    assert "Traceback" not in lost.stderr
    assert content_at(place["DATABASE_URL"], tmp_path) == before
    done = run("import", "projects", str(file), **place)
    assert (done.returncode, "3 nya" in done.stdout) == (0, True)


@pytest.mark.parametrize("backend", ["postgis"], indirect=True)  # SQLite is a file, which is not lost midway
def test_postgresql_gone_during_a_backup_leaves_no_file(
    place: dict[str, str], backend: str, session: Session, tmp_path: Path
) -> None:
    lost = program(
        """
from sqlalchemy import create_engine, text
from tracker.backup import making
from tracker.cli import main
dump = making.postgres.dump

def lose(connection, target):
    pid = connection.connection.driver_connection.info.backend_pid
    other = create_engine(connection.engine.url, isolation_level="AUTOCOMMIT")
    with other.connect() as mine:
        mine.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    dump(connection, target)

making.postgres.dump = lose
main()
""",
        "backup", str(tmp_path / "k.zip"), **place,
    )  # fmt: skip
    assert lost.returncode == 1
    assert "Traceback" not in lost.stderr
    assert "Avvisat: " in lost.stderr
    assert not list(tmp_path.glob("*k.zip*"))
    assert not list(tmp_path.glob(".sakerhetskopia*"))
    session.execute(text("SELECT 1"))
    session.rollback()


def test_a_server_that_is_not_there_is_one_sentence_for_every_command(tmp_path: Path) -> None:
    place = {"DATABASE_URL": "postgresql+psycopg://a@127.0.0.1:1/x", "STATE_DIR": str(tmp_path)}
    kept = tmp_path / "k.zip"
    for words in (("backup", str(kept)), ("archive", str(tmp_path / "a")), ("retention", "list"), ("serve",)):
        lost = run(*words, **place)
        assert lost.returncode == 1, words
        assert "Databasen nås inte" in lost.stderr, words
        assert "Traceback" not in lost.stderr, words
    assert not kept.exists()
