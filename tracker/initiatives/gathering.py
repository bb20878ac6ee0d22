"""Gathering what the report of a period tells of the initiatives; the number of statements is fixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.areas.models import Area
from tracker.followup.models import Period
from tracker.followup.versions import versions_of
from tracker.followup.vocabulary import PeriodKind
from tracker.goals.continuing import codes_in
from tracker.goals.models import Assignment
from tracker.initiatives.facts import InitiativeFacts
from tracker.initiatives.models import (
    Initiative,
    InitiativeArea,
    InitiativeAssignment,
    InitiativeGoal,
    InitiativeProject,
    InitiativeReport,
    Perspective,
    PerspectiveAnswer,
)
from tracker.initiatives.policies import visible_to
from tracker.projects import policies as projects
from tracker.projects.models import Project
from tracker.projects.policies import Viewer


def gather_initiatives(session: Session, period: Period, viewer: Viewer) -> tuple[InitiativeFacts, ...]:
    """The initiatives of a period that this viewer may see, by code.

    Those that go on at some time between New Year and the as-of date (for a plan: during the year), and those that
    were reported in the period. Goals are named as in the period's edition.
    """
    conditions = [*visible_to(viewer), of_period(period)]
    found = session.scalars(select(Initiative).where(*conditions)).all()
    chosen = select(Initiative.id).where(*conditions)
    codes = codes_in(session, period.goal_set)
    reports = reports_in(session, period, chosen)
    linked = _Linked(session, chosen, viewer)
    return tuple(
        _facts(one, codes.of(linked.goals[one.id]), linked, reports.get(one.id))
        for one in sorted(found, key=lambda one: one.code)
    )


def of_period(period: Period) -> ColumnElement[bool]:
    """Condition on `initiative`: it goes on in the part of the year that the period tells of, or was reported in it."""
    last = date(period.year, 12, 31) if period.kind is PeriodKind.PLAN else period.as_of
    running = or_(Initiative.start_date.is_(None), Initiative.start_date <= last) & or_(
        Initiative.end_date.is_(None), Initiative.end_date >= date(period.year, 1, 1)
    )
    reported = select(InitiativeReport.initiative_id).where(InitiativeReport.period_id.in_(versions_of(period)))
    return running | Initiative.id.in_(reported)


def reports_in(session: Session, period: Period, chosen: Select[int]) -> dict[int, InitiativeReport]:
    """Initiative id → what was reported in the period, in its newest version up to this one."""
    statement = (
        select(InitiativeReport)
        .join(Period, Period.id == InitiativeReport.period_id)
        .where(InitiativeReport.period_id.in_(versions_of(period)), InitiativeReport.initiative_id.in_(chosen))
        .order_by(Period.version)
    )
    return {one.initiative_id: one for one in session.scalars(statement)}


class _Linked:
    """What hangs on the chosen initiatives, each kind read at once: initiative id → ids, codes, names or answers."""

    def __init__(self, session: Session, chosen: Select[int], viewer: Viewer) -> None:
        def read(statement: Any, owner: Any) -> Mapping[int, list[Any]]:
            grouped: dict[int, list[Any]] = defaultdict(list)
            for row in session.execute(statement.where(owner.in_(chosen))):
                grouped[row[0]].append(row[1] if len(row) == 2 else tuple(row[1:]))
            return grouped

        goal, assignment = InitiativeGoal.initiative_id, InitiativeAssignment.initiative_id
        area, project = InitiativeArea.initiative_id, InitiativeProject.initiative_id
        answer = PerspectiveAnswer.initiative_id
        self.goals = read(select(goal, InitiativeGoal.goal_id), goal)
        self.assignments = read(select(assignment, Assignment.code).join(Assignment), assignment)
        self.areas = read(select(area, Area.name).join(Area).order_by(Area.sort_key, Area.id), area)
        seen = projects.visible_to(viewer)
        self.projects = read(select(project, Project.code).join(Project).where(*seen), project)
        answers = select(answer, Perspective.name, PerspectiveAnswer.answer).join(Perspective)
        self.answers = read(answers.order_by(Perspective.position), answer)


def _facts(one: Initiative, goals: Sequence[str], linked: _Linked, report: InitiativeReport | None) -> InitiativeFacts:
    return InitiativeFacts(
        code=one.code,
        name=one.name,
        description=one.description,
        done=report.done if report else one.description,
        for_whom=(report.for_whom if report else "") or one.for_whom,
        start=one.start_date,
        end=one.end_date,
        goals=tuple(goals),
        assignments=tuple(sorted(linked.assignments[one.id])),
        areas=tuple(linked.areas[one.id]),
        projects=tuple(sorted(linked.projects[one.id])),
        perspectives=tuple(linked.answers[one.id]),
        confidential=one.confidential,
    )
