"""The server is asked to stop while a period is being closed: the closing is waited for, or it never was."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tests.deploy.serving import WAIT_SECONDS, Answer, Server, serving
from tests.deploy.test_server import Person, field_of, until, writing_blocked
from tests.deploy.test_server import engine as engine  # a fixture for these tests as well
from tests.reports.register import make_board
from tracker.followup.queries import get_period
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.reports.closing_claims import find_claim
from tracker.reports.models import PeriodFile, PeriodSnapshot

KEY = "2005-T1"
PAGE = f"/uppfoljning/perioder/{KEY}/stang"
NO_PROGRAMS = "/var/empty"
"""Where LibreOffice is not found, which takes most of the time of a closing."""


@pytest.fixture
def board(session: Session, actor: Actor) -> list[int]:
    """An open period; what is kept of it and in the history."""
    make_board(session, actor)
    session.commit()
    return kept(session)


def kept(session: Session) -> list[int]:
    session.rollback()
    models = (PeriodSnapshot, PeriodFile, HistoryEntry)
    return [session.scalar(select(func.count()).select_from(one)) or 0 for one in models]


def is_claimed(session: Session) -> bool:
    session.rollback()
    found = find_claim(session, KEY) is not None
    session.rollback()
    return found


@contextmanager
def closing(server: Server, session: Session) -> Iterator[Future[Answer]]:
    """A controller's closing that is under way when the block begins."""
    person = Person(server)
    assert person.sign_in("controller@prov.se", PASSWORD).status == 302
    fields = {"csrf_token": field_of(person.ask(PAGE).text, "csrf_token"), "confirmation": KEY}
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(person.ask, PAGE, fields)
        until(lambda: sent.done() or is_claimed(session), "the closing to begin")
        yield sent


def test_a_closing_is_waited_for_when_the_server_is_asked_to_stop(
    board: list[int], session: Session, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    with (
        serving(database_url, tmp_path, PATH=NO_PROGRAMS, GRACEFUL_SECONDS=f"{WAIT_SECONDS:.0f}") as server,
        closing(server, session) as sent,
    ):
        with writing_blocked(database_url, engine):
            server.process.send_signal(signal.SIGTERM)
            server.wait_for("Handling signal: term")
            assert not sent.done()
        answer = sent.result(WAIT_SECONDS)
        assert (answer.status, answer.headers["location"]) == (302, PAGE)
        assert server.stop() == 0
    assert not get_period(session, KEY).is_open
    snapshots, files, entries = (after - before for after, before in zip(kept(session), board, strict=True))
    assert (snapshots, files, entries > 0) == (2, 12, True)
    assert not is_claimed(session)


def test_a_closing_that_is_not_waited_for_never_was(
    board: list[int], session: Session, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    with (
        serving(database_url, tmp_path, PATH=NO_PROGRAMS, GRACEFUL_SECONDS="1") as server,
        closing(server, session) as sent,
    ):
        with writing_blocked(database_url, engine):
            assert server.stop() == 0
            # Its connection is cut before it was answered.
            with suppress(OSError):
                pytest.fail(f"answered with {sent.result(WAIT_SECONDS).status}")
        until(lambda: not is_claimed(session), "the claim to end")
    assert get_period(session, KEY).is_open
    assert kept(session) == board
