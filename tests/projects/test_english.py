"""The register in English: pages, refusals and answers to scripts are; what is stored or exported is Swedish."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.english import in_english
from tests.factories import find_area, make_project
from tests.geometries import FAR_OUTSIDE, RINKEBY
from tests.projects.form_page import Page, open_form, send
from tests.projects.test_form import NEW, goal, weigh
from tests.projects.test_form_refusals import BOW_TIE
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.measures.models import MainKind
from tracker.messages import Message
from tracker.projects.commons import MOVED_NOTE
from tracker.projects.inputs import ProjectInput, ServedInput
from tracker.projects.models import Project
from tracker.projects.notes import note_words
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.restoring import restored_note
from tracker.projects.reviewing import CHANGED_NOTE, publish_project
from tracker.projects.services import register_project
from tracker.projects.vocabulary import Phase, Publication, Scope
from tracker.web.forms import web_text

EnglishIn = Callable[[Role], FlaskClient]
BAD: dict[str, str | list[str] | None] = {
    "code": "ny",
    "name": "",
    "main_kind": "trafik",
    "secondary_kinds": ["trafik"],
    "subtype": "påhittad",
    "start_decided": "2005-05-01",
    "end_decided": "2005-04-30",
    "link": "www.stad.example",
    "confidential": "y",
    "parent_code": "X9",
    "case_numbers__0": "9" * 101,
    "geometry": web_text(BOW_TIE),
    "serves__0__area": "Farsta",
    "serves__0__share": "100",
    "serves__1__area": "Atlantis",
    "serves__1__share": "0",
    "volumes__0__planned": "600",
    "figures__0__year": "1492",
    "figures__0__outlay_forecast": "5",
    "decisions__0__body": "Gatu- och fastighetsnämnden",
    "decisions__0__date": "1492-01-01",
}
REFUSED = {
    "code": "The code “ny” is used by the addresses of Portföljkartan. Choose another one.",
    "name": "The project's name is missing.",
    "secondary_kinds": "The main kind must not be a further kind as well.",
    "subtype": "Choose a subtype from the list.",
    "end_decided": "The decided end lies before the decided start.",
    "link": "The link must begin with http:// or https://.",
    "confidentiality_ground": "State the section of the secrecy act (OSL) when the project is marked as confidential.",
    "parent_code": "There is no project with the code X9.",
    "case_numbers-0": "A case number may have at most 100 characters.",
    "geometry": "The boundary crosses itself at N 6585800, E 146000 (latitude 59.38716, longitude 17.92961).",
    "serves-0-area": "“Farsta” can be several areas. Write “Farsta (neighbourhood)” or “Farsta (area 2023)”.",
    "serves-1-area": "There is no area “Atlantis”. Choose from the list.",
    "serves-1-share": "The share must be above 0 %.",
    "volumes-0-measure_id": "Choose a measure.",
    "figures-0-year": "The year must be between 1950 and 2100.",
    "decisions-0-gate": "Choose which decision it is, or remove the row.",
    "decisions-0-date": "The year must be between 1950 and 2100.",
}


@pytest.fixture
def english_in(sign_in: Callable[[Role], FlaskClient]) -> EnglishIn:
    """Make a browser that is signed in with a role and reads English."""

    def browser(role: Role) -> FlaskClient:
        return in_english(sign_in(role))

    return browser


def text_of(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, answer.text[:500]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[1])).split())


def stored(code: str) -> Project:
    db.session.rollback()
    db.session.expire_all()
    return db.session().scalars(select(Project).where(Project.code == code)).one()


def test_many_refusals_are_english_and_all_that_was_typed_is_kept(session: Session, english_in: EnglishIn) -> None:
    browser = english_in(Role.MANAGER)
    blank = open_form(browser, NEW)
    weighed = weigh(blank, "G1a", "", "bostäder")
    page = send(browser, NEW, blank, **BAD, **weighed)
    prefix = page.row("goals", "goal_id", str(goal("G1a").id))
    weight = {f"{prefix}-weight": "Choose how strong the contribution is, or empty the motivation."}
    assert (page.status, page.errors) == (422, REFUSED | weight)
    assert page.summary.startswith(f"{len(REFUSED) + 1} items need to be corrected before the project can be saved")
    assert all(reason in page.summary for reason in REFUSED.values())
    for key, value in (BAD | weighed).items():
        name, wanted = key.replace("__", "-"), value if isinstance(value, list) else [value]
        assert page.fields.getlist(name) == wanted, name


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"pasted": "här"}, "pasted", "Line 1: “här” is not a pair of coordinates. Write two numbers on each line."),
        (
            {"pasted": "1 2"},
            "pasted",
            "Line 1: “1 2” does not lie in Stockholm in any of the systems SWEREF 99 18 00, SWEREF 99 TM, "
            "RT 90 2.5 gon V, ST74, WGS 84 (longitude/latitude).",
        ),
        (
            {"pasted": "100000 70000"},
            "pasted",
            "Are the coordinates ST74, easting first (N 70000, E 100000) or ST74, northing first (N 100000, E 70000)? "
            "Choose system and order.",
        ),
        (
            {"pasted": "<kml><a"},
            "pasted",
            "The KML text cannot be read. Paste the whole file or a whole Placemark.",
        ),
        (
            {"serves__0__area": "Rinkeby", "serves__0__share": "95", "serves_motivation": "De bor där."},
            "serves",
            "The shares must be 100 % together; now they are 95 %.",
        ),
    ],
)
def test_refusals_with_values_are_english(
    session: Session, english_in: EnglishIn, changes: dict[str, str], field: str, reason: str
) -> None:
    browser = english_in(Role.MANAGER)
    page = send(browser, NEW, open_form(browser, NEW), code="A1", name="Kaj", main_kind="trafik", **changes)
    assert (page.status, page.errors) == (422, {field: reason})


@pytest.fixture
def serving(session: Session, actor: Actor) -> Project:
    """A published project that serves Rinkeby and the whole city."""
    served = (
        ServedInput(Scope.AREA, 4_000, find_area(session, "Rinkeby").id), ServedInput(Scope.WHOLE_CITY, 6_000),
    )  # fmt: skip
    given = ProjectInput(
        "A1", "Kajen", MainKind.HOUSING, Phase.PLANNING, geometry=RINKEBY, serves=served, serves_motivation="Där."
    )
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    session.commit()
    return project


def areas_of(page: Page) -> list[str]:
    return [page.fields[f"serves-{number}-area"] for number in (0, 1)]


def test_areas_are_known_by_their_english_and_by_their_swedish_texts(
    session: Session, english_in: EnglishIn, serving: Project
) -> None:
    browser, address, version = english_in(Role.CONTROLLER), "/projekt/A1/redigera", serving.version
    page = open_form(browser, address)
    assert areas_of(page) == ["Rinkeby (neighbourhood)", "The whole city"]
    assert '<option value="Järva (area 2023)">' in page.text
    assert send(browser, address, page).status == 302
    assert stored("A1").version == version
    swedish = {"serves__0__area": "Rinkeby (stadsdel)", "serves__1__area": "Hela staden"}
    assert send(browser, address, page, **swedish).status == 302
    assert stored("A1").version == version
    assert [(row.scope, row.share) for row in stored("A1").serves] == [
        (Scope.AREA, 4_000), (Scope.WHOLE_CITY, 6_000),
    ]  # fmt: skip


def test_what_an_english_session_writes_is_swedish(session: Session, english_in: EnglishIn, serving: Project) -> None:
    browser, address = english_in(Role.CONTROLLER), "/projekt/A1/redigera"
    page = open_form(browser, address)
    assert send(browser, address, page, phase="genomforande", serves__0__area="Outside the city").status == 302
    assert (
        browser.post("/projekt/A1/historik/1/aterstall", data={"version": str(stored("A1").version)}).status_code == 302
    )
    entries = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "project")).all()
    changes: dict[str, Any] = dict(entries[-2].changes)
    assert changes["phase"] == ["planering", "genomforande"]
    assert changes["serves"][1][0] == ["utanfor-staden", None, 4_000]
    assert entries[-1].note == "återställd från version 1"
    history = text_of(browser, "/projekt/A1/historik")
    for words in (
        "restored from version 1",
        "by the form",
        "Phase Planning Implementation",
        "Served areas Rinkeby (neighbourhood) 40 %, The whole city 60 % Outside the city 40 %, The whole city 60 %",
    ):
        assert words in history, words


def test_exports_of_an_english_session_are_the_swedish_ones(
    session: Session, english_in: EnglishIn, sign_in: Callable[[Role], FlaskClient], serving: Project
) -> None:
    for form in ("csv", "geojson"):
        address = f"/projekt/export?format={form}"
        swedish, english = (browser(Role.READER).get(address) for browser in (sign_in, english_in))
        assert (english.status_code, len(english.data) > 200) == (200, True)
        assert _bare(english.get_data(as_text=True)) == _bare(swedish.get_data(as_text=True))
    assert "Planering" in english_in(Role.READER).get("/projekt/export?format=csv").get_data(as_text=True)


def _bare(text: str) -> str:
    """Without the moment of the export."""
    return re.sub(r"\d\d[.:]\d\d(:\d\d)?", "", text)


def test_pages_and_the_filter_read_english(session: Session, english_in: EnglishIn, serving: Project) -> None:
    browser = english_in(Role.READER)
    listed = text_of(browser, "/projekt?kind=bostad&phase=planering&missing=ekonomi&q=A1")
    for words in ("1 of 1 projects", "Housing · Planning · “A1” · No finances", "Rinkeby, The whole city"):
        assert words in listed, words
    page = text_of(browser, "/projekt/A1")
    for words in ("Planning", "Published", "The phase is planning, but a decision is missing: direction decision.",
                  "case numbers", "decision missing", "1 point", "The whole city"):  # fmt: skip
        assert words in page, words
    public = english_in(Role.READER)
    public.delete_cookie("session")
    assert "The project is being planned." in text_of(public, "/projekt/A1")


def test_answers_to_the_forms_scripts_are_english(session: Session, english_in: EnglishIn) -> None:
    browser = english_in(Role.MANAGER)
    form = open_form(browser, NEW)
    answer: dict[str, Any] = browser.post("/projekt/kontrollera", data=form.fields).get_json()
    assert answer["shares"]["text"] == "Sum 0 %: 100 % left to share out".replace(" %", "\u00a0%")
    assert {item["text"] for item in answer["score"]["missing"]} >= {"location on the map", "areas served"}
    drawn = {"geometry": json.loads(web_text(FAR_OUTSIDE))}
    lies = browser.post("/projekt/ligger-i", json=drawn).get_json()
    assert [row["text"] for row in lies["tables"][0]["rows"]] == ["Outside the city"]
    assert lies["tables"][0]["rows"][0]["amount"] == "1 point"
    read = browser.post("/projekt/koordinater", json={"text": "153112 6579142"}).get_json()
    assert read["text"].startswith("One pair of coordinates was read as SWEREF 99 18 00, easting first: N 6579142")
    make_project(session, "A9", name="Norra kajen")
    session.commit()
    alike = browser.post("/projekt/lika", json={"name": "Norra kajen"}).get_json()
    assert [one["why"] for one in alike] == ["a similar name"]


def test_swedish_is_as_before_in_the_same_answers(session: Session, sign_in: Callable[[Role], FlaskClient]) -> None:
    read = sign_in(Role.MANAGER).post("/projekt/koordinater", json={"text": "153112 6579142"}).get_json()
    assert read["text"] == "Ett koordinatpar lästes som SWEREF 99 18 00, öst först: N 6579142, E 153112."


@given(st.text())
def test_a_remark_is_told_as_it_stands(note: str) -> None:
    assert note_words(note) == note


@pytest.mark.parametrize(
    "note",
    [
        restored_note(3), CHANGED_NOTE, MOVED_NOTE, "rapporterad i 2005-T1", "Fil: lägen.gpkg",
        "Huvudbok 2005-T1: a · b.csv",
    ],
)  # fmt: skip
def test_remarks_of_the_program_are_known_again(note: str) -> None:
    told = note_words(f"{note} · {CHANGED_NOTE}")
    assert told == f"{note} · {CHANGED_NOTE}"
    assert isinstance(told, Message)
    assert any(isinstance(part, Message) for part in told.values.values())


def test_stored_words_are_the_words_of_before() -> None:
    assert [phase.value for phase in Phase][:3] == ["ide", "utredning", "inriktning"]
    assert {type(phase.value) for phase in Phase} == {str}
