"""What a question would have kept: every row of every table at its commit, which is then not made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

from sqlalchemy import DateTime, LargeBinary, Table, column, func, inspect, select, text
from sqlalchemy import table as lightweight
from sqlalchemy.orm import Session

from tracker.database import Base, UtcDateTime

Rows = dict[str, list[tuple[str, ...]]]
MADE = frozenset({"token", "public_id", "secret_sha256", "fs_uniquifier", "form_token"})
"""Columns that are drawn by lot; moments are the clock's."""
ASIDE = frozenset({"draft"})
"""A draft is what was sent, word by word, kept for its author alone."""


@contextmanager
def never_kept() -> Iterator[list[Rows]]:
    """Let every commit write its rows down and keep nothing: whoever closes the session takes it all back."""
    kept: list[Rows] = []

    def commit(session: Session) -> None:
        session.flush()
        kept.append(rows_of(session))

    with patch.object(Session, "commit", commit):
        yield kept


def rows_of(session: Session) -> Rows:
    """Every row of every table as texts, without moments and what is drawn by lot."""
    there = set(inspect(session.connection()).get_table_names())
    return {one.name: _rows(session, one) for one in Base.metadata.sorted_tables if one.name in there - ASIDE}


def _rows(session: Session, table: Table) -> list[tuple[str, ...]]:
    moments = DateTime | UtcDateTime
    names = [one.name for one in table.columns if one.name not in MADE and not isinstance(one.type, moments)]
    # As the driver gives them: what a column's type makes of them is of no interest.
    statement: Any = select(*(column(name) for name in names)).select_from(lightweight(table.name))
    return sorted(tuple(map(_told, row)) for row in session.execute(statement))


def _told(value: Any) -> str:
    return "moment" if isinstance(value, datetime) else repr(value)


def restart_numbers(session: Session) -> None:
    """Let the next row of each table have the number that it would have had; a sequence is not taken back."""
    if session.get_bind().dialect.name == "sqlite":
        return
    for table in Base.metadata.sorted_tables:
        key = table.columns.get("id")
        if key is not None and not isinstance(key.type, LargeBinary):
            most = session.scalar(select(func.max(key)))
            name = session.scalar(text("SELECT pg_get_serial_sequence(:one, 'id')"), {"one": f'"{table.name}"'})
            if name:
                session.execute(select(func.setval(name, most or 1, most is not None)))
