"""Answers that refuse or fail carry what every other one does, on pages and for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.accounts.bearing import bearing
from tests.apps import MakeApp
from tests.web.answers import lacks
from tracker.accounts.roles import Role

SignIn = Callable[[Role], FlaskClient]


def whole(answer: TestResponse, status: int, kind: str = "text/html", *, signed_in: bool = False) -> None:
    assert answer.status_code == status
    assert answer.mimetype == kind
    assert lacks(None, answer, signed_in=signed_in) == []


PROBLEM = "application/problem+json"


def test_pages_that_refuse(client: FlaskClient, sign_in: SignIn) -> None:
    whole(client.get("/projekt?q=%00"), 400)
    whole(client.post("/projekt/ny"), 401)
    whole(sign_in(Role.READER).get("/projekt/ny"), 403, signed_in=True)
    whole(client.get("/finns-inte"), 404)
    whole(client.get("/static/finns-inte.js"), 404)
    whole(client.get("/static/../config.py"), 404)
    whole(client.post("/karta"), 405)
    whole(sign_in(Role.MANAGER).post("/projekt/ny", data={}), 422, signed_in=True)
    moved = client.get("/import")
    assert moved.status_code == 302
    assert lacks(None, moved) == []


def test_problems_that_refuse(app: Flask, client: FlaskClient) -> None:
    manager, reader = bearing(app, Role.MANAGER), bearing(app, Role.READER)
    whole(client.get("/ogc?f=%00"), 400, PROBLEM)
    whole(client.get("/api/v1/projects"), 401, PROBLEM)
    whole(reader.post("/api/v1/projects", json={}), 403, PROBLEM, signed_in=True)
    whole(client.get("/ogc/collections/finns-inte"), 404, PROBLEM)
    whole(client.get("/api/v1/finns-inte"), 404, PROBLEM)
    whole(client.delete("/ogc"), 405, PROBLEM)
    whole(manager.post("/api/v1/projects", data="x", content_type="text/plain"), 415, PROBLEM, signed_in=True)
    whole(manager.post("/api/v1/projects", json={}), 422, PROBLEM, signed_in=True)


def test_what_is_too_large_and_too_often(make_app: MakeApp) -> None:
    app = make_app(MAX_CONTENT_LENGTH=1_000, RATELIMIT_ENABLED=True, API_LIMIT="1 per hour")
    client = app.test_client()
    whole(client.post("/logga-in", data={"email": "a" * 2_000}), 413)
    many = [client.post("/logga-in", data={"email": "a@prov.se", "password": "x"}) for _ in range(12)][-1]
    whole(many, 429)
    whole([client.get("/ogc") for _ in range(2)][-1], 429, PROBLEM)


def test_a_form_without_its_mark(make_app: MakeApp) -> None:
    client = make_app(WTF_CSRF_ENABLED=True).test_client()
    whole(client.post("/logga-in", data={"email": "a@prov.se", "password": "x"}), 400)


@pytest.mark.parametrize(("address", "kind"), [("/karta", "text/html"), ("/ogc", PROBLEM)])
def test_what_fails(make_app: MakeApp, address: str, kind: str) -> None:
    app = make_app(PROPAGATE_EXCEPTIONS=False)
    app.view_functions.update(dict.fromkeys(("maps.map_page", "ogc.landing"), _fail))
    whole(app.test_client().get(address), 500, kind)


def test_a_step_before_the_view_that_fails(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of the fault has scripts, and they need the nonce of the answer."""
    app = make_app(PROPAGATE_EXCEPTIONS=False)
    app.before_request_funcs[None].insert(1, _fail)
    answer = app.test_client().get("/")
    whole(answer, 500)


def _fail(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise RuntimeError("prov")
