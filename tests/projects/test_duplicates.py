"""The quiet question whether a project is here already: spellings, case numbers, places, and whose it is to know."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.geometries import square
from tests.projects.test_form import SignIn
from tracker.accounts.roles import Role
from tracker.projects.duplicates import Sought, find_alike, fold_names, number_key
from tracker.projects.models import CaseNumber, Project, SecretField
from tracker.projects.policies import INTERNAL, PUBLIC, SHELL, Viewer
from tracker.projects.vocabulary import Publication
from tracker.text import sort_key
from tracker.web.forms import web_text

PLACE = square(145_900, 6_585_700, 200)


@pytest.fixture
def register(session: Session) -> dict[str, Project]:
    made = {
        code: make_project(session, code, shape, name=name)
        for code, name, shape in (
            ("YXLAN", "Kv Yxlan, Säfflegatan", PLACE),
            ("ETAPP1", "Årstafältet etapp 1", square(150_000, 6_577_000, 100)),
            ("TORG", "Rinkeby torg", square(145_905, 6_585_705, 200)),
            ("VAG", "Torshamnsgatan", shapely.LineString([(146_500, 6_587_000), (147_000, 6_587_500)])),
            ("ENSAM", "Telestaden, Farsta", None),
        )
    }
    made["TORG"].case_numbers = [CaseNumber(position=1, number="E2004-00123")]
    session.flush()
    return made


def alike(session: Session, viewer: Viewer = SHELL, **sought: Any) -> list[tuple[str, str]]:
    return [(one.code, ", ".join(one.reasons)) for one in find_alike(session, Sought(**sought), viewer)]


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Kvarteret Yxlan Saffelgatan", ["YXLAN"]),
        ("YXLAN Säfflegatan", ["YXLAN"]),
        ("Arstafaltet, etapp 1", ["ETAPP1"]),
        ("Årstafältet etapp 2", []),
        ("Torshamsgatan", ["VAG"]),
        ("Farsta Telestaden", ["ENSAM"]),
        ("Farsta centrum", []),
        ("Kv", []),
        ("", []),
    ],
)
def test_names_are_found_in_any_spelling(session: Session, name: str, codes: list[str]) -> None:
    assert [code for code, _ in alike(session, name=name)] == codes


@pytest.mark.usefixtures("register")
def test_a_case_number_is_found_however_it_is_spaced(session: Session) -> None:
    assert alike(session, case_numbers=("e 2004 00123",)) == [("TORG", "samma diarienummer E2004-00123")]
    assert alike(session, case_numbers=("E2004-0012", "")) == []
    assert number_key("04-311-1234:1") == "0431112341"


@pytest.mark.usefixtures("register")
def test_a_place_tells_when_it_is_the_same_or_the_name_is_near_too(session: Session) -> None:
    assert alike(session, geometry=square(145_901, 6_585_701, 200)) == [
        ("YXLAN", "samma plats"),
        ("TORG", "samma plats"),
    ]
    corner = square(146_090, 6_585_890, 200)
    assert alike(session, geometry=corner) == []
    assert alike(session, geometry=corner, name="Rinkebys torg")[0] == ("TORG", "liknande namn, överlappar")
    line = shapely.LineString([(146_505, 6_587_000), (147_005, 6_587_500)])
    assert alike(session, geometry=line) == [("VAG", "samma plats")]
    assert alike(session, geometry=shapely.Point(160_000, 6_570_000)) == []


def test_the_project_itself_is_not_its_own_double(session: Session, register: dict[str, Project]) -> None:
    assert alike(session, name=register["ENSAM"].name, code="ENSAM") == []


def test_nobody_learns_of_what_they_may_not_see(session: Session, register: dict[str, Project]) -> None:
    register["ENSAM"].confidential = True
    register["VAG"].publication = Publication.DRAFT
    register["TORG"].secret_fields = [
        SecretField(field=field, ground="OSL 19 kap. 3 §") for field in ("case_numbers", "geometry")
    ]
    session.flush()
    assert alike(session, name="Telestaden, Farsta") == []
    assert alike(session, INTERNAL, name="Telestaden, Farsta")[0][0] == "ENSAM"
    assert alike(session, PUBLIC, name="Torshamnsgatan") == []
    assert alike(session, case_numbers=("E2004-00123",)) == []
    assert [code for code, _ in alike(session, geometry=PLACE)] == ["YXLAN"]
    assert [code for code, _ in alike(session, INTERNAL, geometry=PLACE)] == ["YXLAN", "TORG"]


def test_at_most_five_are_told(session: Session) -> None:
    for number in range(9):
        make_project(session, f"L{number}", name="Sätra centrum")
    assert len(alike(session, name="Sätra centrum")) == 5


def test_folding_keeps_one_line_for_each_name() -> None:
    assert fold_names([sort_key("Kv Åkern 2"), sort_key("Hässelby\nGård"), ""]) == [
        "akern 000000002",
        "hasselby gard",
        "",
    ]


@pytest.mark.usefixtures("register")
def test_the_page_asks_and_gets_addresses(session: Session, client: FlaskClient, sign_in: SignIn) -> None:
    session.commit()
    browser = sign_in(Role.MANAGER)
    answer = browser.post("/projekt/lika", json={"name": "kv yxlan säfflegatan", "case_numbers": ["x" * 200] * 90})
    assert answer.get_json() == [
        {"code": "YXLAN", "name": "Kv Yxlan, Säfflegatan", "why": "liknande namn", "address": "/projekt/YXLAN"}
    ]
    drawn = browser.post(
        "/projekt/lika", json={"geometry": shapely.geometry.mapping(shapely.from_geojson(web_text(PLACE)))}
    )
    assert [one["code"] for one in drawn.get_json()] == ["YXLAN", "TORG"]
    broken = {"type": "Point", "coordinates": ["a", None]}
    odds: list[Any] = [[], "x", {"geometry": broken}, {"name": None, "case_numbers": 7}]
    for odd in odds:
        assert browser.post("/projekt/lika", json=odd).status_code in (200, 400)
    assert client.post("/projekt/lika", json={}).status_code == 401
    assert sign_in(Role.READER).post("/projekt/lika", json={}).status_code == 403
    assert 'data-alike="/projekt/lika"' in browser.get("/projekt/ny").text
