"""What is hidden leaves no trace on any page of initiatives and steering, whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.exports.planted import told
from tests.factories import make_project
from tests.initiatives.making import make_initiative, report_initiative
from tests.steering.making import DONE, report_assignment
from tracker.accounts.roles import Role
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.goals.queries import get_assignment, get_goal, get_goal_set
from tracker.history.services import Actor
from tracker.initiatives.contents import input_of
from tracker.initiatives.gathering import gather_initiatives
from tracker.initiatives.queries import get_initiative
from tracker.initiatives.services import change_initiative
from tracker.projects.policies import INTERNAL, PUBLIC, SHELL, Rights, Viewer
from tracker.projects.vocabulary import Publication
from tracker.steering.gathering import gather_steering
from tracker.steering.models import AssignmentProject

SignIn = Callable[[Role], FlaskClient]
WORD = "Zebraplanteringen"
PAGES = (
    "/insatser",
    "/insatser?q=zebra",
    "/uppfoljning/insatser",
    "/uppfoljning/insatser?q=zebra",
    "/uppfoljning/insatser?goal=G3",
    "/uppfoljning/insatser/OPEN",
    "/uppfoljning/insatser/OPEN/andra",
    "/uppfoljning/insatser/SECRET",
    "/uppfoljning/insatser/SECRET/andra",
    "/uppfoljning/perioder/2005-T1/insatser",
    "/uppfoljning/perioder/2005-T1/uppdrag",
    "/uppfoljning/perioder/2005-T1/maluppfyllelse",
    "/uppfoljning/uppdrag",
    "/uppfoljning/uppdrag/2005-gfn",
    "/uppfoljning/uppdrag/lagesrapport",
    "/uppfoljning/uppdrag/lagesrapport?period=2005-T1",
)


@pytest.fixture
def period(session: Session, actor: Actor) -> Period:
    return open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)


def put_open(session: Session, period: Period) -> None:
    """What everybody may see."""
    shown = make_initiative(session, "OPEN")
    shown.projects = [make_project(session, "P1")]
    shown.goals = [get_goal(session, get_goal_set(session, "policy-2004"), "G3")]
    report_initiative(session, shown, period, "Gjort.", "Alla")
    assignment = get_assignment(session, "2005-gfn")
    session.add(AssignmentProject(assignment_id=assignment.id, project_id=shown.projects[0].id))
    report_assignment(session, assignment, period, DONE, "Klart.")


def put_hidden(session: Session, period: Period, actor: Actor) -> None:
    """A confidential project on the open initiative and assignment, and a confidential initiative of its own."""
    shown = get_initiative(session, "OPEN", PUBLIC)
    project = make_project(session, "ZEBRA-9", name=WORD, confidential=True)
    given = replace(input_of(shown), project_ids=frozenset([*(one.id for one in shown.projects), project.id]))
    change_initiative(session, shown, given, shown.version, actor, Rights(budget=True, publish=True, viewer=INTERNAL))
    session.add(AssignmentProject(assignment_id=get_assignment(session, "2005-gfn").id, project_id=project.id))
    secret = make_initiative(session, "SECRET", name=WORD, description=WORD, for_whom=WORD, confidential=True)
    secret.goals, secret.projects = list(shown.goals), list(shown.projects)
    report_initiative(session, secret, period, WORD, WORD)
    session.flush()


def test_no_page_and_no_file_tells_what_is_hidden(
    session: Session, period: Period, actor: Actor, sign_in: SignIn, client: FlaskClient
) -> None:
    put_open(session, period)
    put_hidden(session, period, actor)
    session.commit()
    for role in (None, Role.READER, Role.MANAGER):
        browser = sign_in(role) if role else client
        for address in PAGES:
            body = told(browser.get(address).data)
            assert WORD.lower() not in body, (role, address)
            assert "zebra-9" not in body, (role, address)
    searched = sign_in(Role.MANAGER).post(
        "/uppfoljning/insatser/OPEN/andra", data={"action": "search", "project_query": "zebraplant", "version": "2"}
    )
    assert "Inget projekt heter" in searched.text
    assert "ZEBRA-9" not in searched.text
    inside = sign_in(Role.CONTROLLER)
    assert WORD in inside.get("/uppfoljning/insatser/SECRET").text
    assert "ZEBRA-9" in inside.get("/uppfoljning/uppdrag/lagesrapport?period=2005-T1").text


@pytest.mark.parametrize("viewer", [PUBLIC, SHELL, Viewer(drafts=True, user_id=999)])
def test_what_others_are_told_is_the_same_with_and_without_hidden_matters(
    session: Session, period: Period, actor: Actor, viewer: Viewer
) -> None:
    put_open(session, period)
    session.flush()
    before = gather_initiatives(session, period, viewer), gather_steering(session, period, viewer)
    put_hidden(session, period, actor)
    session.expire_all()
    assert (gather_initiatives(session, period, viewer), gather_steering(session, period, viewer)) == before
    assert [one.code for one in gather_initiatives(session, period, INTERNAL)] == ["OPEN", "SECRET"]


def test_the_public_is_told_the_same_with_and_without_drafts(session: Session, period: Period) -> None:
    put_open(session, period)
    before = gather_initiatives(session, period, PUBLIC)
    make_initiative(session, "DRAFT", publication=Publication.DRAFT)
    assert gather_initiatives(session, period, PUBLIC) == before
