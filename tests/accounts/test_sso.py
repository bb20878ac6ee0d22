"""Signing in over a real OpenID provider: who gets in, as whom, with which role, and who does not."""

# ruff: noqa: F811 - fixtures are asked for by the names that they are imported by; app stands for the plain one

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.accounts.sso_running import (
    SECONDS,
    RunningProvider,
    app,  # noqa: F401
    asked_of,
    come_back,
    oidc_provider,  # noqa: F401
    sign_in_over,
    way_there,
    who,
)
from tests.conftest import PASSWORD
from tests.factories import update_user
from tests.projects.form_page import open_form, read_page, send
from tests.projects.test_drafts import NEW, VALID
from tracker.accounts.account_history import list_notes, list_sign_ins
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.accounts.services import create_user
from tracker.accounts.sso_models import ExternalIdentity
from tracker.accounts.sso_queries import find_identity
from tracker.projects.drafts import Draft

SignIn = Callable[[Role], FlaskClient]


def identities(session: Session) -> int:
    return session.scalar(select(func.count(ExternalIdentity.id))) or 0


def roles_of(session: Session, email: str) -> list[str]:
    session.expire_all()
    user = find_user(session, email)
    assert user is not None
    return [role.name for role in user.roles]


def test_a_newcomer_gets_an_account_with_the_role_of_the_groups(
    oidc_provider: RunningProvider, session: Session, client: FlaskClient
) -> None:
    oidc_provider.knows("s-1", email="Kajsa.Ek@staden.example", name="Kajsa Ek", groups=["pk-projektledare", "annat"])
    answer = sign_in_over(oidc_provider, client, "s-1", "/projekt?kind=bostad")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/projekt?kind=bostad")
    assert who(client) == "Kajsa Ek"
    user = find_user(session, "kajsa.ek@staden.example")
    assert user is not None
    assert (roles_of(session, user.email), user.password, user.active) == (["manager"], None, True)
    identity = find_identity(session, oidc_provider.issuer, "s-1")
    assert identity is not None
    assert identity.user_id == user.id
    assert client.get(NEW).status_code == 200


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["pk-alla"], "reader"),
        ("pk-alla", "reader"),
        (["pk-alla", "pk-controller"], "controller"),
        (["CN=Ekonomi,OU=Grupper,DC=stad"], "controller"),
        (["pk-admin", "pk-alla"], "admin"),
    ],
)
def test_the_highest_group_decides(
    oidc_provider: RunningProvider, session: Session, client: FlaskClient, groups: list[str] | str, role: str
) -> None:
    oidc_provider.knows("s-2", email="s2@staden.example", groups=groups)
    assert sign_in_over(oidc_provider, client, "s-2").status_code == 302
    assert roles_of(session, "s2@staden.example") == [role]


def test_what_is_sent_has_pkce_state_and_nonce_and_differs_each_time(
    oidc_provider: RunningProvider, client: FlaskClient
) -> None:
    first, second = asked_of(way_there(client)), asked_of(way_there(client))
    assert first["response_type"] == "code"
    assert (first["code_challenge_method"], first["scope"]) == ("S256", "openid profile email")
    assert first["redirect_uri"] == "http://localhost/logga-in/sso/svar"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 20
        assert first[name] != second[name]


def test_roles_name_and_address_follow_the_provider(
    oidc_provider: RunningProvider,
    session: Session,
    app: Flask,
) -> None:
    oidc_provider.knows("s-3", email="s3@staden.example", name="Ulla Ek", groups=["pk-admin"])
    first = app.test_client()
    sign_in_over(oidc_provider, first, "s-3")
    assert roles_of(session, "s3@staden.example") == ["admin"]
    assert first.get("/konto/nycklar/alla").status_code == 200
    oidc_provider.knows("s-3", email="ulla.berg@staden.example", name="Ulla Berg", groups=["pk-alla"])
    second = app.test_client()
    sign_in_over(oidc_provider, second, "s-3")
    assert roles_of(session, "ulla.berg@staden.example") == ["reader"]
    assert who(second) == "Ulla Berg"
    # What was opened with the higher role has it no longer.
    assert first.get("/konto/nycklar/alla").status_code == 403
    assert identities(session) == 1


def test_an_address_that_is_anothers_is_not_taken_over_by_a_change_of_address(
    oidc_provider: RunningProvider, session: Session, client: FlaskClient
) -> None:
    oidc_provider.knows("s-4", email="s4@staden.example", groups=["pk-alla"])
    sign_in_over(oidc_provider, client, "s-4")
    oidc_provider.knows("s-4", email="admin@prov.se", email_verified=True, groups=["pk-alla"])
    assert sign_in_over(oidc_provider, client.application.test_client(), "s-4").status_code == 302
    assert roles_of(session, "s4@staden.example") == ["reader"]
    assert roles_of(session, "admin@prov.se") == ["admin"]


def test_nobody_without_a_group_comes_in_and_no_account_is_made(
    oidc_provider: RunningProvider,
    session: Session,
    client: FlaskClient,
    app: Flask,
) -> None:
    app.config["CONTACT_NAME"], app.config["CONTACT_EMAIL"] = "Kartförvaltningen", "karta@staden.example"
    oidc_provider.knows("s-5", email="s5@staden.example", groups=["helt-annat"])
    answer = sign_in_over(oidc_provider, client, "s-5")
    assert answer.status_code == 403
    for text in ("har inte fått någon roll", "Kartförvaltningen", "karta@staden.example", "Referens"):
        assert text in answer.text
    assert who(client) == ""
    assert (find_user(session, "s5@staden.example"), identities(session)) == (None, 0)


def test_whoever_loses_every_group_is_out_everywhere_and_comes_back_with_a_group(
    oidc_provider: RunningProvider,
    session: Session,
    app: Flask,
) -> None:
    oidc_provider.knows("s-6", email="s6@staden.example", groups=["pk-controller"])
    first = app.test_client()
    sign_in_over(oidc_provider, first, "s-6")
    assert who(first) != ""
    oidc_provider.knows("s-6", email="s6@staden.example", groups=[])
    assert sign_in_over(oidc_provider, app.test_client(), "s-6").status_code == 403
    assert roles_of(session, "s6@staden.example") == []
    assert who(first) == ""
    oidc_provider.knows("s-6", email="s6@staden.example", groups=["pk-alla"])
    assert sign_in_over(oidc_provider, app.test_client(), "s-6").status_code == 302
    assert roles_of(session, "s6@staden.example") == ["reader"]


def test_what_changes_stands_in_the_history_of_the_account(
    oidc_provider: RunningProvider,
    session: Session,
    app: Flask,
) -> None:
    for groups in (["pk-alla"], ["pk-alla"], ["pk-admin"], []):
        oidc_provider.knows("s-28", email="s28@staden.example", groups=groups)
        sign_in_over(oidc_provider, app.test_client(), "s-28")
    user = find_user(session, "s28@staden.example")
    assert user is not None
    notes = [(one.note, one.changes.get("role")) for one in reversed(list_notes(session, user))]
    assert notes == [
        ("Kopplades till stadens konto", None),
        ("Roll enligt grupperna hos staden", ["", "reader"]),
        ("Roll enligt grupperna hos staden", ["reader", "admin"]),
        ("Roll enligt grupperna hos staden", ["admin", ""]),
    ]
    assert [one.method for one in list_sign_ins(session, user)] == ["sso", "sso", "sso"]


def test_a_closed_account_stays_closed(
    oidc_provider: RunningProvider,
    session: Session,
    app: Flask,
) -> None:
    oidc_provider.knows("s-7", email="s7@staden.example", groups=["pk-admin"])
    sign_in_over(oidc_provider, app.test_client(), "s-7")
    update_user(session, "s7@staden.example", None, None, close=True)
    session.commit()
    browser = app.test_client()
    answer = sign_in_over(oidc_provider, browser, "s-7")
    assert (answer.status_code, who(browser)) == (403, "")
    assert "förblir stängt" in answer.text


# Accounts that were there before.


def test_an_account_with_a_vouched_address_is_linked_and_its_old_sessions_end(
    oidc_provider: RunningProvider,
    session: Session,
    app: Flask,
    sign_in: SignIn,
) -> None:
    before = sign_in(Role.MANAGER)
    assert who(before) == "Projektledare Prov"
    user = find_user(session, "manager@prov.se")
    assert user is not None
    oidc_provider.knows("s-8", email="Manager@prov.se", email_verified=True, name="Maja Prov", groups=["pk-controller"])
    browser = app.test_client()
    assert sign_in_over(oidc_provider, browser, "s-8").status_code == 302
    assert who(browser) == "Maja Prov"
    assert roles_of(session, "manager@prov.se") == ["controller"]
    identity = find_identity(session, oidc_provider.issuer, "s-8")
    assert identity is not None
    assert identity.user_id == user.id
    assert who(before) == ""


@pytest.mark.parametrize("vouched", [{}, {"email_verified": False}, {"email_verified": "true"}])
def test_an_account_is_not_taken_over_by_an_address_alone(
    oidc_provider: RunningProvider, session: Session, client: FlaskClient, vouched: dict[str, object]
) -> None:
    oidc_provider.knows("s-9", email="manager@prov.se", groups=["pk-admin"], **vouched)
    answer = sign_in_over(oidc_provider, client, "s-9")
    assert answer.status_code in (403, 409)
    assert who(client) == ""
    assert (identities(session), roles_of(session, "manager@prov.se")) == (0, ["manager"])


def test_an_account_that_is_linked_is_not_taken_over_by_another_person_with_its_address(
    oidc_provider: RunningProvider,
    session: Session,
    app: Flask,
) -> None:
    claims = {"email": "manager@prov.se", "email_verified": True, "groups": ["pk-projektledare"]}
    oidc_provider.knows("s-10", **claims)
    oidc_provider.knows("s-11", **claims)
    assert sign_in_over(oidc_provider, app.test_client(), "s-10").status_code == 302
    browser = app.test_client()
    assert sign_in_over(oidc_provider, browser, "s-11").status_code == 409
    assert (who(browser), identities(session)) == ("", 1)


def test_an_administrator_is_never_linked_by_a_vouched_address(
    oidc_provider: RunningProvider, session: Session, client: FlaskClient
) -> None:
    oidc_provider.knows("s-12", email="admin@prov.se", email_verified=True, groups=["pk-admin"])
    answer = sign_in_over(oidc_provider, client, "s-12")
    assert (answer.status_code, who(client), identities(session)) == (403, "", 0)
    assert "kopplas aldrig av sig självt" in answer.text
    assert "lokalt=1" in answer.text


def test_a_closed_account_is_not_opened_by_linking(
    oidc_provider: RunningProvider, session: Session, client: FlaskClient
) -> None:
    update_user(session, "manager@prov.se", None, None, close=True)
    session.commit()
    oidc_provider.knows("s-13", email="manager@prov.se", email_verified=True, groups=["pk-admin"])
    assert sign_in_over(oidc_provider, client, "s-13").status_code == 403
    assert (who(client), identities(session)) == ("", 0)


def test_without_an_address_no_account_is_made(
    oidc_provider: RunningProvider, session: Session, client: FlaskClient
) -> None:
    for claims in ({}, {"email": "ingen adress"}, {"email": "s14@staden.example", "email_verified": False}):
        oidc_provider.knows("s-14", groups=["pk-alla"], **claims)
        answer = sign_in_over(oidc_provider, client, "s-14")
        assert (answer.status_code, "e-postadress" in answer.text) == (403, True)
    assert identities(session) == 0


# What somebody in between, or in another window, may try.


def test_an_answer_to_nothing_is_refused(oidc_provider: RunningProvider, client: FlaskClient, session: Session) -> None:
    oidc_provider.knows("s-15", email="s15@staden.example", groups=["pk-admin"])
    back = oidc_provider.consent(way_there(client), "s-15")
    state, other = asked_of(back)["state"], client.application.test_client()
    # Another browser, which is how somebody would be signed in as the one who sent the link.
    assert come_back(other, back).status_code == 400
    for wrong in (back.replace(state, state[:-1] + "x"), back.replace(f"state={state}", ""), "/logga-in/sso/svar"):
        answer = come_back(client, wrong)
        assert (answer.status_code, "börja om" in answer.text.lower()) == (400, True)
    assert (who(client), who(other), identities(session)) == ("", "", 0)
    # The real one is not spent by what others tried.
    assert come_back(client, back).status_code == 302


def test_an_answer_is_taken_once(oidc_provider: RunningProvider, client: FlaskClient, app: Flask) -> None:
    oidc_provider.knows("s-16", email="s16@staden.example", groups=["pk-alla"])
    back = oidc_provider.consent(way_there(client), "s-16")
    with client.session_transaction() as kept:
        before = dict(kept)
    assert come_back(client, back).status_code == 302
    assert come_back(client, back).status_code == 400
    # Also from a copy of the cookie as it was: the provider gives nothing for the same code again.
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(before)
    assert come_back(thief, back).status_code == 502
    assert who(thief) == ""


def test_a_code_of_another_sign_in_does_not_fit(oidc_provider: RunningProvider, app: Flask) -> None:
    oidc_provider.knows("s-17", email="s17@staden.example", groups=["pk-alla"])
    oidc_provider.knows("s-18", email="s18@staden.example", groups=["pk-admin"])
    victim, attacker = app.test_client(), app.test_client()
    mine = oidc_provider.consent(way_there(attacker), "s-18")
    theirs = oidc_provider.consent(way_there(victim), "s-17")
    swapped = theirs.replace(asked_of(theirs)["code"], asked_of(mine)["code"])
    answer = come_back(victim, swapped)
    assert (answer.status_code, who(victim)) == (502, "")


def test_a_nonce_that_was_changed_on_the_way_is_refused(oidc_provider: RunningProvider, client: FlaskClient) -> None:
    oidc_provider.knows("s-19", email="s19@staden.example", groups=["pk-alla"])
    way = way_there(client)
    changed = way.replace(asked_of(way)["nonce"], "ett-annat-nonce")
    answer = come_back(client, oidc_provider.consent(changed, "s-19"))
    assert (answer.status_code, who(client)) == (502, "")
    assert "gick inte att lita på" in answer.text


def test_saying_no_leads_to_a_page_with_a_way_on(oidc_provider: RunningProvider, client: FlaskClient) -> None:
    answer = sign_in_over(oidc_provider, client, None, "/projekt?kind=trafik")
    assert answer.status_code == 400
    assert "Inloggningen avbröts" in answer.text
    assert "/logga-in/sso?next=/projekt?kind%3Dtrafik" in answer.text.replace("%3F", "?").replace("%2F", "/")


@pytest.mark.parametrize(
    "elsewhere",
    ["https://ond.example", "//ond.example", "/\\ond.example", "\\\\ond.example", "///ond.example", "/%2f/ond.example",
     "http:ond.example", "javascript:alert(1)", "/\tond.example", "/projekt\nLocation: https://ond.example",
     "https://localhost@ond.example", "/" + "a" * 5000],
)  # fmt: skip
def test_the_way_back_leads_to_us_and_nowhere_else(
    oidc_provider: RunningProvider, client: FlaskClient, elsewhere: str
) -> None:
    oidc_provider.knows("s-20", email="s20@staden.example", groups=["pk-alla"])
    answer = sign_in_over(oidc_provider, client, "s-20", elsewhere)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/logga-in/sso", query_string={"next": elsewhere}).headers["Location"] == "/"


def test_the_session_before_is_not_the_one_after(oidc_provider: RunningProvider, client: FlaskClient) -> None:
    oidc_provider.knows("s-21", email="s21@staden.example", groups=["pk-alla"])
    with client.session_transaction() as cookie:
        cookie["csrf_token"], cookie["planted"] = "planted-by-somebody", "x"
    sign_in_over(oidc_provider, client, "s-21")
    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != "planted-by-somebody"
        # Nothing that the provider gave, and nothing of the way, is kept.
        assert not [key for key in cookie if key.startswith("_state_")]
        assert "eyJ" not in repr(dict(cookie))


def test_many_windows_keep_the_cookie_small(oidc_provider: RunningProvider, client: FlaskClient) -> None:
    oidc_provider.knows("s-22", email="s22@staden.example", groups=["pk-alla"])
    ways = [way_there(client, "/projekt?q=" + "långt" * 100 + str(number)) for number in range(8)]
    cookie = client.get_cookie(client.application.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    assert len(cookie.value) < 3500
    assert come_back(client, oidc_provider.consent(ways[0], "s-22")).status_code == 400
    assert come_back(client, oidc_provider.consent(ways[-1], "s-22")).status_code == 302


def test_a_way_that_took_too_long_is_begun_anew(oidc_provider: RunningProvider, client: FlaskClient) -> None:
    oidc_provider.knows("s-23", email="s23@staden.example", groups=["pk-alla"])
    back = oidc_provider.consent(way_there(client), "s-23")
    with client.session_transaction() as cookie:
        for key in [key for key in cookie if key.startswith("_state_")]:
            cookie[key] = cookie[key] | {"exp": datetime(2005, 5, 2, tzinfo=UTC).timestamp()}
    assert come_back(client, back).status_code == 400


def test_what_is_logged_names_a_reference_and_no_person(
    oidc_provider: RunningProvider, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    oidc_provider.knows("s-hemlig", email="hemlig@staden.example", name="Hemlig Person", groups=["annat"])
    back = oidc_provider.consent(way_there(client), "s-hemlig")
    answer = come_back(client, back)
    line = next(record.getMessage() for record in caplog.records if record.name == "tracker.sso")
    assert "no-role" in line
    assert line.split("reference ")[1].split(",")[0] in answer.text
    ours = " ".join(record.getMessage() for record in caplog.records if record.name.startswith("tracker"))
    for word in ("hemlig", "Person", "annat", asked_of(back)["code"], asked_of(back)["state"]):
        assert word not in ours


# Beside the local accounts.


def test_a_linked_account_has_no_password_any_more(
    oidc_provider: RunningProvider,
    app: Flask,
    session: Session,
) -> None:
    oidc_provider.knows("s-24", email="manager@prov.se", email_verified=True, groups=["pk-projektledare"])
    sign_in_over(oidc_provider, app.test_client(), "s-24")
    browser = app.test_client()
    answer = browser.post("/logga-in?next=/projekt", data={"email": "manager@prov.se", "password": PASSWORD})
    assert "välj knappen ovanför" in answer.text
    assert who(browser) == ""
    # Not on the day either when the city's sign-in is switched off: whoever has left would be let in again.
    app.config["OIDC"] = None
    browser.post("/logga-in", data={"email": "manager@prov.se", "password": PASSWORD})
    assert who(browser) == ""


def test_a_password_that_a_linked_account_was_given_later_opens_nothing(
    oidc_provider: RunningProvider,
    app: Flask,
    session: Session,
) -> None:
    oidc_provider.knows("s-27", email="manager@prov.se", email_verified=True, groups=["pk-projektledare"])
    sign_in_over(oidc_provider, app.test_client(), "s-27")
    update_user(session, "manager@prov.se", None, PASSWORD, close=False)
    session.commit()
    browser = app.test_client()
    answer = browser.post("/logga-in?next=/projekt", data={"email": "manager@prov.se", "password": PASSWORD})
    assert answer.headers["Location"] == "/logga-in?next=/projekt"
    assert "öppnas inte med lösenord" in browser.get("/logga-in").text
    assert who(browser) == ""
    session.expire_all()
    user = find_user(session, "manager@prov.se")
    assert user is not None
    assert user.login_count == 1


def test_other_accounts_sign_in_with_their_password_as_before(client: FlaskClient) -> None:
    page = client.get("/logga-in?next=/projekt").text
    assert page.index("Logga in med stadens konto") < page.index("Logga in med lösenord")
    assert "/logga-in/sso?next=/projekt" in page
    client.post("/logga-in", data={"email": "manager@prov.se", "password": PASSWORD})
    assert who(client) == "Projektledare Prov"


def test_where_it_is_the_only_way_administrators_keep_another(app: Flask) -> None:
    app.config["OIDC"] = replace(app.config["OIDC"], only=True)
    browser = app.test_client()
    assert 'name="password"' not in browser.get("/logga-in").text
    assert 'name="password"' in browser.get("/logga-in?lokalt=1").text
    for role in (Role.READER, Role.MANAGER, Role.CONTROLLER):
        browser.post("/logga-in?lokalt=1", data={"email": f"{role.value}@prov.se", "password": PASSWORD})
        assert who(browser) == "", role
    browser.post("/logga-in?lokalt=1", data={"email": "admin@prov.se", "password": PASSWORD})
    assert who(browser) == "Administratör Prov"


def test_signing_out_asks_whether_to_end_the_rest(oidc_provider: RunningProvider, client: FlaskClient) -> None:
    oidc_provider.knows("s-25", email="s25@staden.example", groups=["pk-alla"])
    sign_in_over(oidc_provider, client, "s-25")
    assert client.get("/logga-in/sso/lamna").headers["Location"] == "/"
    assert client.post("/logga-ut").headers["Location"] == "/logga-in/sso/utloggad"
    assert who(client) == ""
    assert "/logga-in/sso/lamna" in client.get("/logga-in/sso/utloggad").text
    way = client.get("/logga-in/sso/lamna").headers["Location"]
    assert way.startswith(f"{oidc_provider.issuer}/oauth2/end_session?")
    asked = asked_of(way)
    assert asked["post_logout_redirect_uri"] == "http://localhost/logga-in/sso/utloggad"
    assert asked["client_id"] == "portfoljkartan"
    assert "id_token_hint" not in asked
    for state, said in ((asked["state"], True), (asked["state"], False)):
        page = client.get("/logga-in/sso/utloggad", query_string={"state": state}).text
        assert ("Du är utloggad, även från stadens konto" in page) is said, "once, and only to who asked"
        assert ("/logga-in/sso/lamna" in page) is not said


def test_signing_out_of_a_local_account_is_as_before(client: FlaskClient) -> None:
    client.post("/logga-in", data={"email": "manager@prov.se", "password": PASSWORD})
    assert client.post("/logga-ut").headers["Location"] == "/"


def test_case_40_what_was_typed_before_an_ended_session_is_there_after_the_citys_sign_in(
    oidc_provider: RunningProvider, session: Session, client: FlaskClient
) -> None:
    oidc_provider.knows("s-26", email="s26@staden.example", groups=["pk-projektledare"])
    sign_in_over(oidc_provider, client, "s-26")
    page = open_form(client, NEW)
    client.delete_cookie(client.application.config["SESSION_COOKIE_NAME"])
    login = send(client, NEW, page, **VALID, description_public="En lång text").answer.headers["Location"]
    told = client.get(login)
    assert "Du hade blivit utloggad" in told.text
    back = sign_in_over(oidc_provider, client, "s-26", asked_of(login)["next"]).headers["Location"]
    assert back.startswith("/projekt/ny?utkast=")
    restored = read_page(client.get(back))
    assert {name: restored.fields[name] for name in VALID} == VALID
    assert restored.fields["description_public"] == "En lång text"
    assert session.scalar(select(func.count(Draft.token))) == 1


def test_two_windows_of_one_newcomer_make_one_account(
    oidc_provider: RunningProvider,
    session: Session,
    app: Flask,
    backend: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    oidc_provider.knows("s-29", email="s29@staden.example", groups=["pk-alla"])
    browsers = [app.test_client(), app.test_client()]
    answers = [oidc_provider.consent(way_there(browser), "s-29") for browser in browsers]
    session.rollback()
    both, seen = threading.Barrier(2), threading.local()

    def find_together(*asked: Any) -> ExternalIdentity | None:
        found = find_identity(*asked)
        # SQLite lets the second begin when the first is done; on PostgreSQL both find nobody and go on.
        if backend == "postgis" and not hasattr(seen, "once"):
            seen.once = True
            both.wait(SECONDS)
        return found

    monkeypatch.setattr("tracker.accounts.sso_services.find_identity", find_together)
    with ThreadPoolExecutor(2) as threads:
        statuses = [answer.status_code for answer in threads.map(come_back, browsers, answers)]
    assert statuses == [302, 302]
    assert identities(session) == 1
    assert [who(browser) != "" for browser in browsers] == [True, True]


def test_two_accounts_never_share_a_person_or_the_reverse(session: Session) -> None:
    one = create_user(session, "a@prov.se", "A", Role.READER, PASSWORD)
    moment = datetime(2005, 5, 2, tzinfo=UTC)
    for subject in ("a", "A"):
        user = one if subject == "a" else create_user(session, "b@prov.se", "B", Role.READER, PASSWORD)
        session.add(
            ExternalIdentity(issuer="x", subject=subject, user_id=user.id, created_at=moment, last_used_at=moment)
        )
    session.flush()
    found = find_identity(session, "x", "A")
    assert found is not None
    assert session.get_one(User, found.user_id).email == "b@prov.se"
