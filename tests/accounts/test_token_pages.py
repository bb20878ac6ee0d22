"""The page of tokens and the command: shown once, one for a form sent twice, revoked by owner or administrator."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.bearing import bearing, make_token, stored
from tests.conftest import Browser
from tests.shell import run
from tracker.accounts.roles import Role
from tracker.accounts.token_models import AccessToken
from tracker.accounts.token_rules import MOST_TOKENS, TokenScope
from tracker.extensions import db

SignIn = Callable[[Role], FlaskClient]
TEXT = re.compile(r"pfk_[0-9A-Za-z]{16}_[0-9A-Za-z]{49}")
PAGE = "/konto/nycklar"


def test_a_new_token_is_shown_once_works_and_is_not_kept(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    assert "Du har ingen nyckel" in browser.get(PAGE).text
    answer = browser.post(PAGE, data={"name": "QGIS", "scopes": ["write"], "days": "30"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    text = TEXT.findall(answer.text)[0]
    assert TEXT.findall(browser.get(PAGE).text) == []
    client = app.test_client()
    assert client.get("/karta/data", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    row = stored(app, text)
    assert (row.name, row.scopes, (row.expires_at - row.created_at).days) == ("QGIS", ["read", "write"], 30)
    assert text.split("_")[2][:43] not in repr(vars(row))
    assert len(row.secret_sha256) == 64


def test_the_same_form_sent_twice_makes_one_token(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.READER)
    for status in (200, 422):
        assert browser.post(PAGE, data={"name": "Skript", "days": "90"}).status_code == status
    assert len(session.scalars(select(AccessToken)).all()) == 1


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"name": "", "days": "90"}, "Skriv vad nyckeln ska användas till."),
        ({"name": "x" * 81, "days": "90"}, "Namnet får ha högst 80 tecken."),
        ({"name": "x", "days": "366"}, "Nyckeln ska gälla 1–365 dagar."),
        ({"name": "x", "days": "-1"}, "Nyckeln ska gälla 1–365 dagar."),
        ({"name": "x", "days": "alltid"}, "Nyckeln ska gälla 1–365 dagar."),
    ],
)
def test_what_is_refused_makes_none(session: Session, sign_in: SignIn, data: dict[str, str], told: str) -> None:
    answer = sign_in(Role.READER).post(PAGE, data=data)
    assert answer.status_code == 422
    assert told in answer.text
    assert TEXT.findall(answer.text) == []
    assert session.scalars(select(AccessToken)).all() == []


def test_a_person_has_so_many_tokens_at_most(app: Flask, sign_in: SignIn) -> None:
    for number in range(MOST_TOKENS):
        make_token(app, Role.READER, name=f"nr {number}")
    answer = sign_in(Role.READER).post(PAGE, data={"name": "en till", "days": "90"})
    assert "Återkalla någon först" in answer.text


def test_a_reader_is_offered_reading_alone(app: Flask, sign_in: SignIn) -> None:
    browser = sign_in(Role.READER)
    assert 'name="scopes"' not in browser.get(PAGE).text
    text = TEXT.findall(browser.post(PAGE, data={"name": "x", "scopes": ["write"], "days": "90"}).text)[0]
    assert stored(app, text).scopes == ["read"]


def test_revoking_ends_it_at_once_and_only_ones_own(app: Flask, sign_in: SignIn) -> None:
    client = bearing(app, Role.MANAGER)
    public_id = client.token.split("_")[1]
    assert sign_in(Role.CONTROLLER).post(f"{PAGE}/{public_id}/aterkalla").status_code == 404
    assert client.get("/karta/data").status_code == 200
    owner = sign_in(Role.MANAGER)
    assert owner.post(f"{PAGE}/{public_id}/aterkalla").headers["Location"] == PAGE
    assert client.get("/karta/data").status_code == 401
    first = stored(app, client.token).revoked_at
    owner.post(f"{PAGE}/{public_id}/aterkalla")
    assert stored(app, client.token).revoked_at == first
    page = owner.get(PAGE).text
    assert "1 nyckel som inte längre gäller" in page
    assert "Projektledare Prov" in page


def test_an_administrator_sees_whose_they_are_and_revokes(app: Flask, sign_in: SignIn) -> None:
    client = bearing(app, Role.READER, name="Skrivarens skript")
    admin = sign_in(Role.ADMIN)
    page = admin.get(f"{PAGE}/alla").text
    assert "Skrivarens skript" in page
    assert "reader@prov.se" in page
    assert "Skrivarens skript" not in admin.get(PAGE).text
    answer = admin.post(f"{PAGE}/{client.token.split('_')[1]}/aterkalla", data={"fran": "alla"})
    assert answer.headers["Location"] == f"{PAGE}/alla"
    assert stored(app, client.token).revoked_by == "Administratör Prov"
    assert sign_in(Role.CONTROLLER).get(f"{PAGE}/alla").status_code == 403


def test_a_token_opens_no_page_of_tokens(app: Flask) -> None:
    client = bearing(app, Role.ADMIN)
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}/alla").status_code == 403


def test_a_form_without_its_own_mark_makes_none(app: Flask, sign_in: SignIn, session: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert sign_in(Role.MANAGER).post(PAGE, data={"name": "x", "days": "90"}).status_code == 400
    assert session.scalars(select(AccessToken)).all() == []


def test_the_command_makes_lists_and_revokes(app: Flask, database_url: str, tmp_path: Path) -> None:
    def command(*words: str) -> tuple[int, str, str]:
        done = run("token", *words, DATABASE_URL=database_url, STATE_DIR=str(tmp_path), APP_ENV="development")
        return done.returncode, done.stdout, done.stderr

    assert command("list")[1].strip() == "Det finns inga nycklar."
    code, out, err = command("create", "manager@prov.se", "--name", "Natt", "--scope", "report", "--days", "10")
    assert (code, out.strip() == TEXT.findall(out)[0]) == (0, True)
    assert "kan inte visas igen" in err
    public_id = out.split("_")[1]
    listed = command("list", "manager@prov.se")[1]
    assert public_id in listed
    assert "read,report" in listed
    assert "gäller" in listed
    assert "är återkallad" in command("revoke", f"pfk_{public_id}")[1]
    assert "återkallad" in command("list")[1]
    for words in (("revoke", "finns-inte"), ("create", "ingen@prov.se", "--name", "x"), ("list", "ingen@prov.se")):
        assert command(*words)[0] == 1
    assert command("create", "manager@prov.se", "--name", "x", "--scope", "admin")[0] == 2
    assert "1–365" in command("create", "manager@prov.se", "--name", "x", "--days", "400")[2]


def test_scopes_that_are_no_scopes_open_nothing(app: Flask) -> None:
    text = make_token(app, Role.ADMIN, [TokenScope.READ])
    with app.app_context():
        row = db.session().scalars(select(AccessToken)).one()
        row.scopes = ["allt", "admin"]
        db.session().commit()
    client = Browser(app)
    assert client.get("/karta/data", headers={"Authorization": f"Bearer {text}"}).status_code == 403
