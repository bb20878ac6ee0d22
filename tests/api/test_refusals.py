"""What is sent wrong: JSON that is none, shapes that are wrong, and the very sentences of the form."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.accounts.bearing import bearing
from tests.api.documents import POINT, document, errors
from tests.projects.form_page import open_form
from tracker.accounts.roles import Role
from tracker.api import json_reading
from tracker.measures.models import Measure

LIST = "/api/v1/projects"
SignIn = Callable[[Role], FlaskClient]
DEEP = 100_000
BODIES: dict[str, bytes] = {
    "empty": b"",
    "word": b"hej",
    "cut": b'{"code": "T-1"',
    "more": b"{} {}",
    "nan": b'{"code": "T-1", "city_share": NaN}',
    "infinity": b'{"city_share": -Infinity}',
    "too large": b'{"city_share": 1e400}',
    "digits": b'{"city_share": ' + b"9" * 5000 + b"}",
    "twice": b'{"code": "A", "code": "B"}',
    "twice inside": b'{"geometry": {"type": "Point", "type": "Point"}}',
    "nul": b'{"code": "T\\u00001"}',
    "nul in a name": b'{"a\\u0000": 1}',
    "raw nul": b'{"code": "T\x001"}',
    "half a sign": b'{"name": "\\ud800"}',
    "latin-1": '{"name": "å"}'.encode("latin-1"),
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "rather deep": b'{"geometry":' + b"[" * 60 + b"]" * 60 + b"}",
    "utf-16": json.dumps({"code": "T-1"}).encode("utf-16"),
}


@pytest.mark.parametrize("body", BODIES)
def test_what_is_no_json_document_is_400(app: Flask, body: str) -> None:
    client = bearing(app, Role.MANAGER)
    answer = client.post(LIST, data=BODIES[body], content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.get_json(force=True)["detail"]
    assert client.get(LIST).get_json()["total"] == 0


def test_a_body_that_is_too_large_is_413(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reading, "LARGEST", 1000)
    answer = bearing(app, Role.MANAGER).post(LIST, json=document(name="x" * 2000))
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": 1}, "code"),
        ({"name": None}, "name"),
        ({"confidential": "false"}, "confidential"),
        ({"confidential": 0}, "confidential"),
        ({"secondary_kinds": "bostad"}, "secondary_kinds"),
        ({"geometry": "POINT (1 2)"}, "geometry"),
        ({"geometry": [1, 2]}, "geometry"),
        ({"figures": [{"outlay": {}}]}, "figures.0.year"),
        ({"figures": [{"year": "2005"}]}, "figures.0.year"),
        ({"figures": [{"year": 2005.5}]}, "figures.0.year"),
        ({"figures": [{"year": True}]}, "figures.0.year"),
        ({"figures": [{"year": 2005, "outlay": {"budget": "1 mnkr"}}]}, "figures.0.outlay.budget"),
        ({"figures": [{"year": 2005, "outlay": {"netto": 1}}]}, "figures.0.outlay.netto"),
        ({"goals": {"tags": [{"goal": "G1", "weight": 4}]}}, "goals.tags.0.weight"),
        ({"goals": {"tags": [{"goal": "X9", "weight": 1}]}}, "goals.tags.0.goal"),
        ({"goals": {"edition": "finns-inte"}}, "goals.edition"),
        ({"goals": {"answers": [{"goal": "G1", "question": 99, "answer": ""}]}}, "goals.answers.0"),
        ({"serves": [{"area": "Kista", "share": 101}]}, "serves.0.share"),
        ({"okänt": 1}, "okänt"),
        ({"case_numbers": ["x"] * 2001}, "case_numbers"),
        ({"geometry": {"type": "Polygon", "coordinates": []}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [1e308, 59]}}, "geometry"),
        ({"geometry": {"type": "Point"}}, "geometry"),
        ({"geometry": {}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": ["18", 59]}}, "geometry"),
        ({"geometry": {"type": "Polygon", "coordinates": []} | {"crs": "EPSG:3011"}}, "geometry"),
        ({"geometry": {"type": "Point"} | {"crs": "EPSG:3011"}}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [1e308, 1e308]} | {"crs": "EPSG:3011"}}, "geometry"),
        ({"geometry": POINT | {"crs": 17}}, "geometry.crs"),
        ({"geometry": {"type": "FeatureCollection", "features": []}}, "geometry"),
    ],
)
def test_what_has_the_wrong_shape_is_422_by_member(app: Flask, changes: dict[str, Any], field: str) -> None:
    client = bearing(app, Role.MANAGER)
    answer = client.post(LIST, json=document(**changes))
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), answer.text
    assert field in errors(answer)
    assert client.get(LIST).get_json()["total"] == 0


@pytest.mark.parametrize("sent", [[], "text", 1, True, [document()]])
def test_a_document_is_an_object(app: Flask, sent: Any) -> None:
    client = bearing(app, Role.MANAGER)
    client.post(LIST, json=document())
    for method, address in (("POST", LIST), ("PUT", f"{LIST}/T-1"), ("PATCH", f"{LIST}/T-1")):
        answer = client.open(address, method=method, json=sent, headers={"If-Match": '"v1"'})
        assert answer.status_code == 422, (method, answer.text)


CASES: list[tuple[dict[str, Any], dict[str, str], str]] = [
    ({"code": ""}, {"code": ""}, "code"),
    ({"code": "a/b"}, {"code": "a/b"}, "code"),
    ({"code": "ny"}, {"code": "ny"}, "code"),
    ({"name": " "}, {"name": " "}, "name"),
    ({"main_kind": "skog"}, {"main_kind": "skog"}, "main_kind"),
    ({"secondary_kinds": ["trafik"]}, {"secondary_kinds": "trafik"}, "secondary_kinds"),
    ({"start_decided": "30/4 2005"}, {"start_decided": "30/4 2005"}, "start_decided"),
    ({"start_decided": "2006-01-01", "end_decided": "2005-01-01"},
     {"start_decided": "2006-01-01", "end_decided": "2005-01-01"}, "end_decided"),
    ({"link": "javascript:alert(1)"}, {"link": "javascript:alert(1)"}, "link"),
    ({"city_share": 33.333}, {"city_share": "33,333"}, "city_share"),
    ({"confidential": True}, {"confidential": "y"}, "confidentiality_ground"),
    ({"programme": "FINNS-INTE"}, {"parent_code": "FINNS-INTE"}, "programme"),
    ({"manager": "okand@prov.se"}, {"manager_id": "999999999"}, "manager"),
    ({"serves": [{"area": "Atlantis", "share": 100}]}, {"serves-0-area": "Atlantis", "serves-0-share": "100"},
     "serves.0.area"),
    ({"serves": [{"area": "Hela staden", "share": 40}]}, {"serves-0-area": "Hela staden", "serves-0-share": "40"},
     "serves"),
    ({"figures": [{"year": 1066, "outlay": {"budget": 1}}]},
     {"figures-0-year": "1066", "figures-0-outlay_budget": "1 kr"}, "figures.0.year"),
    ({"figures": [{"year": 2005, "outlay": {"budget": 1.234}}]},
     {"figures-0-year": "2005", "figures-0-outlay_budget": "1,234 kr"}, "figures.0.outlay.budget"),
    ({"volumes": [{"measure": "cykelvag-m", "year": 2005, "planned": -1}]},
     {"volumes-0-measure_id": "M", "volumes-0-year": "2005", "volumes-0-planned": "-1"}, "volumes.0.planned"),
    ({"decisions": [{"gate": "palaver", "date": "2005-01-01"}]},
     {"decisions-0-gate": "palaver", "decisions-0-date": "2005-01-01"}, "decisions.0.gate"),
    ({"secret_fields": [{"field": "geometry", "ground": "lag 1"}]},
     {"secret_fields-0-field": "geometry", "secret_fields-0-on": "y", "secret_fields-0-ground": "lag 1"},
     "secret_fields.0.ground"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "typed", "field"), CASES)
def test_the_form_says_the_same(
    app: Flask, session: Session, sign_in: SignIn, changes: dict[str, Any], typed: dict[str, str], field: str
) -> None:
    measure = session.scalars(select(Measure.id).where(Measure.code == "cykelvag-m")).one()
    typed = {name: str(measure) if value == "M" else value for name, value in typed.items()}
    told = errors(bearing(app, Role.MANAGER).post(LIST, json=document(**changes)))
    assert field in told
    browser = sign_in(Role.MANAGER)
    page = form_text(browser, typed)
    assert told[field].split(" Nästa lediga")[0] in page, told


def form_text(browser: FlaskClient, typed: dict[str, str]) -> str:
    """The page that comes back when the same is typed into the form, with its texts unescaped."""
    page = open_form(browser, "/projekt/ny")
    fields = MultiDict(page.fields)
    least = {"code": "T-1", "name": "Provgatan", "main_kind": "trafik"}
    for name, value in (least | typed).items():
        fields.setlist(name, [value])
    answer = browser.post("/projekt/ny", data=fields)
    assert answer.status_code == 422
    return html.unescape(answer.text)
