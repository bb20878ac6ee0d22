"""/metrics: shut until it is opened, and labels that name rules and never what somebody looked at."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import ConfigurationError, from_environment
from tests.apps import AppAt, MakeApp
from tests.conftest import PASSWORD
from tests.factories import make_project
from tracker.extensions import db
from tracker.history.revision import revision
from tracker.web.logs_requests import RequestNote
from tracker.web.metrics import CLOSINGS, EXPORTS, IMPORTS, NAMES, event_of

TOKEN = "en-lång-slumpad-text-för-prov".encode().hex()
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def sent_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a server does, the client reads the whole answer and closes it: only then has a question been answered."""
    plainly: Any = FlaskClient.open
    monkeypatch.setattr(FlaskClient, "open", lambda *given, **named: plainly(*given, **({"buffered": True} | named)))


def numbers(client: FlaskClient) -> dict[str, float]:
    """Each series with its labels as it is written → its value."""
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    lines = (line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def test_it_is_shut_until_somebody_opens_it(client: FlaskClient) -> None:
    for headers in ({}, BEARER):
        assert client.get("/metrics", headers=headers).status_code == 404


def test_only_the_token_opens_it(make_app: MakeApp) -> None:
    client = make_app(METRICS=True, METRICS_TOKEN=TOKEN).test_client()
    refused = [{}, {"Authorization": "Bearer fel"}, {"Authorization": f"Basic {TOKEN}"}, {"Authorization": TOKEN},
               {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": "Bearer "}]  # fmt: skip
    for headers in refused:
        answer = client.get("/metrics", headers=headers)
        assert (answer.status_code, "portfoljkartan" in answer.text) == (401, False)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Cache-Control"] == "no-store"
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    assert client.get(f"/metrics?token={TOKEN}").status_code == 401


def test_a_network_opens_it_but_not_through_a_proxy_that_nobody_trusts(make_app: MakeApp) -> None:
    near = {"REMOTE_ADDR": "10.1.2.3"}
    direct = make_app(METRICS=True, METRICS_NETWORKS=(ip_network("10.1.2.0/24"),)).test_client()
    assert direct.get("/metrics", environ_base=near).status_code == 200
    assert direct.get("/metrics", environ_base={"REMOTE_ADDR": "10.1.3.3"}).status_code == 401
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        assert direct.get("/metrics", environ_base=near, headers={header: "10.1.2.3"}).status_code == 401
    proxied = make_app(METRICS=True, METRICS_NETWORKS=(ip_network("10.1.2.0/24"),), TRUSTED_PROXIES=1).test_client()
    for address, status in (("10.1.2.9", 200), ("192.0.2.1", 401), ("10.1.2.9, 192.0.2.1", 401)):
        answer = proxied.get("/metrics", environ_base=near, headers={"X-Forwarded-For": address})
        assert answer.status_code == status, address


def test_questions_are_counted_by_rule_and_never_by_address(make_app: MakeApp) -> None:
    client = make_app(METRICS=True, METRICS_TOKEN=TOKEN).test_client()
    before = numbers(client)
    for address in ("/projekt", "/projekt?q=hemligt", "/projekt/HEMLIG-KOD", "/hemlig/sida", "/healthz"):
        client.get(address)
    client.open("/projekt", method="HEMLIG")
    after = numbers(client)

    def grown(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    assert grown('portfoljkartan_requests_total{method="GET",rule="/projekt",status="200"}') == 2
    assert grown('portfoljkartan_requests_total{method="GET",rule="/projekt/<kod>",status="404"}') == 1
    assert grown('portfoljkartan_requests_total{method="GET",rule="-",status="404"}') == 1
    assert grown('portfoljkartan_request_seconds_count{method="GET",rule="/projekt"}') == 2
    assert grown("portfoljkartan_database_seconds_count") >= 3
    assert grown("portfoljkartan_database_statements_total") >= 3
    assert after["portfoljkartan_requests_in_progress"] == 1  # the one that asks
    assert "hemlig" not in client.get("/metrics", headers=BEARER).text.casefold()
    assert not any("healthz" in name for name in after)


def test_signing_in_and_failing_to_are_counted(make_app: MakeApp) -> None:
    client = make_app(METRICS=True, METRICS_TOKEN=TOKEN, RATELIMIT_ENABLED=True).test_client()
    before = numbers(client)
    for password in ("fel lösenord här", PASSWORD):
        client.post("/logga-in", data={"email": "manager@prov.se", "password": password})
    client.post("/logga-ut")
    for _ in range(10):
        client.post("/logga-in", data={"email": "ingen@prov.se", "password": "x"})
    after = numbers(client)
    series = {name: f'portfoljkartan_events_total{{event="{name}"}}' for name in NAMES}
    grown = {name: after[one] - before[one] for name, one in series.items()}
    assert grown["sign-in"] == 1
    assert grown["sign-in-failed"] >= 1
    assert grown["rate-limited"] >= 1


def test_the_register_is_read_when_it_is_asked_for(make_app: MakeApp) -> None:
    app = make_app(METRICS=True, METRICS_TOKEN=TOKEN)
    client = app.test_client()
    with app.app_context():
        make_project(db.session(), "A1")
        make_project(db.session(), "A2")
        db.session.commit()
        expected = revision(db.session())
        db.session.rollback()
    found = numbers(client)
    assert found["portfoljkartan_projects"] == 2
    assert found["portfoljkartan_register_revision"] == expected > 0
    assert found[next(name for name in found if name.startswith("portfoljkartan_build_info"))] == 1


def test_the_other_numbers_are_told_when_the_database_is_away(app_at: AppAt) -> None:
    url = "postgresql+psycopg://a@127.0.0.1:1/x"
    client = app_at(url, METRICS=True, METRICS_TOKEN=TOKEN).test_client()
    found = numbers(client)
    assert "portfoljkartan_projects" not in found
    assert "portfoljkartan_requests_in_progress" in found


def test_every_endpoint_that_is_followed_by_itself_is_there(app: Flask) -> None:
    assert (EXPORTS | IMPORTS | CLOSINGS) - set(app.view_functions) == set()


@pytest.mark.parametrize(
    ("endpoint", "status", "event"),
    [
        ("reports.close_now", 302, "closing"), ("reports.close_now", 409, ""), ("imports.apply", 302, "import"),
        ("exports.projects", 200, "export"), ("exports.projects", 429, "rate-limited"), ("projects.detail", 200, ""),
        ("projects.detail", 503, "database-away"),
    ],
)  # fmt: skip
def test_events(endpoint: str, status: int, event: str) -> None:
    assert event_of(RequestNote("x", "GET", passed_on=False, endpoint=endpoint, status=status)) == event


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"METRICS_TOKEN": "kort"}, "METRICS_TOKEN är kortare"),
        ({"METRICS_NETWORKS": "10.0.0.1/8"}, "METRICS_NETWORKS"),
        ({"METRICS_NETWORKS": "stockholm.se"}, "METRICS_NETWORKS"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT är 'xml' men ska vara json eller text"),
        ({"LOG_LEVEL": "prat"}, "LOG_LEVEL"),
        ({"WEB_THREADS": "0"}, "WEB_THREADS är '0' men ska vara ett heltal, minst 1"),
        ({"MIN_FREE_MB": "mycket"}, "MIN_FREE_MB"),
    ],
)
def test_settings_that_are_wrong_are_refused(env: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(words)):
        from_environment({"SECRET_KEY": "long enough for this test"} | env)


def test_settings_that_nobody_gives(tmp_path: Path) -> None:
    found = from_environment({"SECRET_KEY": "long enough for this test", "STATE_DIR": str(tmp_path)})
    assert (found["METRICS"], found["LOG_FORMAT"], found["RUNTIME_DIR"]) == (False, "json", tmp_path / "run")
    assert found["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] is False
    env = {"SECRET_KEY": "long enough for this test", "RUNTIME_DIRECTORY": "/run/portfoljkartan",
           "METRICS_NETWORKS": "10.0.0.0/8 ::1", "RATELIMIT_STORAGE_URI": "redis://h:1"}  # fmt: skip
    found = from_environment(env)
    assert found["METRICS"] is True
    assert found["RUNTIME_DIR"] == Path("/run/portfoljkartan")
    assert found["METRICS_NETWORKS"] == (ip_network("10.0.0.0/8"), ip_network("::1/128"))
    assert found["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] is True
