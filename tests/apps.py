"""Applications under test: with settings of their own, on any database, and nothing of them left when the test ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from threading import enumerate as running_threads
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from config import from_environment
from tracker.accounts.posting import wait_for_post
from tracker.app import create_app
from tracker.extensions import db

AppAt = Callable[..., Flask]
MakeApp = Callable[..., Flask]
ASIDE = frozenset({"readiness", "map-model", "open-data"})
"""Threads of the product that outlive the question which began them, and may ask the database."""
ASIDE_SECONDS = 60
LIGHT_HASH = {"argon2__rounds": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
"""The same hash as in operation, with less of the work that is its purpose there."""


def make_settings(url: str, state: Path, **changes: Any) -> dict[str, Any]:
    """Settings of an application under test."""
    settings = from_environment(
        {
            "SECRET_KEY": "only-for-the-tests",
            "DATABASE_URL": url,
            "STATE_DIR": str(state),
            "APP_ENV": "development",
        }
    )
    quick = {"SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": LIGHT_HASH}
    return settings | quick | {"TESTING": True, "RATELIMIT_ENABLED": False, "WTF_CSRF_ENABLED": False} | changes


def close_app(app: Flask) -> None:
    """Wait for what it does aside, and close its connections."""
    wait_for_post(app)
    for thread in running_threads():
        if thread.name in ASIDE:
            thread.join(ASIDE_SECONDS)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextmanager
def application(url: str, state: Path, **changes: Any) -> Iterator[Flask]:
    """One with changed settings that is closed at the end of the block."""
    app = create_app(make_settings(url, state, **changes))
    try:
        yield app
    finally:
        close_app(app)


@pytest.fixture
def app_at(tmp_path: Path, compiled_templates: FileSystemBytecodeCache) -> Iterator[AppAt]:
    """Make applications on the database of a URL, with changed settings; they are closed afterwards."""
    with ExitStack() as stack:

        def make(url: str, **changes: Any) -> Flask:
            app = stack.enter_context(application(url, tmp_path, **changes))
            app.jinja_env.bytecode_cache = compiled_templates
            return app

        yield make


@pytest.fixture
def make_app(database_url: str, app_at: AppAt) -> MakeApp:
    """The same on the test's own database: `make_app(RATELIMIT_ENABLED=True)`."""
    return partial(app_at, database_url)
