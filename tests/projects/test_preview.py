"""The answers while the form is being filled in."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.factories import find_area, make_area_set, make_project
from tests.geometries import CITY_HALL, FAR_OUTSIDE, RINKEBY, line, square
from tests.projects.form_page import open_form
from tests.projects.test_form import NEW, SignIn, goal, weigh
from tests.projects.test_form_refusals import BOW_TIE
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.geo.stored import from_stored
from tracker.web.forms import read_web_text, web_text


def lies_in(sign_in: SignIn, shape: shapely.Geometry) -> dict[str, Any]:
    browser = sign_in(Role.MANAGER)
    answer = browser.post("/projekt/ligger-i", json={"geometry": json.loads(web_text(shape))})
    assert answer.status_code == 200
    content: dict[str, Any] = answer.get_json()
    return content


def rows(table: dict[str, Any]) -> list[tuple[str, int, str]]:
    return [(row["name"], row["share"], row["amount"]) for row in table["rows"]]


def test_a_point_lies_in_its_stadsdel_and_in_the_newest_area(session: Session, sign_in: SignIn) -> None:
    answer = lies_in(sign_in, RINKEBY)
    lowest, newest = answer["tables"]
    assert (lowest["title"], rows(lowest)) == ("Stadsdelar", [("Rinkeby", 10_000, "1 punkt")])
    assert (newest["title"], rows(newest)) == ("Stadsdelsområden 2023", [("Järva", 10_000, "1 punkt")])
    assert lowest["rows"][0]["text"] == "Rinkeby (stadsdel)"
    assert lowest["rows"][0]["share_text"] == "100\u00a0%"
    assert (lowest["schematic"], answer["outer"], answer["fault"]) == (True, True, None)


def test_a_line_over_a_border_is_shared_by_length(session: Session, sign_in: SignIn) -> None:
    rinkeby, kista = (from_stored(find_area(session, name).geom) for name in ("Rinkeby", "Kista"))
    assert rinkeby is not None
    assert kista is not None
    start, end = rinkeby.representative_point(), kista.representative_point()
    road = line((start.x, start.y), (end.x, end.y))
    lowest, newest = lies_in(sign_in, road)["tables"]
    assert {name for name, _, _ in rows(lowest)} >= {"Rinkeby", "Kista"}
    assert sum(share for _, share, _ in rows(lowest)) == 10_000
    share = road.intersection(rinkeby).length / road.length
    found = {row["name"]: row["share"] for row in lowest["rows"]}
    assert found["Rinkeby"] == pytest.approx(share * 10_000, abs=1.01)
    assert rows(newest) == [("Järva", 10_000, f"{round(road.length):,} m".replace(",", "\u00a0"))]


def test_the_inner_city_is_not_ytterstad_and_outside_is_said(session: Session, sign_in: SignIn) -> None:
    assert lies_in(sign_in, CITY_HALL)["outer"] is False
    outside = lies_in(sign_in, FAR_OUTSIDE)
    assert [rows(table) for table in outside["tables"]] == [[("Utanför staden", 10_000, "1 punkt")]] * 2
    assert outside["tables"][0]["rows"][0]["text"] == "Utanför staden"
    assert outside["outer"] is False


def test_areas_are_said_in_square_metres_or_hectares(session: Session, sign_in: SignIn) -> None:
    small = lies_in(sign_in, square(145_950, 6_585_780, 50))["tables"][0]
    large = lies_in(sign_in, square(145_900, 6_585_700, 150))["tables"][0]
    assert rows(small) == [("Rinkeby", 10_000, "2\u00a0500 m²")]
    assert rows(large) == [("Rinkeby", 10_000, "2,25 ha")]


def test_an_edition_with_outlines_of_its_own_is_asked_itself(session: Session, sign_in: SignIn) -> None:
    east, west = square(145_900, 6_585_700, 100), square(145_800, 6_585_700, 100)
    make_area_set(session, "2030", {"Öster": east, "Väster": west}, valid_from=date(2030, 1, 1))
    session.commit()
    newest = lies_in(sign_in, shapely.box(145_875, 6_585_700, 145_975, 6_585_750))["tables"][1]
    assert rows(newest) == [("Öster", 7500, "3\u00a0750 m²"), ("Väster", 2500, "1\u00a0250 m²")]


def test_a_bow_tie_is_answered_with_its_crossing_point_and_a_repair(session: Session, sign_in: SignIn) -> None:
    fault = lies_in(sign_in, BOW_TIE)["fault"]
    assert fault["text"] == "Gränsen korsar sig själv vid N 6585800, E 146000 (latitud 59.38716, longitud 17.92961)."
    crossing = read_web_text(json.dumps({"type": "Point", "coordinates": fault["point"]}))
    assert crossing.distance(shapely.Point(146_000, 6_585_800)) < 0.01
    repaired = read_web_text(json.dumps(fault["repaired"]))
    assert repaired.is_valid
    assert repaired.area == pytest.approx(20_000, rel=1e-4)


@pytest.mark.parametrize("geometry", [None, {}, [], "x", {"type": "Point", "coordinates": ["a", "b"]}])
def test_what_is_no_shape_is_said(session: Session, sign_in: SignIn, geometry: object) -> None:
    answer = sign_in(Role.MANAGER).post("/projekt/ligger-i", json={"geometry": geometry})
    assert answer.get_json()["fault"]["text"].startswith("Formen ")


@pytest.mark.parametrize("address", ["/projekt/ligger-i", "/projekt/koordinater"])
def test_anything_but_an_object_is_a_bad_request(session: Session, sign_in: SignIn, address: str) -> None:
    browser = sign_in(Role.MANAGER)
    assert browser.post(address, data="nonsense").status_code == 400
    assert browser.post(address, json=[1]).status_code == 400


def coordinates(sign_in: SignIn, **sent: object) -> dict[str, Any]:
    content: dict[str, Any] = sign_in(Role.MANAGER).post("/projekt/koordinater", json=sent).get_json()
    return content


def test_clear_coordinates_become_a_shape(session: Session, sign_in: SignIn) -> None:
    answer = coordinates(sign_in, text="153112 6579142")
    assert (answer["status"], answer["text"]) == (
        "ok",
        "Ett koordinatpar lästes som SWEREF 99 18 00, öst först: N 6579142, E 153112.",
    )
    assert read_web_text(json.dumps(answer["geometry"])).distance(CITY_HALL) < 0.001


def test_swapped_axes_are_named_and_asked_about(session: Session, sign_in: SignIn) -> None:
    asked = coordinates(sign_in, text="6579142 153112", order="", shape="")
    assert (asked["status"], asked["needs_shape"]) == ("ask", False)
    assert asked["text"] == (
        "Axlarna står i omvänd ordning mot kartans filer (SWEREF 99 18 00, nord först). Ska koordinaterna läsas så?"
    )
    (only,) = asked["readings"]
    answer = coordinates(sign_in, text="6579142 153112", srid=only["srid"], order=only["order"])
    assert read_web_text(json.dumps(answer["geometry"])).distance(CITY_HALL) < 0.001


def test_a_turned_pair_among_others_is_asked_about_and_turned(session: Session, sign_in: SignIn) -> None:
    pasted = "153112 6579142\n6579242 153212"
    (only,) = coordinates(sign_in, text=pasted)["readings"]
    answer = coordinates(sign_in, text=pasted, srid=only["srid"], order=only["order"], shape="linje")
    assert read_web_text(json.dumps(answer["geometry"])).length == pytest.approx(2**0.5 * 100, abs=0.01)


def test_several_pairs_are_asked_what_they_become(session: Session, sign_in: SignIn) -> None:
    pasted = "153112 6579142\n153212 6579142\n153212 6579242"
    asked = coordinates(sign_in, text=pasted)
    assert (asked["status"], asked["needs_shape"]) == ("ask", True)
    assert asked["text"] == "3 koordinatpar i SWEREF 99 18 00, öst först. Vad ska de bli?"
    answer = coordinates(sign_in, text=pasted, shape="yta")
    assert answer["geometry"]["type"] == "Polygon"


def test_unreadable_coordinates_are_refused_with_the_line(session: Session, sign_in: SignIn) -> None:
    assert coordinates(sign_in, text="153112 6579142\nkajen") == {
        "status": "error",
        "text": "Rad 2: ”kajen” är inget koordinatpar. Skriv två tal på varje rad.",
    }


def checked(sign_in: SignIn, address: str = "/projekt/kontrollera", **changes: str) -> dict[str, Any]:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    fields = page.fields.to_dict() | {key.replace("__", "-"): value for key, value in changes.items()}
    content: dict[str, Any] = browser.post(address, data=fields).get_json()
    return content


def section(content: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in content["sections"] if one["id"] == name)


def test_the_index_says_what_is_missing_before_it_is_wrong(session: Session, sign_in: SignIn) -> None:
    content = checked(sign_in)
    base = section(content, "grunduppgifter")
    assert (base["state"], base["word"], base["faults"]) == ("saknas", "saknas", [])
    assert base["missing"] == ["namn", "huvudslag", "diarienummer", "beskrivning"]
    missing = {one["id"]: one["missing"] for one in content["sections"][1:]}
    assert missing == {
        "lage": ["ritat läge"],
        "mal": ["bedömning"],
        "omraden": ["områden som betjänas"],
        "matt": ["mått"],
        "ekonomi": ["belopp"],
        "beslut": [],
    }


def test_the_index_says_that_pasted_coordinates_wait(session: Session, sign_in: SignIn) -> None:
    for drawn in ("", "ja"):
        place = section(checked(sign_in, waiting="ja", drawn=drawn), "lage")
        assert (place["state"], place["word"]) == ("varning", "väntar")
        assert place["missing"] == ["koordinaterna är inte lagda på kartan"]


def test_the_index_follows_what_is_filled_in(session: Session, sign_in: SignIn) -> None:
    content = checked(
        sign_in, name="Kaj", main_kind="trafik", case_numbers__0="1", description_public="En kaj.", drawn="ja",
        assessment="inget-bidrag", no_contribution_reason="Underhåll.", serves__0__area="Gärdet",
        serves__0__share="100", serves_motivation="Där bor de.", figures__0__outlay_forecast="34000000000",
        figures__0__income_forecast="1 000", figures__1__year="2007", figures__1__outlay_forecast="12.500",
    )  # fmt: skip
    states = {one["id"]: (one["state"], one["word"]) for one in content["sections"]}
    assert states == {
        "grunduppgifter": ("klart", "klart"),
        "lage": ("klart", "klart"),
        "mal": ("klart", "klart"),
        "omraden": ("klart", "klart"),
        "matt": ("saknas", "saknas"),
        "ekonomi": ("fel", "1 fel"),
        "beslut": ("klart", "klart"),
    }
    assert set(content["faults"]) == {"figures-1-outlay_forecast"}
    assert content["readings"] == {
        "figures-0-outlay_forecast": "= 34\u00a0000 mnkr",
        "serves-0-area": "= Ladugårdsgärdet (stadsdel)",
    }
    assert content["money"]["nets"]["figures-0"]["forecast"] == "33\u00a0000"
    assert content["money"]["sums"]["net_forecast"] == "33\u00a0000"
    assert content["shares"] == {"text": "Summa 100 %", "whole": True}


def test_rows_keep_their_numbers_in_the_answer(session: Session, sign_in: SignIn) -> None:
    content = checked(sign_in, figures__7__year="2007", figures__7__outlay_forecast="7", serves__9__area="Atlantis")
    assert content["money"]["nets"]["figures-7"]["forecast"] == "7"
    assert "serves-9-area" in content["faults"]


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({}, True),
        ({"located_outer": "nej"}, True),
        ({"located_outer": "ja"}, False),
        ({"serves__0__area": "Rinkeby"}, False),
        ({"serves__0__area": "Gamla stan", "located_outer": "ja"}, True),
        ({"serves__0__area": "Hela staden"}, True),
    ],
)
def test_g1_without_the_outer_city_is_warned_about(
    session: Session, sign_in: SignIn, changes: dict[str, str], warned: bool
) -> None:
    page = open_form(sign_in(Role.MANAGER), NEW)
    content = checked(sign_in, **weigh(page, "G1a", "2", "Bostäder"), **changes)
    warnings = section(content, "mal")["warnings"]
    assert bool(warnings) is warned
    if warned:
        assert warnings[0].startswith("G1a gäller insatser i ytterstaden, men projektet betjänar inget område där.")


def test_g2_is_not_warned_about(session: Session, sign_in: SignIn) -> None:
    assert goal("G2d").outer_city_measures is False
    page = open_form(sign_in(Role.MANAGER), NEW)
    assert section(checked(sign_in, **weigh(page, "G2d", "2")), "mal")["warnings"] == []


def test_checking_writes_nothing_and_does_not_wait_for_a_writer(session: Session, sign_in: SignIn) -> None:
    """While somebody else writes, the answer comes at once: on SQLite there is one writer at a time."""
    make_project(session, "A1")
    session.commit()
    browser = sign_in(Role.MANAGER)
    with db.engine.connect() as writer:
        writer.execute(text("UPDATE project SET name = 'Halvskrivet' WHERE code = 'A1'"))
        answer = browser.post("/projekt/kontrollera?kod=A1", data={"name": "", "code": "A1"})
        writer.rollback()
    assert answer.status_code == 200
    assert section(answer.get_json(), "grunduppgifter")["missing"][0] == "namn"
    session.rollback()
    assert session.scalar(text("SELECT name FROM project")) == "Projekt A1"


def test_a_confidential_project_of_others_cannot_be_checked(session: Session, sign_in: SignIn) -> None:
    make_project(session, "A1", confidential=True)
    session.commit()
    assert sign_in(Role.MANAGER).post("/projekt/kontrollera?kod=A1", data={"code": "A1"}).status_code == 404


@pytest.mark.parametrize("address", ["/projekt/ligger-i", "/projekt/koordinater", "/projekt/kontrollera"])
def test_readers_are_not_answered(session: Session, sign_in: SignIn, address: str) -> None:
    assert sign_in(Role.READER).post(address, json={}).status_code == 403


@pytest.mark.parametrize("depth", [500, 100_000])
def test_endlessly_nested_shapes_are_a_bad_request_or_a_refusal(sign_in: SignIn, depth: int) -> None:
    nested = "[" * depth + "]" * depth
    body = f'{{"geometry": {{"type": "GeometryCollection", "geometries": {nested}}}}}'
    answer = sign_in(Role.MANAGER).post("/projekt/ligger-i", data=body, content_type="application/json")
    assert answer.status_code in (200, 400)
    assert "error" not in answer.text.lower()
