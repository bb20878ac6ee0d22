"""The database itself refuses to change or remove history."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tracker.history.models import Action, HistoryEntry, Origin
from tracker.history.services import Actor, record

STATEMENTS = ["UPDATE history_entry SET actor_name = 'X'", "DELETE FROM history_entry"]


@pytest.fixture
def entry(session: Session, actor: Actor) -> HistoryEntry:
    record(session, actor, ("project", 1, 1), Action.CREATED, {"name": [None, "Å"]})
    session.flush()
    return session.query(HistoryEntry).filter_by(subject_kind="project").one()


@pytest.mark.parametrize("statement", STATEMENTS)
def test_changes_and_removals_are_refused(session: Session, entry: HistoryEntry, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))


def test_replacing_and_truncating_are_refused(session: Session, entry: HistoryEntry, backend: str) -> None:
    replace = (
        "INSERT OR REPLACE INTO history_entry (id, at, actor_name, origin, subject_kind, subject_id, subject_version, "
        "action, changes) VALUES (:id, '2005-01-01', 'X', 'import', 'project', 1, 1, 'skapad', '{}')"
    )
    statement = text(replace).bindparams(id=entry.id) if backend == "sqlite" else text("TRUNCATE history_entry")
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(statement)


def test_an_entry_says_who_when_and_what(entry: HistoryEntry) -> None:
    assert (entry.actor_name, entry.origin, entry.at) == ("Prov", Origin.COMMAND, NOW)
    assert entry.changes == {"name": [None, "Å"]}
