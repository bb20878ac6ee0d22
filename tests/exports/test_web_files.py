"""The register's files over the web: the choice, small ones at once, large ones as they are read or said beforehand."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.contribution.register import add_project
from tests.geometries import CITY_HALL
from tracker.exports import views
from tracker.exports.register_formats import FORMATS

BROWSER = {"Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def three(session: Session) -> None:
    for code in ("A", "B", "C"):
        add_project(session, code, CITY_HALL)
    session.commit()


@pytest.mark.usefixtures("three")
def test_the_list_offers_every_format_with_its_purpose_and_the_filter(client: FlaskClient) -> None:
    page = client.get("/projekt?q=A").text
    for one in FORMATS.values():
        assert f"/projekt/export?format={one.word}&amp;q=A" in page
        assert str(one.purpose) in page


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("word", FORMATS)
def test_every_format_is_sent_with_its_name_and_type(client: FlaskClient, word: str) -> None:
    answer = client.get(f"/projekt/export?format={word}", headers=BROWSER)
    one = FORMATS[word]
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == one.media_type
    assert answer.headers["Content-Disposition"] == f'attachment; filename="projekt-offentlig.{one.ending}"'
    assert int(answer.headers["Content-Length"]) == len(answer.data) > 100


@pytest.mark.usefixtures("three")
def test_a_large_geojson_is_sent_as_it_is_read(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    small = json.loads(client.get("/projekt/export?format=geojson").data)
    monkeypatch.setattr(views, "LARGE", 2)
    answer = client.get("/projekt/export?format=geojson", headers=BROWSER)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="projekt-offentlig.geojson"'
    assert json.loads(answer.data)["features"] == small["features"]


@pytest.mark.usefixtures("three")
def test_of_a_large_file_a_person_is_told_and_a_program_gets_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LARGE", 2)
    page = client.get("/projekt/export?format=gpkg&kind=bostad", headers=BROWSER)
    assert "3 projekt som GeoPackage" in page.text
    (mark,) = set(re.findall(r"/projekt/export\?format=gpkg&amp;kind=bostad&amp;made=([\w-]{22})\"", page.text))
    following = f"/projekt/export/framsteg/{mark}"
    assert f'data-export-progress="{following}"' in page.text
    assert client.get(following).status_code == 404
    for again in (
        client.get(f"/projekt/export?format=gpkg&kind=bostad&made={mark}", headers=BROWSER),
        client.get("/projekt/export?format=gpkg&kind=bostad"),
    ):
        assert again.data.startswith(b"SQLite format 3")
    told = client.get(following)
    assert (told.json, told.headers["Cache-Control"]) == ({"done": 3, "total": 3}, "no-store")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("mark", ["ja", "..%2f..%2fhemligt", "a" * 22, "a" * 23])
def test_a_mark_that_nobody_has_follows_nothing(client: FlaskClient, mark: str) -> None:
    assert client.get(f"/projekt/export/framsteg/{mark}").status_code == 404
