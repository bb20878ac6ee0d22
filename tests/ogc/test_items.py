"""Questions for items: a box, times, coordinate systems, properties, order, and values."""

from __future__ import annotations

import json
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.maps.projects import FARSTA, RINKEBY, put
from tests.ogc.conftest import LOCATED, Ask, Write, codes, put_all
from tracker.history.services import Actor
from tracker.ogc.crs import SUPPORTED

RINKEBY_BOX = "17.92,59.38,17.94,59.39"
URI = "http://www.opengis.net/def/crs/EPSG/0/"


def test_everything_in_order_of_code(write: Write, ask: Ask) -> None:
    """Conf core, conf geojson."""
    write(put_all)
    found = ask()
    assert codes(found) == LOCATED
    assert (found["type"], found["numberMatched"], found["numberReturned"]) == ("FeatureCollection", 9, 9)
    assert found["timeStamp"].endswith("Z")
    for feature in found["features"]:
        shapely.from_geojson(json.dumps(feature["geometry"]))
    assert codes(ask("projects-points")) == ["P-1", "P-2"]
    assert codes(ask("projects-lines")) == ["L-1", "T-1"]
    assert codes(ask("projects-polygons")) == ["B-1", "Y-1", "Y-2", "Y-3"]
    unlocated = ask("projects-unlocated")
    assert codes(unlocated) == ["A-1", "G-1"]
    assert [one["geometry"] for one in unlocated["features"]] == [None, None]
    assert unlocated["features"][1]["properties"] | {"name": ""} == {
        "code": "G-1", "name": "", "kind": "bostad", "phase": "ide", "goals": [], "areas": [], "start": None,
        "end": None, "approximate": None,
    }  # fmt: skip


def test_a_box_finds_the_shapes_that_meet_it(write: Write, ask: Ask) -> None:
    write(put_all)
    assert codes(ask(bbox=RINKEBY_BOX)) == ["B-1", "P-1", "P-2", "S-1"]
    assert codes(ask(bbox="17.92,59.38,-5,17.94,59.39,800")) == ["B-1", "P-1", "P-2", "S-1"]
    assert codes(ask(bbox="18.0,59.20,18.2,59.30")) == ["T-1", "Y-1", "Y-2", "Y-3"]
    # Of the turned line the box holds no part, only its bounding box does.
    assert "L-1" not in codes(ask(bbox="17.93,59.381,17.94,59.39"))
    assert codes(ask(bbox="-74,40,-73,41")) == []
    assert codes(ask(bbox="170,50,20,65")) == LOCATED, "over the date line, the long way round"
    assert codes(ask("projects-unlocated", bbox=RINKEBY_BOX)) == ["A-1", "G-1"], "by the standard"
    x, y = RINKEBY
    assert codes(ask(bbox=f"{y - 5},{x - 5},{y + 5},{x + 5}", bbox_crs=f"{URI}3011")) == ["B-1", "P-1", "P-2", "S-1"]
    assert codes(ask(bbox="59.38,17.92,59.39,17.94", bbox_crs=f"{URI}4326")) == ["B-1", "P-1", "P-2", "S-1"]


def test_a_box_of_degrees_is_not_the_upright_one_in_metres(write: Write, ask: Ask) -> None:
    """At its corner a box in degrees is turned; a point just outside it is not in."""
    at = shapely.Point(137_200.0, 6_574_000.0)
    write(lambda session, actor: put(session, actor, "E-1", at))
    lon, lat = ask()["features"][0]["geometry"]["coordinates"]
    west, east, north = lon - 0.0001, lon + 0.3, lat + 0.05
    assert codes(ask(bbox=f"{west},{lat + 0.0002},{east},{north}")) == []
    assert codes(ask(bbox=f"{west},{lat - 0.0002},{east},{north}")) == ["E-1"]


@pytest.mark.parametrize("crs", SUPPORTED)
def test_each_system_has_its_own_order_of_axes(write: Write, client: FlaskClient, crs: Any) -> None:
    """Conf crs: Stadshuset, whose place is known in all of them."""
    x, y = 152_928.4, 6_580_190.3
    write(lambda session, actor: put(session, actor, "S-1", shapely.Point(x, y)))
    answer = client.get("/ogc/collections/projects/items", query_string={"crs": crs.uri})
    assert answer.headers["Content-Crs"] == f"<{crs.uri}>"
    found = json.loads(answer.data)["features"][0]["geometry"]["coordinates"]
    known = {
        "CRS84": (18.0515, 59.3366, 1e-2), "3011": (y, x, 1e-3), "3006": (6_581_100, 673_700, 2_000),
        "4326": (59.3366, 18.0515, 1e-2), "3857": (2_009_500, 8_255_000, 5_000),
    }[crs.uri.rsplit("/", 1)[1]]  # fmt: skip
    assert found == pytest.approx(known[:2], abs=known[2])
    one = client.get("/ogc/collections/projects/items/S-1", query_string={"crs": crs.uri})
    assert json.loads(one.data)["geometry"]["coordinates"] == found
    assert one.headers["Content-Crs"] == f"<{crs.uri}>"


def test_times_meet_the_span_from_start_to_end(write: Write, ask: Ask) -> None:
    write(put_all)
    timeless = ["B-1", "L-1", "S-1", "T-1", "Y-2"]
    for asked, found in {
        "2008-05-01": ["P-1", "Y-1"],
        "2007-02-28T22:30:00Z": ["P-1"],
        "2007-02-28T23:30:00Z": ["P-1", "Y-1"],
        "2009-05-31/..": ["P-1", "Y-1", "Y-3"],
        "2009-06-01/": ["P-1", "Y-3"],
        "../2005-06-30": ["P-2"],
        "2006-02-01/2006-03-01": ["P-1", "P-2"],
    }.items():
        assert codes(ask(datetime=asked)) == sorted([*timeless, *found]), asked


def test_case_37_half_past_eleven_a_summer_night_is_that_day(write: Write, ask: Ask) -> None:
    """A start of 1 July is met by 30 June 22:00 in UTC, which is midnight in Stockholm, and not a minute before."""
    write(put_all)
    assert "P-1" in codes(ask(datetime="../2005-06-30T22:00:00Z"))
    assert "P-1" not in codes(ask(datetime="../2005-06-30T21:59:00Z"))
    assert codes(ask(filter="start_date = TIMESTAMP('2005-07-01T21:30:00Z')")) == ["P-1"]
    assert codes(ask(filter="start_date = TIMESTAMP('2005-07-01T22:30:00Z')")) == []
    assert codes(ask(start_date="2005-07-01")) == ["P-1"]


def test_some_properties_and_no_more(write: Write, ask: Ask) -> None:
    write(put_all)
    found = ask(properties="name,code", limit=1)["features"][0]
    assert found["properties"] == {"code": "B-1", "name": "Äppelgården"}
    assert found["geometry"]["type"] == "Polygon"
    ask(status=400, properties="manager")
    ask(status=400, properties="start_date")


def test_order_is_swedish_and_what_is_unknown_comes_last(write: Write, ask: Ask) -> None:
    write(put_all)
    assert codes(ask(sortby="name"))[-3:] == ["P-1", "P-2", "B-1"]
    assert codes(ask(sortby="-name"))[:3] == ["B-1", "P-2", "P-1"]
    assert codes(ask(sortby="-start"))[:3] == ["Y-3", "Y-1", "P-1"]
    assert codes(ask(sortby="start,-code"))[:4] == ["P-1", "Y-1", "Y-3", "Y-2"]
    assert codes(ask(sortby="+start", limit=1)) == ["P-1"]
    for wrong in ("goals", "hemligt", "name,name", ""):
        ask(status=400, sortby=wrong)


def test_properties_are_parameters(write: Write, ask: Ask) -> None:
    """Conf queryables-query-parameters."""
    write(put_all)
    assert codes(ask(kind="trafik")) == ["L-1", "T-1"]
    assert codes(ask(kind="trafik", areas="Kista")) == ["L-1"]
    assert codes(ask(areas="Kista,Tensta")) == ["L-1"]
    assert codes(ask(start="2007")) == ["Y-1"]
    assert codes(ask(approximate="true")) == ["S-1"]
    assert codes(ask(end_date="2009-05-31")) == ["Y-1"]
    assert ask("areas-1999", name="Rinkeby", properties="region")["features"][0]["properties"] == {
        "region": "vasterort"
    }
    for name, wrong in {"start": "x", "approximate": "ja", "end_date": "i går", "kind": None}.items():
        if wrong:
            ask(status=400, **{name: wrong})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"), ("limit", "-1"), ("limit", "tio"), ("limit", "1e3"), ("limit", ""), ("limit", "٣"),
        ("bbox", "1,2,3"), ("bbox", "a,b,c,d"), ("bbox", "18,60,17,59"), ("bbox", "nan,1,2,3"), ("bbox", "0,0,200,95"),
        ("bbox", "inf,1,2,3"), ("bbox", "1,2,3,4,5"), ("bbox", ""),
        ("datetime", ""), ("datetime", "/"), ("datetime", "../.."), ("datetime", "2009"), ("datetime", "2009-13-01"),
        ("datetime", "2009-01-02/2009-01-01"), ("datetime", "2009-01-01/2009-01-02/x"),
        ("crs", "EPSG:3011"), ("crs", "http://www.opengis.net/def/crs/EPSG/0/9999"),
        ("bbox-crs", f"{URI}3011"), ("filter-lang", "cql2-text"), ("filter-crs", f"{URI}3011"),
        ("cursor", "x"), ("cursor", "WyJuYW1lIiwiQSIsIkIiXQ"), ("cursor", "å"), ("cursor", "e30"), ("f", "xml"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(client: FlaskClient, name: str, value: str) -> None:
    answer = client.get("/ogc/collections/projects/items", query_string={name: value})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert json.loads(answer.data)["parameter"] == name


def test_a_large_limit_is_the_largest(write: Write, ask: Ask) -> None:
    write(put_all)
    assert len(ask(limit="999999999")["features"]) == 9
    assert len(ask(limit="4")["features"]) == 4


def test_nothing_changed_nothing_sent(write: Write, client: FlaskClient) -> None:
    write(put_all)
    address = "/ogc/collections/projects/items?limit=2"
    first = client.get(address)
    mark = {"If-None-Match": first.headers["ETag"]}
    again = client.get(address, headers=mark)
    assert (again.status_code, again.data) == (304, b"")
    assert first.cache_control.no_cache
    assert first.headers["ETag"].startswith('W/"')
    assert client.get("/ogc/collections/projects/items?limit=3", headers=mark).status_code == 200
    write(lambda session, actor: put(session, actor, "Z-9", None))
    assert client.get(address, headers=mark).status_code == 200


def test_the_whole_shape_of_what_the_map_draws_coarser(write: Write, ask: Ask) -> None:
    """11,000 corners on a circle: the map draws fewer, here they all are."""
    circle = shapely.Point(*FARSTA).buffer(900, quad_segs=2_750)

    def one(session: Session, actor: Actor) -> None:
        put(session, actor, "C-1", circle)

    write(one)
    found = ask()["features"][0]
    assert len(found["geometry"]["coordinates"][0]) == 11_001
    assert list(found)[-1] == "point"
    moved = ask(crs=f"{URI}3011")["features"][0]["geometry"]
    back = shapely.transform(shapely.from_geojson(json.dumps(moved)), lambda xy: xy[:, ::-1])
    assert shapely.hausdorff_distance(back, circle) < 0.002
