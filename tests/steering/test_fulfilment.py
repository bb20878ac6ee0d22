"""Judging goals in a period: motivation required, facts beside, closed refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.steering.making import make_assignment, make_indicator
from tracker.accounts.roles import Role
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.followup.vocabulary import PeriodState
from tracker.goals.models import Goal
from tracker.goals.queries import get_goal, get_goal_set
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.models import GoalTag
from tracker.projects.vocabulary import Flow
from tracker.steering.judging import list_judged_rows
from tracker.steering.models import GoalFulfilment, IndicatorValue

SignIn = Callable[[Role], FlaskClient]
PAGE = "/uppfoljning/perioder/2005-T1/maluppfyllelse"


@pytest.fixture
def period(session: Session, actor: Actor) -> Period:
    made = open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    session.commit()
    return made


def goal(session: Session, code: str) -> Goal:
    return get_goal(session, get_goal_set(session, "policy-2004"), code)


def sent(session: Session, code: str, level: str, motivation: str, seen: str = "") -> dict[str, str]:
    number = goal(session, code).id
    return {f"level-{number}": level, f"motivation-{number}": motivation, f"seen-{number}": seen}


def judged(session: Session) -> dict[str, tuple[str, str]]:
    session.rollback()
    session.expire_all()
    rows = session.scalars(select(GoalFulfilment)).all()
    return {row.goal.code: (row.level.value, row.motivation) for row in rows}


def test_goals_and_aspects_are_judged_with_a_motivation(session: Session, period: Period, sign_in: SignIn) -> None:
    data = sent(session, "G1", "delvis", "Hälften är byggt.") | sent(session, "G2d", "inte", "Otryggare.")
    data |= sent(session, "G3", "", "")
    session.rollback()
    assert sign_in(Role.CONTROLLER).post(PAGE, data=data).status_code == 302
    assert judged(session) == {"G1": ("delvis", "Hälften är byggt."), "G2d": ("inte", "Otryggare.")}
    page = sign_in(Role.READER).get(PAGE).text
    assert "Uppfylls delvis" in page
    assert "<textarea" not in page


@pytest.mark.parametrize(
    ("level", "motivation", "reason"),
    [
        ("helt", "", "Motivera bedömningen."),
        ("", "Text utan nivå.", "Välj om målet uppfylls"),
        ("kanske", "Text med okänd nivå.", "Välj om målet uppfylls"),
        ("helt", "x" * 8001, "högst 8000 tecken"),
    ],
)
def test_a_judgement_without_level_or_motivation_is_refused_and_all_is_kept(
    session: Session, period: Period, sign_in: SignIn, level: str, motivation: str, reason: str
) -> None:
    data = sent(session, "G1", level, motivation) | sent(session, "G2", "helt", "Det här står kvar.")
    session.rollback()
    answer = sign_in(Role.CONTROLLER).post(PAGE, data=data)
    assert answer.status_code == 422
    assert reason in answer.text
    assert "Det här står kvar." in answer.text
    assert motivation in answer.text
    assert judged(session) == {}


def test_two_tabs_see_each_others_judgements(session: Session, period: Period, sign_in: SignIn) -> None:
    first, second = sent(session, "G1", "helt", "Den ena."), sent(session, "G1", "inte", "Den andra.")
    session.rollback()
    controller = sign_in(Role.CONTROLLER)
    controller.post(PAGE, data=first)
    crossed = controller.post(PAGE, data=second)
    assert crossed.status_code == 409
    assert "Den ena." in crossed.text
    assert "Den andra." in crossed.text
    assert judged(session) == {"G1": ("helt", "Den ena.")}
    row = next(one for one in list_judged_rows(session, session.merge(period)) if one.goal.code == "G1")
    assert row.seen in crossed.text
    session.rollback()
    number = goal(session, "G1").id
    session.rollback()
    assert controller.post(PAGE, data=second | {f"seen-{number}": row.seen}).status_code == 302
    assert judged(session) == {"G1": ("inte", "Den andra.")}


def test_only_the_controller_judges_and_a_closed_period_refuses(
    session: Session, period: Period, sign_in: SignIn
) -> None:
    data = sent(session, "G1", "helt", "Klart.")
    session.rollback()
    assert sign_in(Role.MANAGER).post(PAGE, data=data).status_code == 403
    sign_in(Role.CONTROLLER).post(PAGE, data=data)
    period = session.merge(period)
    period.state, period.closed_at = PeriodState.CLOSED, datetime(2005, 6, 1, tzinfo=UTC)
    changed = sent(session, "G1", "inte", "Ändrat.")
    session.commit()
    assert sign_in(Role.CONTROLLER).post(PAGE, data=changed).status_code == 409
    assert "<textarea" not in sign_in(Role.CONTROLLER).get(PAGE).text
    assert judged(session) == {"G1": ("helt", "Klart.")}


def test_the_facts_that_speak_stand_beside_the_goal(session: Session, actor: Actor, sign_in: SignIn) -> None:
    project = make_project(session, "P1")
    project.goal_tags = [GoalTag(goal_id=goal(session, "G2a").id, weight=3)]
    project.figures = [Figure(year=2005, flow=Flow.OUTLAY, budget_ore=1_234_000_000, forecast_ore=1_200_000_000)]
    make_indicator(session, "SYS", IndicatorValue(year=2004, outcome=763, target=770), name="Sysselsättning")
    task = make_assignment(session, "u-1")
    task.goals = [goal(session, "G2a")]
    open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    session.commit()
    page = sign_in(Role.READER).get(PAGE).text
    part = page[page.index('id="G2"') : page.index('id="G3"')]
    assert "12,3 mnkr" in part.replace("\u00a0", " ")
    assert "räknad med regeln fördelad" in part
    assert "Sysselsättning" in part
    assert "76,3 %" in part
    assert "(mål 77,0)" in part
    assert "Uppdrag u-1" in part
