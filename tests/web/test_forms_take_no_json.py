"""A page's form is filled by a page: JSON in its place is nothing, or is refused, whatever stands in it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.walking import ENDS, values_of
from tracker.accounts.roles import Role

ODD = ("[1]", '{"email": {"a": []}, "password": ["x"], "name": 7}')


@pytest.mark.parametrize("role", [None, Role.CONTROLLER, Role.ADMIN])
def test_no_page_falls_over_json(
    app: Flask, client: FlaskClient, sign_in: Callable[[Role], FlaskClient], role: Role | None
) -> None:
    browser, wrong = client if role is None else sign_in(role), []
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint in ENDS:
            continue
        with app.test_request_context():
            address = app.url_for(str(rule.endpoint), **values_of(rule, known=True))
        for text in ODD:
            answer = browser.post(address, data=text, content_type="application/json")
            if not 300 <= answer.status_code < 500 and answer.status_code != 200:
                wrong.append((address, text, answer.status_code))
    assert wrong == []


def test_signing_in_takes_no_json(client: FlaskClient, sign_in: Callable[[Role], FlaskClient]) -> None:
    assert client.post("/logga-in", json={"email": "reader@prov.se", "password": "x"}).status_code == 415
    assert sign_in(Role.READER).post("/konto", json={"name": "Nytt namn"}).status_code == 422
