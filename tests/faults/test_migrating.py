"""Migrations that are killed, that two processes want at once, and that must not stop the program before them."""

from __future__ import annotations

import ast
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn

from tests.apps import application
from tests.faults.killing import WAIT_SECONDS, held, hold, kill_at
from tests.shell import run
from tracker import schema_versions
from tracker.backup.tables import table_names
from tracker.extensions import db
from tracker.schema_versions import TITLES, Step, current_revision, head_revision, upgrade

BEFORE = "0005"
"""The schema of the release before this one (0.5)."""


@contextmanager
def engine_of(url: str, state: Path) -> Iterator[Engine]:
    with application(url, state) as app, app.app_context():
        yield db.engine


def stops_at_the_third(told: Connection, url: str, state: str) -> None:
    """Migrate, and stay in the middle: two steps are done and the third as well, and nothing is committed."""

    class Watching(Step):
        """A step that says when it is the third."""

        def __init__(self, revision: str, title: str) -> None:
            super().__init__(revision, title)
            if revision == "0003":
                hold(told)

    schema_versions.Step = Watching  # type: ignore[misc]
    _migrate(url, state)
    told.send("done")


def _migrate(url: str, state: str) -> list[Step]:
    with engine_of(url, Path(state)) as engine:
        return upgrade(engine)


def follows(told: Connection, url: str, state: str) -> None:
    """Say that it begins, migrate, and say which steps it took itself."""
    told.send("here")
    told.send([one.revision for one in _migrate(url, state)])
    told.recv()


def revision_at(url: str, state: Path) -> tuple[str, list[str]]:
    """The revision, and the tables that are there."""
    with engine_of(url, state) as engine, engine.connect() as connection:
        return current_revision(connection), table_names(connection)


def test_a_killed_migration_leaves_the_schema_as_it_was(empty_url: str, tmp_path: Path) -> None:
    kill_at(stops_at_the_third, empty_url, str(tmp_path))
    assert revision_at(empty_url, tmp_path) == ("", [])
    place = {"DATABASE_URL": empty_url, "STATE_DIR": str(tmp_path)}
    done = run("migrate", **place)
    assert (done.returncode, done.stderr) == (0, "")
    assert revision_at(empty_url, tmp_path)[0] == head_revision()


def test_killed_between_releases_the_old_schema_and_its_rows_stand(empty_url: str, tmp_path: Path) -> None:
    with engine_of(empty_url, tmp_path) as engine:
        upgrade(engine, "0002")
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO role (name) VALUES ('kvar')"))
    before = revision_at(empty_url, tmp_path)
    kill_at(stops_at_the_third, empty_url, str(tmp_path))
    assert revision_at(empty_url, tmp_path) == before
    assert run("migrate", DATABASE_URL=empty_url, STATE_DIR=str(tmp_path)).returncode == 0
    with engine_of(empty_url, tmp_path) as engine, engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM role WHERE name = 'kvar'")) == 1


def test_two_that_migrate_at_once_end_well_and_each_step_is_taken_once(empty_url: str, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    with held(stops_at_the_third, empty_url, str(tmp_path)) as (first, pipe):
        mine, its = spawn.Pipe()
        second = spawn.Process(target=follows, args=(its, empty_url, str(tmp_path)))
        second.start()
        assert mine.poll(WAIT_SECONDS)
        assert mine.recv() == "here"
        # It waits: nothing comes from it as long as the first holds the database.
        assert not mine.poll(0)
        pipe.send("go on")
        assert pipe.poll(WAIT_SECONDS)
        assert pipe.recv() == "done"
        first.join(WAIT_SECONDS)
        assert first.exitcode == 0
        assert mine.poll(WAIT_SECONDS)
        assert mine.recv() == []
        mine.send("go")
        second.join(WAIT_SECONDS)
        assert second.exitcode == 0
    assert revision_at(empty_url, tmp_path)[0] == head_revision()


def test_migrate_says_what_it_did(empty_url: str, tmp_path: Path) -> None:
    place = {"DATABASE_URL": empty_url, "STATE_DIR": str(tmp_path)}
    first = run("migrate", **place)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines()[:2] == [
        "Databasen byggdes:",
        "  0001: Grunden: konton, kataloger, registret och historiken",
    ]
    assert f"  {head_revision()}: {TITLES[head_revision()]}\n" in first.stdout
    again = run("migrate", **place)
    assert f"Schemat {head_revision()} fanns redan; inget att göra." in again.stdout


def test_migrate_says_from_where_to_where(empty_url: str, tmp_path: Path) -> None:
    with engine_of(empty_url, tmp_path) as engine:
        upgrade(engine, BEFORE)
    done = run("migrate", DATABASE_URL=empty_url, STATE_DIR=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    first, *steps = done.stdout.splitlines()
    assert first == f"Schemat uppgraderades: {BEFORE} → {head_revision()}"
    assert "  0006: Inloggning: sessioner, misslyckade försök, koder och stadens inloggning" in steps
    assert not any("0005" in line for line in steps)


def test_every_migration_says_in_swedish_what_it_does() -> None:
    assert set(TITLES) == {one.revision for one in schema_versions.scripts().walk_revisions()}


def test_serve_refuses_a_schema_that_is_older_or_not_there(empty_url: str, tmp_path: Path) -> None:
    place = {"DATABASE_URL": empty_url, "STATE_DIR": str(tmp_path)}
    nothing = run("serve", **place)
    assert (nothing.returncode, nothing.stdout) == (1, "")
    assert "Databasen är tom. Kör portfoljkartan migrate" in nothing.stderr
    with engine_of(empty_url, tmp_path) as engine:
        upgrade(engine, BEFORE)
    old = run("serve", **place)
    assert old.returncode == 1
    assert f"schema har version {BEFORE} men programmet behöver {head_revision()}" in old.stderr


def columns_of(engine: Engine) -> dict[str, dict[str, ReflectedColumn]]:
    found = inspect(engine)
    with engine.connect() as connection:
        names = table_names(connection)
    return {name: {one["name"]: one for one in found.get_columns(name)} for name in names}


def test_the_program_before_runs_on_todays_schema(empty_url: str, tmp_path: Path) -> None:
    """Between two releases a migration only adds: what the old program reads and writes is there as it was."""
    with engine_of(empty_url, tmp_path) as engine:
        upgrade(engine, BEFORE)
        old = columns_of(engine)
        upgrade(engine)
        new = columns_of(engine)
    for table, columns in old.items():
        for name, column in columns.items():
            assert name in new[table], (table, name)
            assert str(new[table][name]["type"]) == str(column["type"]), (table, name)
            assert new[table][name]["nullable"] == column["nullable"], (table, name)
        for name in set(new[table]) - set(columns):
            added: Any = new[table][name]
            assert added["nullable"] or added["default"] is not None, (
                f"det gamla programmet skriver inte {table}.{name}"
            )


@pytest.mark.parametrize("revision", ["0006", "0007"])
def test_migrations_of_this_release_only_add(revision: str) -> None:
    """What a step of this release does to tables that were there: new columns and indexes, nothing else."""
    [path] = (schema_versions.MIGRATIONS / "versions").glob(f"{revision}_*.py")
    tree = ast.parse(path.read_text("utf-8"))
    called = set()
    for part in tree.body:
        if isinstance(part, ast.FunctionDef) and part.name != "downgrade":
            for node in ast.walk(part):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    owner = node.func.value
                    if isinstance(owner, ast.Name) and owner.id == "op":
                        called.add(node.func.attr)
    assert called <= {"create_table", "create_index", "add_column", "execute", "get_bind"}
    source = path.read_text("utf-8").partition("def downgrade")[0].upper()
    assert not any(word in source for word in ("DROP ", "ALTER TABLE", "DELETE FROM", "RENAME"))
