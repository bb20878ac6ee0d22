"""Compiled SQL, kept for all applications of a test run: each test has an application, and so an engine, of its own.

An engine compiles every statement that it has not met; a service does that once in its life, a test run would do it
once for every test.
"""

from __future__ import annotations

from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache

ROOM = 5000
_KNOWN: dict[str, Dialect] = {}
_COMPILED: LRUCache[Any, Any] = LRUCache(ROOM)


def remember_statements() -> None:
    """Let every engine of one kind speak through the first that was connected: compiled SQL is kept by dialect."""
    make_one = SQLAlchemy._make_engine

    def make(self: SQLAlchemy, *given: Any) -> Engine:
        engine = make_one(self, *given)
        known = _KNOWN.get(engine.dialect.name)
        if known is None:
            event.listen(engine, "engine_connect", _remember)
        else:
            engine.dialect = engine.pool._dialect = known
        engine._compiled_cache = _COMPILED
        return engine

    SQLAlchemy._make_engine = make  # type: ignore[method-assign, assignment]


def _remember(connection: Connection) -> None:
    """A dialect has asked its database what it can once the first connection stands."""
    _KNOWN.setdefault(connection.dialect.name, connection.dialect)
