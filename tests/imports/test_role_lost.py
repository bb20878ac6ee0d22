"""An account that is closed, or loses its role, while its file is being read: nothing of it is kept or written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.imports.files import write_csv
from tests.imports.walk import apply, send, send_file, walk_to_plan
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.accounts.user_services import change_role, close, end_sessions
from tracker.database import begin_writing
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.imports import apply_views, upload_views
from tracker.imports.candidates import interpret
from tracker.imports.contents import inspect_file
from tracker.imports.models import Upload
from tracker.projects.models import Project

Act = Callable[..., object]
LOST: dict[str, Act] = {
    "closed": close,
    "signed out": end_sessions,
    "another role": lambda session, user, actor: change_role(session, user, Role.READER, actor),
}


@contextmanager
def elsewhere() -> Iterator[Session]:
    """Somebody else's transaction."""
    with Session(db.engine) as session:
        begin_writing(session)
        yield session
        session.commit()


def losing(reads: Callable[..., Any], act: Act, actor: Actor) -> Callable[..., Any]:
    """What reads the file, while an administrator does something with the account."""

    def meanwhile(*given: Any, **named: Any) -> Any:
        found = reads(*given, **named)
        with elsewhere() as session:
            act(session, find_user(session, "manager@prov.se"), actor)
        return found

    return meanwhile


@pytest.mark.parametrize("how", LOST)
def test_a_file_on_its_way_is_not_kept(
    app: Flask, session: Session, sign_in: Callable[[Role], FlaskClient], actor: Actor, how: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    browser = sign_in(Role.MANAGER)
    monkeypatch.setattr(upload_views, "inspect_file", losing(inspect_file, LOST[how], actor))
    answer = send(browser, "projekt.csv", b"Kod;Namn\r\nP-1;Ett\r\n")
    assert answer.status_code == 403
    assert "Din roll får inte göra detta" in answer.text
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Upload)) == 0
    assert list((Path(app.config["STATE_DIR"]) / "uploads").iterdir()) == []


@pytest.mark.parametrize("how", LOST)
def test_a_plan_under_way_is_not_carried_out(
    session: Session, sign_in: Callable[[Role], FlaskClient], actor: Actor, how: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    browser = sign_in(Role.MANAGER)
    token = send_file(browser, write_csv(tmp_path / "projekt.csv"))
    page = walk_to_plan(browser, token)
    monkeypatch.setattr(apply_views, "interpret", losing(interpret, LOST[how], actor))
    assert apply(browser, token, page).status_code == 403
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Project)) == 0
