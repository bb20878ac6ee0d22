"""Assignments: the list, links to projects, and the report of a period."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.steering.making import DONE, ONGOING, make_assignment, report_assignment
from tracker.accounts.roles import Role
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.followup.vocabulary import PeriodState
from tracker.goals.models import Assignment
from tracker.goals.queries import get_assignment
from tracker.history.services import Actor
from tracker.steering.assigning import list_report_rows
from tracker.steering.models import AssignmentProject, AssignmentReport

SignIn = Callable[[Role], FlaskClient]
LIST = "/uppfoljning/uppdrag"
PAGE = "/uppfoljning/perioder/2005-T1/uppdrag"


@pytest.fixture
def period(session: Session, actor: Actor) -> Period:
    return open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)


def sent(one: Assignment, status: str, text: str = "", seen: str = "", **more: str) -> dict[str, str]:
    values = {f"status-{one.id}": status, f"text-{one.id}": text, f"seen-{one.id}": seen}
    return values | {f"{name}-{one.id}": value for name, value in more.items()}


def said(session: Session) -> dict[str, tuple[str, str]]:
    session.rollback()
    session.expire_all()
    rows = session.scalars(select(AssignmentReport)).all()
    return {f"{row.assignment.code} {row.period.key}": (row.status.value, row.text) for row in rows}


def test_late_assignments_are_marked_in_words_and_can_be_shown_alone(session: Session, sign_in: SignIn) -> None:
    make_assignment(session, "u-late")
    make_assignment(session, "u-done", status=DONE)
    far = make_assignment(session, "u-far")
    far.due = date(2999, 1, 1)
    session.commit()
    reader = sign_in(Role.READER)
    page = reader.get(LIST).text
    assert page.count("Sent: skulle vara klart 2005-12-01") == 1
    assert "Ett uppdrag är sent." in page
    alone = reader.get(f"{LIST}?visa=sena").text
    assert "u-late" in alone
    assert "u-done" not in alone
    assert "u-far" not in alone
    assert "u-done" in reader.get(f"{LIST}?visa=genomford").text
    assert "Inget uppdrag stämmer" in reader.get(f"{LIST}?year=1999").text


def test_projects_are_linked_by_search_and_hidden_links_stay(session: Session, sign_in: SignIn) -> None:
    made = make_assignment(session, "u-1")
    first, second = make_project(session, "P1", name="Tensta torg"), make_project(session, "P2", name="Tensta allé")
    secret = make_project(session, "SECRET", name="Tensta hemligt", confidential=True)
    session.add(AssignmentProject(assignment_id=made.id, project_id=secret.id))
    ids = [first.id, second.id]
    session.commit()
    address, controller = f"{LIST}/u-1", sign_in(Role.CONTROLLER)
    assert sign_in(Role.MANAGER).post(address, data={"projects": ids}).status_code == 403
    found = controller.post(address, data={"action": "search", "project_query": "tensta", "projects": [secret.id]})
    assert "3 träffar på ”tensta”" in found.text
    assert controller.post(address, data={"projects": [*ids, secret.id]}).status_code == 302
    linked = select(AssignmentProject.project_id).where(AssignmentProject.assignment_id == made.id)
    assert set(session.scalars(linked)) == {*ids, secret.id}
    reader = sign_in(Role.READER)
    for page in (LIST, address):
        assert "P1" in reader.get(page).text
        assert "SECRET" not in reader.get(page).text
    session.rollback()
    controller.post(address, data={"projects": [second.id]})
    assert set(session.scalars(linked)) == {second.id}


def test_status_and_text_are_reported_and_the_assignment_follows_its_newest_report(
    session: Session, actor: Actor, period: Period, sign_in: SignIn
) -> None:
    made, left = make_assignment(session, "u-1"), make_assignment(session, "u-2")
    open_period(session, PeriodCode.read("2005-T2"), actor, percent=15)
    session.commit()
    controller = sign_in(Role.CONTROLLER)
    controller.post(PAGE, data=sent(made, "forsenad", "Upphandlingen drog ut.") | sent(left, "pagaende"))
    assert said(session) == {"u-1 2005-T1": ("forsenad", "Upphandlingen drog ut.")}
    assert get_assignment(session, "u-1").status.value == "forsenad"
    later = "/uppfoljning/perioder/2005-T2/uppdrag"
    page = controller.get(later).text
    assert "Upphandlingen drog ut." in page
    assert "förra perioden: Försenad" in page
    controller.post(later, data=sent(made, "genomford", "Klart."))
    assert get_assignment(session, "u-1").status is DONE
    # What is said afterwards of an earlier period leaves the assignment as the newest report has it.
    session.rollback()
    row = next(one for one in list_report_rows(session, period) if one.assignment.code == "u-1")
    controller.post(PAGE, data=sent(made, "pagaende", "Rättat.", seen=row.seen))
    assert said(session)["u-1 2005-T1"] == ("pagaende", "Rättat.")
    assert get_assignment(session, "u-1").status is DONE


def test_nothing_new_is_said_with_a_tick(session: Session, period: Period, sign_in: SignIn) -> None:
    made = make_assignment(session, "u-1")
    session.commit()
    controller = sign_in(Role.CONTROLLER)
    controller.post(PAGE, data=sent(made, "pagaende"))
    assert said(session) == {}
    controller.post(PAGE, data=sent(made, "pagaende", same="on"))
    assert said(session) == {"u-1 2005-T1": ("pagaende", "")}


def test_two_tabs_see_each_others_reports(session: Session, period: Period, sign_in: SignIn) -> None:
    made = make_assignment(session, "u-1")
    session.commit()
    controller = sign_in(Role.CONTROLLER)
    controller.post(PAGE, data=sent(made, "genomford", "Den förstas text."))
    crossed = controller.post(PAGE, data=sent(made, "forsenad", "Den andras text."))
    assert crossed.status_code == 409
    assert "Den förstas text." in crossed.text
    assert "Den andras text." in crossed.text
    assert said(session) == {"u-1 2005-T1": ("genomford", "Den förstas text.")}


def test_a_closed_period_and_other_roles_are_refused(session: Session, period: Period, sign_in: SignIn) -> None:
    made = make_assignment(session, "u-1")
    report_assignment(session, made, period, ONGOING, "I gång.")
    session.commit()
    assert sign_in(Role.MANAGER).post(PAGE, data=sent(made, "genomford")).status_code == 403
    assert "<textarea" not in sign_in(Role.MANAGER).get(PAGE).text
    period.state, period.closed_at = PeriodState.CLOSED, datetime(2005, 6, 1, tzinfo=UTC)
    session.commit()
    controller = sign_in(Role.CONTROLLER)
    assert "I gång." in controller.get(PAGE).text
    assert "<textarea" not in controller.get(PAGE).text
    answer = controller.post(PAGE, data=sent(made, "genomford", "För sent."))
    assert answer.status_code == 409
    assert said(session) == {"u-1 2005-T1": ("pagaende", "I gång.")}


def test_a_text_that_is_too_long_is_refused_and_kept(session: Session, period: Period, sign_in: SignIn) -> None:
    made = make_assignment(session, "u-1")
    session.commit()
    answer = sign_in(Role.CONTROLLER).post(PAGE, data=sent(made, "pagaende", "x" * 8001))
    assert answer.status_code == 422
    assert "högst 8000 tecken" in answer.text
    assert "x" * 8001 in answer.text
    assert said(session) == {}


def test_the_report_is_a_file_without_what_the_reader_may_not_see(
    session: Session, period: Period, sign_in: SignIn
) -> None:
    made = make_assignment(session, "u-1")
    made.text = "=1+1 är en formel"
    for project in (make_project(session, "P1"), make_project(session, "SECRET", confidential=True)):
        session.add(AssignmentProject(assignment_id=made.id, project_id=project.id))
    report_assignment(session, made, period, DONE, "Klart; allt.")
    session.commit()

    def lines(role: Role, query: str) -> dict[str, dict[str, str]]:
        body = sign_in(role).get(f"{LIST}/lagesrapport{query}").data.decode("utf-8-sig")
        return {row["Kod"]: row for row in csv.DictReader(io.StringIO(body, newline=""), delimiter=";")}

    row = lines(Role.READER, "?period=2005-T1")["u-1"]
    assert (row["Status"], row["Lägesrapport"], row["Projekt"]) == ("Genomförd", "Klart; allt.", "P1")
    assert row["Uppdrag"] == "'=1+1 är en formel"
    assert row["Klart senast"] == "2005-12-01"
    assert lines(Role.CONTROLLER, "?period=2005-T1")["u-1"]["Projekt"] == "P1, SECRET"
    assert lines(Role.READER, "")["u-1"]["Sent"] == "Ja"
    assert sign_in(Role.READER).get(f"{LIST}/lagesrapport?period=2009-T1").status_code == 404
