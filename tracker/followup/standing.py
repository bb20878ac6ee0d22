"""Whose reports a period still waits for."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.followup.models import Period, ProjectReport
from tracker.followup.vocabulary import ReportState
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, hidden_ids, visible_to
from tracker.projects.secrecy import Secret


@dataclass(frozen=True, slots=True)
class ManagerStanding:
    """A manager's projects in a period; `user_id` None is those without one, or with one that may not be told."""

    user_id: int | None
    name: str
    expected: int
    waiting: int


def standing_of_managers(session: Session, period: Period, viewer: Viewer) -> list[ManagerStanding]:
    """Every manager with projects that are expected to report, those with most left first."""
    told = Project.manager_id
    if not viewer.confidential:
        told = case((Project.id.in_(hidden_ids(viewer, [Secret.PEOPLE])), None), else_=Project.manager_id)  # type: ignore[assignment]
    waits = func.sum(case((ProjectReport.state == ReportState.WAITING, 1), else_=0))
    counted = (
        select(told.label("user_id"), func.count().label("expected"), waits.label("waiting"))
        .join(Project, Project.id == ProjectReport.project_id)
        .where(ProjectReport.period_id == period.id, *visible_to(viewer))
        .group_by(told)
        .subquery()
    )
    statement = select(counted, User.name, User.email).outerjoin(User, User.id == counted.c.user_id)
    found = [
        ManagerStanding(row.user_id, row.name or row.email or "", row.expected, int(row.waiting))
        for row in session.execute(statement)
    ]
    return sorted(found, key=lambda one: (-one.waiting, one.name.casefold()))
