"""What the report of a period tells of initiatives, and to whom."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.factories import find_area, make_project
from tests.initiatives.making import make_initiative, report_initiative
from tracker.accounts.queries import find_user
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.goals.editions import copy_edition
from tracker.goals.inputs import EditionInput
from tracker.goals.models import Goal, GoalCrosswalk
from tracker.goals.queries import get_goal, get_goal_set
from tracker.history.services import Actor
from tracker.initiatives.gathering import gather_initiatives
from tracker.initiatives.models import PerspectiveAnswer
from tracker.initiatives.queries import list_perspectives
from tracker.projects.policies import INTERNAL, PUBLIC, SHELL, Viewer
from tracker.projects.vocabulary import Publication


@pytest.fixture
def period(session: Session, actor: Actor) -> Period:
    return open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)


def test_an_initiative_is_told_in_plain_words(session: Session, period: Period) -> None:
    goal_set = get_goal_set(session, "policy-2004")
    made = make_initiative(session, "I-02", description="Vi frågar.", for_whom="Boende")
    made.goals = [get_goal(session, goal_set, "G3"), get_goal(session, goal_set, "G2d")]
    made.areas = [find_area(session, "Rinkeby", "1999"), find_area(session, "Bromma", "1999")]
    made.projects = [make_project(session, "P2"), make_project(session, "P1")]
    children = next(one for one in list_perspectives(session) if one.code == "barn")
    made.answers = [PerspectiveAnswer(perspective=children, answer="Barn tillfrågas.")]
    make_initiative(session, "I-01")
    report_initiative(session, made, period, "Sex möten hölls.", "")

    first, second = gather_initiatives(session, period, PUBLIC)

    assert (first.code, second.code) == ("I-01", "I-02")
    assert second.goals == ("G2d", "G3")
    assert second.areas == ("Bromma", "Rinkeby")
    assert second.projects == ("P1", "P2")
    assert (second.done, second.for_whom) == ("Sex möten hölls.", "Boende")
    assert second.perspectives == ((children.name, "Barn tillfrågas."),)
    assert (first.done, first.areas) == (first.description, ())


@pytest.mark.parametrize(
    ("viewer", "expected"),
    [
        (PUBLIC, ["OPEN"]),
        (SHELL, ["DRAFT", "OPEN"]),
        (INTERNAL, ["DRAFT", "OPEN", "SECRET"]),
    ],
)
def test_each_viewer_is_told_what_it_may_see(
    session: Session, period: Period, viewer: Viewer, expected: list[str]
) -> None:
    make_initiative(session, "OPEN")
    make_initiative(session, "DRAFT", publication=Publication.DRAFT)
    make_initiative(session, "SECRET", confidential=True, confidentiality_ground="OSL 19:3")
    assert [one.code for one in gather_initiatives(session, period, viewer)] == expected


def test_an_owner_is_told_of_a_confidential_initiative(session: Session, period: Period) -> None:
    owner = find_user(session, "manager@prov.se")
    assert owner is not None
    make_initiative(session, "SECRET", confidential=True, owner_id=owner.id)
    assert [one.code for one in gather_initiatives(session, period, Viewer(True, False, owner.id))] == ["SECRET"]
    assert gather_initiatives(session, period, Viewer(True, False, owner.id + 1)) == ()


def test_a_hidden_project_is_not_named(session: Session, period: Period) -> None:
    made = make_initiative(session, "I-01")
    made.projects = [
        make_project(session, "P1"),
        make_project(session, "P2", confidential=True),
        make_project(session, "P3", publication=Publication.DRAFT),
    ]
    session.flush()
    assert gather_initiatives(session, period, PUBLIC)[0].projects == ("P1",)
    assert gather_initiatives(session, period, SHELL)[0].projects == ("P1", "P3")
    assert gather_initiatives(session, period, INTERNAL)[0].projects == ("P1", "P2", "P3")


def test_only_what_goes_on_in_the_time_is_told(session: Session, period: Period, actor: Actor) -> None:
    make_initiative(session, "ENDED", end_date=date(2004, 12, 31))
    make_initiative(session, "LATER", start_date=date(2005, 5, 1))
    make_initiative(session, "NOW", start_date=date(2005, 4, 30), end_date=date(2005, 1, 1))
    reported = make_initiative(session, "REPORTED", end_date=date(2003, 1, 1))
    report_initiative(session, reported, period, "Slutbetalt.", "")
    assert [one.code for one in gather_initiatives(session, period, PUBLIC)] == ["NOW", "REPORTED"]
    plan = open_period(session, PeriodCode.read("2005-VP"), actor, percent=15)
    assert [one.code for one in gather_initiatives(session, plan, PUBLIC)] == ["LATER", "NOW"]


def test_goals_are_named_as_in_the_edition_of_the_period(session: Session, actor: Actor) -> None:
    old = get_goal_set(session, "policy-2004")
    new = copy_edition(session, old, EditionInput("policy-2006", "Policy 2006", 2006, ""), actor)
    renamed, dropped = get_goal(session, new, "G2a"), get_goal(session, new, "G2b")
    renamed.code = "G9a"
    for step in session.query(GoalCrosswalk).filter_by(to_goal_id=dropped.id):
        session.delete(step)
    made = make_initiative(session, "OLD")
    made.goals = [get_goal(session, old, "G2a"), get_goal(session, old, "G2b")]
    newer = make_initiative(session, "NEW")
    newer.goals = [renamed, dropped]
    budget = session.query(Goal).filter_by(code="B1").first()
    assert budget is not None
    newer.goals.append(budget)
    session.flush()
    before = open_period(session, PeriodCode.read("2005-VB"), actor, percent=15)
    after = open_period(session, PeriodCode.read("2006-T1"), actor, percent=15)
    assert {one.code: one.goals for one in gather_initiatives(session, after, PUBLIC)} == {
        "OLD": ("G9a",),
        "NEW": ("B1", "G2b", "G9a"),
    }
    assert {one.code: one.goals for one in gather_initiatives(session, before, PUBLIC)} == {
        "OLD": ("G2a", "G2b"),
        "NEW": ("B1", "G2a"),
    }
