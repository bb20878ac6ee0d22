"""Writing a plan, all of it or nothing: the caller's one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from tracker.errors import RefusedFileError
from tracker.history.services import Actor
from tracker.imports.additions import add_projects
from tracker.imports.plan import Plan
from tracker.imports.updates import change_projects
from tracker.projects.bulk import blocks
from tracker.projects.models import GoalAssessment, GoalTag, Project

CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Applied:
    """What was written."""

    added: int
    changed: int
    unchanged: int
    project_ids: tuple[int, ...]
    """Of every row of the file, unchanged ones included."""


def apply_plan(session: Session, plan: Plan, actor: Actor, progress: Callable[[int], None] = lambda _: None) -> Applied:
    """Write a plan made in the same transaction, which the caller has begun with `begin_writing`.

    `progress` is told how many rows were written since the last time. Raises RefusedFileError, and writes
    nothing, when the plan refuses any row.
    """
    if plan.refused:
        raise RefusedFileError(f"{plan.refused_rows} rader i filen kan inte tas emot, så ingenting har sparats.")
    ids = [project_id for _, project_id in plan.unchanged] + [change.project_id for change in plan.changes]
    left = iter(plan.additions)
    while chunk := list(islice(left, CHUNK)):
        ids += add_projects(session, plan, chunk, actor)
        progress(len(chunk))
    if plan.changes:
        change_projects(session, plan, plan.changes, actor)
        progress(len(plan.changes))
    return Applied(len(plan.additions), len(plan.changes), len(plan.unchanged), tuple(ids))


def count_without_goals(session: Session, project_ids: Iterable[int]) -> int:
    """How many of these projects nobody has judged against the goals yet."""
    unjudged = ~exists().where(GoalTag.project_id == Project.id) & ~exists().where(
        GoalAssessment.project_id == Project.id
    )
    return sum(
        session.scalar(select(func.count(Project.id)).where(Project.id.in_(block), unjudged)) or 0
        for block in blocks(project_ids)
    )
