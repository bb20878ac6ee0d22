"""Writes of assignments (uppdrag). They follow the budget year, not the lock of an edition. The caller commits."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import InvalidInputError, Problem
from tracker.goals.inputs import AssignmentInput
from tracker.goals.models import Assignment, Goal
from tracker.history.changes import assign, created
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message

SUBJECT = "assignment"
_FIELDS = ("text", "owner_board", "budget_year", "due", "status", "source")


def add_assignment(session: Session, given: AssignmentInput, actor: Actor) -> Assignment:
    """A new assignment. Raises InvalidInputError for a taken code."""
    if session.scalar(select(Assignment.id).where(Assignment.code == given.code)) is not None:
        reason = message("Koden %(code)s används redan av ett annat uppdrag.", code=given.code)
        raise InvalidInputError([Problem("code", reason, given.code)])
    values = {field: getattr(given, field) for field in _FIELDS}
    assignment = Assignment(code=given.code, goals=_goals(session, given), **values)
    session.add(assignment)
    session.flush()
    changes = created({"code": given.code, **values, "goals": _names(assignment.goals)})
    record(session, actor, (SUBJECT, assignment.id, 1), Action.CREATED, changes)
    return assignment


def change_assignment(session: Session, assignment: Assignment, given: AssignmentInput, actor: Actor) -> None:
    """Change everything but the code."""
    changes = assign(assignment, {field: getattr(given, field) for field in _FIELDS})
    if {goal.id for goal in assignment.goals} != given.goal_ids:
        before, assignment.goals = _names(assignment.goals), _goals(session, given)
        changes["goals"] = [before, _names(assignment.goals)]
    if changes:
        session.flush()
        record(session, actor, (SUBJECT, assignment.id, 1), Action.CHANGED, changes)


def _goals(session: Session, given: AssignmentInput) -> list[Goal]:
    return list(session.scalars(select(Goal).where(Goal.id.in_(given.goal_ids)).order_by(Goal.code)))


def _names(goals: list[Goal]) -> list[str]:
    return sorted(f"{goal.goal_set.code}:{goal.code}" for goal in goals)
