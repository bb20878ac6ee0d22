"""What decisions say together: their order, the original and the latest budget, and the deviation from it. Pure.

Source of the gates and limits: DOMAIN.md 3.2 in short: a budget is decided at the direction and the implementation
gate, a revision stands beside what it revises, and the budget is compared with the original and with the latest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.projects.inputs import DecisionInput, FigureInput, VolumeInput
from tracker.projects.vocabulary import Flow, Gate, Phase

DIRECTION = (Gate.DIRECTION, Gate.DIRECTION_REVISED)
IMPLEMENTATION = (Gate.IMPLEMENTATION, Gate.IMPLEMENTATION_REVISED)
"""The gates that decide a budget for the whole project; a part decision covers a part and is none."""
REVISIONS = {Gate.DIRECTION_REVISED: Gate.DIRECTION, Gate.IMPLEMENTATION_REVISED: Gate.IMPLEMENTATION}
_ORDER = {gate: place for place, gate in enumerate(Gate)}
_NOISE = re.compile(r"prisnivå|priser|pris|[^0-9a-zåäö]+")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the rules warn at; settings of the installation."""

    deviation_percent: int = 15
    board_ore: int = 50 * 100_000_000


@dataclass(frozen=True, slots=True)
class Course:
    """How a project goes: what its decisions, money and counts are read together from."""

    phase: Phase
    decisions: tuple[DecisionInput, ...] = ()
    figures: tuple[FigureInput, ...] = ()
    volumes: tuple[VolumeInput, ...] = ()
    measure_names: Mapping[int, str] = field(default_factory=dict)


def in_time(decisions: Iterable[DecisionInput]) -> list[DecisionInput]:
    """By date, then by gate, then by id; those without a date last."""
    return sorted(
        decisions,
        key=lambda one: (one.date is None, one.date or date.min, _ORDER[one.gate], one.id is None, one.id or 0),
    )


def taken(decisions: Iterable[DecisionInput], today: date) -> list[DecisionInput]:
    """Those that have been taken by the day, in time; one that lies ahead or has no date is none of them."""
    return [one for one in in_time(decisions) if one.date is not None and one.date <= today]


@dataclass(frozen=True, slots=True)
class Budgets:
    """The original and the latest decided budget; the same row when it was never revised."""

    original: DecisionInput
    latest: DecisionInput

    @property
    def revised(self) -> bool:
        """Whether there is a later one."""
        return self.original is not self.latest

    @property
    def comparable(self) -> bool:
        """Whether both state the same price level, so that a difference between them means anything."""
        return bool(price_key(self.latest.price_level)) and same_price_level(self.original, self.latest)


def decided_budgets(decisions: Iterable[DecisionInput], today: date) -> Budgets | None:
    """From the implementation decisions with sums, or else from the direction decisions; None without any."""
    decided = [one for one in taken(decisions, today) if one.has_sums]
    for gates in (IMPLEMENTATION, DIRECTION):
        rows = [one for one in decided if one.gate in gates]
        if rows:
            return Budgets(rows[0], rows[-1])
    return None


def price_key(level: str) -> str:
    """What a price level means, however it is written: "Prisnivå 2004" and "2004 års priser" are not told apart."""
    return _NOISE.sub("", level.casefold().replace(" års", " "))


def same_price_level(*decisions: DecisionInput) -> bool:
    """Whether the sums of these may be added or compared."""
    return len({price_key(one.price_level) for one in decisions}) <= 1


@dataclass(frozen=True, slots=True)
class FinalForecast:
    """The money of all registered years in whole öre, current prices; `by_budget` had nothing but a budget."""

    outlay_ore: int | None
    income_ore: int | None
    years: tuple[int, ...]
    by_budget: tuple[int, ...]


def final_forecast(figures: Sequence[FigureInput], this_year: int) -> FinalForecast | None:
    """Outcome of the years that have ended, forecast of the others, budget where there is nothing else."""
    amounts: dict[Flow, list[int]] = {flow: [] for flow in Flow}
    years, by_budget = set(), set()
    for row in figures:
        order = [row.outcome_ore, row.forecast_ore] if row.year < this_year else [row.forecast_ore, row.outcome_ore]
        best = next((ore for ore in (*order, row.budget_ore) if ore is not None), None)
        if best is None:
            continue
        amounts[row.flow].append(best)
        years.add(row.year)
        if order == [None, None]:
            by_budget.add(row.year)
    if not years:
        return None
    outlay, income = (sum(amounts[flow]) if amounts[flow] else None for flow in (Flow.OUTLAY, Flow.INCOME))
    return FinalForecast(outlay, income, tuple(sorted(years)), tuple(sorted(by_budget)))


def overrun(budget: DecisionInput, forecast: FinalForecast | None, percent: int) -> bool:
    """Whether the forecast outlay exceeds what was decided by so many percent or more."""
    if forecast is None or forecast.outlay_ore is None or budget.outlay_ore is None:
        return False
    over = forecast.outlay_ore - budget.outlay_ore
    return over > 0 and over * 100 >= budget.outlay_ore * percent


def is_board(body: str) -> bool:
    """Whether the body is a board, the city executive board or the city council, and not the office."""
    words = body.casefold()
    return bool(re.search(r"nämnd|kommunstyrelse|kommunfullmäktige|\bks\b|\bkf\b", words)) and "delegation" not in words
