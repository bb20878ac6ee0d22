"""How long each question has waited for the database, and for how many statements."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection

from tracker.web.logs_requests import current_note
from tracker.web.metrics import CONNECTIONS

_BEGUN = "statement_begun"


def watch_database(engine: Engine) -> None:
    """Note the time of every statement of an engine on the question that it is for."""
    event.listen(engine, "before_cursor_execute", _begin)
    event.listen(engine, "after_cursor_execute", _end)
    event.listen(engine, "handle_error", _fail)


def watch_pool(engine: Engine) -> None:
    """Count the connections that are in use."""
    event.listen(engine, "checkout", lambda *_what: CONNECTIONS.inc())
    event.listen(engine, "checkin", lambda *_what: CONNECTIONS.dec())


def _begin(connection: Connection, *_statement: Any) -> None:
    connection.info[_BEGUN] = time.perf_counter()


def _end(connection: Connection, *_statement: Any) -> None:
    begun, note = connection.info.pop(_BEGUN, None), current_note()
    if begun is not None and note is not None:
        note.statements += 1
        note.database_seconds += time.perf_counter() - begun


def _fail(context: Any) -> None:
    """A statement that waited and was refused has taken its time too."""
    if context.connection is not None and not context.is_disconnect and not context.connection.invalidated:
        _end(context.connection)
