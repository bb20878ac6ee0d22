"""Gathering what the report of a period tells of steering: assignments, indicators, how far goals are met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.areas.models import Area, AreaSet
from tracker.followup.models import Period
from tracker.followup.versions import is_before, versions_of
from tracker.goals.continuing import GoalCodes, codes_in
from tracker.goals.models import Assignment
from tracker.goals.queries import list_assignments
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to
from tracker.steering.facts import (
    AssignmentFacts,
    FulfilmentFacts,
    IndicatorFacts,
    IndicatorValueFacts,
    SteeringFacts,
)
from tracker.steering.models import AssignmentProject, AssignmentReport, GoalFulfilment, Indicator, IndicatorValue
from tracker.steering.rules import Standing, belongs, standing_in


def gather_steering(session: Session, period: Period, viewer: Viewer) -> SteeringFacts:
    """All of it for one period, by code; projects only those that this viewer may see. A fixed number of statements."""
    codes = codes_in(session, period.goal_set)
    return SteeringFacts(
        assignments=_assignments(session, period, viewer, codes),
        indicators=_indicators(session, codes),
        fulfilments=_fulfilments(session, period),
    )


def assignments_of(session: Session, period: Period) -> list[tuple[Assignment, Standing]]:
    """The assignments that a period follows up, by code, each as it stands in it."""
    reports = _reports_until(session, period)
    found = sorted(list_assignments(session), key=lambda one: one.code)
    standings = [(one, standing_in(period.code, one.status, reports.get(one.id, ()))) for one in found]
    return [(one, standing) for one, standing in standings if belongs(one.budget_year, period.year, standing)]


def _reports_until(session: Session, period: Period) -> Mapping[int, list[tuple[str, AssignmentReport]]]:
    """Assignment id → (period code, report) in order of time, of this period and those before it."""
    statement = (
        select(Period.code, AssignmentReport)
        .join(Period, Period.id == AssignmentReport.period_id)
        .where(is_before(period) | AssignmentReport.period_id.in_(versions_of(period)))
        .order_by(Period.as_of, Period.code, Period.version)
    )
    found: dict[int, list[tuple[str, AssignmentReport]]] = defaultdict(list)
    for code, report in session.execute(statement):
        found[report.assignment_id].append((code, report))
    return found


def reports_in(session: Session, period: Period) -> Mapping[int, AssignmentReport]:
    """Assignment id → what was reported in the period, in its newest version up to this one."""
    statement = (
        select(AssignmentReport)
        .join(Period, Period.id == AssignmentReport.period_id)
        .where(AssignmentReport.period_id.in_(versions_of(period)))
        .order_by(Period.version)
    )
    return {one.assignment_id: one for one in session.scalars(statement)}


def _assignments(session: Session, period: Period, viewer: Viewer, codes: GoalCodes) -> tuple[AssignmentFacts, ...]:
    projects = projects_of_assignments(session, viewer)
    return tuple(
        AssignmentFacts(
            code=one.code,
            text=one.text,
            owner_board=one.owner_board,
            budget_year=one.budget_year,
            due=one.due,
            status=standing.status,
            report=standing.text,
            goals=codes.of(goal.id for goal in one.goals),
            projects=tuple(sorted(project.code for project in projects.get(one.id, ()))),
        )
        for one, standing in assignments_of(session, period)
    )


def projects_of_assignments(session: Session, viewer: Viewer) -> Mapping[int, list[Project]]:
    """Assignment id → its projects that this viewer may see."""
    statement = (
        select(AssignmentProject.assignment_id, Project)
        .join(Project, Project.id == AssignmentProject.project_id)
        .where(*visible_to(viewer))
        .order_by(Project.sort_key, Project.code)
    )
    found: dict[int, list[Project]] = defaultdict(list)
    for assignment_id, project in session.execute(statement):
        found[assignment_id].append(project)
    return found


def _indicators(session: Session, codes: GoalCodes) -> tuple[IndicatorFacts, ...]:
    """Those whose goal the period's edition still has."""
    values = _values(session)
    found = []
    for one in session.scalars(select(Indicator)):
        goals = codes.of([one.goal_id])
        if goals:
            facts = (one.code, one.name, one.unit, one.decimals, one.direction, goals[0], one.source)
            found.append(IndicatorFacts(*facts, values=tuple(values.get(one.id, ()))))
    return tuple(sorted(found, key=lambda one: one.code))


def indicators_facts(session: Session) -> dict[int, IndicatorFacts]:
    """Indicator id → the indicator as it stands, under its own goal."""
    values = _values(session)
    return {
        one.id: IndicatorFacts(
            one.code, one.name, one.unit, one.decimals, one.direction, one.goal.code, one.source,
            tuple(values.get(one.id, ())),
        )
        for one in session.scalars(select(Indicator).options(joinedload(Indicator.goal)))
    }  # fmt: skip


def indicator_facts(session: Session, one: Indicator) -> IndicatorFacts:
    """One indicator as it stands, under its own goal."""
    values = tuple(_values(session, one.id).get(one.id, ()))
    return IndicatorFacts(one.code, one.name, one.unit, one.decimals, one.direction, one.goal.code, one.source, values)


def _values(session: Session, only: int | None = None) -> Mapping[int, list[IndicatorValueFacts]]:
    """Indicator id → its values by year, the whole city first in each."""
    columns = (Area.name, AreaSet.code, Area.sort_key)
    statement = (
        select(IndicatorValue, *columns)
        .outerjoin(Area, Area.id == IndicatorValue.area_id)
        .outerjoin(AreaSet, AreaSet.id == Area.area_set_id)
    )
    if only is not None:
        statement = statement.where(IndicatorValue.indicator_id == only)
    found: dict[int, list[tuple[tuple[int, str, str], IndicatorValueFacts]]] = defaultdict(list)
    for row, name, edition, order in session.execute(statement):
        facts = IndicatorValueFacts(row.year, name or "", edition or "", row.target, row.forecast, row.outcome)
        found[row.indicator_id].append(((row.year, order or "", edition or ""), facts))
    return {
        indicator_id: [facts for _, facts in sorted(rows, key=lambda one: one[0])]
        for indicator_id, rows in found.items()
    }


def _fulfilments(session: Session, period: Period) -> tuple[FulfilmentFacts, ...]:
    judged = {one.goal.code: one for one in fulfilments_in(session, period)}
    return tuple(FulfilmentFacts(code, judged[code].level, judged[code].motivation) for code in sorted(judged))


def fulfilments_in(session: Session, period: Period) -> list[GoalFulfilment]:
    """What was judged in the period, each goal in the newest version up to this one."""
    statement = (
        select(GoalFulfilment)
        .join(Period, Period.id == GoalFulfilment.period_id)
        .where(GoalFulfilment.period_id.in_(versions_of(period)))
        .order_by(Period.version)
    )
    return list({one.goal_id: one for one in session.scalars(statement)}.values())
