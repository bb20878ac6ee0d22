"""A new password by letter: the same answer and work for every address; a link that works once, for an hour."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.coding import MANAGER
from tests.accounts.conftest import BASE, Login
from tests.conftest import PASSWORD
from tests.factories import update_user
from tests.mail_servers import Post
from tracker.accounts import notices, reset_views
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.extensions import db
from tracker.history.models import HistoryEntry

Letters = Callable[[], list[EmailMessage]]
ASK = "/glomt-losenord"
NEW = "hästen åt upp läxan"
LINK = re.compile(rf"{re.escape(BASE)}(/glomt-losenord/\S+)")


def ask(client: FlaskClient, email: str = MANAGER) -> str:
    answer = client.post(ASK, data={"email": email}, headers={"Host": "elak.example"})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{ASK}?skickat=ja")
    return client.get(answer.headers["Location"]).text


def link_in(letter: EmailMessage) -> str:
    found = LINK.search(letter.get_content())
    assert found is not None
    return found[1]


def choose(client: FlaskClient, address: str, password: str = NEW, again: str = "") -> Any:
    return client.post(address, data={"password": password, "password_confirm": again or password})


def can_log_in(app: Flask, password: str, email: str = MANAGER) -> bool:
    return app.test_client().post("/logga-in", data={"email": email, "password": password}).status_code == 302


def test_a_letter_leads_to_a_new_password_once(
    app: Flask, client: FlaskClient, letters: Letters, log_in: Login
) -> None:
    elsewhere = log_in()
    page = ask(client)
    assert "Om adressen har ett konto" in page
    (letter,) = letters()
    assert "elak.example" not in letter.as_string()
    assert (letter["To"], letter["Content-Language"]) == (f"Projektledare Prov <{MANAGER}>", "sv")
    assert "gäller i en timme" in letter.get_content()
    address = link_in(letter)
    assert "Nytt lösenord" in client.get(address).text
    assert choose(client, address).headers["Location"] == "/logga-in"
    assert "Ditt lösenord är bytt" in client.get("/logga-in").text
    assert (can_log_in(app, NEW), can_log_in(app, PASSWORD)) == (True, False)
    assert "Projektledare Prov" not in elsewhere.get("/").text
    assert choose(client, address, "något helt annat nu").headers["Location"] == ASK
    assert "redan använd" in client.get(ASK).text
    assert can_log_in(app, NEW)
    assert [one["Subject"].strip() for one in letters()] == ["Nytt lösenord i Portföljkartan", "Ditt lösenord är bytt"]


def test_it_is_written_down_without_the_password(session: Session, client: FlaskClient, letters: Letters) -> None:
    ask(client)
    choose(client, link_in(letters()[0]))
    (entry,) = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "user"))
    assert (entry.actor_name, entry.note) == ("Projektledare Prov", "Valde lösenord genom en länk")
    assert entry.changes == {}


@pytest.mark.parametrize("email", ["ingen@prov.se", "reader@prov.se", "inbjuden@prov.se"])
def test_no_letter_for_unknown_closed_or_passwordless_and_the_page_is_the_same(
    session: Session, app: Flask, letters: Letters, email: str
) -> None:
    update_user(session, "reader@prov.se", None, None, close=True)
    create_user(session, "inbjuden@prov.se", "", Role.READER, None)
    session.commit()
    plain = ask(app.test_client(), email)
    assert letters() == []
    token = re.compile(r'nonce="[^"]*"|value="[^"]*"')
    assert token.sub("", plain) == token.sub("", ask(app.test_client(), MANAGER))
    assert len(letters()) == 1


@pytest.mark.parametrize("email", [MANAGER, "ingen@prov.se"])
def test_the_request_does_the_same_for_every_address(
    app: Flask, client: FlaskClient, post: Post, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    """It hands the address on and asks the database about nobody; who it is, is found out after the answer."""
    jobs: list[tuple[object, ...]] = []
    monkeypatch.setattr(reset_views, "after_answer", lambda *job: jobs.append(job))
    asked: list[str] = []
    monkeypatch.setattr(notices, "find_user", lambda _session, typed: asked.append(typed))
    client.post(ASK, data={"email": email})
    assert jobs == [(notices.send_reset_link, email)]
    assert asked == []
    assert post.letters == []


def test_what_is_done_after_the_answer_is_the_same_but_for_the_letter(
    session: Session, app: Flask, post: Post, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on beside the next questions, whose time would else tell whether there is an account."""
    update_user(session, "reader@prov.se", None, None, close=True)
    create_user(session, "inbjuden@prov.se", "", Role.READER, None)
    session.commit()
    written: list[str] = []

    def write(name: str, **values: Any) -> str:
        written.append(name)
        return render_template(name, **values)

    monkeypatch.setattr("tracker.accounts.notices.render_template", write)
    for number, email in enumerate((MANAGER, "ingen@prov.se", "reader@prov.se", "inbjuden@prov.se"), 1):
        ask(app.test_client(), email)
        assert [letter["To"] for letter in letters()] == [f"Projektledare Prov <{MANAGER}>"]
        assert written == ["accounts/letters/reset.txt"] * number
        assert post.greeted == number


def test_the_link_dies_after_an_hour(app: Flask, client: FlaskClient, letters: Letters) -> None:
    ask(client)
    address = link_in(letters()[0])
    app.config["SECURITY_RESET_PASSWORD_WITHIN"] = timedelta(seconds=-1)
    assert choose(client, address).headers["Location"] == ASK
    assert "har gått ut" in client.get(ASK).text
    assert can_log_in(app, PASSWORD)


def test_the_link_dies_when_the_password_changes(
    app: Flask, client: FlaskClient, letters: Letters, log_in: Login
) -> None:
    ask(client)
    address = link_in(letters()[0])
    data = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    assert log_in().post("/byt-losenord", data=data).status_code == 302
    assert choose(client, address, "något helt annat nu").headers["Location"] == ASK
    assert can_log_in(app, NEW)


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("kort", "", "minst 12 tecken"),
        ("projektledare prov", "", "ditt namn"),
        ("lösenord1234", "", "vanligaste"),
        (NEW, "något annat långt", "inte lika"),
    ],
)
def test_a_bad_password_is_said_and_the_link_still_works(
    app: Flask, client: FlaskClient, letters: Letters, password: str, again: str, told: str
) -> None:
    ask(client)
    address = link_in(letters()[0])
    assert told in choose(client, address, password, again).text
    assert can_log_in(app, PASSWORD)
    assert choose(client, address).status_code == 302


@pytest.mark.parametrize("missing", ["PUBLIC_URL", "MAIL_SERVER"])
def test_without_mail_or_an_address_of_ours_the_page_names_the_administrator(
    app: Flask, client: FlaskClient, letters: Letters, missing: str
) -> None:
    app.config[missing] = ""
    app.config["CONTACT_EMAIL"] = "karta@staden.example"
    for page in (client.get(ASK), client.post(ASK, data={"email": MANAGER})):
        assert "Be en administratör" in page.text
        assert "karta@staden.example" in page.text
        assert 'name="email"' not in page.text
    assert letters() == []


@pytest.mark.parametrize("email", ["", "ingen adress", "a@b", "x" * 300 + "@prov.se"])
def test_what_is_no_address_is_said(client: FlaskClient, letters: Letters, email: str) -> None:
    answer = client.post(ASK, data={"email": email})
    assert answer.status_code == 422
    assert letters() == []


@pytest.mark.parametrize("address", [f"{ASK}/påhitt", "/valj-losenord/påhitt", "/valj-losenord/a.b.c"])
def test_a_made_up_link_leads_to_the_form(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Location"] == ASK
    assert "Länken är redan använd" in client.get(ASK).text


def test_resetting_lets_in_at_once_whom_others_made_wait(app: Flask, client: FlaskClient, letters: Letters) -> None:
    for _number in range(10):
        app.test_client().post("/logga-in", data={"email": MANAGER, "password": "fel lösenord här"})
    assert not can_log_in(app, PASSWORD)
    ask(client)
    choose(client, link_in(letters()[-1]))
    assert can_log_in(app, NEW)


def test_a_mail_server_that_is_gone_changes_nothing_in_the_answer(
    app: Flask, client: FlaskClient, letters: Letters
) -> None:
    app.config["MAIL_PORT"] = 1
    app.extensions["mailman"].port = 1
    assert "Om adressen har ett konto" in ask(client)
    assert letters() == []


def test_the_account_is_named_by_nothing_in_the_page(session: Session, client: FlaskClient, letters: Letters) -> None:
    user = find_user(session, MANAGER)
    assert isinstance(user, User)
    assert MANAGER not in ask(client)
    db.session.rollback()
