"""A disk that is full: a Swedish sentence, nothing half, and it works again when there is room.

On file systems of a few megabytes, which only root can make; elsewhere the tests are skipped, saying so.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.cli.test_backup import content_at
from tests.faults.killing import small_disk
from tests.imports.files import write_csv
from tests.postgis import USER
from tests.reports.closed import close
from tests.reports.register import make_board
from tests.shell import run
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.imports.models import Upload
from tracker.projects.models import Project
from tracker.storage import full_text

MEBIBYTE = 1 << 20
MANY = [(f"P-{number}", f"Kvarteret {number} {'lång text ' * 20}") for number in range(3_000)]


@pytest.fixture
def place(app: Flask, session: Session, actor: Actor, tmp_path: Path) -> dict[str, str]:
    close(session, make_board(session, actor), actor)
    db.engine.dispose()
    return {"DATABASE_URL": app.config["DATABASE_URL"], "STATE_DIR": str(tmp_path)}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of half a megabyte."""
    with small_disk(tmp_path / "disk", 1) as folder:
        fill(folder, leave=512 * 1024)
        yield folder


def fill(folder: Path, leave: int = 0) -> Path:
    """Take all the room but so much."""
    path = folder / "fyllnad"
    with path.open("ab") as file:
        file.write(os.urandom(max(shutil.disk_usage(folder).free - leave, 0)))
    return path


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("backup", "{}/k.zip"), "k.zip"),
        (("archive", "{}/arkiv"), "arkiv"),
        (("export", "projects", "--format", "gpkg", "-o", "{}/p.gpkg"), "p.gpkg"),
        (("period", "report", "2005-T1", "--format", "xlsx", "--counting", "fordelad", "-o", "{}/r.xlsx"), "r.xlsx"),
    ],
)
def test_what_is_written_is_whole_or_not_there(
    place: dict[str, str], disk: Path, words: tuple[str, ...], name: str
) -> None:
    fill(disk)
    full = run(*(word.format(disk) for word in words), **place)
    assert full.returncode == 1, full.stdout
    assert "Disken är full" in full.stderr
    assert "Traceback" not in full.stderr
    assert [one.name for one in disk.iterdir()] == ["fyllnad"]
    roomy = disk.parent / "rum"
    roomy.mkdir()
    done = run(*(word.format(roomy) for word in words), **place)
    assert (done.returncode, (roomy / name).exists()) == (0, True)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # PostgreSQL has a test of its own
def test_a_full_disk_under_sqlite_stops_an_import_and_leaves_the_register(
    place: dict[str, str], backend: str, tmp_path: Path
) -> None:
    source = Path(place["DATABASE_URL"].removeprefix("sqlite:///"))
    room = source.stat().st_size // MEBIBYTE + 3
    with small_disk(tmp_path / "databas", room) as folder:
        database = shutil.copy(source, folder / "register.db")
        there = place | {"DATABASE_URL": f"sqlite:///{database}"}
        before = content_at(there["DATABASE_URL"], tmp_path)
        filling = fill(folder, leave=MEBIBYTE)
        rows = write_csv(tmp_path / "many.csv", MANY, ("Kod", "Namn"))
        full = run("import", "projects", str(rows), **there)
        assert full.returncode == 1
        assert "Disken är full" in full.stderr
        assert "Traceback" not in full.stderr
        filling.unlink()
        assert content_at(there["DATABASE_URL"], tmp_path) == before
        few = write_csv(tmp_path / "few.csv", MANY[:3], ("Kod", "Namn"))
        done = run("import", "projects", str(few), **there)
        assert (done.returncode, "3 nya" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize("backend", ["postgis"], indirect=True)  # SQLite has a test of its own
def test_a_full_disk_under_postgresql_stops_an_import_and_leaves_the_register(
    place: dict[str, str], backend: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    cluster = request.getfixturevalue("cluster_url")
    admin = create_engine(cluster.format(name="postgres"), isolation_level="AUTOCOMMIT")
    template = request.getfixturevalue("postgis_template")
    # pytest's own folders are closed to the server's user.
    place_of_disk = Path(tempfile.mkdtemp(prefix="pk-disk-"))
    place_of_disk.chmod(0o755)
    with admin.connect() as connection, small_disk(place_of_disk / "tablespace", 64) as folder:
        shutil.chown(folder, USER)
        connection.execute(text(f"CREATE TABLESPACE liten LOCATION '{folder}'"))
        try:
            connection.execute(text(f"CREATE DATABASE liten TEMPLATE {template} TABLESPACE liten"))
            there = place | {"DATABASE_URL": cluster.format(name="liten")}
            before = content_at(there["DATABASE_URL"], tmp_path)
            filling = fill(folder, leave=128 * 1024)
            rows = write_csv(tmp_path / "many.csv", MANY, ("Kod", "Namn"))
            full = run("import", "projects", str(rows), **there)
            assert full.returncode == 1
            assert "Disken är full" in full.stderr
            assert "Traceback" not in full.stderr
            filling.unlink()
            assert content_at(there["DATABASE_URL"], tmp_path) == before
            few = write_csv(tmp_path / "few.csv", MANY[:3], ("Kod", "Namn"))
            done = run("import", "projects", str(few), **there)
            assert (done.returncode, "3 nya" in done.stdout) == (0, True), done.stderr
        finally:
            connection.execute(text("DROP DATABASE IF EXISTS liten WITH (FORCE)"))
            connection.execute(text("DROP TABLESPACE liten"))
    admin.dispose()
    shutil.rmtree(place_of_disk)


def test_a_restore_without_room_leaves_the_register(place: dict[str, str], tmp_path: Path) -> None:
    assert run("backup", str(tmp_path / "k.zip"), **place).returncode == 0
    before = content_at(place["DATABASE_URL"], tmp_path)
    with small_disk(tmp_path / "state", 1) as state:
        fill(state)
        full = run("restore", str(tmp_path / "k.zip"), "--replace", **(place | {"STATE_DIR": str(state)}))
        assert full.returncode == 1
        assert "Disken är full" in full.stderr
        assert "Traceback" not in full.stderr
        assert not list(state.glob(".aterstallning*"))
    assert content_at(place["DATABASE_URL"], tmp_path) == before


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # PostgreSQL does it all in one transaction
def test_a_restore_into_a_database_on_a_full_disk_leaves_it_as_it_was(
    place: dict[str, str], backend: str, tmp_path: Path
) -> None:
    source = Path(place["DATABASE_URL"].removeprefix("sqlite:///"))
    assert run("backup", str(tmp_path / "k.zip"), **place).returncode == 0
    with small_disk(tmp_path / "databas", source.stat().st_size // MEBIBYTE + 3) as folder:
        database = shutil.copy(source, folder / "register.db")
        there = place | {"DATABASE_URL": f"sqlite:///{database}"}
        engine = create_engine(there["DATABASE_URL"])
        with engine.begin() as connection:
            connection.execute(text("UPDATE project SET name = 'Efter kopian'"))
        engine.dispose()
        before = content_at(there["DATABASE_URL"], tmp_path)
        fill(folder, leave=512 * 1024)
        full = run("restore", str(tmp_path / "k.zip"), "--replace", **there)
        assert full.returncode == 1
        assert "Disken är full" in full.stderr
        (folder / "fyllnad").unlink()
        assert content_at(there["DATABASE_URL"], tmp_path) == before


def test_an_upload_without_room_says_so_and_keeps_nothing(
    app: Flask, session: Session, sign_in: Callable[[Role], FlaskClient], tmp_path: Path
) -> None:
    browser = sign_in(Role.MANAGER)
    with small_disk(tmp_path / "liten", 1) as state:
        app.config["STATE_DIR"] = state
        fill(state, leave=8 * 1024)
        answer = browser.post("/import", data={"file": (io.BytesIO(b"a;b\r\n" * 20_000), "stor.csv")})
        assert answer.status_code in (422, 507)
        assert "Disken är full" in answer.text
        assert not list((state / "uploads").glob("*"))
        assert session.scalar(select(func.count()).select_from(Upload)) == 0
        session.rollback()
        (state / "fyllnad").unlink()
        again = browser.post("/import", data={"file": (io.BytesIO(b"Kod;Namn\r\nP-1;Ett\r\n"), "liten.csv")})
        assert again.status_code in (302, 303)
        session.rollback()
    assert session.scalar(select(func.count()).select_from(Project)) == 0


@pytest.mark.parametrize("address", ["/import", "/projekt/ny"])
def test_a_file_that_finds_no_room_on_its_way_is_one_sentence(
    session: Session, sign_in: Callable[[Role], FlaskClient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:  # fmt: skip
    """A large file waits in the machine's folder for such before any view sees it."""
    browser, file = sign_in(Role.MANAGER), FileStorage(io.BytesIO(b"a;b\r\n" * 200_000), "stor.csv", "file")
    boundary, body = encode_multipart({"file": file})
    with small_disk(tmp_path / "liten", 1) as folder:
        fill(folder, leave=8 * 1024)
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        answer = browser.post(address, data=body, content_type=f"multipart/form-data; boundary={boundary}")
        monkeypatch.undo()
        assert [one.name for one in folder.iterdir()] == ["fyllnad"]
    assert answer.status_code == 422
    assert "Disken är full på servern: filen kunde inte tas emot." in answer.text
    assert session.scalar(select(func.count()).select_from(Upload)) == 0
    session.rollback()


def test_the_sentence_names_what_could_not_be_written() -> None:
    said = full_text(Path("/var/kopior/k.zip"))
    assert (
        said == "Disken är full: /var/kopior/k.zip kan inte skrivas. Inget är halvt sparat. Frigör utrymme och gör om."
    )
