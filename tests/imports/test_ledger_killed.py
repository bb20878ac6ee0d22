"""A process that dies while it reads a ledger in leaves figures, rows and history untouched."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.apps import make_settings
from tests.followup.ledgers import outcomes
from tests.imports.test_ledger_pages import LEDGER, apply, controller, csv, fresh, sent  # noqa: F401 - a fixture
from tests.imports.test_wizard_killed import WAIT_SECONDS, _hold
from tests.imports.walk import fields_of
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.app import create_app
from tracker.extensions import db
from tracker.followup.models import LedgerImport, LedgerRow
from tracker.history.models import HistoryEntry
from tracker.imports import ledger_plan_views


def dies_before_commit(told: Connection, url: str, state: str, address: str, fields: dict[str, Any]) -> None:
    """Everything is written and nothing committed."""
    finish = ledger_plan_views._finish

    def stop(*given: Any) -> None:
        finish(*given)
        db.session().flush()
        _hold(told)

    ledger_plan_views._finish = stop  # type: ignore[assignment]
    app = create_app(make_settings(url, Path(state)))
    with app.app_context():
        user = find_user(db.session(), f"{Role.CONTROLLER.value}@prov.se")
        assert user is not None
        mark = user.fs_uniquifier
        db.session.remove()
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = mark, True
    browser.post(address, data=fields)


def kill_at(target: Callable[..., None], app: Flask, address: str, fields: dict[str, Any]) -> None:
    """Run the request in a process of its own and kill it where it stops."""
    spawn = multiprocessing.get_context("spawn")
    mine, its = spawn.Pipe()
    process = spawn.Process(
        target=target, args=(its, app.config["DATABASE_URL"], str(app.config["STATE_DIR"]), address, fields)
    )
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


def test_killed_before_the_commit_nothing_is_written_and_one_goes_on(
    app: Flask,
    controller: FlaskClient,  # noqa: F811 - the fixture
    session: Session,
    tmp_path: Path,
) -> None:
    address = sent(controller, csv(tmp_path, [("P-1", "", "", "1,00"), ("X", "", "", "2,00")]))
    fields = fields_of(controller.get(address), f"{address}/genomfor")
    before = fresh(session)
    entries = session.scalar(select(func.count()).select_from(HistoryEntry))
    session.rollback()
    kill_at(dies_before_commit, app, f"{address}/genomfor", fields)
    assert fresh(session) == before
    assert outcomes(session, "lopande") == before
    for model, count in ((LedgerImport, 0), (LedgerRow, 0), (HistoryEntry, entries)):
        assert session.scalar(select(func.count()).select_from(model)) == count
    session.rollback()
    assert apply(controller, address).headers["Location"] == LEDGER
    assert fresh(session)["P-1", 2005, "utgift"] == 100
