"""Packages of OC4IDS against the published schema: the seed, the city's 416 projects, shapes, filter, programmes."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from flask import Flask
from sqlalchemy.orm import Session

from tests.contribution.register import add_project, add_volume
from tests.counting import counted_statements
from tests.exports.oc4ids_packages import PUBLISHER, package
from tests.exports.oc4ids_schema import STOCKHOLM, checker, pairs_of
from tests.exports.reading import NOW
from tests.exports.test_real_projects import plan_of
from tests.exports.test_register_files import SHAPES
from tests.geometries import CITY_HALL, RINKEBY
from tracker.database import begin_writing
from tracker.exports.audience import Audience
from tracker.exports.oc4ids import package_parts
from tracker.exports.oc4ids_publishing import publishing
from tracker.exports.register import choose
from tracker.extensions import db
from tracker.geo.stored import storable
from tracker.history.services import Actor
from tracker.imports.apply import apply_plan
from tracker.measures.models import MainKind
from tracker.projects.examples import seed_examples
from tracker.projects.filters import ProjectFilter
from tracker.projects.vocabulary import Publication


@pytest.mark.shared
@pytest.mark.parametrize("audience", list(Audience))
@pytest.mark.parametrize("told", [False, True])
def test_the_example_projects_are_valid_for_everybody(
    app: Flask, session: Session, actor: Actor, shared_data: Path, tmp_path: Path, audience: Audience, told: bool
) -> None:
    app.config.update(PUBLISHER if told else {})
    seed_examples(session, actor)
    found = package(session, tmp_path, audience)
    assert len(found["projects"]) == 40
    assert checker(shared_data)(found) == []
    assert all(one["id"].startswith("oc4ids-abc123-" if told else "lokal-portfoljkartan-") for one in found["projects"])


@pytest.mark.shared
def test_the_citys_416_projects_are_valid(session: Session, actor: Actor, shared_data: Path, tmp_path: Path) -> None:
    begin_writing(session)
    apply_plan(session, plan_of(session, shared_data / "projects" / "stockholm_vaxer_416_3011.gpkg"), actor)
    found = package(session, tmp_path, Audience.OPEN)
    assert checker(shared_data)(found) == []
    assert len(found["projects"]) == 416
    west, south, east, north = STOCKHOLM
    shapes = [place["geometry"] for one in found["projects"] for place in one["locations"] if "geometry" in place]
    assert len(shapes) == 416
    assert all(west < x < east and south < y < north for shape in shapes for x, y in pairs_of(shape["coordinates"]))
    planned = [
        observation["measure"]
        for one in found["projects"]
        for metric in one.get("forecasts", [])
        if metric["id"].startswith("bostader-")
        for observation in metric["observations"]
    ]
    assert sum(planned) == 87_543


@pytest.mark.shared
def test_case_38_longitude_stands_first_in_every_type_of_geometry(
    session: Session, shared_data: Path, tmp_path: Path
) -> None:
    """The standard's example writes latitude first, its schema longitude; a collection becomes its parts."""
    for code, shape in SHAPES.items():
        add_project(session, code, shape)
    deep = shapely.GeometryCollection([CITY_HALL, shapely.GeometryCollection([shapely.MultiPoint([RINKEBY])])])
    add_project(session, "I", storable(deep))
    found = package(session, tmp_path)
    assert checker(shared_data)(found) == []
    kinds = {
        one["id"].rpartition("-")[2]: [place["geometry"]["type"] for place in one.get("locations", [])]
        for one in found["projects"]
    }
    assert kinds == {
        "A": ["Point"], "B": ["MultiPoint"], "C": ["LineString"], "D": ["MultiLineString"], "E": ["Polygon"],
        "F": ["MultiPolygon"], "G": ["Point", "Polygon"], "H": [], "I": ["Point", "Point"],
    }  # fmt: skip
    places = {one["id"].rpartition("-")[2]: one.get("locations") for one in found["projects"]}
    assert places["A"][0]["geometry"]["coordinates"] == pytest.approx([18.0549, 59.3275], abs=1e-3)
    for place in (place for several in places.values() for place in several or []):
        assert all(17 < x < 19 < 59 < y < 60 for x, y in pairs_of(place["geometry"]["coordinates"]))
    assert places["H"] is None
    rings = places["E"][0]["geometry"]["coordinates"]
    assert [shapely.LinearRing(ring).is_ccw for ring in rings] == [True, False]


@pytest.mark.shared
def test_programme_and_parts_refer_to_each_other_and_count_once(
    app: Flask, session: Session, shared_data: Path, tmp_path: Path
) -> None:
    app.config.update(PUBLISHER)
    programme = add_project(session, "PROG", name="Programmet", outlay={2005: 5})
    add_volume(session, programme, "arbetsplatser", 2005, planned=7)
    add_project(session, "D-2", name="Andra", parent_id=programme.id, outlay={2005: 3})
    add_project(session, "D-1", name="Första", parent_id=programme.id)
    add_project(session, "D-0", name="Dold", parent_id=programme.id, publication=Publication.DRAFT)
    found = package(session, tmp_path)
    assert checker(shared_data)(found) == []
    projects = {one["id"].removeprefix("oc4ids-abc123-"): one for one in found["projects"]}
    parts = projects["PROG"]["relatedProjects"]
    assert [(one["identifier"], one["title"], one["relationship"]) for one in parts] == [
        ("oc4ids-abc123-D-1", "Första", "programmePart"), ("oc4ids-abc123-D-2", "Andra", "programmePart"),
    ]  # fmt: skip
    assert parts[0]["uri"] == "https://karta.exempel.se/data/oc4ids/D-1.json"
    assert not {"budget", "forecasts"} & set(projects["PROG"])
    assert "budget" in projects["D-2"]
    above = projects["D-2"]["relatedProjects"]
    assert [(one["identifier"], one["relationship"]) for one in above] == [("oc4ids-abc123-PROG", "programme")]


def test_case_36_the_package_honours_the_filter_and_an_empty_one_is_a_package(session: Session, tmp_path: Path) -> None:
    add_project(session, "T-1", main_kind=MainKind.TRAFFIC)
    add_project(session, "B-1")
    assert [one["title"] for one in package(session, tmp_path, kind=("trafik",))["projects"]] == ["Projekt T-1"]
    nothing = package(session, tmp_path, q="finns inte")
    assert nothing["projects"] == []
    assert nothing["publishedDate"] == "2005-07-01T23:30:00+02:00"


def test_the_number_of_statements_grows_with_the_blocks_not_with_the_projects(session: Session) -> None:
    def told() -> int:
        extract = choose(session, ProjectFilter(), Audience.PUBLIC, NOW)
        with counted_statements(db.engine) as statements:
            b"".join(package_parts(session, extract, publishing()))
        return len(statements)

    for number in range(3):
        add_project(session, f"P-{number}", RINKEBY, goals={"G1a": 1}, outlay={2005: 1})
    few = told()
    for number in range(3, 60):
        add_project(session, f"P-{number}", RINKEBY, goals={"G1a": 1}, outlay={2005: 1})
    assert told() == few
