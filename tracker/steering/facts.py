"""Assignments, indicators and judgements as a report tells them: plain words and numbers, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.goals.models import AssignmentStatus
from tracker.steering.vocabulary import Direction, Fulfilment


@dataclass(frozen=True, slots=True)
class AssignmentFacts:
    """An assignment as it stood in the period; codes of goals and of the projects that this audience may see."""

    code: str
    text: str
    owner_board: str
    budget_year: int
    due: date | None
    status: AssignmentStatus
    report: str
    goals: tuple[str, ...]
    projects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndicatorValueFacts:
    """Whole numbers of 10^-decimals of the unit; `area` is "" for the whole city."""

    year: int
    area: str
    area_set: str
    target: int | None
    forecast: int | None
    outcome: int | None


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """An indicator with its values by year, the whole city first."""

    code: str
    name: str
    unit: str
    decimals: int
    direction: Direction
    goal: str
    source: str
    values: tuple[IndicatorValueFacts, ...]


@dataclass(frozen=True, slots=True)
class FulfilmentFacts:
    """How far the board judged a goal to be met."""

    goal: str
    level: Fulfilment
    motivation: str


@dataclass(frozen=True, slots=True)
class SteeringFacts:
    """All of it for one period."""

    assignments: tuple[AssignmentFacts, ...]
    indicators: tuple[IndicatorFacts, ...]
    fulfilments: tuple[FulfilmentFacts, ...]
