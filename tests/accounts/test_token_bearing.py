"""A question with a token: whose it is, what it opens, and that a bad one is never the public's question."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, jsonify
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.accounts.bearing import EVERY, bearing, make_token, stored
from tests.apps import MakeApp
from tests.factories import update_user
from tracker.accounts.login import actor, can, person, requires
from tracker.accounts.roles import PERMISSIONS, Permission, Role
from tracker.accounts.token_models import AccessToken
from tracker.accounts.token_rules import SCOPE_PERMISSIONS, TokenScope
from tracker.accounts.token_texts import new_token, read_token
from tracker.extensions import db
from tracker.history.models import Origin
from tracker.history.revision import revision

SignIn = Callable[[Role], FlaskClient]


@pytest.fixture
def telling(app: Flask) -> Flask:
    """An application that tells who asks: at an address of programs, at one of people, and where one may write."""

    def told() -> ResponseReturnValue:
        user = person()
        name = user.email if user else None
        return jsonify(who=name, may=sorted(one.value for one in Permission if can(one)))

    @requires(Permission.EDIT_PROJECT)
    def write() -> ResponseReturnValue:
        me = actor()
        return jsonify(origin=me.origin, note=me.note, name=me.name)

    app.add_url_rule("/api/v1/vem", "told-api", told)
    app.add_url_rule("/vem", "told", told)
    app.add_url_rule("/api/v1/skriv", "write-api", write, methods=["POST", "PUT", "GET"])
    app.add_url_rule("/skriv", "write", write, methods=["POST"])
    return app


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("scopes", [(), (TokenScope.REPORT,), (TokenScope.WRITE,), EVERY])
def test_a_token_may_what_both_its_scopes_and_its_owner_may(
    telling: Flask, role: Role, scopes: tuple[TokenScope, ...]
) -> None:
    opened = set().union(*(SCOPE_PERMISSIONS[one] for one in {TokenScope.READ, *scopes}))
    for address in ("/api/v1/vem", "/vem"):
        told = bearing(telling, role, scopes, name=address).get(address).get_json()
        assert told == {"who": f"{role.value}@prov.se", "may": sorted(opened & PERMISSIONS[role])}


def test_no_token_manages_accounts_catalogues_periods_or_tokens(telling: Flask) -> None:
    may = set(bearing(telling, Role.ADMIN).get("/vem").get_json()["may"])
    assert may.isdisjoint({"manage-users", "edit-catalogues", "manage-periods", "own-tokens"})


def _bad(app: Flask, how: str) -> str:
    text = make_token(app, Role.MANAGER, age_days=100 if how == "expired" else 0)
    public, _secret = text.split("_")[1:]
    if how in ("revoked", "closed"):
        with app.app_context():
            session = db.session()
            if how == "revoked":
                session.execute(update(AccessToken).values(revoked_at=datetime.now(UTC)))
            else:
                update_user(session, "manager@prov.se", None, None, close=True)
            session.commit()
    parts = read_token(text)
    assert parts is not None
    texts = {
        "empty": "", "word": "hemligt", "cut": text[:-1], "twice": f"{text}, Bearer {text}", "case": text.swapcase(),
        "unknown": new_token().text(), "other secret": type(parts)(public, new_token().secret).text(),
        "session": "eyJhbGciOiJIUzI1NiJ9.e30.x", "long": "x" * 5000, "latin": "pfk_åäö",
    }  # fmt: skip
    return texts.get(how, text)


@pytest.mark.parametrize(
    "how",
    ["empty", "word", "cut", "twice", "case", "unknown", "other secret", "session", "long", "latin", "expired",
     "revoked", "closed"],
)  # fmt: skip
def test_a_bad_token_is_401_and_never_the_publics_answer(telling: Flask, client: FlaskClient, how: str) -> None:
    headers = {"Authorization": f"Bearer {_bad(telling, how)}"}
    for address in ("/api/v1/vem", "/vem", "/", "/karta/data", "/finns-inte"):
        answer = client.get(address, headers=headers)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), address
        assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="')
    assert client.post("/api/v1/skriv", headers=headers).status_code == 401


def test_only_whoever_has_the_secret_is_told_what_became_of_the_token(app: Flask, client: FlaskClient) -> None:
    text = _bad(app, "expired")
    assert "gick ut" in client.get("/", headers={"Authorization": f"bearer {text}"}).get_json(force=True)["detail"]
    other = type(new_token())(text.split("_")[1], new_token().secret).text()
    told = client.get("/", headers={"Authorization": f"Bearer {other}"}).get_json(force=True)["detail"]
    assert told == "Nyckeln är okänd. Kontrollera att hela nyckeln kom med."


def test_a_token_lives_until_its_last_moment_and_dies_when_revoked(app: Flask) -> None:
    client = bearing(app, Role.READER, days=1)
    assert client.get("/karta/data").status_code == 200
    with app.app_context():
        db.session().execute(update(AccessToken).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        db.session().commit()
    assert client.get("/karta/data").status_code == 401


def test_the_owners_new_role_counts_at_once(telling: Flask) -> None:
    client = bearing(telling, Role.CONTROLLER)
    with telling.app_context():
        update_user(db.session(), "controller@prov.se", Role.READER, None, close=False)
        db.session().commit()
    told = client.get("/vem").get_json()["may"]
    assert told == ["view-drafts", "view-public"]
    assert client.post("/api/v1/skriv").status_code == 403


def test_401_without_a_token_403_without_the_scope(telling: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    for who in (client, sign_in(Role.ADMIN)):
        answer = who.post("/api/v1/skriv")
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="portfoljkartan"')
    assert client.get("/api/v1/skriv").status_code == 401
    assert sign_in(Role.ADMIN).get("/api/v1/skriv").status_code == 200
    reading = bearing(telling, Role.MANAGER, [TokenScope.REPORT]).post("/api/v1/skriv")
    assert reading.status_code == 403
    assert reading.headers["WWW-Authenticate"].endswith('error="insufficient_scope", scope="write"')
    reader = bearing(telling, Role.READER).post("/api/v1/skriv")
    assert (reader.status_code, "WWW-Authenticate" in reader.headers) == (403, False)


def test_what_a_token_does_says_so(telling: Flask) -> None:
    told = bearing(telling, Role.MANAGER, name="Robot").post("/api/v1/skriv").get_json()
    assert told == {"origin": Origin.API.value, "note": "Nyckel: Robot", "name": "Projektledare Prov"}


@pytest.mark.parametrize("csrf", [False, True])
def test_a_token_changes_nothing_outside_the_api(telling: Flask, csrf: bool) -> None:
    telling.config["WTF_CSRF_ENABLED"] = csrf
    client = bearing(telling, Role.ADMIN)
    for address in ("/skriv", "/projekt/ny", "/logga-ut", "/logga-in", "/konto/nycklar"):
        answer = client.post(address)
        assert (answer.status_code, answer.mimetype) == (403, "application/problem+json"), address
    assert client.post("/api/v1/skriv").status_code == 200 if not csrf else True


def test_a_cookie_beside_a_token_is_not_looked_at(telling: Flask, sign_in: SignIn) -> None:
    browser = sign_in(Role.ADMIN)
    reader = {"Authorization": f"Bearer {make_token(telling, Role.READER)}"}
    assert browser.get("/vem").get_json()["who"] == "admin@prov.se"
    assert browser.get("/vem", headers=reader).get_json()["who"] == "reader@prov.se"
    assert browser.get("/vem", headers={"Authorization": "Bearer x"}).status_code == 401
    # A proxy's own login (Basic) is none of ours.
    assert browser.get("/vem", headers={"Authorization": "Basic eDp5"}).get_json()["who"] == "admin@prov.se"


@pytest.mark.parametrize("address", ["/", "/projekt?q={}", "/api/v1/vem?x={}", "/karta/data?q=se+{}+."])
def test_a_token_in_an_address_is_refused(telling: Flask, client: FlaskClient, address: str) -> None:
    text = make_token(telling, Role.READER)
    if "{}" in address:
        answer = client.get(address.format(text))
        assert answer.status_code == 400
        assert text not in answer.text
    assert client.get("/api/v1/vem?access_token=abc").status_code == 400


def test_answers_to_a_token_are_never_shared(app: Flask, client: FlaskClient) -> None:
    mine = bearing(app, Role.READER)
    for address in ("/karta/data", "/projekt", "/mal"):
        answer = mine.get(address)
        assert answer.cache_control.private or answer.cache_control.no_store, address
        assert not answer.cache_control.public
        assert "authorization" in {one.lower() for one in answer.vary}
        assert "authorization" in {one.lower() for one in client.get(address).vary}
    assert client.get("/karta/data").cache_control.public


def test_the_use_is_noted_now_and_then_and_is_no_change_of_the_register(app: Flask, session: Session) -> None:
    client = bearing(app, Role.READER)
    before = revision(session)
    assert stored(app, client.token).last_used_at is None
    client.get("/karta/data")
    first = stored(app, client.token).last_used_at
    assert first is not None
    client.get("/karta/data")
    assert stored(app, client.token).last_used_at == first
    with app.app_context():
        db.session().execute(update(AccessToken).values(last_used_at=first - timedelta(minutes=11)))
        db.session().commit()
    client.get("/karta/data")
    assert (stored(app, client.token).last_used_at or first) >= first
    session.rollback()
    assert revision(session) == before


def test_a_read_does_not_wait_for_a_writer(app: Flask, backend: str) -> None:
    client = bearing(app, Role.READER)
    with app.app_context(), db.engine.connect() as writer:
        writer.exec_driver_sql("UPDATE access_token SET name = 'ändras'")
        assert client.get("/karta/data").status_code == 200
        writer.rollback()
    assert stored(app, client.token).last_used_at is None


def test_questions_are_limited_by_token_and_else_by_address(make_app: MakeApp) -> None:
    app = make_app(RATELIMIT_ENABLED=True, API_LIMIT="3 per minute")
    one, other = bearing(app, Role.READER, name="ett"), bearing(app, Role.READER, name="två")
    codes = [one.get("/karta/data").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    refused = one.get("/mal")
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert refused.get_json(force=True)["status"] == 429
    assert other.get("/karta/data").status_code == 200
    public = app.test_client()
    assert {public.get("/karta/data").status_code for _ in range(5)} == {200}
    wrong = [public.get("/karta/data", headers={"Authorization": "Bearer x"}).status_code for _ in range(5)]
    assert wrong == [401, 401, 401, 429, 429]
