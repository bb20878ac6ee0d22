"""What a false, broken or slow provider can do to us: refuse somebody a sign-in, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts.sso_running import CLIENT_SECRET, asked_of, make_sso_app, settings_for, way_there, who
from tests.accounts.sso_stub import FOREIGN_KEY, Stub, public_secret, running_stub
from tests.apps import close_app
from tracker.accounts import sso_provider
from tracker.accounts.models import User
from tracker.accounts.queries import find_user
from tracker.accounts.sso_models import ExternalIdentity
from tracker.extensions import db

HOUR = 3600
DOCUMENT, TOKEN, KEYS, USERINFO = "/.well-known/openid-configuration", "/token", "/keys", "/userinfo"
LONG_AGO = 1_115_022_600
MUCH = b'{"a": "' + b"x" * (sso_provider.MOST_BYTES + 1) + b'"}'


@pytest.fixture
def stub() -> Iterator[Stub]:
    with running_stub() as made:
        yield made


@pytest.fixture
def app(database_url: str, tmp_path: Path, compiled_templates: FileSystemBytecodeCache, stub: Stub) -> Iterator[Flask]:
    made = make_sso_app(database_url, tmp_path, compiled_templates, settings_for(stub.issuer))
    yield made
    close_app(made)


def come(client: FlaskClient, stub: Stub, **further: str) -> TestResponse:
    asked = asked_of(way_there(client))
    stub.expect(asked)
    return client.get("/logga-in/sso/svar", query_string={"code": "en-kod", "state": asked["state"], **further})


def logged(caplog: pytest.LogCaptureFixture) -> str:
    return " ".join(record.getMessage() for record in caplog.records if record.name == "tracker.sso")


def test_an_honest_one_lets_somebody_in_and_is_asked_as_it_should_be(stub: Stub, client: FlaskClient) -> None:
    assert come(client, stub).headers["Location"] == "/projekt"
    assert who(client) == "Stub Ek"
    assert stub.refused == []
    assert stub.asked == [DOCUMENT, TOKEN, KEYS]


WRONG_TOKENS: dict[str, tuple[dict[str, Any], str]] = {
    "another issuer": ({"claims": {"iss": "https://annan.example"}}, "token-not-valid iss"),
    "no issuer": ({"claims": {"iss": None}}, "token-not-valid iss"),
    "for somebody else": ({"claims": {"aud": "annan"}}, "token-not-valid aud"),
    "for others": ({"claims": {"aud": ["annan", "tredje"]}}, "token-not-valid aud"),
    "for somebody else, handed to us": ({"claims": {"aud": "annan", "azp": "portfoljkartan"}}, "token-not-valid aud"),
    "for us and others, handed to another": (
        {"claims": {"aud": ["portfoljkartan", "annan"], "azp": "annan"}}, "token-not-valid azp",
    ),
    "no audience": ({"claims": {"aud": None}}, "token-not-valid aud"),
    "expired": ({"claims": {"exp": LONG_AGO}}, "clocks-differ exp"),
    "never expires": ({"claims": {"exp": None}}, "token-not-valid exp"),
    "expires at a word": ({"claims": {"exp": "aldrig"}}, "token-not-valid exp"),
    "issued in the future": ({"claims": {"iat": 4_000_000_000, "exp": 4_000_000_300}}, "clocks-differ iat"),
    "not valid yet": ({"claims": {"nbf": 4_000_000_000}}, "clocks-differ nbf"),
    "another nonce": ({"claims": {"nonce": "annat"}}, "token-not-valid nonce"),
    "no nonce": ({"claims": {"nonce": None, "nonce_supported": False}}, "token-not-valid nonce"),
    "no subject": ({"claims": {"sub": None}}, "token-not-valid sub"),
    "an empty subject": ({"claims": {"sub": ""}}, "token-not-valid"),
    "a number as subject": ({"claims": {"sub": 7}}, "token-not-valid"),
    "another access token": ({"claims": {"at_hash": "aaaaaaaaaaaaaaaaaaaaaa"}}, "token-not-valid at_hash"),
    "signed by nobody": ({"header": {"alg": "none"}}, "token-not-valid"),
    "signed with our secret": (
        {"header": {"alg": "HS256"}, "key": CLIENT_SECRET.encode()}, "token-not-valid",
    ),
    "signed with the public key as a secret": ({"header": {"alg": "HS256"}, "key": public_secret()}, "token-not-valid"),
    "signed by another": ({"key": FOREIGN_KEY}, "token-not-valid"),
    "signed with an unknown key": ({"header": {"kid": "okänd"}, "key": FOREIGN_KEY}, "token-not-valid"),
    "no ID token": ({"token": {"id_token": None}}, "token-not-valid none"),
    "no token at all": ({"token": {"id_token": "inte.en.token"}}, "token-not-valid"),
    "a list as token": ({"answers": {TOKEN: (200, {}, b"[1]")}}, "token-not-valid"),
    "a page as token": ({"answers": {TOKEN: (200, {}, b"<html>")}}, "token-not-valid"),
    "no keys": ({"answers": {KEYS: (200, {}, b"{}")}}, "token-not-valid"),
    "keys that are none": ({"answers": {KEYS: (200, {}, b'{"keys": [1, {"kty": "RSA"}]}')}}, "token-not-valid"),
    "an error": ({"answers": {TOKEN: (400, {}, b'{"error": "invalid_grant"}')}}, "provider-refused invalid_grant"),
    "an error of its own words": (
        {"answers": {TOKEN: (400, {}, b'{"error": "x\\nforged line", "error_description": "hemlig"}')}},
        "provider-refused other",
    ),
    "our secret is wrong": (
        {"answers": {TOKEN: (401, {}, b'{"error": "invalid_client"}')}}, "provider-misconfigured invalid_client",
    ),
    "down": ({"answers": {TOKEN: (503, {}, b"")}}, "provider-unreachable 503"),
    "elsewhere": ({"answers": {TOKEN: (307, {"Location": "http://127.0.0.1:1/"}, b"")}}, "misconfigured redirect"),
    "too much": ({"answers": {TOKEN: (200, {}, MUCH)}}, "misconfigured size"),
    "packed": ({"answers": {TOKEN: (200, {"Content-Encoding": "gzip"}, b"\x1f\x8b")}}, "misconfigured encoding"),
    "another person at userinfo": ({"claims": {"email": None}, "userinfo": {"sub": "s-annan"}}, "not-valid userinfo"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_TOKENS)
def test_a_token_that_is_not_for_us_now_opens_nothing(
    stub: Stub, client: FlaskClient, session: Session, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    changes, told = WRONG_TOKENS[name]
    for attribute, value in changes.items():
        setattr(stub, attribute, value)
    before = session.scalar(select(func.count(User.id)))
    answer = come(client, stub)
    assert answer.status_code in (400, 403, 502, 503), name
    assert "Referens" in answer.text
    assert told in logged(caplog)
    assert who(client) == ""
    session.expire_all()
    assert session.scalar(select(func.count(User.id))) == before
    assert session.scalar(select(func.count(ExternalIdentity.id))) == 0
    for secret in ("hemlig", "forged", "eyJ", "en-kod", CLIENT_SECRET):
        assert secret not in logged(caplog)


WRONG_DOCUMENTS: dict[str, dict[str, Any]] = {
    "another issuer": {"document": {"issuer": "https://annan.example"}},
    "a token endpoint elsewhere": {"document": {"token_endpoint": "http://127.0.0.1:1/token"}},
    "keys inside the network": {"document": {"jwks_uri": "http://169.254.169.254/keys"}},
    "userinfo as a file": {"document": {"userinfo_endpoint": "file:///etc/passwd"}},
    "nothing but shared secrets": {"document": {"id_token_signing_alg_values_supported": ["HS256", "none"]}},
    "a page": {"answers": {DOCUMENT: (200, {}, b"<html>")}},
    "a list": {"answers": {DOCUMENT: (200, {}, b"[]")}},
    "not there": {"answers": {DOCUMENT: (404, {}, b"{}")}},
    "elsewhere": {"answers": {DOCUMENT: (302, {"Location": "http://169.254.169.254/"}, b"")}},
    "too much": {"answers": {DOCUMENT: (200, {}, MUCH)}},
    "down": {"answers": {DOCUMENT: (500, {}, b"")}},
}


@pytest.mark.parametrize("name", WRONG_DOCUMENTS)
def test_a_document_that_leads_elsewhere_is_not_followed(stub: Stub, client: FlaskClient, name: str) -> None:
    for attribute, value in WRONG_DOCUMENTS[name].items():
        setattr(stub, attribute, value)
    answer = client.get("/logga-in/sso?next=/projekt")
    assert answer.status_code == 503
    assert "Stadens inloggning" in answer.text
    assert stub.asked == [DOCUMENT]
    # It is asked again when it is mended, without a restart.
    stub.document, stub.answers = {}, {}
    assert come(client, stub).status_code == 302


def test_an_error_in_the_answer_is_read_as_a_word_and_not_repeated(
    stub: Stub, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    state = asked_of(way_there(client))["state"]
    said = {"error": "<script>", "error_description": "hemlig\nrad", "state": state}
    answer = client.get("/logga-in/sso/svar", query_string=said)
    assert answer.status_code == 502
    assert "<script>" not in answer.text
    assert "hemlig" not in answer.text + logged(caplog)
    assert state not in answer.text
    assert stub.asked == [DOCUMENT]


def test_an_answer_from_another_issuer_is_refused(stub: Stub, client: FlaskClient) -> None:
    assert come(client, stub, iss="https://annan.example").status_code == 502
    assert TOKEN not in stub.asked
    assert come(client, stub, iss=stub.issuer).status_code == 302


def test_an_answer_without_a_code_asks_nobody(stub: Stub, client: FlaskClient) -> None:
    state = asked_of(way_there(client))["state"]
    assert client.get("/logga-in/sso/svar", query_string={"state": state}).status_code == 502
    assert stub.asked == [DOCUMENT]


def test_what_the_token_leaves_out_is_asked_for(stub: Stub, client: FlaskClient, session: Session) -> None:
    stub.claims = {"email": None, "groups": None, "name": "Ur intyget"}
    stub.userinfo = {"email": "info@staden.example", "groups": ["pk-controller"], "name": "Annat"}
    assert come(client, stub).status_code == 302
    assert stub.asked[-1] == USERINFO
    assert who(client) == "Ur intyget"
    user = find_user(session, "info@staden.example")
    assert user is not None
    assert [role.name for role in user.roles] == ["controller"]


def test_a_clock_that_is_two_minutes_off_is_borne(stub: Stub, client: FlaskClient) -> None:
    now = int(time.time())
    stub.claims = {"iat": now + 100, "nbf": now + 100, "exp": now + 400}
    assert come(client, stub).status_code == 302
    stub.claims = {"iat": now - 400, "exp": now - 60}
    assert come(client.application.test_client(), stub).status_code == 302


def test_new_keys_are_fetched_when_a_token_names_one(stub: Stub, client: FlaskClient) -> None:
    assert come(client, stub).status_code == 302
    stub.asked.clear()
    assert come(client.application.test_client(), stub).status_code == 302
    assert stub.asked == [TOKEN]


@pytest.mark.parametrize("path", [DOCUMENT, TOKEN, KEYS])
def test_one_that_answers_without_end_holds_nobody(
    stub: Stub, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(sso_provider, "WHOLE_SECONDS", 0.3)
    stub.drips.add(path)
    answer = client.get("/logga-in/sso") if path == DOCUMENT else come(client, stub)
    assert answer.status_code == 503
    assert "svarade inte i tid" in answer.text


def test_the_database_is_let_go_while_the_provider_is_waited_for(
    stub: Stub, client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    ask = sso_provider.GuardedSession.request

    def watch(self: Any, method: str, url: str, **kwargs: Any) -> Any:
        held.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]
        return ask(self, method, url, **kwargs)

    monkeypatch.setattr(sso_provider.GuardedSession, "request", watch)
    assert come(client, stub).status_code == 302
    assert held == [0, 0, 0]
