"""Headers on every answer, CSRF on every form, HTTPS only where it is asked for."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.apps import MakeApp


@pytest.mark.parametrize(
    "address", ["/", "/projekt", "/karta", "/mal", "/omraden", "/matt", "/logga-in", "/finns-inte"]
)
def test_every_page_has_a_strict_policy_with_a_nonce(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self' 'nonce-" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_the_nonce_is_new_each_time(client: FlaskClient) -> None:
    policies = {client.get("/").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_a_post_without_a_token_is_refused(make_app: MakeApp) -> None:
    app = make_app(WTF_CSRF_ENABLED=True)
    answer = app.test_client().post("/logga-in", data={"email": "manager@prov.se", "password": "x"})
    assert answer.status_code == 400
    assert "Ladda om sidan" in answer.text


def test_https_is_forced_only_when_asked_for(make_app: MakeApp) -> None:
    plain = make_app().test_client()
    assert plain.get("/").status_code == 200
    assert "Strict-Transport-Security" not in plain.get("/").headers
    forced = make_app(FORCE_HTTPS=True).test_client()
    answer = forced.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("https://")


def test_password_attempts_are_limited(make_app: MakeApp) -> None:
    app = make_app(RATELIMIT_ENABLED=True)
    client = app.test_client()
    codes = [client.post("/logga-in", data={"email": "a@prov.se", "password": "x"}).status_code for _ in range(11)]
    assert codes[:10] == [200] * 10
    assert codes[10] == 429
