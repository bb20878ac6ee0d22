"""The money of each project in the year, and where its forecast deviates from the budget. All financiers' money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.contribution.material import CountedProject
from tracker.followup.facts import PeriodFacts, ReportedProject, YearMoney
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Flow
from tracker.reports.facts import BoardFacts


@dataclass(frozen=True, slots=True)
class Deviation:
    """A project whose forecast of a flow differs from the year's budget."""

    project: CountedProject
    reported: ReportedProject
    money: YearMoney
    above_limit: bool

    @property
    def ore(self) -> int:
        """Budget less forecast: an outlay below 0 is an overrun."""
        return deviation_of(self.money) or 0


def told_projects(facts: BoardFacts) -> Iterator[tuple[CountedProject, ReportedProject]]:
    """Each project as it is counted and as it reported, by code."""
    yield from zip(facts.material.projects, facts.projects, strict=True)


def money_of(facts: BoardFacts, project: CountedProject, reported: ReportedProject, flow: Flow) -> YearMoney | None:
    """The project's money of the period's year, unless this audience may not have it."""
    if Secret.FIGURES in project.hidden:
        return None
    year = facts.period.year
    return next((one for one in reported.money if one.year == year and one.flow is flow), None)


def deviation_of(money: YearMoney) -> int | None:
    """Budget less forecast in whole öre; None where either is missing."""
    if money.budget_ore is None or money.forecast_ore is None:
        return None
    return money.budget_ore - money.forecast_ore


def list_deviations(facts: BoardFacts) -> tuple[Deviation, ...]:
    """Every deviation that is not 0, the largest first, then by code."""
    found = []
    for project, reported in told_projects(facts):
        for flow in Flow:
            money = money_of(facts, project, reported, flow)
            ore = deviation_of(money) if money else None
            if money and ore:
                found.append(
                    Deviation(project, reported, money, passes_limit(facts.period, money.budget_ore or 0, ore))
                )
    return tuple(sorted(found, key=lambda one: (-abs(one.ore), one.project.code, one.money.flow)))


def passes_limit(period: PeriodFacts, budget_ore: int, ore: int) -> bool:
    """Whether a deviation is at least both limits of the period, so that it needs a comment."""
    return abs(ore) >= period.deviation_ore and abs(ore) * 100 >= abs(budget_ore) * period.deviation_percent
