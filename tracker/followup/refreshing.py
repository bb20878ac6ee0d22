"""Taking into the newest open period what the register has learnt since it was opened: new projects, new budgets."""

from __future__ import annotations

from sqlalchemy import ColumnElement, func, insert, literal, select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.followup.models import Period, ProjectReport
from tracker.followup.opening import SUBJECT, expected_to_report
from tracker.followup.queries import is_newest
from tracker.followup.report_writing import bring_up
from tracker.followup.vocabulary import ReportState
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.projects.models import Project
from tracker.projects.vocabulary import RUNNING_PERIOD


def count_newcomers(session: Session, period: Period) -> int:
    """How many projects would be expected to report in the period if it were opened now, and are not."""
    if not (period.is_open and is_newest(session, period)):
        return 0
    return session.scalar(select(func.count(Project.id)).where(*_newcomers(period))) or 0


def refresh_period(session: Session, period: Period, actor: Actor) -> int:
    """Expect reports of projects that came later, and copy the register's figures anew; how many came.

    Reports that are made stay as they are: what they said stands in the register too. Raises ConflictError when the
    period is closed or no longer the newest.
    """
    session.refresh(period, with_for_update=True)
    if not (period.is_open and is_newest(session, period)):
        raise ConflictError(f"Bara den senaste öppna perioden följer registret, och {period.key} är inte den.")
    came = count_newcomers(session, period)
    columns = {
        "period_id": literal(period.id),
        "project_id": Project.id,
        "state": literal(ReportState.WAITING, ProjectReport.state.type),
        "light_text": literal(""),
        "comment": literal(""),
        "start_forecast": Project.start_forecast,
        "end_forecast": Project.end_forecast,
        "version": literal(1),
    }
    rows = select(*columns.values()).where(*_newcomers(period))
    session.execute(insert(ProjectReport).from_select(list(columns), rows))
    bring_up(session, period, None)
    session.expire_all()
    record(session, actor, (SUBJECT, period.id, period.version), Action.CHANGED, {"expected": [None, came]})
    return came


def _newcomers(period: Period) -> list[ColumnElement[bool]]:
    there = select(ProjectReport.project_id).where(ProjectReport.period_id == period.id)
    return [*expected_to_report(period.year, RUNNING_PERIOD), Project.id.not_in(there)]
