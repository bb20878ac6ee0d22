"""A small register for these tests, and asking it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.maps.projects import FARSTA, HOSTILE, RINKEBY, put, put_three, square
from tracker.extensions import db
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.projects.inputs import SecretInput
from tracker.projects.vocabulary import Phase, Publication

GROUND = "OSL 19 kap. 3 §"
Write = Callable[[Callable[[Session, Actor], Any]], None]
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def write(app: Flask, actor: Actor) -> Write:
    """Do something to the database and commit it."""

    def run(work: Callable[[Session, Actor], Any]) -> None:
        with app.app_context():
            work(db.session(), actor)
            db.session.commit()

    return run


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    """The answer to a question for a collection's items, as JSON; the status is checked."""

    def run(collection: str = "projects", status: int = 200, **query: Any) -> dict[str, Any]:
        named = {
            name.replace("_", "-") if "_" in name and name.split("_")[-1] in ("crs", "lang") else name: value
            for name, value in query.items()
        }
        answer = client.get(f"/ogc/collections/{collection}/items", query_string=named)
        assert answer.status_code == status, answer.text[:500]
        found: dict[str, Any] = json.loads(answer.data)
        return found

    return run


def codes(found: dict[str, Any]) -> list[str]:
    """Ids of the features of an answer."""
    return [one["id"] for one in found["features"]]


def put_all(session: Session, actor: Actor) -> None:
    """Every kind of shape; open, hidden in part, hidden, drafts; with and without times."""
    put_three(session, actor)
    x, y = RINKEBY
    turn = shapely.LineString([(x - 900, y - 900), (x - 900, y + 900), (x + 900, y + 900)])
    put(session, actor, "L-1", turn, kind=MainKind.TRAFFIC, name=HOSTILE, secondary_kinds=(MainKind.HOUSING,))
    days = {"start_forecast": date(2007, 3, 1), "end_decided": date(2009, 5, 31)}
    put(session, actor, "Y-1", square(FARSTA), **days)
    put(session, actor, "Y-2", square(FARSTA), **days, secret_fields=(SecretInput("dates", GROUND),))
    put(session, actor, "Y-3", square(FARSTA), start_forecast=date(2011, 1, 1), phase=Phase.ABORTED)
    put(session, actor, "P-1", shapely.Point(x, y), name="Åtta torg", start_decided=date(2005, 7, 1))
    put(session, actor, "P-2", shapely.MultiPoint([(x, y), (x + 50, y)]), name="åttan", end_forecast=date(2006, 2, 1))
    mixed = shapely.GeometryCollection([shapely.Point(x, y), square((x + 400, y))])
    put(session, actor, "S-1", mixed, name="Samling", location_approximate=True)
    put(session, actor, "G-1", square(RINKEBY), name="Hemligt läge", secret_fields=(SecretInput("geometry", GROUND),))
    put(session, actor, "H-1", square(RINKEBY), name="Hemligt").confidential = True
    put(session, actor, "U-1", square(RINKEBY), name="Utkast").publication = Publication.DRAFT


LOCATED = ["B-1", "L-1", "P-1", "P-2", "S-1", "T-1", "Y-1", "Y-2", "Y-3"]
"""What the public finds in `projects`, in order."""
