"""The facts that speak for or against a goal: money, indicators, assignments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.reckoning import reckon
from tracker.contribution.rules import CountingRule
from tracker.contribution.selection import Scope
from tracker.followup.models import Period
from tracker.followup.queries import source_key
from tracker.projects.policies import Viewer
from tracker.steering.facts import AssignmentFacts, IndicatorFacts, IndicatorValueFacts, SteeringFacts

SHOWN = ("utgift-budget", "utgift-utfall", "utgift-prognos")
"""Budget, outcome and forecast of the year, outlay."""


@dataclass(frozen=True, slots=True)
class GoalSums:
    """Of the year, fördelad, in whole öre; `projects` are counted once."""

    projects: int
    budget_ore: int
    outcome_ore: int
    forecast_ore: int


@dataclass(frozen=True, slots=True)
class Speaking:
    """What speaks of each goal by its code; an aspect's also stand at its goal."""

    sums: Mapping[str, GoalSums]
    indicators: Mapping[str, list[tuple[IndicatorFacts, IndicatorValueFacts]]]
    assignments: Mapping[str, list[AssignmentFacts]]


def speak(session: Session, period: Period, viewer: Viewer, facts: SteeringFacts) -> Speaking:
    """Sums only while the period is open: those of a closed one stand in its reports, as they were closed."""
    parents = {goal.code: goal.parent.code for goal in period.goal_set.goals if goal.parent is not None}
    indicators: dict[str, list[tuple[IndicatorFacts, IndicatorValueFacts]]] = defaultdict(list)
    for one in facts.indicators:
        latest = latest_outcome(one, period.year)
        if latest is not None:
            for code in {one.goal, parents.get(one.goal, one.goal)}:
                indicators[code].append((one, latest))
    assignments: dict[str, list[AssignmentFacts]] = defaultdict(list)
    for task in facts.assignments:
        for code in {*task.goals, *(parents.get(code, code) for code in task.goals)}:
            assignments[code].append(task)
    return Speaking(_sums(session, period, viewer) if period.is_open else {}, indicators, assignments)


def latest_outcome(one: IndicatorFacts, year: int) -> IndicatorValueFacts | None:
    """The newest outcome of the whole city up to the year."""
    city = [value for value in one.values if not value.area and value.outcome is not None and value.year <= year]
    return city[-1] if city else None


def _sums(session: Session, period: Period, viewer: Viewer) -> dict[str, GoalSums]:
    scope = Scope(viewer, period.year, period=source_key(session, period))
    reckoning = reckon(session, scope, period.goal_set, period.area_set, CountingRule.FORDELAD)
    cube, keys = reckoning.cube, [amount.key for amount in AMOUNTS]
    places = [keys.index(key) for key in SHOWN]
    return {
        row.key: GoalSums(
            cube.project_count(node, cube.columns.root),
            *(cube.amount(node, cube.columns.root, place) for place in places),
        )
        for node, row in enumerate(reckoning.rows.rows)
    }
