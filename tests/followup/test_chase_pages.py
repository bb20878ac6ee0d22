"""The page Bevaka for each role: progress, list, filters, CSV; and nobody learns what they may not."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.followup.test_checks_reading import faulty, opened
from tracker.accounts.queries import find_user
from tracker.accounts.roles import Role
from tracker.followup.models import ProjectReport
from tracker.followup.vocabulary import ReportState
from tracker.goals.models import Goal
from tracker.history.services import Actor
from tracker.projects.models import GoalTag, Project, SecretField, ServedArea
from tracker.projects.vocabulary import Phase, Scope

SignIn = Callable[[Role], FlaskClient]
ADDRESS = "/uppfoljning/perioder/2005-T1/lage"


@pytest.fixture
def portfolio(session: Session, actor: Actor) -> None:
    """The manager's own project, one of nobody, a confidential one, one with hidden amounts, and a strange name."""
    manager = find_user(session, "manager@prov.se")
    assert manager is not None
    faulty(session, "P1", name="Mitt projekt", manager_id=manager.id)
    faulty(session, "P2", name="=Ingens", confidential=False)
    faulty(session, "P3", name="Hemligt märkord", confidential=True)
    hidden = faulty(session, "P4", name="Dolda belopp")
    hidden.secret_fields = [SecretField(field="figures", ground="OSL 19 kap. 3 §")]
    opened(session, actor, "2005-T1")
    session.commit()


def test_a_controller_sees_everybody_and_everything(portfolio: None, sign_in: SignIn) -> None:
    page = sign_in(Role.CONTROLLER).get(ADDRESS).text
    assert "0 av 4 projekt har rapporterat" in page
    for text in ("Projektledare Prov", "Utan projektledare", "Mitt projekt", "Hemligt märkord", "Dolda belopp"):
        assert text in page
    assert "25,0\u00a0mnkr, 5,0\u00a0mnkr över årets budget (20,0\u00a0mnkr)" in page
    assert "Påminn …" in page


def test_a_manager_sees_their_own_only(portfolio: None, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = browser.get(ADDRESS).text
    assert "Dina projekt: 0 av 1 rapporterade" in page
    assert "Mitt projekt" in page
    for text in ("Ingens", "Hemligt märkord", "Dolda belopp", "Påminn …"):
        assert text not in page
    assert "Ingens" not in browser.get(f"{ADDRESS}.csv").get_data(as_text=True)


def test_a_reader_sees_how_far_it_has_come(portfolio: None, sign_in: SignIn, session: Session) -> None:
    mine = session.scalars(select(Project).where(Project.code == "P1")).one()
    mine.secret_fields = [SecretField(field="people", ground="OSL 19 kap. 3 §")]
    session.commit()
    browser = sign_in(Role.READER)
    page = browser.get(ADDRESS).text
    assert "0 av 3 projekt har rapporterat" in page
    for text in ("Mitt projekt", "mnkr", "Projektledare Prov", "Hemligt märkord"):
        assert text not in page
    assert browser.get(f"{ADDRESS}.csv").status_code == 403


def test_filters_and_order_stand_in_the_address(portfolio: None, sign_in: SignIn, session: Session) -> None:
    browser = sign_in(Role.CONTROLLER)
    manager = find_user(session, "manager@prov.se")
    assert manager is not None

    def shown(query: str) -> list[str]:
        text = browser.get(f"{ADDRESS}.csv{query}").get_data(as_text=True)
        return list(dict.fromkeys(row[0] for row in list(csv.reader(io.StringIO(text[1:]), delimiter=";"))[1:]))

    assert shown("") == ["P2", "P4", "P3", "P1"]
    assert shown("?sort=kod") == ["P1", "P2", "P3", "P4"]
    assert shown("?sort=kod&order=fallande") == ["P4", "P3", "P2", "P1"]
    assert shown(f"?ledare={manager.id}") == ["P1"]
    assert shown("?ledare=ingen&sort=kod") == ["P2", "P3", "P4"]
    assert shown("?kontroll=enhet") == []
    assert shown("?kontroll=over-budget&sort=kod") == ["P1", "P2", "P3", "P4"]
    assert shown("?kontroll=rapport&sort=kod") == ["P1", "P2", "P3", "P4"]
    assert shown("?lage=rapporterad") == []
    assert shown("?kontroll=finns-inte&lage=x&ledare=x&sort=x&page=x&sort=kod") != []
    page = browser.get(f"{ADDRESS}?kontroll=enhet").text
    assert "Inga projekt stämmer med filtret." in page
    assert browser.get(f"{ADDRESS}?page=99").status_code == 200


def test_the_list_as_csv_opens_in_swedish_excel(portfolio: None, sign_in: SignIn) -> None:
    answer = sign_in(Role.CONTROLLER).get(f"{ADDRESS}.csv?ledare=ingen&sort=kod")
    text = answer.get_data().decode("utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bevaka-2005-T1.csv"'
    assert text.startswith("\ufeffKod;Projekt;Projektledare;Läge;Kontroll;Allvar;Vad\r\n")
    rows = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert rows[1][:6] == ["P2", "'=Ingens", "Utan projektledare", "Inte rapporterat", "Inte rapporterat", "Fel"]
    assert all(len(row) == 7 for row in rows)


def test_all_have_reported_and_nothing_looks_wrong(session: Session, actor: Actor, sign_in: SignIn) -> None:
    project = make_project(session, "P1", phase=Phase.IDEA)
    project.geom = None
    goal = session.scalars(select(Goal)).first()
    assert goal is not None
    project.goal_tags = [GoalTag(goal_id=goal.id, weight=3)]
    project.serves = [ServedArea(position=1, scope=Scope.WHOLE_CITY, share=10_000)]
    opened(session, actor, "2005-T1")
    session.execute(update(ProjectReport).values(state=ReportState.UNCHANGED))
    session.commit()
    page = sign_in(Role.CONTROLLER).get(ADDRESS).text
    assert "Alla har rapporterat." in page
    assert "1 projekt har bekräftat att inget är nytt" in page
    assert "Saknar läge" in page


def test_a_period_that_nobody_reports_in(session: Session, actor: Actor, sign_in: SignIn) -> None:
    opened(session, actor, "2005-T1")
    session.commit()
    for role in (Role.READER, Role.MANAGER, Role.CONTROLLER):
        page = sign_in(role).get(ADDRESS)
        assert page.status_code == 200
        assert "ska rapportera i den här perioden" in page.text
    assert "Ingen har något kvar" in sign_in(Role.CONTROLLER).get("/uppfoljning/perioder/2005-T1/paminn").text
    assert sign_in(Role.CONTROLLER).get("/uppfoljning/perioder/2005-T2/lage").status_code == 404


def test_a_page_is_never_older_than_the_last_write(portfolio: None, sign_in: SignIn, session: Session) -> None:
    browser = sign_in(Role.CONTROLLER)
    for reported in range(1, 4):
        assert f"{reported - 1} av 4 projekt har rapporterat" in browser.get(ADDRESS).text
        row = session.scalars(select(ProjectReport).where(ProjectReport.state == ReportState.WAITING)).first()
        assert row is not None
        row.state = ReportState.REPORTED
        session.commit()
    assert "3 av 4 projekt har rapporterat" in browser.get(f"{ADDRESS}?sort=kod").text
