"""Whose projects a person reports in a period, filtered and in order: for the grid, and from one report to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tracker.followup.models import Period, ProjectReport
from tracker.followup.progress import own
from tracker.followup.queries import reporting_key
from tracker.followup.vocabulary import ReportState
from tracker.messages import message
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.policies import Rights, hidden_ids, open_to, visible_to
from tracker.projects.secrecy import Secret


class Shown(StrEnum):
    """Which of the projects are shown."""

    ALL = "alla"
    WAITING = "kvar"
    REPORTED = "rapporterade"
    DEVIATING = "avviker"

    @property
    def label(self) -> str:
        return {
            "alla": message("Alla"), "kvar": message("Inte rapporterade"), "rapporterade": message("Rapporterade"),
            "avviker": message("Avviker från budget"),
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a period is asked for. `manager_id` None: a manager's own projects, or all of a controller's; 0: those
    without a manager."""

    shown: Shown = Shown.ALL
    manager_id: int | None = None


def conditions(session: Session, period: Period, wanted: Wanted, rights: Rights) -> list[ColumnElement[bool]]:
    """Conditions on `project` joined with its report in the period."""
    found = [ProjectReport.period_id == period.id, *visible_to(rights.viewer), *_whose(wanted, rights)]
    if wanted.shown is Shown.WAITING:
        found.append(ProjectReport.state == ReportState.WAITING)
    elif wanted.shown is Shown.REPORTED:
        found.append(ProjectReport.state != ReportState.WAITING)
    elif wanted.shown is Shown.DEVIATING:
        found += [_deviates(session, period), *open_to(rights.viewer, Secret.FIGURES)]
    return found


def _whose(wanted: Wanted, rights: Rights) -> list[ColumnElement[bool]]:
    if not rights.budget:
        return [own(rights.viewer.user_id or 0)]
    if wanted.manager_id is None:
        return []
    if wanted.manager_id == 0:
        return [Project.manager_id.is_(None)]
    people = [] if rights.viewer.confidential else [Project.id.not_in(hidden_ids(rights.viewer, [Secret.PEOPLE]))]
    return [own(wanted.manager_id), *people]


def _deviates(session: Session, period: Period) -> ColumnElement[bool]:
    """The rule of checks_money.deviates, in the database."""
    difference = func.abs(Figure.budget_ore - Figure.forecast_ore)
    return exists().where(
        Figure.project_id == Project.id,
        Figure.period == reporting_key(session, period),
        Figure.year == period.year,
        Figure.budget_ore != Figure.forecast_ore,
        difference >= period.deviation_ore,
        difference * 100 >= func.abs(Figure.budget_ore) * period.deviation_percent,
    )


def count_projects(session: Session, where: Sequence[ColumnElement[bool]]) -> int:
    """How many projects the conditions mean."""
    statement = select(func.count()).select_from(ProjectReport).join(Project, Project.id == ProjectReport.project_id)
    return session.scalar(statement.where(*where)) or 0


def list_ids(session: Session, where: Sequence[ColumnElement[bool]], offset: int, limit: int) -> list[int]:
    """A slice of them in Swedish order of their names."""
    statement = select(Project.id).join(ProjectReport, Project.id == ProjectReport.project_id).where(*where)
    return list(session.scalars(statement.order_by(Project.sort_key, Project.id).offset(offset).limit(limit)))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Codes of the projects before and after in the same order, and of the next one that waits; "" is none."""

    before: str
    after: str
    waiting: str


def neighbours(session: Session, period: Period, project: Project, rights: Rights) -> Neighbours:
    """Around a project: among a manager's own, and for a controller among those of the project's manager."""
    where = conditions(session, period, Wanted(manager_id=project.manager_id or 0), rights)
    later = or_(
        Project.sort_key > project.sort_key, and_(Project.sort_key == project.sort_key, Project.id > project.id)
    )
    earlier = or_(
        Project.sort_key < project.sort_key, and_(Project.sort_key == project.sort_key, Project.id < project.id)
    )
    waits = ProjectReport.state == ReportState.WAITING
    codes = select(Project.code).join(ProjectReport, Project.id == ProjectReport.project_id).where(*where)
    ahead = codes.order_by(Project.sort_key, Project.id).limit(1)
    back = codes.order_by(Project.sort_key.desc(), Project.id.desc()).limit(1)
    return Neighbours(
        before=session.scalar(back.where(earlier)) or "",
        after=session.scalar(ahead.where(later)) or "",
        waiting=session.scalar(ahead.where(later, waits)) or session.scalar(ahead.where(earlier, waits)) or "",
    )
