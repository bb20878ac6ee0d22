"""A process that dies in the middle of an import leaves the register untouched and the upload to go on with."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.apps import make_settings
from tests.imports.files import write_csv
from tests.imports.walk import apply, fields_of, send_file, text_of, walk_to_plan
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.app import create_app
from tracker.extensions import db
from tracker.history.models import HistoryEntry
from tracker.imports import apply_views, uploads
from tracker.imports.models import Upload
from tracker.projects.models import Project

WAIT_SECONDS = 60


def _post(url: str, state: str, address: str, fields: dict[str, Any]) -> None:
    """Send the form as the manager."""
    app = create_app(make_settings(url, Path(state)))
    with app.app_context():
        user = find_user(db.session(), f"{Role.MANAGER.value}@prov.se")
        assert user is not None
        mark = user.fs_uniquifier
        db.session.remove()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = mark, True
    browser.post(address, data=fields)


def _hold(told: Connection) -> None:
    """Say that the point is reached, and stay there."""
    told.send("here")
    told.recv()


def dies_before_commit(told: Connection, url: str, state: str, address: str, fields: dict[str, Any]) -> None:
    """Everything is written and nothing committed."""
    finish = apply_views._finish

    def stop(*given: Any) -> None:
        finish(*given)
        db.session().flush()
        _hold(told)

    apply_views._finish = stop  # type: ignore[assignment]
    _post(url, state, address, fields)


def dies_after_commit(told: Connection, url: str, state: str, address: str, fields: dict[str, Any]) -> None:
    """The register has it all, and the file is still there."""
    uploads.remove_files = lambda state, token: _hold(told)  # noqa: ARG005 - the names are its callers'
    _post(url, state, address, fields)


def kill_at(target: Callable[..., None], app: Flask, token: str, fields: dict[str, Any]) -> None:
    """Run the request in a process of its own and kill it where it stops."""
    spawn = multiprocessing.get_context("spawn")
    mine, its = spawn.Pipe()
    given = (its, app.config["DATABASE_URL"], str(app.config["STATE_DIR"]), f"/import/{token}/genomfor", fields)
    process = spawn.Process(target=target, args=given)
    process.start()
    its.close()
    try:
        assert mine.poll(WAIT_SECONDS)
        assert mine.recv() == "here"
    finally:
        process.kill()
        process.join()
        mine.close()
    assert process.exitcode == -signal.SIGKILL
    process.close()


@pytest.fixture
def manager(sign_in: Callable[[Role], FlaskClient]) -> FlaskClient:
    return sign_in(Role.MANAGER)


def count(session: Session, model: type) -> int:
    session.rollback()  # the requests of a test share its session, which still sees the register as it was
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_killed_before_the_commit_nothing_is_written_and_one_goes_on(
    app: Flask, manager: FlaskClient, session: Session, tmp_path: Path
) -> None:
    token = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    page = walk_to_plan(manager, token)
    before = count(session, HistoryEntry)
    kill_at(dies_before_commit, app, token, fields_of(page, f"/import/{token}/genomfor"))
    assert count(session, Project) == 0
    assert count(session, HistoryEntry) == before
    assert "projekt.csv" in text_of(manager.get("/import"))
    again = manager.get(f"/import/{token}/plan")
    assert "3 nya projekt" in text_of(again)
    apply(manager, token, again)
    assert count(session, Project) == 3


def test_killed_after_the_commit_the_import_is_done_once_and_its_file_is_swept(
    app: Flask, manager: FlaskClient, session: Session, tmp_path: Path
) -> None:
    token = send_file(manager, write_csv(tmp_path / "projekt.csv"))
    page = walk_to_plan(manager, token)
    kill_at(dies_after_commit, app, token, fields_of(page, f"/import/{token}/genomfor"))
    assert count(session, Project) == 3
    assert apply(manager, token, page).headers["Location"] == f"/import/{token}/klart"
    assert count(session, Project) == 3
    folder = Path(app.config["STATE_DIR"]) / "uploads" / token
    assert folder.is_dir()
    upload = session.get(Upload, token)
    assert upload is not None
    uploads.sweep(session, Path(app.config["STATE_DIR"]), upload.updated_at)
    session.commit()
    assert not folder.exists()
    assert "Nya projekt 3" in text_of(manager.get(f"/import/{token}/klart"))
