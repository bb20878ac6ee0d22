"""A mail server of the test's own, accounts to sign in with, and the clock that codes go by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.accounts.coding import MANAGER, Clock
from tests.conftest import PASSWORD
from tests.mail_servers import Post, mail_server
from tracker.accounts.posting import wait_for_post
from tracker.accounts.security import security

BASE = "https://portfolj.staden.example/karta"
Login = Callable[..., FlaskClient]


@pytest.fixture
def post(app: Flask) -> Iterator[Post]:
    """A mail server that keeps what it gets; the application knows it and its own address."""
    with mail_server(app) as handler:
        yield handler


@pytest.fixture
def letters(app: Flask, post: Post) -> Callable[[], list[EmailMessage]]:
    """What has been sent once everything that was asked for is done."""

    def sent() -> list[EmailMessage]:
        wait_for_post(app)
        return post.letters

    return sent


@pytest.fixture
def log_in(app: Flask) -> Login:
    """Make a browser that has signed in with a password, as a person does."""

    def sign_in(email: str = MANAGER, password: str = PASSWORD) -> FlaskClient:
        browser = app.test_client()
        assert browser.post("/logga-in", data={"email": email, "password": password}).status_code == 302
        return browser

    return sign_in


@pytest.fixture
def clock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(security.totp_factory._totp, "now", staticmethod(lambda: found.now))
    return found
