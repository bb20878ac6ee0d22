"""The forms of the area catalogue: who may, what is saved, what is refused and kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.areas.test_pages import plain
from tests.factories import find_area
from tracker.accounts.roles import Role
from tracker.areas import services
from tracker.areas.queries import get_area_set, list_area_sets, list_areas

SignIn = Callable[[Role], FlaskClient]
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
    assert answer.headers["Location"] == "/omraden?edition=2023#omrade-jarva"
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
    assert admin.post("/omraden/2023/ny", data=fields).headers["Location"] == "/omraden?edition=2027"
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
    assert "Femton ord &amp; &lt;b&gt;mer&lt;/b&gt;" in admin.get("/omraden?edition=1999").text
