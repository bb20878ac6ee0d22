"""Reporting with a token: the rules of "Rapportera", closed periods, and the version that was read."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.accounts.bearing import bearing
from tests.api.documents import errors
from tests.followup.test_reporting import opened, paid
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.accounts.token_rules import TokenScope
from tracker.followup.models import Period
from tracker.followup.vocabulary import PeriodState
from tracker.history.models import HistoryEntry, Origin
from tracker.history.services import Actor
from tracker.projects.models import SecretField

ADDRESS = "/api/v1/periods/2005-T1/projects/P1/report"
REPORT = [TokenScope.REPORT]
GOOD = {"light": "gron", "forecasts": [{"year": 2005, "outlay": 10_000_000}]}


@pytest.fixture(autouse=True)
def period(session: Session, actor: Actor) -> Period:
    """An open period, in which the manager's project P1 has a budget of 10 mnkr."""
    manager = find_user(session, "manager@prov.se")
    assert manager is not None
    paid(session, "P1", manager_id=manager.id)
    paid(session, "P2")
    found = opened(session, actor)
    session.commit()
    return found


def put(client: FlaskClient, sent: Any, etag: str | None = None, address: str = ADDRESS) -> TestResponse:
    tag = client.get(address).headers.get("ETag", "") if etag is None else etag
    return client.put(address, json=sent, headers={"If-Match": tag} if tag else {})


def test_a_report_is_read_made_and_told_in_the_history(app: Flask, session: Session) -> None:
    client = bearing(app, Role.MANAGER, REPORT, name="Robot")
    [listed] = client.get("/api/v1/periods").get_json()["periods"]
    assert (listed["key"], listed["state"]) == ("2005-T1", "oppen")
    before = client.get(ADDRESS).get_json()
    assert before["state"] == "vantar"
    assert before["money"][0]["outlay"]["budget"] == 10_000_000
    answer = put(client, before | GOOD | {"end_forecast": "2007-06-30"})
    told = answer.get_json()
    assert answer.status_code == 200, answer.text
    assert (told["state"], told["light"], told["end_forecast"]) == ("rapporterad", "gron", "2007-06-30")
    assert told["forecasts"][0] == {"year": 2005, "outlay": 10_000_000, "income": before["forecasts"][0]["income"]}
    assert told["counts"] == before["counts"]
    again = put(client, GOOD, answer.headers["ETag"])
    assert (again.status_code, again.get_json()["end_forecast"]) == (200, "2007-06-30")
    entries = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "rapport")).all()
    assert {one.origin for one in entries} == {Origin.API}


def test_a_deviation_needs_a_comment_and_a_yellow_light_a_text(app: Flask) -> None:
    client = bearing(app, Role.MANAGER, REPORT)
    far = {"light": "gul", "forecasts": [{"year": 2005, "outlay": 30_000_000}]}
    told = errors(put(client, far))
    assert told["light_text"].startswith("Status är gul")
    assert told["comment"].startswith("Skriv varför prognosen avviker från budgeten (utgifter 2005")
    assert put(client, far | {"light_text": "Sen.", "comment": "Berget."}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "light"),
        ({"light": "lila"}, "light"),
        (GOOD | {"forecasts": [{"year": 1999, "outlay": 1}]}, "forecasts.0.year"),
        (GOOD | {"forecasts": [{"year": 2005, "outlay": 10**14}]}, "forecasts.0.outlay"),
        (GOOD | {"forecasts": [{"year": 2005, "outlay": 1.234}]}, "forecasts.0.outlay"),
        (GOOD | {"forecasts": [{"year": 2005, "outlay": "1"}]}, "forecasts.0.outlay"),
        (GOOD | {"forecasts": [{"year": 2005, "outlay": 1}, {"year": 2005, "outlay": 2}]}, "forecasts.1.year"),
        (GOOD | {"counts": [{"measure": "finns-inte", "planned": 1}]}, "counts.0.measure"),
        (GOOD | {"end_forecast": "2007-13-01"}, "end_forecast"),
        (GOOD | {"budget": 1}, "budget"),
    ],
)
def test_what_the_page_refuses_is_refused_by_member(app: Flask, sent: dict[str, Any], field: str) -> None:
    answer = put(bearing(app, Role.MANAGER, REPORT), sent)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert field in errors(answer)


def test_another_version_is_412_and_none_is_428(app: Flask) -> None:
    client = bearing(app, Role.MANAGER, REPORT)
    old = client.get(ADDRESS).headers["ETag"]
    assert put(client, GOOD, "").status_code == 428
    assert put(client, GOOD, old).status_code == 200
    lost = put(client, GOOD, old)
    now = client.get(ADDRESS).headers["ETag"]
    assert (lost.status_code, lost.get_json(force=True)["etag"]) == (412, now)


def test_a_closed_period_takes_none(app: Flask, session: Session) -> None:
    client = bearing(app, Role.MANAGER, REPORT)
    old = client.get(ADDRESS).headers["ETag"]
    session.rollback()
    session.execute(update(Period).values(state=PeriodState.CLOSED))
    session.commit()
    for etag in (old, '"annan"', ""):
        answer = put(client, GOOD, etag)
        assert (answer.status_code, "är stängd" in answer.get_json(force=True)["detail"]) == (409, True)


def test_who_may_report_what(app: Flask) -> None:
    other = ADDRESS.replace("P1", "P2")
    manager, controller = bearing(app, Role.MANAGER, REPORT), bearing(app, Role.CONTROLLER, REPORT)
    assert put(manager, GOOD, address=other).status_code == 403
    assert put(controller, GOOD, address=other).status_code == 200
    for client in (bearing(app, Role.MANAGER, [TokenScope.WRITE], name="w"), bearing(app, Role.READER)):
        assert put(client, GOOD).status_code == 403
        assert client.get(ADDRESS).status_code == 200
    for wrong in ("2005-T2", "finns-inte", "2005-T1-v9"):
        assert manager.get(ADDRESS.replace("2005-T1", wrong)).status_code == 404
    assert manager.get(ADDRESS.replace("P1", "P9")).status_code == 404


def test_hidden_amounts_are_neither_told_nor_taken(app: Flask, session: Session) -> None:
    other = ADDRESS.replace("P1", "P2")
    project_id = session.scalar(select(SecretField.project_id)) or 2
    session.add(SecretField(project_id=project_id, field="figures", ground="OSL 19 kap. 3 §"))
    session.commit()
    told = bearing(app, Role.MANAGER, REPORT).get(other).get_json()
    assert {"forecasts", "money"}.isdisjoint(told)
    assert "10000000" not in str(told)


def test_no_session_and_no_form_mark_is_needed(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = put(bearing(app, Role.MANAGER, REPORT), GOOD)
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (200, False)
