"""A number that grows with every committed write, by whatever door, also where it leaves no history.

Each transaction that has written appends one row in its own commit, and the number is the sum of the rows. Unlike the
newest id, the sum cannot stand still while an older transaction commits late, and unlike a row that is updated, it
makes no writer wait for another. Rows are folded into one now and then, which leaves the sum as it is.

Writes that bypass the product (psql, sqlite3) are not seen: delete from standing_report after such.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Engine, delete, event, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from tracker.history.models import RegisterWrite

QUIET = frozenset(
    {
        "standing_report", "register_write", "user", "role", "draft", "sent_form", "upload", "remembered_source",
        "reminder", "alembic_version", "access_token", "sent_request", "sign_in", "sign_in_attempt",
        "external_identity",
    }
)  # fmt: skip
"""Tables that no report reads."""
MOST_ROWS = 500
_MARK = "has_written"
_WRITES = re.compile(
    r"\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+"
    r"[\"`]?(?P<table>\w+)",
    re.IGNORECASE,
)
_HIDDEN_WRITE = re.compile(r"\s*(?:WITH|MERGE|COPY)\b.*\b(?:INSERT|UPDATE|DELETE|MERGE|FROM\s+STDIN)\b", re.I | re.S)
_SUM = "SELECT coalesce(sum(number), 0) FROM register_write"
_PRESENT = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'register_write'",
    "postgresql": "SELECT 1 WHERE to_regclass('register_write') IS NOT NULL",
}


def revision(session: Session) -> int:
    """The number as this transaction sees it."""
    return int(session.scalar(select(func.coalesce(func.sum(RegisterWrite.number), 0))) or 0)


def revision_now(connection: Connection) -> int:
    """The number as it is; for whoever asks so often that making the statement anew would cost more than asking."""
    return int(connection.exec_driver_sql(_SUM).scalar() or 0)


def note_write(connection: Connection) -> None:
    """Say that something was written past SQLAlchemy, as COPY does."""
    connection.info[_MARK] = True


def watch_writes(engine: Engine) -> None:
    """Count every committed write of an engine."""
    watch = _Watch()
    event.listen(engine, "after_cursor_execute", _notice)
    event.listen(engine, "commit", watch.count)
    event.listen(engine, "rollback", _forget)


def _notice(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
    if is_write(statement):
        note_write(connection)


def is_write(statement: str) -> bool:
    """Whether a statement writes to a table that reports may read; in doubt it does."""
    found = _WRITES.match(statement)
    if found:
        return found["table"].lower() not in QUIET
    return bool(_HIDDEN_WRITE.match(statement))


def _forget(connection: Connection) -> None:
    connection.info.pop(_MARK, None)


class _Watch:
    """Appends the row; knows whether the table is there, for migrations write before it is."""

    def __init__(self) -> None:
        self._present = False

    def count(self, connection: Connection) -> None:
        """In the transaction that is about to commit."""
        if connection.info.pop(_MARK, None) is None:
            return
        cursor = connection.connection.cursor()
        try:
            if not self._present:
                cursor.execute(_PRESENT[connection.dialect.name])
                self._present = cursor.fetchone() is not None
            if self._present:
                cursor.execute("INSERT INTO register_write (number) VALUES (1)")
        finally:
            cursor.close()


def fold(connection: Connection) -> None:
    """Make one row of many. Two who fold at once each take away only what they found, so the sum stays."""
    if int(connection.scalar(select(func.count()).select_from(RegisterWrite)) or 0) <= MOST_ROWS:
        return
    # SQLite has but one writer at a time; PostgreSQL tells what each statement really took away.
    gone = connection.execute(delete(RegisterWrite).returning(RegisterWrite.number)).scalars().all()
    if gone:
        connection.execute(insert(RegisterWrite).values(number=sum(gone)))
