"""Connections to PostgreSQL that outlive their test: found there, not in whichever test collects the garbage."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import event
from sqlalchemy.pool import Pool

_OPENED: list[tuple[psycopg.Connection[Any], str]] = []


@event.listens_for(Pool, "connect")
def _remember(connection: Any, _record: Any) -> None:
    if isinstance(connection, psycopg.Connection):
        _OPENED.append((connection, "".join(traceback.format_stack(limit=40))))


@contextmanager
def none_left_open() -> Iterator[None]:
    """Whatever was connected inside is closed at the end, or where it was opened is told.

    Raises
    ------
    AssertionError
        When an engine was left without `dispose`, or a connection without `close`.
    """
    _OPENED.clear()
    yield
    left = [(connection, where) for connection, where in _OPENED if not connection.closed]
    _OPENED.clear()
    for connection, _where in left:
        connection.close()
    assert not left, f"{len(left)} connections were left open; the first was opened here:\n{left[0][1]}"
