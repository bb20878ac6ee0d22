"""What the map draws: filter, rights, bounds, clusters; on both databases."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.maps.projects import FARSTA, HOSTILE, RINKEBY, put, put_many, put_three, square
from tracker.history.services import Actor
from tracker.maps import answers
from tracker.maps.answers import Tally, answer_map, tally
from tracker.maps.windows import Window
from tracker.measures.models import MainKind
from tracker.projects.display import refresh_display
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.inputs import SecretInput
from tracker.projects.policies import PUBLIC, Viewer
from tracker.projects.vocabulary import Publication

Patch = pytest.MonkeyPatch
RINKEBY_BOX = (17.90, 59.37, 17.96, 59.40)
CITY_BOX = (17.7, 59.2, 18.3, 59.5)


def read(session: Session, wanted: ProjectFilter | None = None, **values: Any) -> dict[str, Any]:
    """The answer as a reader gets it."""
    viewer = values.pop("viewer", PUBLIC)
    answer = answer_map(session, wanted or ProjectFilter(), viewer, Window(values.get("box"), values.get("zoom")))
    return dict(json.loads(answer.text()))


def codes(answer: dict[str, Any]) -> list[str]:
    """In order, for the map has none."""
    return sorted(feature["properties"]["code"] for feature in answer["features"])


def test_all_projects_with_what_is_not_shown(session: Session, actor: Actor) -> None:
    put_three(session, actor)
    answer = read(session)
    assert codes(answer) == ["B-1", "T-1"]
    assert {key: answer[key] for key in ("type", "total", "shown", "unlocated", "clustered", "complete")} == {
        "type": "FeatureCollection", "total": 3, "shown": 2, "unlocated": 1, "clustered": False, "complete": True,
    }  # fmt: skip
    assert tally(session, conditions(session, ProjectFilter(), PUBLIC), PUBLIC) == Tally(total=3, unlocated=1)


def test_coordinates_are_longitude_and_latitude(session: Session, actor: Actor) -> None:
    put_three(session, actor)
    for feature in read(session)["features"]:
        lon, lat = shapely.get_coordinates(shapely.from_geojson(json.dumps(feature["geometry"])))[0]
        assert 17.7 < lon < 18.3
        assert 59.2 < lat < 59.5
        assert 17.7 < feature["point"][0] < 18.3


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (ProjectFilter(kind=("trafik",)), ["T-1"]),
        (ProjectFilter(phase=("planering",)), ["B-1"]),
        (ProjectFilter(area=("rinkeby",), areas="1999"), ["B-1"]),
        (ProjectFilter(region=("soderort",)), ["T-1"]),
        (ProjectFilter(q="ÄPPEL"), ["B-1"]),
        (ProjectFilter(q="ingen"), []),
    ],
)
def test_filter(session: Session, actor: Actor, wanted: ProjectFilter, expected: list[str]) -> None:
    put_three(session, actor)
    assert codes(read(session, wanted)) == expected


def test_only_projects_without_a_place(session: Session, actor: Actor) -> None:
    put(session, actor, "A-1", None)
    answer = read(session)
    assert (answer["features"], answer["total"], answer["unlocated"]) == ([], 1, 1)
    assert answer["complete"]


def test_the_public_never_sees_drafts_or_confidential_matters(session: Session, actor: Actor) -> None:
    put_three(session, actor)
    put(session, actor, "H-1", square(RINKEBY), name="Hemligt").confidential = True
    draft = make_project(session, "U-1", square(FARSTA), publication=Publication.DRAFT)
    refresh_display(session, [draft.id])
    assert codes(read(session)) == ["B-1", "T-1"]
    assert codes(read(session, box=CITY_BOX, zoom=11)) == ["B-1", "T-1"]
    assert "U-1" in codes(read(session, viewer=Viewer(drafts=True)))
    assert "H-1" not in codes(read(session, viewer=Viewer(drafts=True)))
    assert "H-1" in codes(read(session, viewer=Viewer(drafts=True, confidential=True)))


def test_a_window_gives_what_meets_it(session: Session, actor: Actor) -> None:
    put_three(session, actor)
    answer = read(session, box=RINKEBY_BOX, zoom=15)
    assert codes(answer) == ["B-1"]
    assert (answer["total"], answer["shown"], answer["complete"]) == (3, 1, False)
    assert read(session, box=(-74.0, 40.0, -73.0, 41.0))["features"] == []


def test_a_line_that_crosses_the_window_is_drawn(session: Session, actor: Actor) -> None:
    x, y = RINKEBY
    put(session, actor, "L-1", shapely.LineString([(x - 9_000, y), (x + 9_000, y)]), kind=MainKind.TRAFFIC)
    assert codes(read(session, box=(17.80, 59.37, 17.81, 59.40))) == ["L-1"]


def test_shapes_too_small_to_see_are_points(session: Session, actor: Actor) -> None:
    put(session, actor, "B-1", square(RINKEBY, side=100))
    far = read(session, box=CITY_BOX, zoom=11)["features"][0]
    near = read(session, box=CITY_BOX, zoom=15)["features"][0]
    assert far["geometry"]["type"] == "Point"
    assert near["geometry"]["type"] == "Polygon"
    assert far["properties"] == near["properties"]
    assert far["geometry"]["coordinates"] == near["point"]
    assert read(session)["features"][0]["geometry"]["type"] == "Polygon"


def test_too_many_become_counts_that_lose_nobody(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LIMIT", 50)
    put_many(session, 300)
    answer = read(session, zoom=11)
    counted = [feature["properties"] for feature in answer["features"]]
    assert answer["clustered"]
    assert not answer["complete"]
    assert answer["shown"] == answer["total"] == 300
    assert sum(one.get("count", 1) for one in counted) == 300
    clusters = [one for one in counted if one.get("cluster")]
    assert all(one["count"] == one["bostad"] + one["arbetsplats"] + one["trafik"] for one in clusters)
    assert len(counted) < 150


def test_a_project_alone_in_its_square_is_itself(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LIMIT", 5)
    put_many(session, 30)
    found = read(session, zoom=16, box=(17.87, 59.24, 17.97, 59.25))["features"]
    assert all("code" in feature["properties"] for feature in found)
    assert len(found) == 30


def test_a_small_window_of_a_large_portfolio_shows_each(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LIMIT", 50)
    put_many(session, 300)
    answer = read(session, zoom=15, box=(17.87, 59.24, 17.91, 59.26))
    assert not answer["clustered"]
    assert not answer["complete"]
    assert 0 < answer["shown"] <= 50
    assert answer["total"] == 300


def test_clusters_keep_the_filter(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "LIMIT", 50)
    put_many(session, 300)
    answer = read(session, ProjectFilter(kind=("trafik",)), zoom=11)
    assert answer["shown"] == 100
    clusters = [f["properties"] for f in answer["features"] if f["properties"].get("cluster")]
    assert all(one["count"] == one["trafik"] for one in clusters)


def test_few_but_huge_shapes_become_coarser_and_then_points(session: Session, actor: Actor, monkeypatch: Patch) -> None:
    turn = np.linspace(0, 2 * np.pi, 3_000, endpoint=False)
    for number in range(3):
        x, y = RINKEBY[0] + 400 * number, RINKEBY[1]
        wave = 900 + 40 * np.sin(turn * 40)
        shape = shapely.Polygon(np.column_stack([x + wave * np.cos(turn), y + wave * np.sin(turn)]))
        put(session, actor, f"S-{number}", shape)
    sizes = {}
    windows: tuple[dict[str, Any], ...] = ({}, {"box": RINKEBY_BOX, "zoom": 15})
    for most in (1_500_000, 90_000, 3_000, 100):
        monkeypatch.setattr(answers, "MOST_BYTES", most)
        for values in windows:
            answer = read(session, **values)
            sizes[most, bool(values)] = sum(len(json.dumps(one)) for one in answer["features"])
            assert answer["shown"] == 3
            assert answer["clustered"] == (most == 100)
            assert answer["complete"] == (most == 1_500_000)
            if most < 90_000:
                assert {one["geometry"]["type"] for one in answer["features"]} == {"Point"}
    assert sizes[1_500_000, True] > 150_000
    assert 0 < sizes[90_000, True] < 90_000
    assert sizes[3_000, True] < 3_000


def test_a_shape_far_out_has_only_what_its_pixels_show(session: Session, actor: Actor) -> None:
    turn = np.linspace(0, 2 * np.pi, 2_000, endpoint=False)
    round_about = np.column_stack([RINKEBY[0] + 700 * np.cos(turn), RINKEBY[1] + 700 * np.sin(turn)])
    put(session, actor, "S-1", shapely.Polygon(round_about))
    corners = {}
    for zoom in (11, 13, 14):
        (feature,) = read(session, box=CITY_BOX, zoom=zoom)["features"]
        corners[zoom] = len(feature["geometry"]["coordinates"][0])
    assert corners[14] == 2_001
    assert corners[11] == corners[13] < 500


def test_what_only_passes_by_is_not_sent(session: Session, actor: Actor) -> None:
    x, y = RINKEBY
    turn = shapely.LineString([(x - 900, y - 900), (x - 900, y + 900), (x + 900, y + 900)])
    put(session, actor, "L-1", turn, kind=MainKind.TRAFFIC)
    assert codes(read(session, box=(17.925, 59.385, 17.93, 59.388), zoom=15)) == []
    assert codes(read(session, box=RINKEBY_BOX, zoom=15)) == ["L-1"]


def test_clusters_count_the_states_of_a_year(session: Session, actor: Actor, monkeypatch: Patch) -> None:
    monkeypatch.setattr(answers, "LIMIT", 1)
    days = {"start_forecast": date(2007, 1, 1), "end_decided": date(2009, 1, 1)}
    put(session, actor, "Y-1", square(RINKEBY), **days)
    put(session, actor, "Y-2", square(RINKEBY), **days, secret_fields=(SecretInput("dates", "OSL 19 kap. 3 §"),))
    put(session, actor, "Y-3", square(RINKEBY), kind=MainKind.TRAFFIC, start_forecast=date(2011, 1, 1))
    answer = answer_map(session, ProjectFilter(), PUBLIC, Window(CITY_BOX, 11), at=2008)
    (found,) = json.loads(answer.text())["features"]
    assert found["properties"] == {
        "cluster": True, "count": 3, "bostad": 2, "arbetsplats": 0, "trafik": 1,
        "planerat": 1, "pagar": 1, "klart": 0, "tidigare": 0, "okant": 1,
    }  # fmt: skip
    inside = answer_map(session, ProjectFilter(), Viewer(drafts=True, confidential=True), Window(CITY_BOX, 11), at=2008)
    assert json.loads(inside.text())["features"][0]["properties"]["okant"] == 1


def test_hostile_names_survive_as_text(session: Session, actor: Actor) -> None:
    put(session, actor, "X-1", square(RINKEBY), name=HOSTILE)
    assert read(session)["features"][0]["properties"]["name"] == HOSTILE
    assert read(session, box=CITY_BOX, zoom=9)["features"][0]["properties"]["name"] == HOSTILE
