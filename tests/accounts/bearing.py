"""Tokens for tests: made in the database, borne by a client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tracker.accounts.models import User
from tracker.accounts.roles import Role
from tracker.accounts.token_models import AccessToken
from tracker.accounts.token_rules import TokenScope
from tracker.accounts.token_services import create_token
from tracker.extensions import db

EVERY = tuple(TokenScope)
Bearing = Callable[..., "Bearing_"]


class Bearing_(FlaskClient):  # noqa: N801 - beside the type of what makes it
    """A client whose questions bear a token."""

    token = ""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            # A test's own context outlives the question, and what the test has read would keep it from writing.
            db.session.rollback()
        headers = dict(kwargs.pop("headers", None) or {})
        headers.setdefault("Authorization", f"Bearer {self.token}")
        return super().open(*args, headers=headers, **kwargs)


def make_token(
    app: Flask, role: Role, scopes: Sequence[TokenScope] = EVERY, name: str = "Prov", days: int = 90, age_days: int = 0
) -> str:
    """The text of a token of the account with a role, made so many days ago."""
    with app.app_context():
        session = db.session()
        user = session.scalars(select(User).where(User.email == f"{role.value}@prov.se")).one()
        made = create_token(session, user, name, scopes, days, datetime.now(UTC) - timedelta(days=age_days))
        session.commit()
        return made.text()


def bearing(app: Flask, role: Role, scopes: Sequence[TokenScope] = EVERY, **further: Any) -> Bearing_:
    """A client with a new token."""
    client = Bearing_(app, use_cookies=True)
    client.token = make_token(app, role, scopes, **further)
    return client


def stored(app: Flask, text: str) -> AccessToken:
    """The row of a token, detached."""
    with app.app_context():
        return db.session().scalars(select(AccessToken).where(AccessToken.public_id == text.split("_")[1])).one()
