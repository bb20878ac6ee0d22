"""The public pages and data of areas."""

from __future__ import annotations

import re

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import find_area
from tracker.areas.queries import get_area_set
from tracker.extensions import db

STADSHUSET = shapely.Point(18.0546, 59.3275)


def plain(html: str) -> str:
    """The page's text with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


def test_the_newest_edition_is_shown_to_everyone(client: FlaskClient) -> None:
    answer = client.get("/omraden")
    text = plain(answer.text)
    assert answer.status_code == 200
    assert "Stadsdelsområden 2023" in text
    assert "Akalla, Bromsten, Flysta, Hansta, Husby, Kista" in text
    assert "Schematisk gräns" in text
    assert text.count("Ytterstad ") >= 8
    assert "Rinkeby-Kista + Spånga-Tensta Järva sammanslaget" in text
    assert "84 907" in text


@pytest.mark.parametrize(
    ("code", "areas", "outer", "inhabitants"),
    [("1999", 18, 13, "771 038"), ("2007", 14, 10, "864 324"), ("2020", 13, 9, "864 324"), ("2023", 11, 8, "864 324")],
)
def test_each_edition_has_rows_and_sums(
    client: FlaskClient, code: str, areas: int, outer: int, inhabitants: str
) -> None:
    html = client.get(f"/omraden?edition={code}").text
    assert html.count('id="omrade-') == areas
    assert html.count("badge-outer") == outer
    text = plain(html)
    assert f"Hela staden {areas} områden" in text
    assert f"Ytterstaden {outer} områden" in text
    assert inhabitants in text


def test_sums_of_regions(client: FlaskClient) -> None:
    text = plain(client.get("/omraden?edition=2007").text)
    assert re.search(r"Summa Västerort 4 områden [\d ]+ 218 724 2011", text)
    assert re.search(r"Summa Innerstaden 4 områden [\d ]+ 320 796 2011", text)
    assert re.search(r"Summa Söderort 6 områden [\d ]+ 324 804 2011", text)
    assert re.search(r"Ytterstaden 10 områden [\d ]+ 543 528 2011", text)


def test_the_stadsdelar_are_listed_with_their_area(client: FlaskClient) -> None:
    html = client.get("/omraden?edition=stadsdelar").text
    assert html.count('id="omrade-') == 118
    assert re.search(r"Rinkeby Ytterstad \d+ Lista projekt i Rinkeby · Karta över Rinkeby Järva", plain(html))


def test_an_unknown_edition_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/omraden?edition=1997")
    assert answer.status_code == 404
    assert "1997" in answer.text


def test_searching_on_the_page(client: FlaskClient) -> None:
    text = plain(client.get("/omraden?namn=gärdet").text)
    assert "1 träff på ”gärdet”" in text
    assert "Ladugårdsgärdet stadsdel, även ”Gärdet” i Norra innerstaden (2023)" in text
    assert "Inget område och ingen stadsdel heter så" in plain(client.get("/omraden?namn=<b>").text)


def test_the_page_asks_a_bounded_number_of_questions(client: FlaskClient, session: Session) -> None:
    del session
    client.get("/omraden")
    with counted_statements(db.engine) as few:
        client.get("/omraden?edition=2023")
    with counted_statements(db.engine) as many:
        client.get("/omraden?edition=1999")
    assert len(many) <= len(few)


def test_the_drawing_has_a_path_for_each_area(client: FlaskClient) -> None:
    html = client.get("/omraden?edition=1999").text
    paths = re.findall(r'<path class="(inner|outer)" d="(M[^"]+Z)">', html)
    assert len(paths) == 18
    assert sum(kind == "outer" for kind, _ in paths) == 13
    assert "style=" not in html


def test_outlines_are_geojson_in_longitude_and_latitude(client: FlaskClient) -> None:
    answer = client.get("/omraden/2023/granser.geojson")
    assert answer.mimetype == "application/geo+json"
    found = answer.get_json(force=True)
    assert found["type"] == "FeatureCollection"
    features = {feature["properties"]["code"]: feature for feature in found["features"]}
    assert len(features) == 11
    assert features["jarva"]["properties"] == {
        "code": "jarva",
        "name": "Järva",
        "region": "vasterort",
        "ytterstad": True,
        "schematic": True,
    }
    lon, lat = features["jarva"]["geometry"]["coordinates"][0][0][0]
    assert 17.7 < lon < 18.3
    assert 59.2 < lat < 59.5
    assert all(len(str(number).split(".")[1]) <= 6 for number in (lon, lat))
    assert shapely.from_geojson(str(features["kungsholmen"]["geometry"]).replace("'", '"')).contains(STADSHUSET)


@pytest.mark.parametrize("code", ["stadsdelar", "1999", "2023"])
def test_outlines_for_the_web_share_their_edges(client: FlaskClient, code: str) -> None:
    found = client.get(f"/omraden/{code}/granser.geojson").get_json(force=True)
    shapes = [shapely.from_geojson(str(one["geometry"]).replace("'", '"')) for one in found["features"]]
    assert shapely.coverage_is_valid(shapes)
    assert all(shapely.is_valid(shapes))


def test_outlines_are_only_sent_when_changed(client: FlaskClient, session: Session) -> None:
    first = client.get("/omraden/2020/granser.geojson")
    mark = first.headers["ETag"]
    assert first.headers["Cache-Control"] in ("public, no-cache", "no-cache, public")
    again = client.get("/omraden/2020/granser.geojson", headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    edition = get_area_set(session, "2020")
    edition.schematic = False
    session.commit()
    changed = client.get("/omraden/2020/granser.geojson", headers={"If-None-Match": mark})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != mark


def test_outlines_of_an_unknown_edition_are_not_found(client: FlaskClient) -> None:
    assert client.get("/omraden/1997/granser.geojson").status_code == 404


def test_the_search_for_the_form_gives_json(client: FlaskClient, session: Session) -> None:
    found = client.get("/omraden/sok?q=gärdet").get_json()
    assert found == [
        {
            "id": find_area(session, "Ladugårdsgärdet").id,
            "code": "ladugardsgardet",
            "set": "stadsdelar",
            "name": "Ladugårdsgärdet",
            "label": "Gärdet: Ladugårdsgärdet (stadsdel), i Norra innerstaden 2023",
        }
    ]
    assert client.get("/omraden/sok").get_json() == []
