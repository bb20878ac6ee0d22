"""A late report is the newest word on a project until somebody reports in a later period: it is carried on there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.followup.checks_reading import among
from tracker.followup.models import Period, ProjectReport
from tracker.followup.queries import list_later, reporting_key
from tracker.followup.report_inputs import ReportInput
from tracker.followup.report_writing import write_period, write_through
from tracker.followup.sheets import Sheet
from tracker.followup.vocabulary import ReportState
from tracker.history.services import Actor
from tracker.projects.models import Project
from tracker.projects.vocabulary import RUNNING_PERIOD

Said = tuple[Project, Sheet, ReportInput]


def carry_on(session: Session, period: Period, said: Sequence[Said], actor: Actor) -> tuple[Period, ...]:
    """Let later open periods begin with what was reported now, for projects that wait there; those periods.

    A project that has reported later, or whose later period is closed, keeps what was said there.
    """
    later = list_later(session, period)
    if not later or not all(one.is_open for one in later):
        return ()
    spoken = select(ProjectReport.project_id).where(
        ProjectReport.period_id.in_([one.id for one in later]),
        ProjectReport.state != ReportState.WAITING,
        among(ProjectReport.project_id, [project.id for project, _sheet, _given in said]),
    )
    done = set(session.scalars(spoken))
    waiting = [one for one in said if one[0].id not in done]
    if not waiting:
        return ()
    for one in later:
        if reporting_key(session, one) == RUNNING_PERIOD:
            write_through(session, one, waiting, actor, said_in=period.key)
        else:
            write_period(session, one, waiting)
        _judge(session, one, waiting)
    return tuple(later)


def _judge(session: Session, period: Period, waiting: Sequence[Said]) -> None:
    """The judgement to begin with, and the days of the schedule."""
    for project, _sheet, given in waiting:
        values = {name: getattr(given, name) for name in ("light", "light_text", "comment")}
        values |= {name: getattr(given, name) for name in ("start_forecast", "end_forecast")}
        theirs = (ProjectReport.period_id == period.id, ProjectReport.project_id == project.id)
        session.execute(update(ProjectReport).where(*theirs).values(**values, version=ProjectReport.version + 1))
