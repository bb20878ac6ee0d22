"""Lines to the areas that projects serve: in the edition that is drawn, and of nobody who hides place or areas."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.contribution.register import add_project
from tests.geometries import CITY_HALL, RINKEBY
from tests.maps.conftest import Write
from tracker.history.services import Actor
from tracker.maps import theme_lines
from tracker.projects.display import refresh_display
from tracker.projects.models import SecretField
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Scope


def put(session: Session, _actor: Actor) -> None:
    made = [
        add_project(session, "A-1", RINKEBY, serves=[("Kista", 40), ("Rinkeby", 60)]),
        add_project(session, "A-2", CITY_HALL, serves=[("Järva/2023", 50), (Scope.WHOLE_CITY, 50)]),
        add_project(session, "A-3", RINKEBY),
        add_project(session, "A-4", None, serves=[("Farsta", 100)]),
        add_project(session, "S-1", RINKEBY, serves=[("Farsta", 100)]),
        add_project(session, "S-2", RINKEBY, serves=[("Farsta", 100)]),
        add_project(session, "S-3", RINKEBY, serves=[("Farsta", 100)], confidential=True),
    ]
    made[4].secret_fields = [SecretField(field=Secret.SERVES.value, ground="OSL 19 kap. 3 §")]
    made[5].secret_fields = [SecretField(field=Secret.GEOMETRY.value, ground="OSL 19 kap. 3 §")]
    session.flush()
    refresh_display(session, [one.id for one in made])


def lines(client: FlaskClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/karta/betjanar{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def test_lines_go_to_the_areas_of_the_edition_that_is_drawn(write: Write, client: FlaskClient) -> None:
    write(put)
    found = lines(client, "?areas=2007")
    assert found["edition"] == "2007"
    assert found["projects"]["A-1"]["areas"] == ["rinkeby-kista"]
    assert lines(client, "?areas=1999")["projects"]["A-1"]["areas"] == ["kista", "rinkeby"]
    assert lines(client)["projects"]["A-1"]["areas"] == ["jarva"]
    assert lines(client)["projects"]["A-2"] == found["projects"]["A-2"] | {
        "areas": ["jarva"],
        "elsewhere": ["Hela staden"],
    }


def test_what_cannot_be_divided_is_named_and_not_drawn(write: Write, client: FlaskClient) -> None:
    write(put)
    one = lines(client, "?areas=1999")["projects"]["A-2"]
    assert (one["areas"], one["elsewhere"]) == ([], ["Järva", "Hela staden"])


def test_hidden_areas_hidden_places_and_hidden_projects_have_no_line(write: Write, client: FlaskClient) -> None:
    write(put)
    assert sorted(lines(client)["projects"]) == ["A-1", "A-2"]
    for code in ("S-1", "S-2", "S-3", "A-3", "A-4", "finns-inte"):
        assert lines(client, f"?kod={code}")["projects"] == {}


def test_the_filter_and_a_single_project(write: Write, client: FlaskClient) -> None:
    write(put)
    assert sorted(lines(client, "?q=A-2")["projects"]) == ["A-2"]
    one = lines(client, "?kod=A-1&areas=2007")["projects"]
    assert sorted(one) == ["A-1"]
    lon, lat = one["A-1"]["at"]
    assert (17.8 < lon < 18.0, 59.3 < lat < 59.5) == (True, True)
    assert client.get("/karta/betjanar?areas=finns-inte").status_code == 404


def test_too_many_are_not_drawn_at_all(write: Write, client: FlaskClient, monkeypatch: Any) -> None:
    write(put)
    monkeypatch.setattr(theme_lines, "MOST", 1)
    assert lines(client) == {"edition": "2023", "complete": False, "projects": {}}
    assert lines(client, "?kod=A-1")["complete"]


def test_unchanged_lines_are_not_sent_again(write: Write, client: FlaskClient) -> None:
    write(put)
    first = client.get("/karta/betjanar")
    assert client.get("/karta/betjanar", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
