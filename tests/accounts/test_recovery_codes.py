"""Recovery codes: shown once, kept encrypted, each used once, gone with the second factor that they stand in for."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage

from flask import Flask
from sqlalchemy.orm import Session

from tests.accounts.coding import CODES, RECOVERY, SETUP, Clock, inside, password_only, set_up, user_of
from tests.accounts.conftest import Login
from tracker.extensions import db

RECOVERY_CODE = re.compile(r"<li><code>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</code></li>")


def test_recovery_codes_are_shown_once_kept_encrypted_and_used_once(
    app: Flask, session: Session, log_in: Login, clock: Clock
) -> None:
    browser = log_in()
    set_up(browser, clock)
    answer = browser.post(CODES, data={"generate_new_codes": "ja"})
    codes = RECOVERY_CODE.findall(answer.text)
    assert (len(codes), len(set(codes))) == (10, 10)
    for address in (CODES, f"{CODES}?show_codes=1", "/konto"):
        later = browser.get(address, headers={"Accept": "application/json"}, follow_redirects=True)
        assert not any(code in later.text for code in codes)
    kept = str(user_of(session).mf_recovery_codes)
    assert not any(code in kept for code in codes)

    person = password_only(app)
    typed = codes[3].upper().replace("-", " ")
    assert person.post(RECOVERY, data={"code": typed}).status_code == 302
    assert inside(person)
    assert "9 koder kvar" in person.get("/konto").text
    again = password_only(app)
    assert "redan använd" in again.post(RECOVERY, data={"code": codes[3]}).text
    assert not inside(again)
    people = [password_only(app) for _number in range(4)]
    # The test's own context outlives its requests, and with it the right to write.
    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda one: one.post(RECOVERY, data={"code": codes[5]}).status_code, people))
    assert sorted(done) == [200] * 3 + [302]


def test_new_recovery_codes_end_the_old_ones(app: Flask, log_in: Login, clock: Clock) -> None:
    browser = log_in()
    set_up(browser, clock)
    old = RECOVERY_CODE.findall(browser.post(CODES).text)
    new = RECOVERY_CODE.findall(browser.post(CODES).text)
    assert set(old).isdisjoint(new)
    person = password_only(app)
    assert person.post(RECOVERY, data={"code": old[0]}).status_code == 200
    assert person.post(RECOVERY, data={"code": new[0]}).status_code == 302


def test_turning_off_ends_codes_and_tells(
    app: Flask, session: Session, log_in: Login, clock: Clock, letters: Callable[[], list[EmailMessage]]
) -> None:
    browser = log_in()
    set_up(browser, clock)
    browser.post(CODES)
    assert browser.post(SETUP, data={"setup": "disable"}).headers["Location"] == "/konto"
    user = user_of(session)
    assert (user.tf_totp_secret, user.tf_primary_method, user.mf_recovery_codes) == (None, None, [])
    assert inside(password_only(app))
    assert letters()[-1]["Subject"].strip() == "Inloggning med kod är avstängd på ditt konto"
