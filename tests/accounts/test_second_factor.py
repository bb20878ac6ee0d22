"""Codes of an authenticator: set up with the password at hand, asked for at each sign-in, each taken once."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import Any

import pytest
import segno
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.coding import CODE, KEY, MANAGER, RECOVERY, SETUP, Clock, inside, password_only, set_up, user_of
from tests.accounts.conftest import Login
from tests.conftest import PASSWORD
from tracker.accounts.account_history import list_notes
from tracker.accounts.attempts import MOST_TRIES
from tracker.accounts.models import User


def test_setting_up_and_signing_in(
    app: Flask, session: Session, log_in: Login, clock: Clock, letters: Callable[[], list[EmailMessage]]
) -> None:
    browser = log_in()
    key = set_up(browser, clock)
    page = browser.get("/konto").text
    assert "Inloggning med kod är påslagen." in page
    assert "Du har inga reservkoder" in page
    assert [one["Subject"].strip() for one in letters()] == ["Inloggning med kod är påslagen på ditt konto"]
    stored = user_of(session)
    assert stored.tf_totp_secret is not None
    assert key.replace("-", "") not in stored.tf_totp_secret

    person = password_only(app, next_address="/projekt")
    assert not inside(person)
    assert "Skriv koden" in person.get(CODE).text
    answer = person.post(f"{CODE}?next=/projekt", data={"code": f" {clock.code(key)[:3]} {clock.code(key)[3:]} "})
    assert answer.headers["Location"] == "/projekt"
    assert inside(person)


def test_the_picture_holds_what_the_app_needs(log_in: Login, clock: Clock, tmp_path: Any) -> None:
    page = log_in().post(SETUP, data={"setup": "authenticator"}).text
    source = html.unescape(re.findall(r'<img class="code-picture" src="([^"]+)"', page)[0])
    assert source.startswith("data:image/svg+xml")
    # Drawn by the same library with the same text, as bits, so that a reader of codes can be asked.
    key = KEY.findall(page)[0].replace("-", "")
    said = f"otpauth://totp/Portf%C3%B6ljkartan:{MANAGER}?secret={key}&issuer=Portf%C3%B6ljkartan"
    segno.make_qr(said, error="m").save(str(tmp_path / "kod.png"), scale=5, border=4)
    (read,) = zxingcpp.read_barcodes(Image.open(tmp_path / "kod.png"))
    assert read.text == said
    assert source == segno.make_qr(said, error="m").svg_data_uri(border=4, dark="#000", light="#fff", scale=5)


def test_a_code_is_taken_once_even_at_once(app: Flask, log_in: Login, clock: Clock) -> None:
    key = set_up(log_in(), clock)
    code = clock.code(key)
    first, second = password_only(app), password_only(app)
    assert first.post(CODE, data={"code": code}).status_code == 302
    answer = second.post(CODE, data={"code": code})
    assert "Koden stämmer inte" in answer.text
    assert not inside(second)
    clock.now += 30
    people = [password_only(app) for _number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(lambda one: one.post(CODE, data={"code": clock.code(key)}).status_code, people))
    assert sorted(done) == [200] * 5 + [302]


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_that_is_one_step_off_is_forgiven(
    app: Flask, log_in: Login, clock: Clock, steps: int, taken: bool
) -> None:
    key = set_up(log_in(), clock)
    clock.now += 60
    answer = password_only(app).post(CODE, data={"code": clock.code(key, steps)})
    assert (answer.status_code == 302) is taken


def test_the_code_for_setting_up_does_not_sign_in(app: Flask, log_in: Login, clock: Clock) -> None:
    key = set_up(log_in(), clock)
    clock.now -= 60
    assert "stämmer inte" in password_only(app).post(CODE, data={"code": clock.code(key)}).text


@pytest.mark.parametrize("code", ["", "000000", "abc", "１２３４５６", "1" * 500, "123 456 789", "\u0660" * 6])
def test_what_is_no_code_opens_nothing(app: Flask, log_in: Login, clock: Clock, code: str) -> None:
    set_up(log_in(), clock)
    person = password_only(app)
    assert person.post(CODE, data={"code": code}).status_code == 200
    assert not inside(person)


def test_wrong_codes_make_the_account_wait_and_the_password_does_not_help(
    app: Flask, log_in: Login, clock: Clock
) -> None:
    key = set_up(log_in(), clock)
    person = password_only(app)
    for number in range(MOST_TRIES):
        if number == 5:
            person = password_only(app)
        assert "Koden stämmer inte" in person.post(CODE, data={"code": "000000"}).text
    answer = person.post(CODE, data={"code": clock.code(key)})
    assert "vänta 15 minuter" in answer.text
    assert not inside(person)
    assert "vänta 15 minuter" in app.test_client().post(
        "/logga-in", data={"email": MANAGER, "password": PASSWORD}
    ).text  # fmt: skip


def test_a_role_that_needs_it_sets_it_up_when_signing_in(app: Flask, session: Session, clock: Clock) -> None:
    app.config["REQUIRE_SECOND_FACTOR"] = ("manager",)
    person = app.test_client()
    answer = person.post("/logga-in?next=/projekt", data={"email": MANAGER, "password": PASSWORD})
    assert answer.headers["Location"] == SETUP
    assert not inside(person)
    assert "Din roll kräver" in person.get(SETUP).text
    key = KEY.findall(person.post(SETUP, data={"setup": "authenticator"}).text)[0]
    assert "stämmer inte" in person.post(CODE, data={"code": "000000"}).text
    assert person.post(CODE, data={"code": clock.code(key)}).status_code == 302
    assert inside(person)
    assert user_of(session).tf_primary_method == "authenticator"
    refused = person.post(SETUP, data={"setup": "disable"})
    assert "Den kan inte stängas av" in refused.text
    assert user_of(session).tf_primary_method == "authenticator"
    other = app.test_client()
    assert other.post("/logga-in", data={"email": "reader@prov.se", "password": PASSWORD}).headers["Location"] == "/"


@pytest.mark.parametrize("method", ["sms", "email", "google", ""])
def test_no_other_method_can_be_set(session: Session, log_in: Login, method: str) -> None:
    answer = log_in().post(SETUP, data={"setup": method, "phone": "+46701234567"})
    assert answer.status_code == 200
    assert user_of(session).tf_primary_method is None


def test_an_old_sign_in_is_asked_for_the_password_first(log_in: Login) -> None:
    browser = log_in()
    with browser.session_transaction() as cookie:
        cookie["fs_paa"] = time.time() - 3600
    assert browser.get(SETUP).headers["Location"].startswith("/bekrafta-losenord?next=")
    assert "Fortsätt" in browser.get("/bekrafta-losenord").text
    answer = browser.post(f"/bekrafta-losenord?next={SETUP}", data={"password": PASSWORD})
    assert answer.headers["Location"] == SETUP
    assert browser.get(SETUP).status_code == 200


@pytest.mark.parametrize("address", [CODE, RECOVERY, SETUP, "/andra-faktor/valj", "/andra-faktor/hjalp"])
def test_without_the_password_no_page_of_codes_opens(client: FlaskClient, address: str) -> None:
    for method in ("GET", "POST"):
        answer = client.open(address, method=method, data={"code": "123456"} if method == "POST" else None)
        assert answer.status_code == 302
        assert answer.headers["Location"].split("?")[0] in ("/logga-in", RECOVERY)
    assert "Projektledare Prov" not in client.get("/").text


def test_the_page_of_codes_does_not_sign_out_who_is_in(log_in: Login) -> None:
    browser = log_in()
    assert browser.get(CODE).headers["Location"] == "/konto"
    assert inside(browser)


def test_it_is_written_down(session: Session, log_in: Login, clock: Clock) -> None:
    browser = log_in()
    set_up(browser, clock)
    browser.post(SETUP, data={"setup": "disable"})
    notes = [entry.note for entry in list_notes(session, user_of(session))]
    assert notes == ["Slog av inloggning med kod", "Slog på inloggning med kod"]
    assert session.scalars(select(User.tf_last_counter).where(User.email == MANAGER)).one() is None
