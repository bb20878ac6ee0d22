"""Too many wrong passwords make an account wait, known or not, and cost the same work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.accounts.coding import MANAGER
from tests.accounts.conftest import Login
from tests.conftest import NOW, PASSWORD
from tests.factories import update_user
from tests.mail_servers import Post
from tracker.accounts.attempt_models import Proof, SignInAttempt
from tracker.accounts.attempts import MOST_TRIES, account_key, begin_try, forgive, is_waiting
from tracker.accounts.roles import Role
from tracker.accounts.security import security
from tracker.accounts.services import create_user
from tracker.extensions import db

UNKNOWN = "ingen@prov.se"
WRONG = "fel lösenord här"
MINUTE = timedelta(minutes=1)


def tried(session: Session, account: str, times: int, start: datetime = NOW, step: timedelta = MINUTE) -> list[bool]:
    return [begin_try(session, account, Proof.PASSWORD, start + step * number) for number in range(times)]


def test_the_tenth_try_is_made_and_the_eleventh_is_not(session: Session) -> None:
    assert tried(session, "a", MOST_TRIES + 1) == [True] * MOST_TRIES + [False]
    assert is_waiting(session, "a", NOW + 10 * MINUTE)
    assert not is_waiting(session, "b", NOW + 10 * MINUTE)


def test_waiting_ends_by_itself_and_tries_meanwhile_do_not_draw_it_out(session: Session) -> None:
    tried(session, "a", MOST_TRIES)
    last = NOW + 9 * MINUTE
    assert not begin_try(session, "a", Proof.PASSWORD, last + 14 * MINUTE)
    assert is_waiting(session, "a", last + 15 * MINUTE - timedelta(seconds=1))
    assert not is_waiting(session, "a", last + 15 * MINUTE)
    assert begin_try(session, "a", Proof.PASSWORD, last + 15 * MINUTE)


def test_slow_tries_never_wait(session: Session) -> None:
    assert tried(session, "a", 30, step=2 * MINUTE) == [True] * 30


def test_old_tries_are_thrown_away(session: Session) -> None:
    tried(session, "a", 5)
    begin_try(session, "b", Proof.PASSWORD, NOW + timedelta(hours=2))
    assert [row.account for row in session.scalars(select(SignInAttempt))] == ["b"]


def test_the_right_password_forgets_wrong_passwords_and_not_wrong_codes(session: Session) -> None:
    tried(session, "a", 5)
    begin_try(session, "a", Proof.CODE, NOW)
    forgive(session, "a", Proof.PASSWORD)
    assert [row.kind for row in session.scalars(select(SignInAttempt))] == [Proof.CODE]


def test_no_address_is_kept(session: Session) -> None:
    key = account_key("secret", " Anna@Staden.SE ")
    assert key == account_key("secret", "anna@staden.se")
    assert key != account_key("other", "anna@staden.se")
    assert (len(key), "anna" in key) == (64, False)


def attempt(browser: FlaskClient, email: str, password: str = WRONG) -> str:
    answer = browser.post("/logga-in", data={"email": email, "password": password})
    return answer.text if answer.status_code == 200 else str(answer.status_code)


@pytest.mark.parametrize("email", [MANAGER, UNKNOWN])
def test_case_lockout_is_the_same_for_every_address(app: Flask, email: str) -> None:
    browsers = [app.test_client() for _number in range(3)]
    said = [attempt(browsers[number % 3], email) for number in range(MOST_TRIES)]
    assert all("stämmer inte. Försök igen." in text for text in said)
    waiting = attempt(app.test_client(), email, PASSWORD)
    assert "Adressen eller lösenordet stämmer inte. Efter många försök behöver du vänta 15 minuter." in waiting
    assert "Projektledare Prov" not in waiting


@pytest.mark.parametrize("email", [MANAGER, " MANAGER@prov.se ", "Manager@PROV.SE"])
def test_every_way_of_writing_an_address_is_counted_as_one(app: Flask, session: Session, email: str) -> None:
    for number in range(MOST_TRIES):
        attempt(app.test_client(), email if number % 2 else MANAGER)
    assert len({row.account for row in session.scalars(select(SignInAttempt))}) == 1
    assert "vänta 15 minuter" in attempt(app.test_client(), MANAGER, PASSWORD)


def test_after_a_quarter_the_right_password_opens_again(app: Flask, session: Session) -> None:
    for _number in range(MOST_TRIES):
        attempt(app.test_client(), MANAGER)
    assert "vänta" in attempt(app.test_client(), MANAGER, PASSWORD)
    session.execute(update(SignInAttempt).values(at=datetime.now(UTC) - timedelta(minutes=15)))
    session.commit()
    assert attempt(app.test_client(), MANAGER, PASSWORD) == "302"
    assert session.scalars(select(SignInAttempt)).all() == []


def test_the_owner_is_told_once_and_nobody_else(
    app: Flask, post: Post, letters: Callable[[], list[EmailMessage]]
) -> None:  # fmt: skip
    for number, email in enumerate((MANAGER, UNKNOWN), 1):
        for _number in range(MOST_TRIES + 3):
            attempt(app.test_client(), email)
        assert len(letters()) == 1
        assert post.greeted == number, "the same work for both"
    (letter,) = letters()
    assert MANAGER in letter["To"]
    assert "Många försök" in letter["Subject"]
    assert "spärrat för inloggning i 15 minuter" in letter.get_content().replace("\n", " ")


class Counted:
    """Counts each time that a password is hashed, whether to keep or to compare."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.calls = 0
        for name in ("hash", "verify"):
            monkeypatch.setattr(security.pwd_context, name, self._counting(getattr(security.pwd_context, name)))

    def _counting(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.calls += 1
            return real(*args, **kwargs)

        return counted


def test_known_unknown_closed_invited_and_waiting_cost_one_hash_each(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_user(session, "reader@prov.se", None, None, close=True)
    create_user(session, "inbjuden@prov.se", "Inbjuden", Role.READER, None)
    session.commit()
    for _number in range(MOST_TRIES):
        attempt(app.test_client(), "controller@prov.se")
    counted = Counted(monkeypatch)
    cost = {}
    for email in (MANAGER, UNKNOWN, "reader@prov.se", "inbjuden@prov.se", "controller@prov.se"):
        before = counted.calls
        attempt(app.test_client(), email)
        cost[email] = counted.calls - before
    assert set(cost.values()) == {1}


def test_a_long_text_as_password_is_not_hashed_whole(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    real = security.pwd_context.hash

    def measured(text: str, **further: Any) -> Any:
        lengths.append(len(text))
        return real(text, **further)

    monkeypatch.setattr(security.pwd_context, "hash", measured)
    attempt(app.test_client(), UNKNOWN, "x" * 200_000)
    assert lengths == [1000]


def test_changing_the_password_and_confirming_it_are_counted_too(session: Session, log_in: Login) -> None:
    browser = log_in()
    for _number in range(MOST_TRIES // 2):
        browser.post("/bekrafta-losenord", data={"password": "fel lösenord"})
        browser.post(
            "/byt-losenord",
            data={"password": "fel", "new_password": "hästen åt läxan", "new_password_confirm": "hästen åt läxan"},
        )
    assert len(session.scalars(select(SignInAttempt)).all()) == MOST_TRIES
    answer = browser.post("/bekrafta-losenord", data={"password": PASSWORD})
    assert "vänta 15 minuter" in answer.text
    db.session.rollback()


@pytest.mark.parametrize("backend", ["postgis"], indirect=True)
def test_tries_made_at_once_do_not_outrun_the_count(app: Flask) -> None:
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _n: attempt(app.test_client(), MANAGER), range(24)))
    assert sum("Försök igen" in text for text in said) == MOST_TRIES
    assert sum("vänta 15 minuter" in text for text in said) == 24 - MOST_TRIES
