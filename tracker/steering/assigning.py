"""Assignments: which projects carry them out, and how they go in a period. The caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from tracker.errors import Problem
from tracker.followup.models import Period
from tracker.followup.versions import refuse_closed
from tracker.goals.models import Assignment, AssignmentStatus
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to
from tracker.steering.gathering import assignments_of, reports_in
from tracker.steering.models import AssignmentProject, AssignmentReport
from tracker.steering.outcomes import Outcome
from tracker.steering.rules import Standing

SUBJECT = "assignment"
LONGEST = 8000


@dataclass(frozen=True, slots=True)
class Said:
    """What a row of the page says. `seen` is the mark of what stood there; `same`: what stands still holds."""

    status: AssignmentStatus
    text: str
    seen: str
    same: bool


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """An assignment in a period: its standing, and what is stored of it in the period."""

    assignment: Assignment
    standing: Standing
    stored: AssignmentReport | None

    @property
    def text(self) -> str:
        """What the field holds: this period's text, or the one before."""
        return self.standing.text if self.standing.reported else self.standing.earlier_text

    @property
    def seen(self) -> str:
        """The mark of what is stored: another mark means that somebody has reported in between."""
        return self.stored.reported_at.isoformat() if self.stored else ""


def list_report_rows(session: Session, period: Period) -> list[AssignmentRow]:
    """Every assignment that the period follows up, by code."""
    stored = reports_in(session, period)
    return [AssignmentRow(one, standing, stored.get(one.id)) for one, standing in assignments_of(session, period)]


def report_assignments(session: Session, period: Period, said: Mapping[int, Said], actor: Actor) -> Outcome:
    """Save the rows that say something new, or that nothing is new; all of them or none.

    The assignment's own status follows its newest report. Raises ConflictError when the period is closed.
    """
    # One writer of the period's reports at a time; whoever closes it waits too.
    session.refresh(period, with_for_update={"key_share": True})
    refuse_closed(period)
    rows = [
        (row, said[row.assignment.id])
        for row in list_report_rows(session, period)
        if row.assignment.id in said and _says(row, said[row.assignment.id])
    ]
    reason = message("Texten får ha högst %(most)s tecken.", most=LONGEST)
    problems = {row.assignment.id: Problem("text", reason) for row, one in rows if len(one.text) > LONGEST}
    crossed = frozenset(row.assignment.id for row, one in rows if row.seen != one.seen)
    refused = Outcome(0, problems, crossed)
    if refused.refused:
        return refused
    for row, one in rows:
        _save(session, period, row, one, actor)
    return Outcome(len(rows), {}, frozenset())


def _says(row: AssignmentRow, said: Said) -> bool:
    changed = (said.status, said.text) != (row.standing.status, row.text)
    return changed or (said.same and row.stored is None)


def _save(session: Session, period: Period, row: AssignmentRow, said: Said, actor: Actor) -> None:
    assignment = row.assignment
    report = row.stored if row.stored and row.stored.period_id == period.id else None
    changes: dict[str, list[object]] = {
        "report_status": [report.status.value if report else None, said.status.value],
        "report_text": [report.text if report else None, said.text],
    }
    if report is None:
        report = AssignmentReport(assignment_id=assignment.id, period_id=period.id)
        session.add(report)
    report.status, report.text = said.status, said.text
    report.reported_at, report.reported_by = actor.at, actor.name
    if assignment.status is not said.status and not _reported_later(session, period, assignment):
        changes["status"] = [assignment.status.value, said.status.value]
        assignment.status = said.status
    session.flush()
    differing = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    record(session, actor, (SUBJECT, assignment.id, 1), Action.CHANGED, differing, f"Rapport {period.key}")


def _reported_later(session: Session, period: Period, assignment: Assignment) -> bool:
    later = or_(Period.as_of > period.as_of, (Period.code == period.code) & (Period.version > period.version))
    statement = (
        select(AssignmentReport.period_id)
        .join(Period, Period.id == AssignmentReport.period_id)
        .where(AssignmentReport.assignment_id == assignment.id, later)
    )
    return session.scalar(statement.limit(1)) is not None


def link_projects(
    session: Session, assignment: Assignment, project_ids: frozenset[int], actor: Actor, viewer: Viewer
) -> int:
    """Let it be carried out by these projects; links that the viewer may not see stay. Gives how many changed."""
    seen = select(Project.id, Project.code).where(*visible_to(viewer))
    linked = select(AssignmentProject.project_id).where(AssignmentProject.assignment_id == assignment.id)
    before = dict(session.execute(seen.where(Project.id.in_(linked))).all())
    after = dict(session.execute(seen.where(Project.id.in_(project_ids))).all())
    gone, new = before.keys() - after.keys(), after.keys() - before.keys()
    if not gone and not new:
        return 0
    mine = AssignmentProject.assignment_id == assignment.id
    session.execute(delete(AssignmentProject).where(mine, AssignmentProject.project_id.in_(gone)))
    session.add_all(AssignmentProject(assignment_id=assignment.id, project_id=one) for one in sorted(new))
    session.flush()
    changes: dict[str, list[object]] = {"projects": [sorted(before.values()), sorted(after.values())]}
    record(session, actor, (SUBJECT, assignment.id, 1), Action.CHANGED, changes)
    return len(gone) + len(new)
