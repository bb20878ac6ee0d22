"""`backup` and `restore`, verified by restoring: every row of every table, on both databases."""

from __future__ import annotations

import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from tests.apps import application
from tests.reports.closed import close, kept
from tests.reports.register import make_board
from tests.shell import run
from tracker.backup import postgres
from tracker.backup.manifest import DATABASE_PARTS, NAME
from tracker.backup.tables import table_names
from tracker.extensions import db
from tracker.followup.queries import get_period
from tracker.history.models import Action, HistoryEntry
from tracker.history.services import Actor, record
from tracker.projects.models import Project
from tracker.schema_versions import head_revision

Content = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def filled(app: Flask, session: Session, actor: Actor) -> Flask:
    """Open, hidden, confidential and draft projects, a closed period with its files, and history."""
    close(session, make_board(session, actor), actor)
    return app


@pytest.fixture
def place(app: Flask, tmp_path: Path) -> dict[str, str]:
    return {"DATABASE_URL": app.config["DATABASE_URL"], "STATE_DIR": str(tmp_path)}


@pytest.fixture
def other(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty database of the same kind."""
    if backend == "sqlite":
        yield {"DATABASE_URL": f"sqlite:///{tmp_path / 'annan.db'}", "STATE_DIR": str(tmp_path)}
        return
    cluster = request.getfixturevalue("cluster_url")
    admin = create_engine(cluster.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE annan"))
    yield {"DATABASE_URL": cluster.format(name="annan"), "STATE_DIR": str(tmp_path)}
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE annan WITH (FORCE)"))
    admin.dispose()


def content_of(engine: Engine) -> Content:
    """Every row of every table, in order of all its values; geometry as the database stores it."""
    found: Content = {}
    with engine.connect() as connection:
        for name in table_names(connection):
            rows = connection.execute(text(f'SELECT * FROM "{name}"'))  # noqa: S608
            found[name] = sorted((tuple(map(_plain, row)) for row in rows), key=repr)
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def content_at(url: str, state: Path) -> Content:
    with application(url, state) as app, app.app_context():
        return content_of(db.engine)


def test_a_restored_register_is_the_same_row_by_row(
    filled: Flask, session: Session, place: dict[str, str], other: dict[str, str], tmp_path: Path
) -> None:
    session.rollback()
    before = content_of(db.engine)
    assert {len(before[name]) > 0 for name in ("project", "history_entry", "period_file", "period_snapshot")} == {True}
    file = tmp_path / "kopia.zip"
    made = run("backup", str(file), **place)
    assert (made.returncode, made.stderr) == (0, "")
    assert "4 projekt" in made.stdout
    done = run("restore", str(file), **other)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Återställt och kontrollerat" in done.stdout
    assert content_at(other["DATABASE_URL"], tmp_path) == before
    assert not [one for one in tmp_path.iterdir() if one.name.startswith((".sakerhetskopia", ".aterstallning"))]


def test_stored_files_of_closed_periods_have_the_same_sum_and_the_guards_live(
    filled: Flask, session: Session, place: dict[str, str], other: dict[str, str], tmp_path: Path
) -> None:
    before = kept(session, get_period(session, "2005-T1"))
    session.rollback()
    assert run("backup", str(tmp_path / "k.zip"), **place).returncode == 0
    assert run("restore", str(tmp_path / "k.zip"), **other).returncode == 0
    with application(other["DATABASE_URL"], tmp_path) as app, app.app_context():
        assert kept(db.session(), get_period(db.session(), "2005-T1")) == before
        db.session.rollback()
        for statement in (
            "DELETE FROM history_entry",
            "UPDATE period_file SET name = 'x'",
            "DELETE FROM period_snapshot",
        ):
            with pytest.raises(Exception, match=r"append-only|never changed"), db.engine.begin() as connection:
                connection.execute(text(statement))
        # New rows get new numbers: the counters came along.
        actor = Actor(
            "Prov", HistoryEntry.origin.type.python_type("kommando"), get_period(db.session(), "2005-T1").opened_at
        )
        record(db.session(), actor, ("project", 1, 1), Action.CHANGED, {})
        db.session.commit()


def test_a_backup_under_writers_holds_one_moment(
    filled: Flask, session: Session, place: dict[str, str], other: dict[str, str], tmp_path: Path
) -> None:
    """A writer adds history in pairs; whatever moment the backup is of, no pair is split."""
    session.rollback()
    stop, url = threading.Event(), filled.config["DATABASE_URL"]
    started = threading.Event()

    def write() -> None:
        with application(url, tmp_path) as app, app.app_context():
            number = 0
            while not stop.is_set():
                number += 1
                with db.engine.begin() as connection:
                    for half in (1, 2):
                        connection.execute(
                            text(
                                "INSERT INTO history_entry (at, actor_name, origin, subject_kind, subject_id, "
                                "subject_version, action, changes) VALUES "
                                "('2005-01-01', 'Par', 'kommando', 'par', :number, :half, 'skapad', '{}')"
                            ),
                            {"number": number, "half": half},
                        )
                started.set()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert started.wait(60)
        made = run("backup", str(tmp_path / "k.zip"), **place)
    finally:
        stop.set()
        thread.join()
    assert (made.returncode, made.stderr) == (0, "")
    assert run("restore", str(tmp_path / "k.zip"), **other).returncode == 0
    with application(other["DATABASE_URL"], tmp_path) as app, app.app_context():
        pairs = (
            select(func.count())
            .select_from(HistoryEntry)
            .where(HistoryEntry.subject_kind == "par")
            .group_by(HistoryEntry.subject_id)
        )
        assert set(db.session().scalars(pairs)) == {2}


def test_restoring_over_a_register_asks_and_replaces_all_of_it(
    filled: Flask, session: Session, place: dict[str, str], tmp_path: Path
) -> None:
    session.rollback()
    before = content_of(db.engine)
    file = tmp_path / "k.zip"
    assert run("backup", str(file), **place).returncode == 0
    make = session.get(Project, 1)
    assert make is not None
    session.execute(text("UPDATE project SET name = 'Ett annat namn'"))
    session.commit()
    db.engine.dispose()
    refused = run("restore", str(file), **place)
    assert refused.returncode == 1
    assert "har redan 4 projekt" in refused.stderr
    assert "--replace" in refused.stderr
    done = run("restore", str(file), "--replace", **place)
    assert (done.returncode, done.stderr) == (0, "")
    session.expire_all()
    after = content_of(db.engine)
    assert {name: rows for name, rows in after.items() if name != "register_write"} == {
        name: rows for name, rows in before.items() if name != "register_write"
    }


def test_an_older_schema_is_restored_and_brought_up(
    backend: str, other: dict[str, str], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The backup is of the schema of the release before; what is restored has today's."""
    old = old_register(backend, request, tmp_path)
    file = tmp_path / "gammal.zip"
    assert run("backup", str(file), **old).returncode == 0
    assert manifest_of(file)["revision"] == "0005"
    done = run("restore", str(file), **other)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"Uppgraderat till {head_revision()}" in done.stdout
    found = content_at(other["DATABASE_URL"], tmp_path)
    assert found["alembic_version"] == [(head_revision(),)]
    assert [row for row in found["role"] if "kvar" in row]


def old_register(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """A database with the schema 0005 and one row to know it by."""
    from tracker.schema_versions import upgrade

    url = f"sqlite:///{tmp_path / 'gammal.db'}"
    if backend == "postgis":
        cluster = request.getfixturevalue("cluster_url")
        admin = create_engine(cluster.format(name="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS gammal WITH (FORCE)"))
            connection.execute(text("CREATE DATABASE gammal"))
        admin.dispose()
        url = cluster.format(name="gammal")
    with application(url, tmp_path) as app, app.app_context():
        upgrade(db.engine, "0005")
        with db.engine.begin() as connection:
            connection.execute(text("INSERT INTO role (name) VALUES ('kvar')"))
    return {"DATABASE_URL": url, "STATE_DIR": str(tmp_path)}


def manifest_of(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as packed:
        found: dict[str, Any] = json.loads(packed.read(NAME))
    return found


def changed(file: Path, target: Path, name: str, content: bytes) -> Path:
    """The backup with one part exchanged."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as packed:
        for one in source.namelist():
            packed.writestr(one, content if one == name else source.read(one))
    return target


def test_the_manifest_says_what_it_is_and_holds_no_secret(filled: Flask, place: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "k.zip"
    assert run("backup", str(file), **place).returncode == 0
    said = manifest_of(file)
    assert said["revision"] == head_revision()
    assert said["product"]
    assert said["tables"]["project"] == 4
    assert [*said["parts"]] == [DATABASE_PARTS[said["database"]]]
    assert file.stat().st_mode & 0o077 == 0
    assert b"a secret that is long enough" not in file.read_bytes()


def test_a_file_that_is_there_is_left_alone_without_force(filled: Flask, place: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "k.zip"
    file.write_text("min")
    refused = run("backup", str(file), **place)
    assert (refused.returncode, "finns redan" in refused.stderr) == (1, True)
    assert file.read_text() == "min"
    assert run("backup", str(file), "--force", **place).returncode == 0
    whole = run("backup", str(file), "--verify", **place)
    assert (whole.returncode, whole.stderr) == (0, "")
    assert "är hel" in whole.stdout
    missing = run("backup", str(tmp_path / "finns" / "inte.zip"), **place)
    assert (missing.returncode, "finns inte" in missing.stderr) == (1, True)


def test_damage_is_found_before_anything_is_touched(
    filled: Flask, session: Session, place: dict[str, str], tmp_path: Path
) -> None:
    session.rollback()
    file = tmp_path / "k.zip"
    assert run("backup", str(file), **place).returncode == 0
    part = next(iter(manifest_of(file)["parts"]))
    with zipfile.ZipFile(file) as packed:
        whole = bytearray(packed.read(part))
    whole[len(whole) // 2] ^= 1
    said = manifest_of(file)
    broken = {
        "en bit ändrad": changed(file, tmp_path / "a.zip", part, bytes(whole)),
        "avkortad": _cut(file, tmp_path / "b.zip"),
        "ingen kopia": _written(tmp_path / "c.zip", b"skr\xc3\xa4p"),
        "senare schema": changed(file, tmp_path / "d.zip", NAME, _json(said | {"revision": "9999"})),
        "senare format": changed(file, tmp_path / "e.zip", NAME, _json(said | {"format_version": 2})),
        "fler rader": changed(
            file, tmp_path / "f.zip", NAME, _json(said | {"tables": said["tables"] | {"project": 5}})
        ),
        "annan sökväg": _with_path(file, tmp_path / "g.zip", said),
    }
    before = content_of(db.engine)
    for why, damaged in broken.items():
        done = run("restore", str(damaged), "--replace", **place)
        assert done.returncode == 1, why
        assert done.stderr.startswith("Avvisat: "), why
        assert "Traceback" not in done.stderr, why
        assert content_of(db.engine) == before, why
    assert run("backup", str(broken["en bit ändrad"]), "--verify", **place).returncode == 1


def _json(values: dict[str, Any]) -> bytes:
    return json.dumps(values).encode()


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _cut(file: Path, target: Path) -> Path:
    return _written(target, file.read_bytes()[:-200])


def _with_path(file: Path, target: Path, said: dict[str, Any]) -> Path:
    """A part whose name leads out of the folder."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(target, "w") as packed:
        evil = "../../utanfor"
        packed.writestr(NAME, _json(said | {"parts": said["parts"] | {evil: {"sha256": "", "size_bytes": 1}}}))
        for one in said["parts"]:
            packed.writestr(one, source.read(one))
        packed.writestr(evil, "x")
    return target


def test_a_backup_of_the_other_database_is_refused(
    filled: Flask, place: dict[str, str], backend: str, tmp_path: Path
) -> None:
    file = tmp_path / "k.zip"
    assert run("backup", str(file), **place).returncode == 0
    if backend == "sqlite":
        url = "postgresql+psycopg://a@127.0.0.1:1/x"
        refused = run("restore", str(file), DATABASE_URL=url, STATE_DIR=str(tmp_path))
        assert "Databasen nås inte" in refused.stderr
    else:
        refused = run("restore", str(file), DATABASE_URL=f"sqlite:///{tmp_path / 'y.db'}", STATE_DIR=str(tmp_path))
        assert "gjord av PostgreSQL men DATABASE_URL är SQLite" in refused.stderr
    assert refused.returncode == 1


def test_an_empty_database_is_not_backed_up(other: dict[str, str], tmp_path: Path) -> None:
    refused = run("backup", str(tmp_path / "k.zip"), **other)
    assert (refused.returncode, "Databasen är tom" in refused.stderr) == (1, True)
    assert not (tmp_path / "k.zip").exists()


def test_without_a_fitting_pg_dump_it_says_which_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(postgres, "FOLDERS", str(tmp_path))
    monkeypatch.setattr("tracker.backup.postgres.shutil.which", lambda _name: None)
    with pytest.raises(postgres.ProgramError, match=r"pg_dump av version 15 eller senare saknas.*postgresql-client-15"):
        postgres.find_program("pg_dump", 15)
    old = tmp_path / "13" / "bin" / "pg_dump"
    old.parent.mkdir(parents=True)
    old.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 13.4'\n")
    old.chmod(0o755)
    with pytest.raises(postgres.ProgramError, match="Här finns bara version 13"):
        postgres.find_program("pg_dump", 15)
    new = tmp_path / "17" / "bin" / "pg_dump"
    new.parent.mkdir(parents=True)
    new.write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 17.0'\n")
    new.chmod(0o755)
    assert postgres.find_program("pg_dump", 15) == str(new)
