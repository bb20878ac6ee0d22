"""Linking one's own account with the city's: by its password, by the provider's word, and by nobody else."""

# ruff: noqa: F811 - fixtures are asked for by the names that they are imported by; app stands for the plain one

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.sso_running import (
    RunningProvider,
    app,  # noqa: F401
    come_back,
    oidc_provider,  # noqa: F401
    sign_in_over,
    who,
)
from tests.conftest import PASSWORD
from tests.shell import run
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.accounts.sso_models import ExternalIdentity
from tracker.accounts.sso_services import unlink
from tracker.errors import NotFoundError
from tracker.history.services import Actor

SignIn = Callable[[Role], FlaskClient]
PAGE = "/konto/stadens-konto"


def onward(browser: FlaskClient, password: str = PASSWORD) -> str:
    """Give the password; the address of the link that the page then shows."""
    answer = browser.post(PAGE, data={"password": password})
    assert answer.status_code == 200, answer.text
    found = re.search(r'href="(http://127[^"]+)"', answer.text)
    assert found
    return unescape(found[1])


def linked(session: Session) -> list[str]:
    session.expire_all()
    return [one.user.email for one in session.scalars(select(ExternalIdentity))]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
def test_an_account_is_linked_by_its_password_and_the_providers_word(
    oidc_provider: RunningProvider,
    session: Session,
    sign_in: SignIn,
    app: Flask,
    role: Role,
) -> None:
    oidc_provider.knows("l-1", email="nagon.annan@staden.example", name="Åsa Ek", groups=["pk-admin"])
    browser = sign_in(role)
    answer = come_back(browser, oidc_provider.consent(onward(browser), "l-1"))
    assert (answer.status_code, answer.headers["Location"]) == (302, PAGE)
    page = browser.get(PAGE).text
    assert "Kontot är kopplat" in page
    assert 'name="password"' not in page
    assert linked(session) == ["nagon.annan@staden.example"]
    later = app.test_client()
    assert sign_in_over(oidc_provider, later, "l-1").status_code == 302
    assert who(later) == "Åsa Ek"


def test_a_wrong_password_leads_nowhere(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.ADMIN)
    for password in ("fel", ""):
        answer = browser.post(PAGE, data={"password": password})
        assert answer.status_code == 422
        assert "http://127" not in answer.text
    with browser.session_transaction() as cookie:
        assert not [key for key in cookie if key.startswith("_state_")]
    assert linked(session) == []


def test_an_administrator_does_not_lose_the_role_by_linking(
    oidc_provider: RunningProvider, session: Session, sign_in: SignIn
) -> None:
    for groups, told in ((["pk-controller"], "ger dig inte rollen administratör"), ([], "inte fått någon roll")):
        oidc_provider.knows("l-2", email="l2@staden.example", groups=groups)
        browser = sign_in(Role.ADMIN)
        answer = come_back(browser, oidc_provider.consent(onward(browser), "l-2"))
        assert (answer.status_code, told in answer.text) == (403, True)
        assert linked(session) == []
        user = find_user(session, "admin@prov.se")
        assert user is not None
        assert [role.name for role in user.roles] == ["admin"]


def test_a_person_who_is_linked_elsewhere_is_not_linked_again(
    oidc_provider: RunningProvider,
    session: Session,
    sign_in: SignIn,
    app: Flask,
) -> None:
    oidc_provider.knows("l-3", email="l3@staden.example", groups=["pk-admin"])
    sign_in_over(oidc_provider, app.test_client(), "l-3")
    browser = sign_in(Role.ADMIN)
    assert come_back(browser, oidc_provider.consent(onward(browser), "l-3")).status_code == 409
    assert linked(session) == ["l3@staden.example"]


def test_whoever_signed_in_meanwhile_is_not_linked(
    oidc_provider: RunningProvider, session: Session, sign_in: SignIn
) -> None:
    oidc_provider.knows("l-4", email="l4@staden.example", groups=["pk-admin"])
    browser, other = sign_in(Role.ADMIN), sign_in(Role.MANAGER)
    back = oidc_provider.consent(onward(browser), "l-4")
    with browser.session_transaction() as mine, other.session_transaction() as theirs:
        theirs.update({key: value for key, value in mine.items() if key.startswith("_state_")})
    assert come_back(other, back).status_code == 400
    with browser.session_transaction() as cookie:
        cookie.pop("_user_id")
    assert linked(session) == []


def test_the_page_is_everybodys_own_and_nobody_elses(sign_in: SignIn, client: FlaskClient) -> None:
    for method in ("GET", "POST"):
        answer = client.open(PAGE, method=method)
        assert answer.status_code == 401 or "/logga-in?next=" in answer.headers["Location"]
    for role in Role:
        assert sign_in(role).get(PAGE).status_code == 200
        assert PAGE in sign_in(role).get("/konto").text


def test_the_page_warns_the_last_administrator_with_a_password(session: Session, sign_in: SignIn) -> None:
    assert "sista administratörskontot" in sign_in(Role.ADMIN).get(PAGE).text
    create_user(session, "reserv@prov.se", "Reserv", Role.ADMIN, PASSWORD)
    session.commit()
    assert "sista administratörskontot" not in sign_in(Role.ADMIN).get(PAGE).text
    assert "sista administratörskontot" not in sign_in(Role.READER).get(PAGE).text


def test_a_form_without_its_own_mark_begins_nothing(app: Flask, sign_in: SignIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = sign_in(Role.ADMIN).post(PAGE, data={"password": PASSWORD})
    assert "http://127" not in answer.text


def test_an_unlinked_account_is_nobodys_until_it_is_linked_anew_or_given_a_password(
    oidc_provider: RunningProvider,
    session: Session,
    actor: Actor,
    app: Flask,
) -> None:
    oidc_provider.knows("l-5", email="manager@prov.se", email_verified=True, groups=["pk-alla"])
    browser, later = app.test_client(), app.test_client()
    sign_in_over(oidc_provider, browser, "l-5")
    assert who(browser) != ""
    unlink(session, "manager@prov.se", actor)
    session.commit()
    assert linked(session) == []
    assert who(browser) == ""
    later.post("/logga-in", data={"email": "manager@prov.se", "password": PASSWORD})
    assert who(later) == ""
    oidc_provider.knows("l-6", email="manager@prov.se", email_verified=True, groups=["pk-alla"])
    assert sign_in_over(oidc_provider, later, "l-6").status_code == 302
    for unknown in ("admin@prov.se", "ingen@prov.se"):
        with pytest.raises(NotFoundError):
            unlink(session, unknown, actor)


def test_wrong_passwords_are_counted_as_when_one_signs_in(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.ADMIN)
    for _try in range(10):
        assert browser.post(PAGE, data={"password": "fel"}).status_code == 422
    answer = browser.post(PAGE, data={"password": PASSWORD})
    assert (answer.status_code, "15 minuter" in answer.text) == (422, True)


def test_the_command_says_what_the_provider_says_and_unlinks(
    oidc_provider: RunningProvider,
    session: Session,
    app: Flask,
    database_url: str,
    tmp_path: Path,
) -> None:
    env = {
        "DATABASE_URL": database_url, "STATE_DIR": str(tmp_path), "APP_ENV": "development",
        "OIDC_ISSUER": oidc_provider.issuer, "OIDC_CLIENT_ID": "portfoljkartan", "OIDC_CLIENT_SECRET": "hemligt ord",
        "OIDC_ROLE_GROUPS": "admin=pk-admin",
    }  # fmt: skip
    done = run("sso", "check", **env)
    assert done.returncode == 0, done.stderr
    for text in (f"{oidc_provider.issuer} svarar.", "RS256", "Administratör: pk-admin", "ingen får komma in"):
        assert text in done.stdout
    assert "hemligt ord" not in done.stdout
    down = run("sso", "check", **env | {"OIDC_ISSUER": "http://127.0.0.1:1"})
    assert (down.returncode, "provider-unreachable" in down.stderr) == (1, True)
    oidc_provider.knows("l-7", email="l7@staden.example", groups=["pk-alla"])
    sign_in_over(oidc_provider, app.test_client(), "l-7")
    assert run("sso", "unlink", "l7@staden.example", **env).returncode == 0
    assert linked(session) == []
    assert run("sso", "unlink", "l7@staden.example", **env).returncode == 1
