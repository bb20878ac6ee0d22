"""A process that dies while it closes a period leaves it open and nothing kept; killed after, it is closed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.apps import make_settings
from tests.conftest import NOW
from tests.reports.closed import LIMIT_ORE, close, render
from tests.reports.register import make_board
from tracker.app import create_app
from tracker.exports.audience import Audience
from tracker.extensions import db
from tracker.followup.queries import get_period
from tracker.history.models import HistoryEntry, Origin
from tracker.history.services import Actor
from tracker.reports import closing, closing_files
from tracker.reports.closing_files import Made
from tracker.reports.models import PeriodFile, PeriodSnapshot, PublishedMatter

WAIT_SECONDS = 240


def _hold(told: Connection) -> None:
    """Say that the point is reached, and stay there."""
    told.send("here")
    told.recv()


def _run(url: str, state: str, work: Callable[[Session, Actor], None]) -> None:
    app = create_app(make_settings(url, Path(state)))
    with app.app_context():
        work(db.session(), Actor("Prov", Origin.COMMAND, NOW))


def dies_with_the_files_made(told: Connection, url: str, state: str) -> None:
    """Everything is read and made, and nothing is written yet."""

    def stop(snapshots: Mapping[Audience, bytes], folder: Path) -> list[Made]:
        made = render(snapshots, folder)
        _hold(told)
        return made

    _run(url, state, lambda session, actor: _ignore(closing.close_period(session, "2005-T1", actor, LIMIT_ORE, stop)))


def dies_in_the_middle_of_keeping(told: Connection, url: str, state: str) -> None:
    """Snapshots and some files are written."""
    keep, kept = closing._keep_file, []

    def stop(session: Session, period: object, one: Made) -> None:
        keep(session, period, one)  # type: ignore[arg-type]
        kept.append(one)
        if len(kept) == 3:
            _hold(told)

    closing._keep_file = stop
    _run(url, state, lambda session, actor: _ignore(closing.close_period(session, "2005-T1", actor, LIMIT_ORE, render)))


def dies_before_the_commit(told: Connection, url: str, state: str) -> None:
    """Everything is written and nothing committed."""

    def work(session: Session, actor: Actor) -> None:
        closing.close_period(session, "2005-T1", actor, LIMIT_ORE, render)
        _hold(told)

    _run(url, state, work)


def dies_after_the_commit(told: Connection, url: str, state: str) -> None:
    """It is closed, and nobody has been told so."""

    def work(session: Session, actor: Actor) -> None:
        closing.close_period(session, "2005-T1", actor, LIMIT_ORE, render)
        session.commit()
        _hold(told)

    _run(url, state, work)


def _ignore(_result: object) -> None:
    return None


def kill_at(target: Callable[..., None], app: Flask) -> None:
    """Close in a process of its own and kill it where it stops."""
    spawn = multiprocessing.get_context("spawn")
    mine, its = spawn.Pipe()
    process = spawn.Process(target=target, args=(its, app.config["DATABASE_URL"], str(app.config["STATE_DIR"])))
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


def counts(session: Session) -> list[int]:
    session.rollback()
    models = (PeriodSnapshot, PeriodFile, PublishedMatter, HistoryEntry)
    return [session.scalar(select(func.count()).select_from(one)) or 0 for one in models]


@pytest.mark.parametrize("target", [dies_with_the_files_made, dies_in_the_middle_of_keeping, dies_before_the_commit])
def test_killed_before_the_commit_the_period_is_open_as_before(
    app: Flask, session: Session, actor: Actor, target: Callable[..., None]
) -> None:
    period = make_board(session, actor)
    session.commit()
    before = counts(session)
    kill_at(target, app)
    assert counts(session) == before
    assert get_period(session, "2005-T1").is_open
    close(session, period, actor)
    assert counts(session)[:2] == [2, 8]


def test_killed_after_the_commit_it_is_closed_once(app: Flask, session: Session, actor: Actor) -> None:
    make_board(session, actor)
    session.commit()
    kill_at(dies_after_the_commit, app)
    assert counts(session)[:2] == [2, 8]
    period = get_period(session, "2005-T1")
    assert (period.is_open, period.closed_at, period.closed_by) == (False, NOW, "Prov")


MAKER = """
import multiprocessing, os, sys, time
from concurrent.futures import ProcessPoolExecutor
from tracker.reports.closing_files import end_with_parent

if __name__ == "__main__":
    pool = ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"), initializer=end_with_parent)
    pool.submit(os.getpid).result()
    print("made", flush=True)
    pool.submit(time.sleep, 3600)
    sys.stdin.read()
"""


def test_processes_that_make_files_end_with_the_one_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "maker.py"
    script.write_text(MAKER)
    environment = {**os.environ, "PYTHONPATH": str(Path(closing_files.__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as maker:
        assert maker.stdout is not None
        assert maker.stdout.readline() == "made\n"
        maker.kill()
        # What it started holds the same pipe: it ends when the last of them has.
        assert maker.communicate(timeout=60)[0] == ""
