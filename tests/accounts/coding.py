"""Codes of an authenticator for tests: the moment as they see it, and a person who sets them up."""

from __future__ import annotations

import re
import time

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import PASSWORD
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.security import security
from tracker.extensions import db

MANAGER = "manager@prov.se"
SETUP, CODE = "/andra-faktor/stall-in", "/andra-faktor"
RECOVERY, CODES = "/andra-faktor/reservkod", "/andra-faktor/reservkoder"
KEY = re.compile(r"<dd><code>([A-Z2-7-]+)</code></dd>")


class Clock:
    """The moment as the codes see it."""

    def __init__(self) -> None:
        self.now = float(int(time.time()) // 30 * 30 + 10)

    def code(self, key: str, steps: int = 0) -> str:
        totp = security.totp_factory._totp(key=key, format="base32")
        return str(totp.generate(time=int(self.now) + steps * 30).token)


def set_up(browser: FlaskClient, clock: Clock) -> str:
    """Turn the second factor on as a person does; the key."""
    found = KEY.search(browser.post(SETUP, data={"setup": "authenticator"}).text)
    assert found is not None
    answer = browser.post(CODE, data={"code": clock.code(found[1])})
    assert answer.headers["Location"] == "/konto"
    clock.now += 60
    return found[1]


def password_only(app: Flask, email: str = MANAGER, next_address: str = "") -> FlaskClient:
    browser = app.test_client()
    answer = browser.post(f"/logga-in?next={next_address}", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 302
    return browser


def inside(browser: FlaskClient) -> bool:
    return "Projektledare Prov" in browser.get("/").text


def user_of(session: Session, email: str = MANAGER) -> User:
    db.session.rollback()
    user = find_user(session, email)
    assert user is not None
    return user
