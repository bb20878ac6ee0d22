"""Writing outside the request that a test makes, so that each request has a context of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tracker.extensions import db
from tracker.history.services import Actor

Write = Callable[[Callable[[Session, Actor], Any]], None]


@pytest.fixture
def write(app: Flask, actor: Actor) -> Write:
    """Do something to the database and commit it."""

    def run(work: Callable[[Session, Actor], Any]) -> None:
        with app.app_context():
            work(db.session(), actor)
            db.session.commit()

    return run
