"""Projects as JSON: made, read, replaced and patched, with the version that they were made of."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.bearing import bearing
from tests.api.documents import POINT, document, errors, full, send
from tracker.accounts.roles import Role
from tracker.accounts.token_rules import TokenScope
from tracker.geo.stored import from_stored
from tracker.history.models import HistoryEntry, Origin
from tracker.projects.models import Project

LIST = "/api/v1/projects"
SignIn = Callable[[Role], FlaskClient]


def test_a_project_with_everything_is_made_read_and_sent_back_unchanged(app: Flask, session: Session) -> None:
    client = bearing(app, Role.CONTROLLER)
    made = client.post(LIST, json=full())
    assert made.status_code == 201, made.text
    assert made.headers["Location"] == "http://localhost/api/v1/projects/T-9"
    told = client.get(f"{LIST}/T-9")
    assert (told.headers["ETag"], told.get_json()) == ('"v1"', made.get_json())
    for name, value in full().items():
        if name not in ("goals", "figures", "volumes", "decisions"):
            assert told.get_json()[name] == value, name
    figures = told.get_json()["figures"]
    assert figures[0]["outlay"] == {"budget": 1_250_000, "outcome": None, "forecast": 1_300_000.5}
    assert figures[1]["outlay"]["forecast"] == 34_000_000_000
    row = session.scalars(select(Project)).one()
    assert {(one.year, one.flow.value): one.forecast_ore for one in row.figures if one.forecast_ore} == {
        (2005, "utgift"): 130_000_050, (2006, "utgift"): 3_400_000_000_000,
    }  # fmt: skip
    entries = len(session.scalars(select(HistoryEntry)).all())
    again = send(client, "PUT", "T-9", told.get_json())
    assert (again.status_code, again.headers["ETag"]) == (200, '"v1"')
    session.expire_all()
    assert len(session.scalars(select(HistoryEntry)).all()) == entries


def test_the_history_says_that_a_token_did_it_and_which(app: Flask, session: Session) -> None:
    client = bearing(app, Role.MANAGER, name="Nattrobot")
    client.post(LIST, json=document())
    send(client, "PATCH", "T-1", {"name": "Nygatan"})
    entries = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "project")).all()
    assert [(one.origin, one.note, one.actor_name) for one in entries] == [
        (Origin.API, "Nyckel: Nattrobot", "Projektledare Prov")
    ] * 2
    assert entries[1].changes == {"name": ["Provgatan", "Nygatan"]}


@pytest.mark.parametrize("metres", [False, True])
def test_a_geometry_comes_back_bit_by_bit(app: Flask, session: Session, metres: bool) -> None:
    client = bearing(app, Role.MANAGER)
    shape = shapely.Polygon([(150_000.123456789, 6_580_000.1), (150_100, 6_580_000), (150_050.3, 6_580_099.9)])
    sent = json.loads(shapely.to_geojson(shape)) | {"crs": "http://www.opengis.net/def/crs/EPSG/0/3011"}
    client.post(LIST, json=document(geometry=sent))
    stored = shapely.to_wkb(from_stored(session.scalars(select(Project)).one().geom))
    assert stored == shapely.to_wkb(shape)
    told = client.get(f"{LIST}/T-1" + ("?crs=http://www.opengis.net/def/crs/EPSG/0/3011" if metres else ""))
    assert told.headers["Content-Crs"].endswith("3011>" if metres else "CRS84>")
    answer = send(client, "PUT", "T-1", told.get_json() | {"name": "Annat"})
    assert answer.status_code == 200, answer.text
    session.expire_all()
    assert shapely.to_wkb(from_stored(session.scalars(select(Project)).one().geom)) == stored


def test_the_system_of_a_geometry_can_be_said_in_a_header(app: Flask, session: Session) -> None:
    client = bearing(app, Role.MANAGER)
    sent = document(geometry={"type": "Point", "coordinates": [150_000.5, 6_580_000.25]})
    headers = {"Content-Crs": "<http://www.opengis.net/def/crs/EPSG/0/3011>"}
    assert client.post(LIST, json=sent, headers=headers).status_code == 201
    assert from_stored(session.scalars(select(Project)).one().geom) == shapely.Point(150_000.5, 6_580_000.25)
    other = document("T-2", geometry=POINT | {"crs": "EPSG:3006"})
    assert errors(client.post(LIST, json=other)) == {"geometry.crs": "Koordinatsystemet är inte CRS84 eller EPSG:3011."}


def test_a_patch_changes_what_it_names_and_null_empties(app: Flask) -> None:
    client = bearing(app, Role.CONTROLLER)
    client.post(LIST, json=full())
    before = client.get(f"{LIST}/T-9").get_json()
    answer = send(
        client, "PATCH", "T-9", {"name": "Nytt", "link": None, "goals": {"tags": [{"goal": "G2", "weight": 1}]}}
    )
    told = answer.get_json()
    assert (answer.status_code, answer.headers["ETag"], told["version"]) == (200, '"v2"', 2)
    assert (told["name"], told["link"]) == ("Nytt", "")
    assert [(one["goal"], one["weight"]) for one in told["goals"]["tags"]] == [("G2", 1)]
    assert told["goals"]["answers"] == before["goals"]["answers"]
    changed = {"name", "link", "goals", "version", "updated_at"}
    assert {name: value for name, value in told.items() if name not in changed} == {
        name: value for name, value in before.items() if name not in changed
    }
    moved = send(client, "PATCH", "T-9", {"geometry": POINT}).get_json()
    assert moved["geometry"] == POINT


def test_a_merge_patch_has_its_own_media_type(app: Flask) -> None:
    client = bearing(app, Role.MANAGER)
    client.post(LIST, json=document())
    headers = {"If-Match": '"v1"', "Content-Type": "application/merge-patch+json"}
    assert client.patch(f"{LIST}/T-1", data=b'{"name": "A"}', headers=headers).status_code == 200
    for method, kind in (("PUT", "application/merge-patch+json"), ("PATCH", "application/x-www-form-urlencoded")):
        headers = {"If-Match": '"v2"', "Content-Type": kind}
        answer = client.open(f"{LIST}/T-1", method=method, data=b"{}", headers=headers)
        assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")
    assert client.post(LIST, data={"code": "x"}).status_code == 415


def test_a_put_leaves_nothing_that_it_does_not_say_but_secrecy_is_always_said(app: Flask) -> None:
    client = bearing(app, Role.CONTROLLER)
    client.post(LIST, json=full())
    for name in ("confidential", "secret_fields"):
        sent = {key: value for key, value in document("T-9").items() if key != name}
        assert errors(send(client, "PUT", "T-9", sent)) == {name: "Uppgiften saknas och måste anges."}
    told = send(client, "PUT", "T-9", document("T-9")).get_json()
    assert (told["geometry"], told["figures"], told["decisions"], told["case_numbers"]) == (None, [], [], [])
    assert told["goals"]["assessment"] == "ej-bedomt"


def test_a_change_names_the_version_that_it_was_made_of(app: Flask) -> None:
    client = bearing(app, Role.MANAGER)
    client.post(LIST, json=document())
    for wrong in ("", "*"):
        answer = send(client, "PUT", "T-1", document(name="X"), etag=wrong)
        assert (answer.status_code, answer.get_json(force=True)["etag"]) == (428, '"v1"')
    for wrong in ('"v0"', 'W/"v1"', '"v2", "v3"', "v1", '"x"'):
        answer = send(client, "PUT", "T-1", document(name="X"), etag=wrong)
        assert (answer.status_code, answer.get_json(force=True)["etag"]) == (412, '"v1"'), wrong
        assert answer.headers["ETag"] == '"v1"'
    for right in ('"v0", "v1"', '"v2:br"'):
        assert send(client, "PUT", "T-1", document(name=right), etag=right).status_code == 200
    assert client.get(f"{LIST}/T-1").get_json()["name"] == '"v2:br"'


def test_a_new_code_is_a_new_address(app: Flask) -> None:
    client = bearing(app, Role.MANAGER)
    client.post(LIST, json=document())
    assert send(client, "PATCH", "T-1", {"code": "T-2"}).get_json()["links"][0]["href"].endswith("/T-2")
    assert client.get(f"{LIST}/T-1").status_code == 404
    assert send(client, "PUT", "T-1", document(), etag='"v2"').status_code == 404


def test_the_list_is_paged_and_filtered(app: Flask) -> None:
    client = bearing(app, Role.MANAGER)
    for number in range(7):
        client.post(LIST, json=document(f"T-{number}", main_kind="bostad" if number % 2 else "trafik"))
    first = client.get(f"{LIST}?page_size=3").get_json()
    assert ([one["code"] for one in first["projects"]], first["total"], first["pages"]) == (["T-0", "T-1", "T-2"], 7, 3)
    following = {one["rel"]: one["href"] for one in first["links"]}
    codes = [one["code"] for one in client.get(following["next"]).get_json()["projects"]]
    assert codes == ["T-3", "T-4", "T-5"]
    assert "prev" not in following
    kinds = client.get(f"{LIST}?kind=bostad").get_json()
    assert [one["code"] for one in kinds["projects"]] == ["T-1", "T-3", "T-5"]
    for wrong in ("page=0", "page=x", "page_size=201", "page=-1", "sort=namn", "page=99999999999"):
        assert client.get(f"{LIST}?{wrong}").status_code == 422, wrong


def test_publishing_follows_the_rules_of_the_page(app: Flask) -> None:
    manager, controller = bearing(app, Role.MANAGER), bearing(app, Role.CONTROLLER)
    manager.post(LIST, json=document())
    address = "T-1/publication"

    def publish(client: FlaskClient, state: str, etag: str) -> tuple[int, str]:
        answer = client.put(f"{LIST}/{address}", json={"publication": state}, headers={"If-Match": etag})
        body = answer.get_json(force=True)
        return answer.status_code, str(body.get("publication") or body["detail"])

    assert publish(manager, "granskad", '"v1"') == (
        422, "Bara controller och administratör granskar och publicerar projekt."
    )  # fmt: skip
    assert publish(controller, "publicerad", '"v0"')[0] == 412
    assert publish(controller, "publicerad", '"v1"') == (200, "publicerad")
    assert publish(controller, "klart", '"v2"') == (422, "Välj utkast, granskad eller publicerad.")
    send(controller, "PATCH", "T-1", {"name": "Egen ändring"})
    assert publish(controller, "utkast", '"v3"') == (200, "utkast")
    assert publish(controller, "publicerad", '"v4"')[1].startswith("Du gjorde själv den senaste ändringen")


def test_a_managers_first_budget_is_preliminary_and_a_settled_one_stays(app: Flask, session: Session) -> None:
    manager, controller = bearing(app, Role.MANAGER), bearing(app, Role.CONTROLLER)
    figures = [{"year": 2005, "outlay": {"budget": 1000}}]
    manager.post(LIST, json=document(figures=figures))
    assert [one.budget_preliminary for one in session.scalars(select(Project)).one().figures if one.budget_ore] == [
        True
    ]
    assert (
        send(controller, "PATCH", "T-1", {"figures": [{"year": 2005, "outlay": {"budget": 2000}}]}).status_code == 200
    )
    refused = send(manager, "PATCH", "T-1", {"figures": figures})
    assert errors(refused) == {"figures": "Budgeten (Utgift 2005) ändras bara av controller."}
    outcome = [{"year": 2005, "outlay": {"budget": 2000, "outcome": 5}}]
    assert errors(send(manager, "PATCH", "T-1", {"figures": outcome})) == {
        "figures": "Utfallet (Utgift 2005) ändras bara av controller."
    }
    lost = send(manager, "PATCH", "T-1", {"figures": []})
    assert "kan inte tas bort" in errors(lost)["figures"]


def test_what_is_hidden_is_not_told_and_not_changed(app: Flask) -> None:
    controller, manager = bearing(app, Role.CONTROLLER), bearing(app, Role.MANAGER)
    marks = [{"field": "geometry", "ground": "OSL 19 kap. 3 §"}, {"field": "figures", "ground": "OSL 19 kap. 3 §"}]
    sent = full() | {"manager": "controller@prov.se", "deputy": None, "secret_fields": marks}
    made = controller.post(LIST, json=sent)
    assert made.status_code == 201, made.text
    told = manager.get(f"{LIST}/T-9").get_json()
    assert {"geometry", "location_approximate", "figures", "city_share", "decisions"}.isdisjoint(told)
    assert told["hidden"] == dict.fromkeys(("geometry", "figures", "decisions"), "Sekretess (OSL 19:3)")
    assert "1250000" not in json.dumps(told)
    kept = controller.get(f"{LIST}/T-9").get_json()
    for name, value in {"geometry": POINT, "figures": [], "city_share": 100, "decisions": []}.items():
        assert errors(send(manager, "PATCH", "T-9", {name: value})) == {
            name: "Uppgiften är sekretessbelagd för dig och kan inte ändras. Utelämna den."
        }
    assert send(manager, "PUT", "T-9", told | {"name": "Nytt namn"}).status_code == 200
    assert send(manager, "PATCH", "T-9", {"secret_fields": [], "link": ""}).status_code == 200
    now = controller.get(f"{LIST}/T-9").get_json()
    for name in ("geometry", "figures", "city_share", "decisions", "secret_fields", "location_approximate"):
        assert now[name] == kept[name], name
    # To name oneself would open it.
    assert "manager" in errors(send(manager, "PATCH", "T-9", {"manager": "manager@prov.se"}))


def test_a_confidential_project_is_not_there(app: Flask) -> None:
    controller, manager = bearing(app, Role.CONTROLLER), bearing(app, Role.MANAGER)
    sent = document(confidential=True, confidentiality_ground="OSL 19 kap. 3 §", manager="controller@prov.se")
    made = controller.post(LIST, json=sent)
    assert made.status_code == 201, made.text
    assert manager.get(f"{LIST}/T-1").status_code == 404
    assert manager.get(LIST).get_json()["total"] == 0
    for method in ("PUT", "PATCH"):
        assert send(manager, method, "T-1", document(), etag='"v1"').status_code == 404


@pytest.mark.parametrize("scope", list(TokenScope))
@pytest.mark.parametrize("role", list(Role))
def test_scope_by_role_by_route(app: Flask, sign_in: SignIn, role: Role, scope: TokenScope) -> None:
    bearing(app, Role.ADMIN, name="först").post(LIST, json=document())
    client, browser = bearing(app, role, [scope]), sign_in(role)
    writes = scope is TokenScope.WRITE and role is not Role.READER
    assert client.get(LIST).status_code == client.get(f"{LIST}/T-1").status_code == 200
    assert browser.get(f"{LIST}/T-1").status_code == 200
    asked = {
        ("POST", LIST): 201, ("PATCH", f"{LIST}/T-1"): 200, ("PUT", f"{LIST}/T-1"): 200,
        ("PUT", f"{LIST}/T-1/publication"): 200 if role in (Role.CONTROLLER, Role.ADMIN) else 422,
    }  # fmt: skip
    for number, ((method, address), status) in enumerate(asked.items()):
        sent = document("T-2") if method == "POST" else document() | {"name": f"Namn {number}"}
        sent = {"publication": "utkast"} if "publication" in address else sent
        headers = {"If-Match": client.get(f"{LIST}/T-1").headers["ETag"]}
        answer = client.open(address, method=method, json=sent, headers=headers)
        if "publication" in address and writes:
            status = 200
        assert answer.status_code == (status if writes else 403), (method, address, answer.text)
        assert browser.open(address, method=method, json=sent, headers=headers).status_code == 401


def test_the_public_asks_with_a_token_or_logs_in(client: FlaskClient) -> None:
    for address in (LIST, f"{LIST}/T-1", "/api/v1/periods"):
        answer = client.get(address)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert client.get("/api/v1").status_code == 200


def test_no_answer_begins_a_session(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = bearing(app, Role.MANAGER)
    for answer in (client.post(LIST, json=document()), client.get(f"{LIST}/T-1"), send(client, "PATCH", "T-1", {})):
        assert answer.status_code in (200, 201), answer.text
        assert "Set-Cookie" not in answer.headers
