"""Answers for whoever draws: neighbours to fasten to, and projects to copy from."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import find_area, make_project
from tests.geometries import CITY_HALL, RINKEBY, line, square
from tracker.accounts.roles import Role
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.geo.stored import from_stored
from tracker.projects.policies import Viewer
from tracker.projects.shape_neighbours import neighbours_in

SignIn = Callable[[Role], FlaskClient]
HOLED = shapely.Polygon(square(145_900, 6_585_700, 200).exterior, [square(145_950, 6_585_750, 60).exterior])
BOX = (145_000.0, 6_585_000.0, 147_000.0, 6_587_000.0)
DRAFTS = Viewer(drafts=True)


def degrees(box: tuple[float, float, float, float]) -> str:
    return ",".join(map(str, reproject_one(shapely.box(*box), STORAGE_SRID, WEB_SRID).bounds))


def features(browser: FlaskClient, box: str, **query: str) -> tuple[list[shapely.Geometry], list[shapely.Geometry]]:
    """Geometries of projects and of areas, EPSG:3011."""
    content: dict[str, Any] = browser.get("/projekt/grannar", query_string={"bbox": box, **query}).get_json()
    shapes = [
        (
            one["properties"]["area"],
            reproject_one(shapely.from_geojson(json.dumps(one["geometry"])), WEB_SRID, STORAGE_SRID),
        )
        for one in content["features"]
    ]
    return [shape for area, shape in shapes if not area], [shape for area, shape in shapes if area]


def test_neighbours_are_borders_lines_and_points_with_every_corner_in_place(session: Session, sign_in: SignIn) -> None:
    road = line((145_700, 6_585_700), (146_300, 6_585_750))
    make_project(session, "A1", shapely.GeometryCollection([RINKEBY, road, HOLED]))
    make_project(session, "FJARRAN", CITY_HALL)
    session.commit()
    projects, areas = features(sign_in(Role.MANAGER), degrees(BOX))
    assert sorted(shape.geom_type for shape in projects) == ["LineString", "MultiLineString", "Point"]
    border = next(shape for shape in projects if shape.geom_type == "MultiLineString")
    assert shapely.hausdorff_distance(border, HOLED.boundary) < 1e-3
    rinkeby = from_stored(find_area(session, "Rinkeby").geom)
    assert rinkeby is not None
    near = shapely.clip_by_rect(rinkeby.boundary, *BOX)
    assert len(areas) == 1
    assert areas[0].buffer(1e-3).covers(near)


def test_a_project_is_no_neighbour_of_its_own(session: Session, sign_in: SignIn) -> None:
    make_project(session, "A1", RINKEBY)
    session.commit()
    browser = sign_in(Role.MANAGER)
    assert len(features(browser, degrees(BOX))[0]) == 1
    assert features(browser, degrees(BOX), kod="A1")[0] == []


def test_neighbours_that_the_viewer_may_not_see_are_not_sent(session: Session, sign_in: SignIn) -> None:
    make_project(session, "HEMLIG", RINKEBY, confidential=True, confidentiality_ground="OSL 19 kap. 3 §")
    session.commit()
    assert features(sign_in(Role.MANAGER), degrees(BOX))[0] == []
    assert len(features(sign_in(Role.CONTROLLER), degrees(BOX))[0]) == 1


def test_neighbours_are_bounded_and_said_to_be(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(4):
        make_project(session, f"P{number}", shapely.Point(146_000 + number, 6_586_000))
    session.flush()
    assert len(neighbours_in(session, DRAFTS, BOX).projects) == 4
    assert neighbours_in(session, DRAFTS, BOX).cut is False
    monkeypatch.setattr("tracker.projects.shape_neighbours.MAX_PROJECTS", 3)
    few = neighbours_in(session, DRAFTS, BOX)
    assert (len(few.projects), few.cut) == (3, True)
    monkeypatch.setattr("tracker.projects.shape_neighbours.MAX_VERTICES", 2)
    assert (len(neighbours_in(session, DRAFTS, BOX).projects), len(neighbours_in(session, DRAFTS, BOX).areas)) == (2, 0)


@pytest.mark.parametrize("box", ["", "1,2,3", "18,59,17,60", "18,59,nan,60", "a,b,c,d"])
def test_what_is_no_box_is_a_bad_request(sign_in: SignIn, box: str) -> None:
    assert sign_in(Role.MANAGER).get("/projekt/grannar", query_string={"bbox": box}).status_code == 400


def test_elsewhere_there_is_nothing_to_fasten_to(session: Session, sign_in: SignIn) -> None:
    answer = sign_in(Role.MANAGER).get("/projekt/grannar?bbox=-10,10,-9,11")
    assert answer.get_json() == {"features": [], "cut": False}


def test_shapes_are_found_by_name_and_code_with_their_extent(session: Session, sign_in: SignIn) -> None:
    make_project(session, "2005-0001", HOLED, name="Rinkebyterrassen")
    make_project(session, "2005-0002", line((145_700, 6_585_700), (146_100, 6_585_700)), name="Terrassgatan")
    make_project(session, "2005-0003", None, name="Terrassen utan läge")
    session.commit()
    browser = sign_in(Role.MANAGER)
    found = browser.get("/projekt/former?q=terrass").get_json()
    assert found == [
        {
            "code": "2005-0001",
            "name": "Rinkebyterrassen",
            "extent": "3,64 ha",
            "address": "/projekt/2005-0001/geometri.geojson",
        },
        {
            "code": "2005-0002",
            "name": "Terrassgatan",
            "extent": "400 m",
            "address": "/projekt/2005-0002/geometri.geojson",
        },
    ]
    assert [one["code"] for one in browser.get("/projekt/former?q=2005-0002").get_json()] == ["2005-0002"]
    assert [one["code"] for one in browser.get("/projekt/former?q=terrass&kod=2005-0002").get_json()] == ["2005-0001"]
    assert browser.get("/projekt/former?q=").get_json() == []


def test_confidential_shapes_are_not_found(session: Session, sign_in: SignIn) -> None:
    make_project(session, "HEMLIG", HOLED, name="Skyddet", confidential=True, confidentiality_ground="OSL 19 kap. 3 §")
    session.commit()
    assert sign_in(Role.MANAGER).get("/projekt/former?q=skyddet").get_json() == []
    assert len(sign_in(Role.CONTROLLER).get("/projekt/former?q=skyddet").get_json()) == 1
