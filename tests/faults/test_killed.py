"""SIGKILL in the middle of a save, a backup, a restore and an archive: nothing lost, nothing half, the next one works.

Imports: tests/cli/test_imports.py, tests/imports/test_wizard_killed.py and test_ledger_killed.py. Closing:
tests/reports/test_closing_killed.py. Migrations: test_migrating.py.
"""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.orm import Session

from tests.apps import make_settings
from tests.cli.test_backup import content_of
from tests.faults.killing import Point, held, killed_command
from tests.projects.form_page import open_form, send
from tests.reports.closed import close
from tests.reports.register import make_board
from tests.shell import run
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.app import create_app
from tracker.extensions import db
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.projects.models import Project

NEW = "/projekt/ny"
TYPED = {"code": "N-1", "name": "Nytt projekt", "main_kind": "bostad", "phase": "ide"}


@pytest.fixture
def place(app: Flask, session: Session, actor: Actor, tmp_path: Path) -> dict[str, str]:
    """A register with a closed period."""
    close(session, make_board(session, actor), actor)
    return {"DATABASE_URL": app.config["DATABASE_URL"], "STATE_DIR": str(tmp_path)}


BACKUP = (
    Point("tracker.backup.making", "_copied"),
    Point("tracker.backup.making", "pack", before=True),
    Point("tracker.backup.making", "pack"),
    Point("tracker.backup.making", "put_in_place", before=True),
)


@pytest.mark.parametrize("point", BACKUP, ids=str)
def test_a_killed_backup_leaves_no_file_and_the_next_sweeps(
    place: dict[str, str], point: Point, tmp_path: Path
) -> None:
    folder = tmp_path / "kopior"
    folder.mkdir()
    killed_command(point, "backup", str(folder / "k.zip"), **place)
    assert not (folder / "k.zip").exists()
    done = run("backup", str(folder / "k.zip"), **place)
    assert (done.returncode, done.stderr) == (0, "")
    assert [one.name for one in folder.iterdir()] == ["k.zip"]
    assert run("backup", str(folder / "k.zip"), "--verify", **place).returncode == 0


def test_a_backup_killed_after_its_rename_is_whole(place: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "kopior"
    folder.mkdir()
    killed_command(Point("tracker.backup.making", "put_in_place"), "backup", str(folder / "k.zip"), **place)
    assert run("backup", str(folder / "k.zip"), "--verify", **place).returncode == 0


IN_PIECES = """
from tracker.backup import lite
def pieces(source, target, where, *, close_target):
    source.backup(target, pages=20, progress=die)
lite._copy = pieces
"""
"""A copy that goes in a few pages at a time, and a process that dies after the first of them."""
RESTORE = {
    "sqlite": (
        Point("tracker.backup.restoring", "upgrade"),
        Point("tracker.backup.restoring", "_restore_sqlite", further=IN_PIECES),
        Point("tracker.backup.lite", "put_back", before=True),
    ),
    "postgis": (
        Point("tracker.backup.postgres_restore", "clear"),
        Point("tracker.backup.postgres_restore", "_copy", time=5),
        Point("tracker.backup.postgres_restore", "load"),
        Point("tracker.backup.restoring", "upgrade"),
    ),
}


@pytest.mark.parametrize(
    ("backend", "number"),
    [(backend, number) for backend, places in RESTORE.items() for number in range(len(places))],
    indirect=["backend"],
)
def test_a_killed_restore_leaves_the_old_register_as_it_was(
    place: dict[str, str], session: Session, backend: str, number: int, tmp_path: Path
) -> None:
    assert run("backup", str(tmp_path / "k.zip"), **place).returncode == 0
    session.execute(text("UPDATE project SET name = 'Efter kopian'"))
    session.commit()
    before = content_of(db.engine)
    db.engine.dispose()
    killed_command(RESTORE[backend][number], "restore", str(tmp_path / "k.zip"), "--replace", **place)
    assert content_of(db.engine) == before
    db.engine.dispose()
    done = run("restore", str(tmp_path / "k.zip"), "--replace", **place)
    assert (done.returncode, done.stderr) == (0, "")
    assert not list(tmp_path.glob(".aterstallning-*"))
    session.expire_all()
    assert "Efter kopian" not in set(session.scalars(select(Project.name)))


def test_a_killed_archive_leaves_no_folder_and_the_next_sweeps(place: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "till-arkivet"
    folder.mkdir()
    for point in (
        Point("tracker.archiving.delivering", "_write_period"),
        Point("tracker.archiving.delivering", "_finish"),
    ):
        killed_command(point, "archive", str(folder / "a"), **place)
        assert not (folder / "a").exists()
    assert run("archive", str(folder / "a"), **place).returncode == 0
    assert [one.name for one in folder.iterdir()] == ["a"]


def test_a_killed_disposal_removes_nothing(place: dict[str, str], session: Session) -> None:
    session.execute(text("INSERT INTO remembered_source (key, name, choices, user_name, updated_at) "
                         "VALUES ('k', 'n', '{}', 'Prov', '2001-01-01 00:00:00')"))  # fmt: skip
    session.commit()
    words = ("--decided", "2005-04-01", "--by", "N", "--what", "V", "--rule", "kolumner")
    assert run("retention", "record", "B 1", *words, **place).returncode == 0
    killed_command(Point("tracker.cli.retention", "apply_decision"), "retention", "apply", "B 1", **place)
    count = text("SELECT (SELECT count(*) FROM remembered_source) + 10 * (SELECT count(*) FROM disposal)")
    assert session.scalar(count) == 1
    session.rollback()
    assert run("retention", "apply", "B 1", **place).returncode == 0
    assert session.scalar(count) == 10


def saves_and_dies(told: Connection, url: str, state: str, after: bool) -> None:
    """A manager saves a new project; the process dies when everything is written, or just after the commit."""
    app = create_app(make_settings(url, Path(state)))
    with app.app_context():
        user = find_user(db.session(), f"{Role.MANAGER.value}@prov.se")
        assert user is not None
        mark = user.fs_uniquifier
        db.session.remove()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = mark, True
    page = open_form(browser, NEW)
    written = []

    def die() -> None:
        told.send("here")
        os.kill(os.getpid(), signal.SIGKILL)

    def before_commit(session: Session) -> None:
        session.flush()
        if session.scalar(select(func.count()).select_from(Project)):
            written.append(True)
            if not after:
                die()

    def after_commit(_session: Session) -> None:
        if written:
            die()

    event.listen(Session, "before_commit", before_commit)
    event.listen(Session, "after_commit", after_commit)
    send(browser, NEW, page, **TYPED)


@pytest.mark.parametrize("after", [False, True])
def test_a_killed_save_is_saved_whole_or_not_at_all(app: Flask, session: Session, after: bool, tmp_path: Path) -> None:
    session.rollback()
    with held(saves_and_dies, app.config["DATABASE_URL"], str(tmp_path), after) as (process, _pipe):
        process.join()
        assert process.exitcode == -signal.SIGKILL
    session.expire_all()
    found = session.scalars(select(Project)).all()
    assert [one.code for one in found] == (["N-1"] if after else [])
    told = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "project")).all()
    assert (len(told) > 0) == after
    session.rollback()
