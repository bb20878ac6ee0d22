"""What the register holds of a project beyond its own row: goals, served areas, figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.goals.models import Goal
from tracker.imports.amounts import of_field
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import GoalAssessment, GoalTag, ServedArea
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow, Scope

ServedRow = tuple[Scope, int | None, int]
"""Scope, area id, share."""
Counts = tuple[int | None, int | None, int | None]
"""Planned, started, completed."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A goal that the project is tagged with, and the edition of the goal."""

    goal_set_id: int
    weight: int
    motivation: str


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The amounts of one year and flow in whole öre."""

    budget: int | None = None
    outcome: int | None = None
    forecast: int | None = None
    preliminary: bool = False

    def told(self, year: int, flow: Flow) -> list[object]:
        """As the history writes it."""
        amounts = [self.budget, self.outcome, self.forecast]
        return [RUNNING_PERIOD, year, flow.value, *amounts, self.preliminary]


@dataclass(frozen=True, slots=True)
class Contents:
    """Empty where the file has no column for it."""

    goals: dict[int, Tag] = field(default_factory=dict)
    no_contribution: dict[int, str] = field(default_factory=dict)
    """Goal set id → reason."""
    serves: list[ServedRow] = field(default_factory=list)
    figures: dict[tuple[int, Flow], FigureRow] = field(default_factory=dict)
    volumes: dict[tuple[int, int], Counts] = field(default_factory=dict)
    """(measure id, year) → counts; only where the file has the table of volumes."""


NOTHING = Contents()


def load_contents(session: Session, ids: Sequence[int], fields: Collection[str]) -> dict[int, Contents]:
    """Project id → contents, one or two statements for each kind that the file has columns for."""
    found: dict[int, Contents] = defaultdict(Contents)
    if "goals" in fields or "goal_rows" in fields:
        _load_goals(session, ids, found)
    if "serves" in fields:
        columns = (ServedArea.project_id, ServedArea.scope, ServedArea.area_id, ServedArea.share)
        rows = select(*columns).where(ServedArea.project_id.in_(ids))
        for one, scope, area_id, share in session.execute(rows.order_by(ServedArea.project_id, ServedArea.position)):
            found[one].serves.append((scope, area_id, share))
    if "money" in fields or any(of_field(name) for name in fields):
        _load_figures(session, ids, found)
    if "volume_rows" in fields:
        _load_volumes(session, ids, found)
    return found


def _load_goals(session: Session, ids: Sequence[int], found: dict[int, Contents]) -> None:
    tags = select(GoalTag.project_id, GoalTag.goal_id, Goal.goal_set_id, GoalTag.weight, GoalTag.motivation)
    tags = tags.join(Goal, GoalTag.goal_id == Goal.id).where(GoalTag.project_id.in_(ids))
    for one, goal_id, edition, weight, motivation in session.execute(tags):
        found[one].goals[goal_id] = Tag(edition, weight, motivation)
    judged = select(GoalAssessment.project_id, GoalAssessment.goal_set_id, GoalAssessment.reason)
    for one, goal_set_id, reason in session.execute(judged.where(GoalAssessment.project_id.in_(ids))):
        found[one].no_contribution[goal_set_id] = reason


def _load_figures(session: Session, ids: Sequence[int], found: dict[int, Contents]) -> None:
    amounts = (Figure.budget_ore, Figure.outcome_ore, Figure.forecast_ore, Figure.budget_preliminary)
    rows = select(Figure.project_id, Figure.year, Figure.flow, *amounts).where(Figure.project_id.in_(ids))
    for one, year, flow, budget, outcome, forecast, preliminary in session.execute(
        rows.where(Figure.period == RUNNING_PERIOD)
    ):
        found[one].figures[year, flow] = FigureRow(budget, outcome, forecast, preliminary)


def _load_volumes(session: Session, ids: Sequence[int], found: dict[int, Contents]) -> None:
    columns = (Volume.project_id, Volume.measure_id, Volume.year, Volume.planned, Volume.started, Volume.completed)
    rows = select(*columns).where(Volume.project_id.in_(ids), Volume.period == RUNNING_PERIOD)
    for one, measure_id, year, *counts in session.execute(rows):
        found[one].volumes[measure_id, year] = (counts[0], counts[1], counts[2])
