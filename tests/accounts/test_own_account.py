"""One's own account: name, password, sign-ins with shortened addresses, out everywhere."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.coding import MANAGER
from tests.accounts.conftest import Login
from tests.conftest import PASSWORD
from tracker.accounts.account_history import KEPT_SIGN_INS, list_notes, list_sign_ins, shortened
from tracker.accounts.attempt_models import SignIn
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.extensions import db

NEW = "hästen åt upp läxan"


def user_of(session: Session, email: str = MANAGER) -> User:
    db.session.rollback()
    user = find_user(session, email)
    assert user is not None
    return user


@pytest.mark.parametrize("role", list(Role))
def test_the_page_says_who_one_is(sign_in: Callable[[Role], FlaskClient], role: Role) -> None:
    page = sign_in(role).get("/konto")
    assert page.status_code == 200
    assert f"{role.value}@prov.se" in page.text
    assert role.label in page.text
    assert ("/anvandare" in page.text) is (role is Role.ADMIN)


def test_the_name_is_saved_and_written_down(session: Session, log_in: Login) -> None:
    browser = log_in()
    assert browser.post("/konto", data={"name": "  Åsa   Öberg "}).status_code == 302
    user = user_of(session)
    assert user.name == "Åsa Öberg"
    (entry,) = list_notes(session, user)
    assert (entry.note, entry.changes) == ("Ändrade namn", {"name": ["Projektledare Prov", "Åsa Öberg"]})
    assert entry.actor_id == user.id


@pytest.mark.parametrize("name", ["", "   ", "x" * 201])
def test_a_bad_name_is_said(session: Session, log_in: Login, name: str) -> None:
    assert log_in().post("/konto", data={"name": name, "role": "admin"}).status_code == 422
    assert user_of(session).name == "Projektledare Prov"


def test_fields_that_are_not_in_the_form_change_nothing(session: Session, log_in: Login) -> None:
    further = {"email": "ny@prov.se", "role": "admin", "active": "", "is_example": "y", "password": NEW}
    log_in().post("/konto", data={"name": "Bo"} | further)
    user = user_of(session)
    assert ([role.name for role in user.roles], user.email, user.active, user.is_example) == (
        ["manager"], MANAGER, True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("present", "new", "again", "told"),
    [
        ("fel lösenord", NEW, NEW, "Lösenordet stämmer inte."),
        ("", NEW, NEW, "Skriv ett lösenord."),
        (PASSWORD, "kort", "kort", "minst 12 tecken"),
        (PASSWORD, NEW, NEW + "x", "inte lika"),
        (PASSWORD, PASSWORD, PASSWORD, "samma som det gamla"),
        (PASSWORD, "manager@prov.se", "manager@prov.se", "ditt namn eller din adress"),
    ],
)
def test_a_password_that_cannot_be_changed(
    session: Session, log_in: Login, present: str, new: str, again: str, told: str
) -> None:
    browser, before = log_in(), user_of(session).password
    answer = browser.post(
        "/byt-losenord", data={"password": present, "new_password": new, "new_password_confirm": again}
    )
    assert told in answer.text
    assert user_of(session).password == before


def test_a_changed_password_is_told_and_written_down(
    session: Session, log_in: Login, letters: Callable[[], list[EmailMessage]]
) -> None:
    browser = log_in()
    browser.post("/byt-losenord", data={"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW})
    assert "Ditt lösenord är bytt" in browser.get("/konto").text
    (letter,) = letters()
    assert (letter["Subject"], MANAGER in letter["To"]) == ("Ditt lösenord är bytt", True)
    assert NEW not in letter.as_string()
    assert [entry.note for entry in list_notes(session, user_of(session))] == ["Bytte lösenord"]


def test_a_letter_that_cannot_be_sent_does_not_stop_the_change(session: Session, log_in: Login) -> None:
    data = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    assert log_in().post("/byt-losenord", data=data).status_code == 302
    log_in(password=NEW)


def test_sign_ins_are_listed_with_a_network_and_no_machine(app: Flask, session: Session) -> None:
    browser = app.test_client()
    data = {"email": MANAGER, "password": PASSWORD}
    browser.post("/logga-in", data=data, environ_base={"REMOTE_ADDR": "192.168.17.42"})
    page = browser.get("/konto").text
    assert "192.168.17.x" in page
    assert "192.168.17.42" not in page
    user = user_of(session)
    assert (user.current_login_ip, user.login_count) == ("192.168.17.x", 1)
    assert [(one.address, one.method) for one in list_sign_ins(session, user)] == [("192.168.17.x", "password")]


def test_only_the_newest_sign_ins_are_kept(session: Session, log_in: Login) -> None:
    for _number in range(KEPT_SIGN_INS + 3):
        log_in()
    db.session.rollback()
    assert len(session.scalars(select(SignIn)).all()) == KEPT_SIGN_INS


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("10.1.2.3", "10.1.2.x"), ("::ffff:10.1.2.3", "10.1.2.x"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("", ""), ("skräp", ""),
    ],
)  # fmt: skip
def test_addresses_are_shortened(address: str, kept: str) -> None:
    assert shortened(address) == kept


def test_out_everywhere(session: Session, log_in: Login) -> None:
    here, elsewhere = log_in(), log_in()
    answer = here.post("/konto/logga-ut-overallt")
    assert answer.headers["Location"] == "/logga-in"
    assert "Du är utloggad överallt." in here.get("/logga-in").text
    assert not any("Projektledare Prov" in one.get("/").text for one in (here, elsewhere))
    assert [entry.note for entry in list_notes(session, user_of(session))] == ["Loggade ut kontot överallt"]
    log_in()


def test_an_account_without_a_password_is_not_asked_for_one(
    session: Session, sign_in: Callable[[Role], FlaskClient]
) -> None:
    user_of(session).password = None
    session.commit()
    browser = sign_in(Role.MANAGER)
    assert "Du loggar in genom staden" in browser.get("/konto").text
    for address in ("/byt-losenord", "/andra-faktor/stall-in"):
        assert browser.get(address).headers["Location"] == "/konto"
