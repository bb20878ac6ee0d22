"""A period and what projects reported in it, as a report tells it: plain words and whole öre, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tracker.followup.vocabulary import Light, PeriodKind, ReportState, Target
from tracker.projects.vocabulary import Flow


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """The period itself."""

    key: str
    code: str
    version: int
    name: str
    year: int
    kind: PeriodKind
    as_of: date
    deadline: date
    reason: str
    deviation_percent: int
    deviation_ore: int
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class YearMoney:
    """All financiers' money of a project in a year, in whole öre."""

    year: int
    flow: Flow
    budget_ore: int | None
    outcome_ore: int | None
    forecast_ore: int | None


@dataclass(frozen=True, slots=True)
class DecidedBudget:
    """The decided budget of the whole project, at its price level; `original` where it was revised since."""

    gate: str
    day: date | None
    outlay_ore: int | None
    income_ore: int | None
    price_level: str
    original_outlay_ore: int | None
    original_price_level: str


@dataclass(frozen=True, slots=True)
class ProjectMeasure:
    """A count of a project in the year of the period; planned is its newest position."""

    code: str
    name: str
    unit: str
    planned: int | None
    started: int | None
    completed: int | None


@dataclass(frozen=True, slots=True)
class ReportedProject:
    """What a project's report says, by the project's code. What the audience may not have is empty."""

    code: str
    state: ReportState
    light: Light | None
    light_text: str
    comment: str
    start_decided: date | None
    start_forecast: date | None
    end_decided: date | None
    end_forecast: date | None
    money: tuple[YearMoney, ...]
    decided: DecidedBudget | None
    measures: tuple[ProjectMeasure, ...]
    description: str
    """The public description."""
    manager: str
    """Only for the internal audience."""
    motivations: tuple[tuple[str, str], ...]
    """Goal code → why the project contributes."""
    answers: tuple[tuple[str, str, str], ...]
    """Goal code, strategic question, answer."""


@dataclass(frozen=True, slots=True)
class ReconciledYear:
    """One target, year and flow: what the portfolio holds, what the target holds, and the writing that explains.

    `difference_ore` is portfolio less target; an explanation counts only for the very difference it was written for.
    """

    target: Target
    year: int
    flow: Flow
    portfolio_ore: int
    target_ore: int
    explanation: str
    explained_by: str

    @property
    def difference_ore(self) -> int:
        """Portfolio less target."""
        return self.portfolio_ore - self.target_ore

    @property
    def settled(self) -> bool:
        """Whether nothing is left unexplained."""
        return self.difference_ore == 0 or bool(self.explanation)
