"""Reading steering."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from tracker.errors import NotFoundError
from tracker.followup.models import Period
from tracker.goals.models import Assignment, Goal
from tracker.messages import message
from tracker.steering.models import AssignmentReport, Indicator
from tracker.text import sort_key


def list_assignment_reports(session: Session, assignment: Assignment) -> list[AssignmentReport]:
    """Its reports, the latest period first."""
    statement = (
        select(AssignmentReport)
        .join(AssignmentReport.period)
        .options(contains_eager(AssignmentReport.period))
        .where(AssignmentReport.assignment_id == assignment.id)
        .order_by(Period.as_of.desc(), Period.version.desc())
    )
    return list(session.scalars(statement))


def list_indicators(session: Session) -> list[Indicator]:
    """Every indicator with its goal, by goal and code."""
    goal = joinedload(Indicator.goal)
    found = session.scalars(select(Indicator).options(goal.joinedload(Goal.goal_set), goal.joinedload(Goal.parent)))
    return sorted(found, key=lambda one: (one.goal.goal_set.code, sort_key(one.goal.code), one.code))


def get_indicator(session: Session, code: str) -> Indicator:
    """The indicator with this code; raises NotFoundError."""
    found = session.scalar(select(Indicator).where(Indicator.code == code))
    if found is None:
        raise NotFoundError(message("Det finns ingen indikator med koden %(code)s.", code=code))
    return found
