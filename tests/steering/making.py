"""Typed makers of assignments and indicators for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tests.factories import NOW
from tracker.followup.models import Period
from tracker.goals.models import Assignment, AssignmentStatus
from tracker.goals.queries import get_goal, get_goal_set
from tracker.steering.models import AssignmentReport, Indicator, IndicatorValue
from tracker.steering.vocabulary import Direction

ONGOING, DONE = AssignmentStatus.ONGOING, AssignmentStatus.DONE


def make_assignment(session: Session, code: str, year: int = 2005, status: AssignmentStatus = ONGOING) -> Assignment:
    """An assignment due on 1 December of its year, flushed."""
    made = Assignment(
        code=code, text=f"Gör {code}.", owner_board="Nämnden", budget_year=year, due=date(year, 12, 1), status=status
    )
    session.add(made)
    session.flush()
    return made


def report_assignment(session: Session, made: Assignment, period: Period, status: AssignmentStatus, text: str) -> None:
    """A report as it stands in the table, flushed."""
    row = AssignmentReport(
        assignment_id=made.id, period_id=period.id, status=status, text=text, reported_by="Prov", reported_at=NOW
    )
    session.add(row)
    session.flush()


def make_indicator(session: Session, code: str, *values: IndicatorValue, goal: str = "G2a", **more: Any) -> Indicator:
    """An indicator in percent with one decimal where higher is better, flushed."""
    chosen = {"name": f"Indikator {code}", "unit": "%", "decimals": 1, "direction": Direction.HIGHER} | more
    made = Indicator(code=code, goal_id=get_goal(session, get_goal_set(session, "policy-2004"), goal).id, **chosen)
    made.values = list(values)
    session.add(made)
    session.flush()
    return made
