"""What happens at a place: known points, distances, radii, and what is hidden; on both databases."""

from __future__ import annotations

import pytest
import shapely
from flask.testing import FlaskClient
from pyproj import Transformer
from sqlalchemy.orm import Session

from tests.maps.conftest import Write
from tests.maps.projects import FARSTA, RINKEBY, put, put_three, square
from tracker.history.services import Actor
from tracker.maps.here import Here, what_happens
from tracker.maps.presenters import distance_words
from tracker.measures.queries import measures_by_code
from tracker.projects.figures import Volume
from tracker.projects.inputs import SecretInput
from tracker.projects.models import SecretField
from tracker.projects.policies import INTERNAL, PUBLIC, Viewer
from tracker.projects.secrecy import Secret

TO_WEB = Transformer.from_crs(3011, 4326, always_xy=True)
CITY_HALL = "18.0546,59.3275"


def web(at: tuple[float, float], east: float = 0.0) -> str:
    lon, lat = TO_WEB.transform(at[0] + east, at[1])
    return f"{lon:.7f},{lat:.7f}"


def ask(session: Session, place: str, radius: int = 250, viewer: Viewer = PUBLIC) -> Here:
    return what_happens(session, place, radius, viewer, 2005)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (web(RINKEBY), {"stadsdelar": "rinkeby", "2023": "jarva", "2007": "rinkeby-kista", "1999": "rinkeby"}),
        (web(FARSTA), {"2023": "farsta", "2007": "farsta", "1999": "farsta"}),
        (CITY_HALL, {"stadsdelar": "kungsholmen", "2023": "kungsholmen", "1999": "kungsholmen"}),
    ],
)
def test_the_areas_of_known_points(session: Session, place: str, expected: dict[str, str]) -> None:
    areas = ask(session, place).areas
    assert areas[0].is_district
    assert expected.items() <= {area.set_code: area.code for area in areas}.items()
    assert len(areas) == len({area.set_code for area in areas})
    assert areas[0].region.outer_city is (place != CITY_HALL)


def test_projects_the_nearest_first_with_true_distances(session: Session, actor: Actor) -> None:
    put_three(session, actor)
    put(session, actor, "N-1", shapely.Point(RINKEBY[0] + 400, RINKEBY[1]), name="Nära")
    here = ask(session, web(RINKEBY, east=300), radius=500)
    assert [(one.project.code, round(one.metres)) for one in here.near] == [("N-1", 100), ("B-1", 200)]
    assert (here.total, here.left_out) == (2, 0)
    inside = ask(session, web(RINKEBY)).near
    assert [(one.project.code, one.metres) for one in inside] == [("B-1", 0.0)]


@pytest.mark.parametrize(("radius", "codes"), [(250, ["A"]), (500, ["A", "B"]), (1000, ["A", "B", "C"])])
def test_radii(session: Session, actor: Actor, radius: int, codes: list[str]) -> None:
    for code, east in (("A", 240), ("B", 490), ("C", 990), ("D", 1_010)):
        put(session, actor, code, shapely.Point(RINKEBY[0] + east, RINKEBY[1]))
    assert [one.project.code for one in ask(session, web(RINKEBY), radius).near] == codes


def test_the_corner_of_the_square_around_is_not_near(session: Session, actor: Actor) -> None:
    put(session, actor, "A", shapely.Point(RINKEBY[0] + 200, RINKEBY[1] + 200))
    assert ask(session, web(RINKEBY), 250).total == 0
    assert ask(session, web(RINKEBY), 500).total == 1


@pytest.mark.parametrize("place", ["-74.0,40.7", "0,0", "180,90", "59.33,18.06"])
def test_far_out_of_town(session: Session, actor: Actor, place: str) -> None:
    put_three(session, actor)
    here = ask(session, place, 1000)
    assert (list(here.areas), here.total, list(here.near)) == ([], 0, [])


def test_just_outside_the_city_with_a_project_near(session: Session, actor: Actor) -> None:
    put(session, actor, "U-1", shapely.Point(160_000, 6_600_000))
    here = ask(session, web((160_000, 6_600_000)))
    assert list(here.areas) == []
    assert [one.project.code for one in here.near] == ["U-1"]


def test_programmes_and_years(session: Session, actor: Actor) -> None:
    parent = put(session, actor, "P", None, name="Järvalyftet")
    put(session, actor, "A", square(RINKEBY), parent_id=parent.id)
    (near,) = ask(session, web(RINKEBY)).near
    assert near.programme == "Järvalyftet"
    parent.confidential = True
    session.flush()
    assert ask(session, web(RINKEBY)).near[0].programme == ""


def test_a_hidden_place_is_nowhere(session: Session, actor: Actor) -> None:
    marks = (SecretInput("geometry", "OSL 19 kap. 3 §"),)
    put(session, actor, "A", square(RINKEBY), secret_fields=marks)
    put(session, actor, "B", square(RINKEBY)).confidential = True
    session.flush()
    assert ask(session, web(RINKEBY)).total == 0
    assert ask(session, web(RINKEBY), viewer=INTERNAL).total == 2


@pytest.mark.parametrize(
    ("metres", "words"),
    [(0, "på platsen"), (38.2, "40\u00a0m"), (994, "990\u00a0m"), (1_000, "1,0\u00a0km"), (12_340, "12,3\u00a0km")],
)
def test_distances_in_words(metres: float, words: str) -> None:
    assert distance_words(metres) == words


def test_the_page_and_the_part_say_the_same(write: Write, client: FlaskClient) -> None:
    write(put_three)
    lon, lat = web(RINKEBY).split(",")
    part = client.get(f"/karta/har?lon={lon}&lat={lat}&radius=500")
    assert part.status_code == 200
    assert part.headers["Cache-Control"] == "private, no-store"
    assert "1 projekt inom 500 m, närmast först." in part.text.replace("\u00a0", " ")
    assert part.text.strip() in client.get(f"/karta?here={lon},{lat}&radius=500").text
    assert "utanför stadens gräns" in client.get("/karta/har?lon=-74&lat=40.7").text


@pytest.mark.parametrize("query", ["", "?lon=18", "?lon=x&lat=y", "?lon=18,1&lat=59", "?lon=nan&lat=inf"])
def test_what_is_no_place_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/karta/har{query}").status_code == 422


def test_what_is_planned_is_told_where_it_is_not_hidden(session: Session, actor: Actor, client: FlaskClient) -> None:
    homes = measures_by_code(session)["bostader-hyresratt"].id
    for code in ("O-1", "H-1"):
        project = put(session, actor, code, square(RINKEBY))
        project.volumes = [
            Volume(measure_id=homes, year=2004, planned=80),
            Volume(measure_id=homes, year=2005, planned=120),
        ]
        if code == "H-1":
            project.secret_fields = [SecretField(field=Secret.VOLUMES.value, ground="OSL 19 kap. 3 §")]
    session.commit()
    planned = {one.project.code: [each.number for each in one.planned] for one in ask(session, web(RINKEBY)).near}
    assert planned == {"O-1": [120], "H-1": []}
    told = client.get("/karta", query_string={"here": web(RINKEBY)}).text
    assert told.count("120 bostäder planeras") == 1
