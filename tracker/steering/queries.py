"""Reading steering."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from tracker.followup.models import Period
from tracker.goals.models import Assignment
from tracker.steering.models import AssignmentReport


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
