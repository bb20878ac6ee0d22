"""The pages of accounts in English; what is stored, logged or sent by post stays Swedish."""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

import tracker.accounts
from tests.accounts.coding import MANAGER, user_of
from tests.accounts.conftest import Login
from tests.conftest import PASSWORD
from tests.english import ENGLISH, in_english
from tests.mail_servers import use_server
from tracker.accounts.account_history import deed_told, list_notes
from tracker.accounts.models import Role as StoredRole
from tracker.accounts.roles import Role
from tracker.accounts.token_models import AccessToken
from tracker.messages import Message, told
from tracker.web.mail import Letter, deliver

SignIn = Callable[[Role], FlaskClient]
Letters = Callable[[], list[EmailMessage]]


def test_labels_of_roles_and_states_are_english_and_stored_in_swedish(session: Session, sign_in: SignIn) -> None:
    page = in_english(sign_in(Role.ADMIN)).get("/anvandare").text
    assert '<option value="reader">Reader</option>' in page
    assert '<option value="inbjudet">Invited</option>' in page
    assert re.search(r'<td data-label="Role">Project manager</td>', page)
    assert re.search(r'<td data-label="State">Open</td>', page)
    assert session.scalars(select(StoredRole.description).order_by(StoredRole.id)).all() == [
        "Läsare", "Projektledare", "Controller", "Administratör",
    ]  # fmt: skip


def test_a_refused_invitation_says_why_in_english(sign_in: SignIn) -> None:
    browser = in_english(sign_in(Role.ADMIN))
    given = {"name": "", "email": "ingen adress", "role": "controller", "way": "lank"}
    answer = browser.post("/anvandare/ny", data=given)
    assert answer.status_code == 422
    assert "Enter a name." in answer.text
    answer = browser.post("/anvandare/ny", data=given | {"name": "Åsa"})
    assert (answer.status_code, "“ingen adress” is not an e-mail address." in answer.text) == (422, True)
    answer = browser.post("/anvandare/ny", data=given | {"name": "Åsa", "email": MANAGER})
    assert f"The account {MANAGER} already exists." in answer.text
    answer = browser.post("/anvandare/ny", data=given | {"name": "Å" * 201, "email": "asa@prov.se", "role": "kung"})
    assert "Field cannot be longer than 200 characters." in answer.text
    assert "Not a valid choice." in answer.text


def test_what_was_done_is_told_in_english_and_stored_in_swedish(session: Session, sign_in: SignIn) -> None:
    browser, page = in_english(sign_in(Role.ADMIN)), f"/anvandare/{user_of(session).id}"
    given = {"name": "Nytt Namn", "email": MANAGER, "role": "controller"}
    assert browser.post(page, data=given).status_code == 302
    text = browser.get(page).text
    assert "The account is saved." in text
    assert "<td>Changed the name: Projektledare Prov → Nytt Namn</td>" in text
    assert "<td>Changed the role: manager → controller</td>" in text
    assert [one.note for one in list_notes(session, user_of(session))] == ["Ändrade roll", "Ändrade namn"]


def test_every_deed_that_is_written_down_can_be_told() -> None:
    literals = {
        call.args[3].value
        for file in Path(tracker.accounts.__path__[0]).glob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "note"
        if isinstance(call.args[3], ast.Constant)
    }
    assert len(literals) == 15
    assert {text for text in literals if not isinstance(deed_told(str(text)), Message)} == set()
    assert deed_told("Något äldre") == "Något äldre"


def test_a_letter_is_swedish_whoever_caused_it(session: Session, sign_in: SignIn, letters: Letters) -> None:
    browser, page = in_english(sign_in(Role.ADMIN)), f"/anvandare/{user_of(session).id}"
    given = {"name": "Projektledare Prov", "email": "ny@prov.se", "role": "manager"}
    assert browser.post(page, data=given).status_code == 302
    assert browser.post(f"{page}/lank", data={"way": "brev"}).status_code == 302
    assert "The link has been sent to ny@prov.se." in browser.get(page).text
    subjects = {letter["Subject"].strip(): letter.get_content() for letter in letters()}
    assert set(subjects) == {"Adressen till ditt konto är ändrad till ny@prov.se", "Nytt lösenord i Portföljkartan"}
    assert "Känner du inte igen det?" in subjects["Adressen till ditt konto är ändrad till ny@prov.se"]


def test_changing_ones_password_in_english(log_in: Login, letters: Letters) -> None:
    browser, word = in_english(log_in()), "hästen åt upp läxan"
    given = {"password": PASSWORD, "new_password": "kort", "new_password_confirm": "kort"}
    assert "The password must have at least 12 characters." in browser.post("/byt-losenord", data=given).text
    given |= {"new_password": word, "new_password_confirm": "annat"}
    assert "The passwords differ." in browser.post("/byt-losenord", data=given).text
    answer = browser.post("/byt-losenord", data=given | {"new_password_confirm": word})
    assert answer.headers["Location"] == "/konto"
    page = browser.get("/konto").text
    assert "Your password is changed, and you are signed out everywhere but here." in page
    assert "<dt>Role</dt><dd>Project manager</dd>" in page
    assert [letter["Subject"] for letter in letters()] == ["Ditt lösenord är bytt"]


def test_signing_in_is_refused_in_the_readers_language(client: FlaskClient) -> None:
    given = {"email": MANAGER, "password": "fel"}
    assert "Adressen eller lösenordet stämmer inte. Försök igen." in client.post("/logga-in", data=given).text
    answer = in_english(client).post("/logga-in", data=given)
    assert "The address or the password is not right. Try again." in answer.text
    page = client.post("/glomt-losenord/finns-inte", data={"password": "x"}, follow_redirects=True).text
    assert "The link has already been used or is not valid. Ask for a new one." in page


def test_a_token_in_english(session: Session, sign_in: SignIn) -> None:
    browser = in_english(sign_in(Role.MANAGER))
    answer = browser.post("/konto/nycklar", data={"name": "", "days": "999"})
    assert answer.status_code == 422
    assert "Enter what the token is for." in answer.text
    assert "The token must be valid for 1–365 days." in answer.text
    assert "New projects and changes, under the same rules as in the form." in answer.text
    assert browser.post("/konto/nycklar", data={"name": "QGIS", "days": "30", "scopes": ["write"]}).status_code == 200
    assert '<span class="token-scope">Register and change</span>' in browser.get("/konto/nycklar").text
    assert session.scalars(select(AccessToken.scopes)).all() == [["read", "write"]]


def test_a_reason_of_the_mail_server_is_swedish_in_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    use_server(app, 1)
    with app.test_request_context(headers=ENGLISH):
        reason = deliver([Letter("Prov", "prov@prov.se", "Prov", "Prov")])[0]
        with caplog.at_level(logging.WARNING, "prov"):
            logging.getLogger("prov").warning("not taken: %s", reason)
        assert caplog.messages == ["not taken: E-postservern 127.0.0.1:1 svarar inte."]
        assert told(reason) == "The mail server 127.0.0.1:1 does not answer."
