"""Every refusal below /ogc and /api is problem details; elsewhere it stays a page."""

from __future__ import annotations

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.exc import StaleDataError

from tracker.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError, Problem
from tracker.web.problems import ProblemError

RAISED: dict[str, tuple[Exception, int]] = {
    "missing": (NotFoundError("Projektet finns inte."), 404),
    "forbidden": (ForbiddenError("Det får du inte."), 403),
    "conflict": (ConflictError("Någon annan hann före."), 409),
    "input": (InvalidInputError([Problem("code", "Koden finns redan.", "B-1"), Problem("name", "Namn saknas.")]), 422),
    "stale": (StaleDataError(), 409),
    "moved": (ProblemError(412, "Ändrad.", headers={"ETag": '"4"'}, etag='"4"'), 412),
    "broken": (RuntimeError("hemligt innanmäte"), 500),
}


@pytest.fixture
def faulty(app: Flask) -> FlaskClient:
    """A client of an application with views that fail, below each kind of address."""

    def view(which: str) -> ResponseReturnValue:
        if which.isdecimal():
            abort(int(which))
        raise RAISED[which][0]

    app.config["PROPAGATE_EXCEPTIONS"] = False
    for prefix in ("/ogc", "/api/v1", "/annat"):
        app.add_url_rule(f"{prefix}/prov/<which>", f"prov{prefix.replace('/', '-')}", view)
    return app.test_client()


@pytest.mark.parametrize("prefix", ["/ogc", "/api/v1"])
@pytest.mark.parametrize("which", RAISED)
def test_what_is_raised_becomes_problem_details(faulty: FlaskClient, prefix: str, which: str) -> None:
    answer = faulty.get(f"{prefix}/prov/{which}")
    told = answer.get_json(force=True)
    status = RAISED[which][1]
    assert (answer.status_code, told["status"], answer.mimetype) == (status, status, "application/problem+json")
    assert told["type"] == "about:blank"
    assert told["title"]
    assert told["detail"]
    assert "innanmäte" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_fields_headers_and_members_follow(faulty: FlaskClient) -> None:
    assert faulty.get("/api/v1/prov/input").get_json(force=True)["errors"] == [
        {"field": "code", "detail": "Koden finns redan.", "value": "B-1"},
        {"field": "name", "detail": "Namn saknas."},
    ]
    moved = faulty.get("/api/v1/prov/moved")
    assert (moved.headers["ETag"], moved.get_json(force=True)["etag"]) == ('"4"', '"4"')
    assert len(faulty.get("/ogc/prov/broken").get_json(force=True)["reference"]) == 8


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 413, 415, 422, 429])
def test_refusals_of_the_server_itself(faulty: FlaskClient, status: int) -> None:
    answer = faulty.get(f"/ogc/prov/{status}")
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert faulty.get(f"/annat/prov/{status}").mimetype == "text/html"


@pytest.mark.parametrize("address", ["/ogc/finns-inte", "/api", "/api/", "/api/v1/finns/inte", "/api/v2", "/ogc/%00"])
def test_addresses_that_do_not_exist(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (400 if "%00" in address else 404, "application/problem+json")


def test_405_says_what_is_allowed(faulty: FlaskClient) -> None:
    answer = faulty.delete("/ogc/prov/missing")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_page_stays_a_page_and_a_word_that_only_begins_alike_is_one(client: FlaskClient) -> None:
    for address in ("/apiary", "/ogcx", "/finns-inte"):
        assert client.get(address).mimetype == "text/html"
