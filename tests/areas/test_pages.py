"""The pages and data of areas: what is shown, to whom, and what the forms do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import find_area
from tracker.accounts.roles import Role
from tracker.areas import services
from tracker.areas.queries import get_area_set, list_area_sets, list_areas
from tracker.extensions import db

SignIn = Callable[[Role], FlaskClient]
STADSHUSET = shapely.Point(18.0546, 59.3275)


def plain(html: str) -> str:
    """The page's text with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("\u00a0", " ").split())


def test_the_newest_edition_is_shown_to_everyone(client: FlaskClient) -> None:
    answer = client.get("/omraden")
    text = plain(answer.text)
    assert answer.status_code == 200
    assert "Stadsdelsområden 2023" in text
    assert "Akalla, Bromsten, Flysta, Hansta, Husby, Kista" in text
    assert "Schematisk gräns" in text
    assert text.count("Ytterstad ") >= 8
    assert "Rinkeby-Kista + Spånga-Tensta Järva sammanslaget" in text
    assert "84 907" in text


@pytest.mark.parametrize(
    ("code", "areas", "outer", "inhabitants"),
    [("1999", 18, 13, "771 038"), ("2007", 14, 10, "864 324"), ("2020", 13, 9, "864 324"), ("2023", 11, 8, "864 324")],
)
def test_each_edition_has_rows_and_sums(
    client: FlaskClient, code: str, areas: int, outer: int, inhabitants: str
) -> None:
    html = client.get(f"/omraden?utgava={code}").text
    assert html.count('id="omrade-') == areas
    assert html.count("badge-outer") == outer
    text = plain(html)
    assert f"Hela staden {areas} områden" in text
    assert f"Ytterstaden {outer} områden" in text
    assert inhabitants in text


def test_sums_of_regions(client: FlaskClient) -> None:
    text = plain(client.get("/omraden?utgava=2007").text)
    assert re.search(r"Summa Västerort 4 områden [\d ]+ 218 724 2011", text)
    assert re.search(r"Summa Innerstaden 4 områden [\d ]+ 320 796 2011", text)
    assert re.search(r"Summa Söderort 6 områden [\d ]+ 324 804 2011", text)
    assert re.search(r"Ytterstaden 10 områden [\d ]+ 543 528 2011", text)


def test_the_stadsdelar_are_listed_with_their_area(client: FlaskClient) -> None:
    html = client.get("/omraden?utgava=stadsdelar").text
    assert html.count('id="omrade-') == 118
    assert re.search(r"Rinkeby Ytterstad \d+ Lista projekt i Rinkeby · Karta över Rinkeby Järva", plain(html))


def test_an_unknown_edition_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/omraden?utgava=1997")
    assert answer.status_code == 404
    assert "1997" in answer.text


def test_searching_on_the_page(client: FlaskClient) -> None:
    text = plain(client.get("/omraden?namn=gärdet").text)
    assert "1 träff på ”gärdet”" in text
    assert "Ladugårdsgärdet stadsdel, även ”Gärdet” i Norra innerstaden (2023)" in text
    assert "Inget område och ingen stadsdel heter så" in plain(client.get("/omraden?namn=<b>").text)


def test_the_page_asks_a_bounded_number_of_questions(client: FlaskClient, session: Session) -> None:
    del session
    client.get("/omraden")
    with counted_statements(db.engine) as few:
        client.get("/omraden?utgava=2023")
    with counted_statements(db.engine) as many:
        client.get("/omraden?utgava=1999")
    assert len(many) <= len(few)


def test_the_drawing_has_a_path_for_each_area(client: FlaskClient) -> None:
    html = client.get("/omraden?utgava=1999").text
    paths = re.findall(r'<path class="(inner|outer)" d="(M[^"]+Z)">', html)
    assert len(paths) == 18
    assert sum(kind == "outer" for kind, _ in paths) == 13
    assert "style=" not in html


def test_outlines_are_geojson_in_longitude_and_latitude(client: FlaskClient) -> None:
    answer = client.get("/omraden/2023/granser.geojson")
    assert answer.mimetype == "application/geo+json"
    found = answer.get_json(force=True)
    assert found["type"] == "FeatureCollection"
    features = {feature["properties"]["code"]: feature for feature in found["features"]}
    assert len(features) == 11
    assert features["jarva"]["properties"] == {
        "code": "jarva",
        "name": "Järva",
        "region": "vasterort",
        "ytterstad": True,
        "schematic": True,
    }
    lon, lat = features["jarva"]["geometry"]["coordinates"][0][0][0]
    assert 17.7 < lon < 18.3
    assert 59.2 < lat < 59.5
    assert all(len(str(number).split(".")[1]) <= 6 for number in (lon, lat))
    assert shapely.from_geojson(str(features["kungsholmen"]["geometry"]).replace("'", '"')).contains(STADSHUSET)


@pytest.mark.parametrize("code", ["stadsdelar", "1999", "2023"])
def test_outlines_for_the_web_share_their_edges(client: FlaskClient, code: str) -> None:
    found = client.get(f"/omraden/{code}/granser.geojson").get_json(force=True)
    shapes = [shapely.from_geojson(str(one["geometry"]).replace("'", '"')) for one in found["features"]]
    assert shapely.coverage_is_valid(shapes)
    assert all(shapely.is_valid(shapes))


def test_outlines_are_only_sent_when_changed(client: FlaskClient, session: Session) -> None:
    first = client.get("/omraden/2020/granser.geojson")
    mark = first.headers["ETag"]
    assert first.headers["Cache-Control"] in ("public, no-cache", "no-cache, public")
    again = client.get("/omraden/2020/granser.geojson", headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    edition = get_area_set(session, "2020")
    edition.schematic = False
    session.commit()
    changed = client.get("/omraden/2020/granser.geojson", headers={"If-None-Match": mark})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != mark


def test_outlines_of_an_unknown_edition_are_not_found(client: FlaskClient) -> None:
    assert client.get("/omraden/1997/granser.geojson").status_code == 404


def test_the_search_for_the_form_gives_json(client: FlaskClient, session: Session) -> None:
    found = client.get("/omraden/sok?q=gärdet").get_json()
    assert found == [
        {
            "id": find_area(session, "Ladugårdsgärdet").id,
            "code": "ladugardsgardet",
            "set": "stadsdelar",
            "name": "Ladugårdsgärdet",
            "label": "Gärdet: Ladugårdsgärdet (stadsdel), i Norra innerstaden 2023",
        }
    ]
    assert client.get("/omraden/sok").get_json() == []


ADMIN_PAGES = (
    "/omraden/2023/andra",
    "/omraden/2023/jarva/andra",
    "/omraden/2023/ny",
)


@pytest.mark.parametrize("address", ADMIN_PAGES)
def test_only_an_admin_edits(client: FlaskClient, sign_in: SignIn, address: str) -> None:
    assert client.get(address).status_code == 302
    assert sign_in(Role.CONTROLLER).get(address).status_code == 403
    assert sign_in(Role.ADMIN).get(address).status_code == 200


def test_links_to_forms_are_shown_to_the_admin_alone(client: FlaskClient, sign_in: SignIn) -> None:
    assert "/andra" not in client.get("/omraden").text
    assert "/omraden/2023/jarva/andra" in sign_in(Role.ADMIN).get("/omraden").text


def area_fields(**changes: str) -> dict[str, str]:
    """The form of an area with one row of inhabitants."""
    return {
        "official_code": "",
        "aliases": "Norra Järva\n\n Järvafältet ",
        "populations-0-year": "2024",
        "populations-0-inhabitants": "91 234",
        "populations-0-source": "Områdesfakta",
        "populations-1-year": "",
        "populations-1-inhabitants": "",
        "populations-1-source": "",
    } | changes


def test_an_area_is_edited(sign_in: SignIn, session: Session) -> None:
    admin = sign_in(Role.ADMIN)
    answer = admin.post("/omraden/2023/jarva/andra", data=area_fields(official_code="25"))
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/omraden?utgava=2023#omrade-jarva"
    current = services.area_input(session, find_area(session, "Järva", "2023"))
    assert (current.official_code, current.aliases) == ("25", ("Järvafältet", "Norra Järva"))
    assert [(row.year, row.inhabitants, row.source) for row in current.populations] == [(2024, 91_234, "Områdesfakta")]
    html = admin.get("/omraden/2023/jarva/andra").text
    assert 'value="91234"' in html
    assert 'name="populations-2-year"' in html


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"populations-0-year": "20x4"}, "”20x4” är inget år"),
        ({"populations-0-inhabitants": ""}, "Fyll i både år och antal"),
        ({"populations-0-source": ""}, "Skriv källan för varje folkmängd"),
        ({"official_code": "18"}, "Koden 18 har redan Farsta"),
        ({"official_code": "1 8"}, "Koden har bara siffror och bokstäver"),
        ({"aliases": "Ö" * 121}, "Ett namn får ha högst 120 tecken"),
    ],
)
def test_a_rejected_area_keeps_what_was_typed(
    sign_in: SignIn, session: Session, changes: dict[str, str], reason: str
) -> None:
    answer = sign_in(Role.ADMIN).post("/omraden/2023/jarva/andra", data=area_fields(**changes))
    assert answer.status_code == 422
    assert reason in answer.text
    assert "data-error-summary" in answer.text
    for value in changes.values():
        assert value in answer.text
    assert services.area_input(session, find_area(session, "Järva", "2023")).populations == ()


def test_a_new_edition_is_made_merged_and_discarded(sign_in: SignIn, session: Session) -> None:
    admin = sign_in(Role.ADMIN)
    fields = {"name": "Stadsdelsområden 2027", "code": "2027", "valid_from": "2027-01-01", "note": ""}
    assert admin.post("/omraden/2023/ny", data=fields).headers["Location"] == "/omraden?utgava=2027"
    assert "Slå ihop områden" in admin.get("/omraden").text
    merge = {"areas": ["farsta", "skarpnack"], "name": "Farsta-Skarpnäck"}
    assert admin.post("/omraden/2027/sla-ihop", data=merge).status_code == 302
    names = [area.name for area in list_areas(session, get_area_set(session, "2027"))]
    assert "Farsta-Skarpnäck" in names
    assert "Farsta + Skarpnäck Farsta-Skarpnäck sammanslaget" in plain(admin.get("/omraden").text)
    assert admin.post("/omraden/2027/ta-bort").status_code == 302
    session.expire_all()
    assert [edition.code for edition in list_area_sets(session)][-1] == "2023"


def test_refusals_of_edition_forms_are_said_beside_the_field(sign_in: SignIn) -> None:
    admin = sign_in(Role.ADMIN)
    answer = admin.post("/omraden/2023/ny", data={"name": "", "code": "2023", "valid_from": "i fjol"})
    assert answer.status_code == 422
    assert "Ange ett namn." in answer.text
    assert "inget datum" in answer.text
    fields = {"name": "x", "code": "2023", "valid_from": "2020-01-01"}
    answer = admin.post("/omraden/2023/ny", data=fields)
    assert "Det finns redan en utgåva 2023." in answer.text
    assert "ska börja gälla efter" in answer.text
    assert admin.get("/omraden/2023/sla-ihop").status_code == 422
    assert admin.get("/omraden/2020/ny").status_code == 422


def test_the_note_is_edited(sign_in: SignIn) -> None:
    admin = sign_in(Role.ADMIN)
    assert admin.post("/omraden/1999/andra", data={"note": "Femton ord & <b>mer</b>"}).status_code == 302
    assert "Femton ord &amp; &lt;b&gt;mer&lt;/b&gt;" in admin.get("/omraden?utgava=1999").text
