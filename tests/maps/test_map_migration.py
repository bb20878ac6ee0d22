"""The map's texts over migration 0004, both ways, with projects in the register."""

from __future__ import annotations

import json
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from tests.maps.conftest import Write
from tests.maps.projects import put_three
from tracker.extensions import db
from tracker.projects.remaking import remake_displays

COLUMNS = (
    "project_id, lon, lat, extent_metres, vertices, format, size, size_far, size_point, head, point, shape, shape_far"
)


def displays(columns: str) -> list[tuple[Any, ...]]:
    """The rows as they stand, and no transaction left open."""
    with db.engine.connect() as connection:
        statement = text(f"SELECT {columns} FROM project_display ORDER BY project_id")  # noqa: S608 - our own words
        return [tuple(row) for row in connection.execute(statement)]


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection")
def test_the_texts_of_the_map_survive_a_way_down_and_up_again(app: Flask, client: FlaskClient, write: Write) -> None:
    write(put_three)
    drawn = json.loads(client.get("/karta/data").data)["features"]
    with app.app_context():
        before = displays(COLUMNS)
        assert len(before) == 2
        db.session.remove()
        flask_migrate.downgrade(revision="0003")
        old = {row[0]: json.loads(row[1]) for row in displays("project_id, feature")}
        assert sorted(one["id"] for one in old.values()) == ["B-1", "T-1"]
        shapes = {one["id"]: one["geometry"] for one in drawn}
        for one in old.values():
            assert list(one) == ["type", "id", "geometry", "properties"]
            assert one["geometry"] == shapes[one["id"]]
            assert not {"start", "end"} & set(one["properties"])
        flask_migrate.upgrade()
        assert displays("project_id") == []
        assert remake_displays(db.session()) == 2
        assert displays(COLUMNS) == before
    assert json.loads(client.get("/karta/data").data)["features"] == drawn
