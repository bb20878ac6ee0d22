"""What two people, or one with two tabs, do with accounts at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.accounts.coding import MANAGER, user_of
from tests.conftest import PASSWORD
from tracker.accounts import services
from tracker.accounts.links import LinkKind, make_link, reset_token
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.extensions import db

NEW = "lösenordet från flik"


def at_once(*asks: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(asks)) as pool:
        return [one.result() for one in [pool.submit(ask) for ask in asks]]


def test_of_two_who_use_a_link_at_once_one_finds_it_used(app: Flask) -> None:
    with app.app_context():
        address = f"/glomt-losenord/{reset_token(user_of(db.session()))}"
    words = [f"{NEW} {number}" for number in range(4)]

    def choose(password: str) -> str:
        data = {"password": password, "password_confirm": password}
        return str(app.test_client().post(address, data=data).headers["Location"])

    led = at_once(*(lambda word=word: choose(word) for word in words))
    assert sorted(led) == sorted(["/logga-in", *["/glomt-losenord"] * 3])
    kept = words[led.index("/logga-in")]
    answer = app.test_client().post("/logga-in", data={"email": MANAGER, "password": kept})
    assert answer.status_code == 302


def test_a_link_ends_with_the_address_that_it_was_sent_to(app: Flask, sign_in: Callable[[Role], FlaskClient]) -> None:
    with app.test_request_context():
        user = user_of(db.session())
        addresses = [f"/glomt-losenord/{reset_token(user)}", make_link(user, LinkKind.RESET, "http://localhost")]
        page = f"/anvandare/{user.id}"
        db.session.rollback()
    data = {"name": "Projektledare Prov", "email": "bytt@prov.se", "role": "manager"}
    assert sign_in(Role.ADMIN).post(page, data=data).status_code == 302
    for address in addresses:
        answer = app.test_client().post(address, data={"password": NEW, "password_confirm": NEW})
        assert answer.status_code in (302, 405)
        assert app.test_client().get(address).headers["Location"] == "/glomt-losenord"
    assert app.test_client().post("/logga-in", data={"email": "bytt@prov.se", "password": PASSWORD}).status_code == 302


def test_of_two_who_invite_the_same_person_at_once_one_is_told(
    app: Flask, sign_in: Callable[[Role], FlaskClient], backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have looked for the address before either has written it; SQLite lets one after the other look."""
    found, met = find_user, Barrier(2 if backend == "postgis" else 1)

    def look(*given: Any) -> User | None:
        user = found(*given)
        met.wait(30)
        return user

    monkeypatch.setattr(services, "find_user", look)
    data = {"name": "Ny", "email": "ny@prov.se", "role": "reader", "way": "lank"}
    first, second = sign_in(Role.ADMIN), sign_in(Role.ADMIN)
    answers = at_once(*(lambda one=one: one.post("/anvandare/ny", data=data) for one in (first, second)))
    assert sorted(one.status_code for one in answers) == [200, 422]
    assert any("Kontot ny@prov.se finns redan" in one.text for one in answers)
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(User.email == "ny@prov.se")) == 1
