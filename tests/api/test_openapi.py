"""The description of the API, and the API by its description."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import status_code_conformance

from tests.accounts.bearing import Bearing_, bearing
from tests.api.documents import document, full
from tracker.accounts.roles import Role

pytestmark = pytest.mark.filterwarnings("ignore:jsonschema:DeprecationWarning")
QUICK = settings(
    max_examples=12, deadline=None, phases=[Phase.generate], derandomize=True, suppress_health_check=list(HealthCheck)
)
DESCRIPTION = "/api/v1/openapi.json"


def test_every_route_is_described_with_its_methods(app: Flask, client: FlaskClient) -> None:
    told = client.get(DESCRIPTION).get_json()
    assert told["openapi"] == "3.0.3"
    described = {
        (path.rstrip("/") or "", method.upper())
        for path, operations in told["paths"].items()
        for method in operations
        if method != "parameters"
    }
    routes = {
        (rule.rule.removeprefix("/api/v1").replace("<", "{").replace(">", "}").rstrip("/"), method)
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert described == routes


def test_the_index_leads_everywhere(app: Flask) -> None:
    client = bearing(app, Role.MANAGER)
    for link in client.get("/api/v1").get_json()["links"]:
        status = client.get(link["href"]).status_code
        assert status == (403 if link["rel"] == "tokens" else 200), link
    assert client.get("/api/v1/").status_code == 200


def test_whatever_the_description_allows_is_answered_as_it_says(app: Flask) -> None:
    """No 5xx and no answer that the description does not name, whatever is sent."""
    client = bearing(app, Role.CONTROLLER)
    client.post("/api/v1/projects", json=document())
    client.post("/api/v1/projects", json=full())
    schema: Any = schemathesis.openapi.from_wsgi(DESCRIPTION, app)
    asked = [ask_by(found.ok(), client) for found in schema.get_all_operations()]
    for ask in asked:
        ask()
    # Every operation but the description itself, which schemathesis leaves out.
    assert len(asked) == 10


def ask_by(operation: Any, client: Bearing_) -> Any:
    """The questions of one operation, as a test of Hypothesis; every other code is one that is there."""

    @QUICK
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        if "code" in (case.path_parameters or {}) and len(str(case.path_parameters["code"])) % 2:
            case.path_parameters["code"] = "T-1"
        headers = dict(case.headers or {}) | {"Authorization": f"Bearer {client.token}"}
        if case.method in ("PUT", "PATCH"):
            headers["If-Match"] = client.get("/api/v1/projects/T-1").headers.get("ETag", '"v1"')
        case.headers = headers
        case.call_and_validate(checks=[not_a_server_error, status_code_conformance])

    return ask
