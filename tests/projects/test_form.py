"""The form for new and edited projects: what is saved, as the database has it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import shapely
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.factories import find_area, make_project
from tests.geometries import RINKEBY, square
from tests.projects.form_page import Page, open_form, send
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.geo.stored import from_stored
from tracker.goals.models import Goal, StrategicQuestion
from tracker.goals.queries import get_goal_set
from tracker.history.models import HistoryEntry
from tracker.measures.models import MainKind, Measure
from tracker.projects.models import Project
from tracker.projects.vocabulary import Flow, Phase, Publication, Scope
from tracker.web.forms import web_text

SignIn = Callable[[Role], FlaskClient]
NEW = "/projekt/ny"
SHAPE = square(145_900, 6_585_700, 200)
"""In Rinkeby."""


def stored(code: str) -> Project:
    db.session.expire_all()
    return db.session().scalars(select(Project).where(Project.code == code)).one()


def goal(code: str) -> Goal:
    session = db.session()
    edition = get_goal_set(session, "policy-2004")
    return session.scalars(select(Goal).where(Goal.goal_set_id == edition.id, Goal.code == code)).one()


def weigh(page: Page, code: str, weight: str, motivation: str = "") -> dict[str, str]:
    prefix = page.row("goals", "goal_id", str(goal(code).id))
    return {f"{prefix}-weight": weight, f"{prefix}-motivation": motivation}


def test_a_new_form_proposes_code_manager_and_the_whole_share(session: Session, sign_in: SignIn) -> None:
    year = date.today().year  # noqa: DTZ011 - the form proposes the year of the wall clock
    make_project(session, f"{year}-0011")
    make_project(session, f"{year}-0007")
    make_project(session, f"{year}-norra")
    session.commit()
    page = open_form(sign_in(Role.MANAGER), NEW)
    manager = find_user(session, "manager@prov.se")
    assert page.status == 200
    assert page.fields["code"] == f"{year}-0012"
    assert manager is not None
    assert page.fields["manager_id"] == str(manager.id)
    assert page.fields["city_share"] == "100"
    assert page.fields["assessment"] == "ej-bedomt"


def test_everything_in_the_form_is_stored(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.CONTROLLER)
    page = open_form(browser, NEW)
    assert "Måste fyllas i när något område är valt." in page.text
    rental = session.scalars(select(Measure).where(Measure.code == "bostader-hyresratt")).one()
    question = session.scalars(select(StrategicQuestion).where(StrategicQuestion.goal_id == goal("G1").id)).first()
    assert question is not None
    answer = page.row("answers", "question_id", str(question.id))
    deputy = find_user(session, "admin@prov.se")
    assert deputy is not None
    saved = send(
        browser, NEW, page,
        code="2005-0012", name="Rinkebyterrassen", main_kind="bostad", secondary_kinds=["trafik"],
        subtype="flerbostadshus", phase="inriktning", deputy_id=str(deputy.id),
        start_decided="2005-04-30", end_forecast="2009-12-31", link="https://stad.example/terrassen",
        description_public="Bostäder över E18.", description_internal="Markanvisning väntar.", city_share="62,5 %",
        geometry=web_text(SHAPE), location_approximate="y",
        assessment="bidrar", **weigh(page, "G1a", "3", "600 bostäder"), **weigh(page, "G2d", "1"),
        **{f"{answer}-answer": "Rinkeby, över vägen."},
        case_numbers__0="E2004-00123", case_numbers__7=" 04-311-1234:1 ", case_numbers__9="",
        serves__0__area="Rinkeby", serves__0__share="76,5", serves__4__area="Järva (område 2023)",
        serves__4__share="23,5", serves_motivation="De boende i Rinkeby når Tensta.",
        volumes__0__measure_id=str(rental.id), volumes__0__year="2006", volumes__0__planned="1 200",
        volumes__0__started="0",
        figures__0__year="2005", figures__0__outlay_budget="1 842,5 mnkr", figures__0__outlay_forecast="34000000000",
        figures__0__income_outcome="−12 500 tkr",
        figures__3__year="2006", figures__3__outlay_forecast="0",
    )  # fmt: skip
    assert (saved.status, saved.answer.headers.get("Location")) == (302, "/projekt/2005-0012"), saved.errors
    project = stored("2005-0012")
    assert (project.name, project.main_kind) == ("Rinkebyterrassen", MainKind.HOUSING)
    assert (project.secondary_kinds, project.subtype) == (["trafik"], "flerbostadshus")
    assert (project.phase, project.publication) == (Phase.DIRECTION, Publication.DRAFT)
    assert (project.start_decided, project.end_forecast) == (date(2005, 4, 30), date(2009, 12, 31))
    assert (project.city_share, project.deputy_id, project.location_approximate) == (6250, deputy.id, True)
    assert [row.number for row in project.case_numbers] == ["E2004-00123", "04-311-1234:1"]
    assert {tag.goal.code: (tag.weight, tag.motivation) for tag in project.goal_tags} == {
        "G1a": (3, "600 bostäder"),
        "G2d": (1, ""),
    }
    assert [row.answer for row in project.answers] == ["Rinkeby, över vägen."]
    assert [(row.scope, row.area_id, row.share) for row in project.serves] == [
        (Scope.AREA, find_area(session, "Rinkeby").id, 7650),
        (Scope.AREA, find_area(session, "Järva", "2023").id, 2350),
    ]
    assert [(row.measure_id, row.year, row.planned, row.started, row.completed) for row in project.volumes] == [
        (rental.id, 2006, 1200, 0, None)
    ]
    assert {(row.year, row.flow): (row.budget_ore, row.outcome_ore, row.forecast_ore) for row in project.figures} == {
        (2005, Flow.OUTLAY): (184_250_000_000, None, 3_400_000_000_000),
        (2005, Flow.INCOME): (None, -1_250_000_000, None),
        (2006, Flow.OUTLAY): (None, None, 0),
    }
    geometry = from_stored(project.geom)
    assert geometry is not None
    assert shapely.hausdorff_distance(geometry, SHAPE) < 0.001
    assert {row.area.name for row in project.locations if row.area} == {"Rinkeby"}


def test_case_8_saving_unchanged_changes_nothing_not_even_a_byte(session: Session, sign_in: SignIn) -> None:
    """Case 8: the shape goes out as degrees and comes back as the very bytes that are stored."""
    shape = shapely.Polygon(
        [(145_900.1234567, 6_585_700.7654321), (146_100.3, 6_585_700.9), (146_050.77, 6_585_903.01)],
        [[(146_000.1, 6_585_720.2), (146_050.3, 6_585_730.4), (146_020.5, 6_585_760.6)]],
    )
    make_project(session, "2005-0001", shape, description_public="Rad ett\r\nrad två")
    session.commit()
    project = stored("2005-0001")
    before, version = shapely.to_wkb(from_stored(project.geom)), project.version
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, "/projekt/2005-0001/redigera")
    saved = send(browser, "/projekt/2005-0001/redigera", page)
    assert saved.status == 302, saved.errors
    project = stored("2005-0001")
    assert shapely.to_wkb(from_stored(project.geom)) == before
    assert project.version == version
    assert session.scalar(select(func.count(HistoryEntry.id))) == 0


def test_case_18_a_moved_corner_leaves_hole_and_other_corners(session: Session, sign_in: SignIn) -> None:
    """Case 18, and no wandering: what is not moved stays within a tenth of a millimetre."""
    hole = [(146_000.1, 6_585_720.2), (146_050.3, 6_585_730.4), (146_020.5, 6_585_760.6)]
    shape = shapely.Polygon([(145_900, 6_585_700), (146_100, 6_585_700), (146_050, 6_585_903)], [hole])
    moved = shapely.Polygon([(145_890, 6_585_700), (146_100, 6_585_700), (146_050, 6_585_903)], [hole])
    make_project(session, "2005-0001", shape)
    session.commit()
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, "/projekt/2005-0001/redigera")
    assert send(browser, "/projekt/2005-0001/redigera", page, geometry=web_text(moved)).status == 302
    geometry = from_stored(stored("2005-0001").geom)
    assert isinstance(geometry, shapely.Polygon)
    assert len(geometry.interiors) == 1
    assert shapely.hausdorff_distance(geometry, moved) < 0.0002


def test_a_removed_shape_removes_its_places(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    given = {"name": "Rinkeby torg", "main_kind": "trafik", "code": "A1", "geometry": web_text(RINKEBY)}
    assert send(browser, NEW, page, **given).status == 302
    assert stored("A1").locations
    edit = open_form(browser, "/projekt/A1/redigera")
    assert send(browser, "/projekt/A1/redigera", edit, geometry="").status == 302
    project = stored("A1")
    assert project.geom is None
    assert project.locations == []


def test_pasted_coordinates_are_the_shape_where_there_is_no_script(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    asked = send(browser, NEW, page, name="Stadshuset", main_kind="trafik", code="A1", pasted="78488 100001")
    assert "ST74, öst först" in asked.errors["pasted"]
    assert "ST74, nord först" in asked.errors["pasted"]
    assert asked.fields["pasted"] == "78488 100001"
    assert "data-missing>koordinaterna är inte lagda på kartan<" in asked.text
    assert "data-missing>ritat läge<" not in asked.text
    assert send(browser, NEW, asked, pasted_order="nord-forst").status == 302
    geometry = from_stored(stored("A1").geom)
    assert geometry is not None
    assert geometry.distance(shapely.Point(153_112, 6_579_142)) < 1.5


def test_no_contribution_needs_a_reason_and_keeps_it(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    refused = send(browser, NEW, page, name="Kaj", main_kind="trafik", code="A1", assessment="inget-bidrag")
    assert refused.errors["no_contribution_reason"] == "Skriv varför projektet inte bidrar till något mål."
    saved = send(browser, NEW, refused, no_contribution_reason="Ren underhållsåtgärd.")
    assert saved.status == 302
    assert [row.reason for row in stored("A1").goal_assessments] == ["Ren underhållsåtgärd."]
    edit = open_form(browser, "/projekt/A1/redigera")
    assert edit.fields["assessment"] == "inget-bidrag"
    assert edit.fields["no_contribution_reason"] == "Ren underhållsåtgärd."


def test_whole_city_and_outside_can_be_served(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    saved = send(
        browser, NEW, page, name="Norra länken", main_kind="trafik", code="A1",
        serves__0__area="hela staden", serves__0__share="66,67", serves__1__area="Utanför staden",
        serves__1__share="33,33", serves_motivation="Huvudled.",
    )  # fmt: skip
    assert saved.status == 302, saved.errors
    rows = [(row.scope, row.area_id, row.share) for row in stored("A1").serves]
    assert rows == [(Scope.WHOLE_CITY, None, 6667), (Scope.OUTSIDE, None, 3333)]


def test_removed_rows_are_removed(session: Session, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, NEW)
    send(
        browser, NEW, page, name="Kaj", main_kind="trafik", code="A1", case_numbers__0="1", case_numbers__1="2",
        case_numbers__2="3", figures__0__year="2005", figures__0__outlay_forecast="5",
        figures__1__year="2009", figures__1__outlay_forecast="7",
    )  # fmt: skip
    edit = open_form(browser, "/projekt/A1/redigera")
    first = dict.fromkeys((key for key in edit.fields if key.startswith("figures-0-")), None)
    saved = send(browser, "/projekt/A1/redigera", edit, case_numbers__1=None, **first)
    assert saved.status == 302, saved.errors
    project = stored("A1")
    assert [row.number for row in project.case_numbers] == ["1", "3"]
    assert [row.year for row in project.figures] == [2009]


def test_what_the_form_does_not_show_is_kept(session: Session, sign_in: SignIn) -> None:
    make_project(session, "A1", stated_area="Gärdet", example_values=True)
    session.commit()
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, "/projekt/A1/redigera")
    assert send(browser, "/projekt/A1/redigera", page, name="Nytt namn").status == 302
    project = stored("A1")
    assert (project.name, project.stated_area, project.example_values) == ("Nytt namn", "Gärdet", True)


def test_without_a_login_the_form_leads_to_the_login_page(app: Flask, client: FlaskClient) -> None:
    answer = client.get(NEW)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/logga-in?next=/projekt/ny"
