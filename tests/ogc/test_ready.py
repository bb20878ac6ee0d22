"""The public's plain questions: out of the map's memory the same as out of the database, to the byte."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.maps.projects import FARSTA, put
from tests.ogc.conftest import LOCATED, Write, codes, put_all
from tracker.history.services import Actor
from tracker.maps.data_views import map_keeper
from tracker.maps.model_keeping import ModelKeeper
from tracker.ogc import item_views
from tracker.projects.models import Project, SecretField
from tracker.projects.vocabulary import Publication

QUESTIONS = [
    "", "limit=3", "limit=3&cursor=WyIiLCJMLTEiXQ", "bbox=17.92,59.38,17.94,59.39", "bbox=17.9,59.2,18.2,59.5&limit=4",
    "bbox=17.9,59.2,18.2,59.5&limit=4&cursor=WyIiLCJQLTIiXQ", "bbox=17.926972,59.387964,17.926972,59.387964",
    "bbox=-74,40,-73,41", "bbox=170,50,20,65", "bbox=17.93,59.381,17.94,59.39",
    "bbox=6585880,145840,6585900,145860&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3011",
]  # fmt: skip
PARTS = ("projects", "projects-points", "projects-lines", "projects-polygons")


def read_now(app: Flask) -> None:
    with app.app_context():
        map_keeper().read()


def forget(app: Flask) -> None:
    with app.app_context():
        map_keeper()._model = None


def got(client: FlaskClient, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return re.sub(rb'"timeStamp":"[^"]*"', b"", answer.data)


def large(session: Session, actor: Actor) -> None:
    put_all(session, actor)
    put(session, actor, "C-1", shapely.Point(*FARSTA).buffer(900, quad_segs=2_750))


@pytest.mark.parametrize("collection", PARTS)
def test_memory_and_database_answer_alike(
    app: Flask, write: Write, client: FlaskClient, collection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(large)
    addresses = [f"/ogc/collections/{collection}/items?{one}" for one in QUESTIONS]
    stored = [got(client, one) for one in addresses]
    read_now(app)

    def never(*_args: Any) -> Any:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(item_views, "read_page", never)
    assert [got(client, one) for one in addresses] == stored


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(west=st.floats(17.88, 17.95), south=st.floats(59.37, 59.40), wide=st.floats(0, 0.2), high=st.floats(0, 0.03))
def test_any_box_finds_the_same(
    app: Flask, write: Write, client: FlaskClient, west: float, south: float, wide: float, high: float
) -> None:
    if not json.loads(client.get("/ogc/collections/projects/items?limit=1").data)["numberMatched"]:
        write(put_all)
    address = f"/ogc/collections/projects/items?bbox={west:.7f},{south:.7f},{west + wide:.7f},{south + high:.7f}"
    forget(app)
    stored = got(client, address)
    read_now(app)
    assert got(client, address) == stored


@pytest.mark.parametrize("change", ["confidential", "draft", "geometry"])
def test_what_becomes_confidential_is_gone_with_the_next_request(
    app: Flask, write: Write, client: FlaskClient, change: str
) -> None:
    write(put_all)
    read_now(app)
    addresses = [f"/ogc/collections/projects/items?{one}" for one in QUESTIONS]
    first = client.get(addresses[0])
    assert codes(json.loads(first.data)) == LOCATED

    def hide(session: Session, _actor: Actor) -> None:
        project = session.query(Project).filter_by(code="B-1").one()
        if change == "confidential":
            project.confidential = True
        elif change == "draft":
            project.publication = Publication.DRAFT
        else:
            project.secret_fields = [SecretField(field="geometry", ground="OSL 19 kap. 3 §")]

    write(hide)
    for address in addresses:
        answer = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert answer.status_code == 200
        assert b"B-1" not in answer.data
    assert client.get("/ogc/collections/projects/items/B-1").status_code == 404
    read_now(app)
    assert b"B-1" not in client.get(addresses[0]).data


def test_a_question_makes_the_memory_be_read(app: Flask, write: Write, client: FlaskClient) -> None:
    write(put_all)
    asked: list[int] = []

    class Asked(ModelKeeper):
        def at(self, number: int) -> None:
            asked.append(number)

    with app.app_context():
        app.extensions["map_model"] = Asked(map_keeper()._engine, background=False)
    for query, more in (("", 1), ("bbox=17,59,18,60", 1), ("kind=trafik", 0), ("sortby=name", 0),
                        ("properties=name", 0), ("filter=true", 0), ("datetime=2005-01-01", 0)):  # fmt: skip
        before = len(asked)
        client.get(f"/ogc/collections/projects/items?{query}")
        assert len(asked) - before == more, query


def test_a_signed_in_reader_is_not_answered_from_the_publics_memory(
    app: Flask, write: Write, sign_in: Callable[[Any], FlaskClient]
) -> None:
    from tracker.accounts.roles import Role

    write(put_all)
    read_now(app)
    assert b"U-1" in sign_in(Role.READER).get("/ogc/collections/projects/items").data
