"""What the report of a period tells of steering."""

from __future__ import annotations

from sqlalchemy.orm import Session

from tests.factories import NOW, find_area, make_project
from tests.steering.making import DONE, ONGOING, make_assignment, make_indicator, report_assignment
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.followup.vocabulary import PeriodState
from tracker.goals.queries import get_goal, get_goal_set
from tracker.history.services import Actor
from tracker.projects.policies import INTERNAL, PUBLIC
from tracker.steering.facts import FulfilmentFacts, IndicatorValueFacts
from tracker.steering.gathering import gather_steering
from tracker.steering.models import AssignmentProject, GoalFulfilment, IndicatorValue
from tracker.steering.vocabulary import Fulfilment


def opened(session: Session, actor: Actor, code: str) -> Period:
    return open_period(session, PeriodCode.read(code), actor, percent=15)


def statuses(session: Session, period: Period) -> dict[str, tuple[str, str]]:
    """Of the assignments that the tests made."""
    return {
        one.code: (one.status.value, one.report)
        for one in gather_steering(session, period, PUBLIC).assignments
        if one.code.startswith("u-")
    }


def test_an_assignment_stands_as_it_was_last_reported(session: Session, actor: Actor) -> None:
    first, second = opened(session, actor, "2005-T1"), opened(session, actor, "2005-T2")
    made, _never = make_assignment(session, "u-1"), make_assignment(session, "u-2")
    report_assignment(session, made, first, DONE, "Klart.")
    assert statuses(session, first) == {"u-1": ("genomford", "Klart."), "u-2": ("pagaende", "")}
    assert statuses(session, second) == {"u-1": ("genomford", ""), "u-2": ("pagaende", "")}


def test_a_later_report_does_not_change_an_earlier_period(session: Session, actor: Actor) -> None:
    first, second = opened(session, actor, "2005-T1"), opened(session, actor, "2005-T2")
    made = make_assignment(session, "u-1")
    report_assignment(session, made, first, ONGOING, "I gång.")
    report_assignment(session, made, second, DONE, "Klart.")
    assert statuses(session, first) == {"u-1": ("pagaende", "I gång.")}


def test_what_is_not_done_is_followed_into_later_years_and_what_was_done_is_not(session: Session, actor: Actor) -> None:
    first, second = opened(session, actor, "2005-T1"), opened(session, actor, "2005-VB")
    after = opened(session, actor, "2006-T1")
    make_assignment(session, "u-old", 2004)
    make_assignment(session, "u-finished", 2004, DONE)
    make_assignment(session, "u-coming", 2006)
    made = make_assignment(session, "u-done-2005", 2004)
    report_assignment(session, made, first, DONE, "Klart.")
    assert set(statuses(session, first)) == {"u-old", "u-done-2005"}
    assert set(statuses(session, second)) == {"u-old", "u-done-2005"}
    assert set(statuses(session, after)) == {"u-old", "u-coming"}


def test_a_correction_begins_with_what_the_first_version_said(session: Session, actor: Actor) -> None:
    first = opened(session, actor, "2005-T1")
    made, other = make_assignment(session, "u-1"), make_assignment(session, "u-2")
    report_assignment(session, made, first, ONGOING, "Fel text.")
    report_assignment(session, other, first, ONGOING, "Rätt text.")
    first.state = PeriodState.CLOSED
    columns = {one.key: getattr(first, one.key) for one in Period.__table__.columns}
    changes = {"id": None, "key": "2005-T1-v2", "version": 2, "state": PeriodState.OPEN}
    second = Period(**(columns | changes))
    session.add(second)
    session.flush()
    report_assignment(session, made, second, ONGOING, "Rättad text.")
    assert statuses(session, first) == {"u-1": ("pagaende", "Fel text."), "u-2": ("pagaende", "Rätt text.")}
    assert statuses(session, second) == {"u-1": ("pagaende", "Rättad text."), "u-2": ("pagaende", "Rätt text.")}


def test_projects_of_an_assignment_are_those_that_the_reader_may_see(session: Session, actor: Actor) -> None:
    period, made = opened(session, actor, "2005-T1"), make_assignment(session, "u-1")
    made.goals = [get_goal(session, get_goal_set(session, "policy-2004"), "G1b")]
    for project in (make_project(session, "P2"), make_project(session, "P1", confidential=True)):
        session.add(AssignmentProject(assignment_id=made.id, project_id=project.id))
    session.flush()
    told = {
        viewer: next(one for one in gather_steering(session, period, viewer).assignments if one.code == "u-1")
        for viewer in (PUBLIC, INTERNAL)
    }
    assert told[PUBLIC].projects == ("P2",)
    assert told[INTERNAL].projects == ("P1", "P2")
    assert told[PUBLIC].goals == ("G1b",)


def test_indicators_come_with_values_by_year_the_whole_city_first(session: Session, actor: Actor) -> None:
    period = opened(session, actor, "2005-T1")
    rinkeby, bromma = find_area(session, "Rinkeby", "1999"), find_area(session, "Bromma", "1999")
    values = [
        IndicatorValue(year=2005, area=rinkeby, outcome=481),
        IndicatorValue(year=2005, area=None, target=770, outcome=763),
        IndicatorValue(year=2005, area=bromma, outcome=801),
        IndicatorValue(year=2004, area=rinkeby, outcome=470),
    ]
    make_indicator(session, "SYS", *values)
    told = gather_steering(session, period, PUBLIC).indicators
    assert [(one.code, one.goal) for one in told] == [("SYS", "G2a")]
    assert told[0].values == (
        IndicatorValueFacts(2004, "Rinkeby", "1999", None, None, 470),
        IndicatorValueFacts(2005, "", "", 770, None, 763),
        IndicatorValueFacts(2005, "Bromma", "1999", None, None, 801),
        IndicatorValueFacts(2005, "Rinkeby", "1999", None, None, 481),
    )


def test_how_far_goals_are_met_is_told_by_code(session: Session, actor: Actor) -> None:
    period, other = opened(session, actor, "2005-T1"), opened(session, actor, "2005-T2")
    goals = get_goal_set(session, "policy-2004")
    for code, at, level in (("G2", period, Fulfilment.PARTLY), ("G1", period, Fulfilment.NOT)):
        row = GoalFulfilment(
            goal_id=get_goal(session, goals, code).id, period_id=at.id, level=level, motivation=f"För {code}.",
            judged_by="Prov", judged_at=NOW,
        )  # fmt: skip
        session.add(row)
    session.flush()
    assert gather_steering(session, period, PUBLIC).fulfilments == (
        FulfilmentFacts("G1", Fulfilment.NOT, "För G1."),
        FulfilmentFacts("G2", Fulfilment.PARTLY, "För G2."),
    )
    assert gather_steering(session, other, PUBLIC).fulfilments == ()
