"""The map text: valid GeoJSON in longitude and latitude, with public facts and nothing else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import shapely
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tests.factories import find_area, make_goal_set, make_project
from tests.geometries import CITY_HALL, RINKEBY, array, line, square
from tracker.areas.seeding import seed_areas
from tracker.projects import remaking
from tracker.projects.display import FORMAT, Facts, make_features, refresh_display
from tracker.projects.locating import locate_stored
from tracker.projects.models import GoalTag, ProjectDisplay, SecretField, ServedArea
from tracker.projects.remaking import remake_displays
from tracker.projects.vocabulary import Phase, Scope

FACTS = Facts("SV-1", "Slussen", "trafik", "planering", ("G1a",), ("Södermalm",), approximate=False, start=2005)


def displayed(session: Session) -> dict[int, ProjectDisplay]:
    session.expire_all()
    return {row.project_id: row for row in session.scalars(select(ProjectDisplay))}


def properties(row: ProjectDisplay) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row.feature)["properties"]
    return found


def test_a_point_in_degrees_longitude_first() -> None:
    made = make_features(array(CITY_HALL), [FACTS])
    feature = json.loads(made.text(0))
    assert feature["geometry"] == {"type": "Point", "coordinates": [18.054665, 59.3274]}
    assert feature["type"] == "Feature"
    assert feature["id"] == "SV-1"
    assert feature["properties"] == {
        "code": "SV-1",
        "name": "Slussen",
        "kind": "trafik",
        "phase": "planering",
        "goals": ["G1a"],
        "areas": ["Södermalm"],
        "start": 2005,
        "end": None,
        "approximate": False,
    }
    assert (made.lon[0], made.lat[0]) == (18.054665, 59.3274)
    assert made.extent_metres[0] == 0
    assert made.vertices[0] == 1


def test_extent_is_the_longer_side_and_the_point_lies_inside() -> None:
    ring = shapely.Polygon(
        [(150_000, 6_580_000), (150_400, 6_580_000), (150_400, 6_580_100), (150_000, 6_580_100)],
        [[(150_100, 6_580_010), (150_300, 6_580_010), (150_300, 6_580_090), (150_100, 6_580_090)]],
    )
    made = make_features(array(ring), [FACTS])
    assert made.extent_metres[0] == 400
    assert made.vertices[0] == 10
    drawn = shapely.from_geojson(json.dumps(json.loads(made.text(0))["geometry"]))
    assert len(drawn.interiors) == 1
    assert drawn.contains(shapely.Point(made.lon[0], made.lat[0]))


@pytest.mark.parametrize(
    "shape",
    [
        square(150_000, 6_580_000, 20),
        line((150_000, 6_580_000), (150_500, 6_580_000)),
        shapely.MultiPoint([(150_000, 6_580_000), (150_500, 6_580_000)]),
        shapely.GeometryCollection([CITY_HALL, square(150_000, 6_580_000, 20)]),
    ],
)
def test_every_type_survives_to_the_decimetre(shape: shapely.Geometry) -> None:
    made = make_features(array(shape), [FACTS])
    drawn = shapely.from_geojson(json.dumps(json.loads(made.text(0))["geometry"]))
    assert drawn.geom_type == shape.geom_type
    corners = shapely.get_coordinates(drawn)
    assert ((corners[:, 0] > 17.7) & (corners[:, 0] < 18.3) & (corners[:, 1] > 59.2) & (corners[:, 1] < 59.5)).all()


def test_names_that_break_scripts_stay_text() -> None:
    name = "A ` ' \" ${x} </script> \u2028 å & <b>"
    facts = Facts(name, name, "bostad", "ide", (), (name,), approximate=True)
    feature = json.loads(make_features(array(CITY_HALL), [facts]).text(0))
    assert feature["id"] == feature["properties"]["name"] == feature["properties"]["areas"][0] == name


def test_refreshing_takes_goals_and_areas_from_the_register(session: Session) -> None:
    seed_areas(session)
    goals = make_goal_set(session, "prov-2005", "G2", "G1").goals
    project = make_project(session, "A", RINKEBY, name="Rinkeby torg", phase=Phase.IMPLEMENTATION)
    project.goal_tags = [GoalTag(goal=goal, weight=3) for goal in goals]
    locate_stored(session, [project.id])
    refresh_display(session, [project.id])
    shown = properties(displayed(session)[project.id])
    assert (shown["name"], shown["kind"], shown["phase"]) == ("Rinkeby torg", "bostad", "genomforande")
    assert (shown["goals"], shown["areas"]) == (["G1", "G2"], ["Rinkeby"])
    project.serves = [
        ServedArea(position=1, area=find_area(session, "Tensta"), share=6_000),
        ServedArea(position=2, scope=Scope.WHOLE_CITY, share=4_000),
    ]
    refresh_display(session, [project.id])
    assert properties(displayed(session)[project.id])["areas"] == ["Tensta", "Hela staden"]


def test_years_are_the_forecasts_before_the_decided_ones(session: Session) -> None:
    days = {"start_decided": date(2003, 1, 1), "start_forecast": date(2004, 5, 1), "end_decided": date(2009, 12, 31)}
    projects = [make_project(session, "A", RINKEBY, **days), make_project(session, "B", RINKEBY)]
    refresh_display(session, [one.id for one in projects])
    shown = [properties(displayed(session)[one.id]) for one in projects]
    assert [(one["start"], one["end"]) for one in shown] == [(2004, 2009), (None, None)]


@pytest.mark.parametrize(("field", "expected"), [("dates", (None, None)), ("goals", (2004, 2009))])
def test_years_that_are_confidential_are_nobodys(session: Session, field: str, expected: tuple[Any, Any]) -> None:
    days = {"start_forecast": date(2004, 5, 1), "end_decided": date(2009, 12, 31)}
    project = make_project(session, "A", RINKEBY, **days)
    project.secret_fields = [SecretField(field=field, ground="OSL 19 kap. 3 §")]
    refresh_display(session, [project.id])
    row = displayed(session)[project.id]
    shown = properties(row)
    assert (shown["start"], shown["end"]) == expected
    assert ("2004" in row.head + row.shape + (row.shape_far or "") + row.point) == (expected != (None, None))


def test_rows_of_an_older_format_are_made_anew_and_a_killed_remake_goes_on(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    projects = [make_project(session, f"P-{number}", RINKEBY) for number in range(5)]
    placeless = make_project(session, "P-9", None)
    ids = [one.id for one in projects]
    refresh_display(session, ids)
    fresh = {number: row.feature for number, row in displayed(session).items()}
    session.execute(update(ProjectDisplay).where(ProjectDisplay.project_id != ids[0]).values(format=1, head="old"))
    session.execute(delete(ProjectDisplay).where(ProjectDisplay.project_id == ids[1]))
    session.commit()
    monkeypatch.setattr(remaking, "BLOCK", 2)

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remake_displays(session, stop)
    session.rollback()
    assert sum(row.format == FORMAT for row in displayed(session).values()) == 3
    session.rollback()
    assert remake_displays(session) == 2
    assert {number: row.feature for number, row in displayed(session).items()} == fresh
    assert placeless.id not in fresh
    session.rollback()
    assert remake_displays(session) == 0


def test_a_project_that_loses_its_geometry_loses_its_map_text(session: Session) -> None:
    seed_areas(session)
    first, second = make_project(session, "A", RINKEBY), make_project(session, "B", CITY_HALL)
    refresh_display(session, [first.id, second.id])
    assert displayed(session).keys() == {first.id, second.id}
    first.geom = None
    refresh_display(session, [first.id])
    assert displayed(session).keys() == {second.id}
