"""A sign-in ends when it is not used and at the latest after a working day; nothing typed is lost by it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login.utils import encode_cookie  # type: ignore[import-untyped]
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.coding import MANAGER
from tests.accounts.conftest import Login
from tests.conftest import PASSWORD
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.accounts.session_life import SEEN, STARTED
from tracker.projects.drafts import Draft

HOUR = 3600


def age(browser: FlaskClient, started: float, seen: float) -> None:
    """Make the session so many hours old, and unused for so many."""
    with browser.session_transaction() as cookie:
        cookie[STARTED], cookie[SEEN] = int(time.time() - started * HOUR), int(time.time() - seen * HOUR)


def inside(browser: FlaskClient) -> bool:
    return "Projektledare Prov" in browser.get("/").text


@pytest.mark.parametrize(
    ("started", "seen", "stays"),
    [(0, 0, True), (7.9, 7.9, True), (8.1, 8.1, False), (11.9, 0.1, True), (12.1, 0, False), (12.1, 12.1, False)],
)
def test_idle_and_longest_time(log_in: Login, started: float, seen: float, stays: bool) -> None:
    browser = log_in()
    age(browser, started, seen)
    assert inside(browser) is stays
    assert inside(browser) is stays


def test_use_moves_the_idle_time_and_not_the_longest(log_in: Login) -> None:
    browser = log_in()
    age(browser, 7, 7)
    assert inside(browser)
    with browser.session_transaction() as cookie:
        assert time.time() - cookie[SEEN] < 60
        assert time.time() - cookie[STARTED] >= 7 * HOUR


def test_the_settings_are_kept_to(app: Flask, log_in: Login) -> None:
    app.config |= {"SESSION_IDLE_MINUTES": 30, "SESSION_MAX_HOURS": 1}
    browser = log_in()
    age(browser, 0.4, 0.4)
    assert inside(browser)
    age(browser, 0.6, 0.6)
    assert not inside(browser)


def test_it_is_said_and_the_way_leads_back(log_in: Login) -> None:
    browser = log_in()
    age(browser, 13, 13)
    answer = browser.get("/projekt/ny")
    assert answer.headers["Location"] == "/logga-in?next=/projekt/ny"
    assert "Du har blivit utloggad" in browser.get(answer.headers["Location"]).text


def test_an_old_cookie_cannot_be_played_again(app: Flask, log_in: Login) -> None:
    browser = log_in()
    age(browser, 13, 13)
    old = browser.get_cookie("session")
    assert old is not None
    assert not inside(browser)
    thief = app.test_client()
    thief.set_cookie("session", old.value)
    assert not inside(thief)


def test_what_was_typed_is_kept_as_a_draft(session: Session, sign_in: Callable[[Role], FlaskClient]) -> None:
    import re

    browser = sign_in(Role.MANAGER)
    page = browser.get("/projekt/ny").text
    found = re.search(r'name="form_pass"[^>]*value="([^"]+)"', page)
    assert found is not None
    age(browser, 13, 13)
    answer = browser.post("/projekt/ny", data={"form_pass": found[1], "name": "Spårväg till Solna"})
    assert answer.headers["Location"].startswith("/logga-in?next=")
    assert "Det du skrev och ritade är kvar" in browser.get("/logga-in").text
    (draft,) = session.scalars(select(Draft))
    assert "Spårväg till Solna" in draft.content


def test_nobody_is_remembered_and_a_cookie_from_before_opens_nothing(app: Flask, session: Session) -> None:
    browser = app.test_client()
    data = {"email": MANAGER, "password": PASSWORD, "remember": "y"}
    answer = browser.post("/logga-in", data=data)
    assert "remember_token" not in " ".join(answer.headers.getlist("Set-Cookie"))
    user = find_user(session, MANAGER)
    assert user is not None
    with app.test_request_context():
        text = encode_cookie(user.fs_uniquifier)
    other = app.test_client()
    other.set_cookie("remember_token", text)
    first = other.get("/")
    assert "Projektledare Prov" not in first.text
    assert "remember_token=;" in " ".join(first.headers.getlist("Set-Cookie"))


def test_changing_the_password_ends_every_other_session(log_in: Login) -> None:
    here, elsewhere = log_in(), log_in()
    new = "hästen åt upp läxan"
    answer = here.post("/byt-losenord", data={"password": PASSWORD, "new_password": new, "new_password_confirm": new})
    assert answer.headers["Location"] == "/konto"
    assert (inside(here), inside(elsewhere)) == (True, False)
    log_in(password=new)


def test_the_password_change_does_not_draw_out_the_longest_time(log_in: Login) -> None:
    browser, new = log_in(), "hästen åt upp läxan"
    age(browser, 11, 0)
    browser.post("/byt-losenord", data={"password": PASSWORD, "new_password": new, "new_password_confirm": new})
    with browser.session_transaction() as cookie:
        assert time.time() - cookie[STARTED] >= 11 * HOUR


def test_a_page_without_a_session_asks_for_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/logga-in/finns-inte").headers
