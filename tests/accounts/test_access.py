"""Who may open what: the login page, and every route for every role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.accounts.bearing import bearing
from tests.conftest import PASSWORD
from tests.factories import update_user
from tracker.accounts.login import PERMISSION_MARK
from tracker.accounts.roles import PERMISSIONS, Permission, Role

UNGUARDED = {"static", "security.static"}
SIGNING = {
    "security.login", "security.logout", "security.verify", "security.two_factor_setup",
    "security.two_factor_token_validation", "security.two_factor_rescue", "security.tf_select", "security.mf_recovery",
    "accounts.leave_everywhere",
}  # fmt: skip
"""Walked by tests of their own: they change who is signed in, or ask who is on the way in."""


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    return getattr(app.view_functions[endpoint], PERMISSION_MARK, None)


def test_every_route_names_its_permission(app: Flask) -> None:
    missing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in UNGUARDED and permission_of(app, rule.endpoint) is None
    }
    assert missing == set()


@pytest.mark.parametrize("role", [None, *Role])
def test_case_44_every_route_lets_in_exactly_its_roles(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], role: Role | None
) -> None:
    browser = sign_in(role) if role else client
    # Below /api changes are made with a token, and with nothing else.
    program = bearing(app, role) if role else client
    wrong = []
    for rule in app.url_map.iter_rules():
        permission = permission_of(app, rule.endpoint)
        if permission is None or rule.endpoint in SIGNING:
            continue
        values: dict[str, Any] = {
            name: 1 if "int" in type(rule._converters[name]).__name__.lower() else "finns-inte"
            for name in rule.arguments
        }
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **values)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            asker = program if method == "POST" and address.startswith("/api/") else browser
            answer = asker.open(address, method=method)
            let_in = answer.status_code not in (401, 403) and "/logga-in" not in answer.headers.get("Location", "")
            if let_in != (permission in PERMISSIONS[role]):
                wrong.append((method, address, answer.status_code))
    assert wrong == []


def test_a_password_signs_in_and_leads_back(client: FlaskClient) -> None:
    answer = client.post(
        "/logga-in?next=/projekt", data={"email": "manager@prov.se", "password": PASSWORD, "next": "/projekt"}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/projekt"
    assert "Projektledare Prov" in client.get("/").text


def test_a_wrong_password_is_refused_in_swedish(client: FlaskClient) -> None:
    answer = client.post("/logga-in", data={"email": "manager@prov.se", "password": "fel lösenord här"})
    assert "stämmer inte" in answer.text
    assert "Projektledare Prov" not in client.get("/").text


def test_a_closed_account_is_out_at_once_and_cannot_come_back(
    app: Flask, session: Session, sign_in: Callable[[Role], FlaskClient], client: FlaskClient
) -> None:
    manager = sign_in(Role.MANAGER)
    assert "Projektledare Prov" in manager.get("/").text
    update_user(session, "manager@prov.se", None, None, close=True)
    session.commit()
    assert "Projektledare Prov" not in manager.get("/").text
    client.post("/logga-in", data={"email": "manager@prov.se", "password": PASSWORD})
    assert "Projektledare Prov" not in client.get("/").text
