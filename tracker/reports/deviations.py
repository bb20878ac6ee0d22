"""The money of each project in the year, and where its forecast deviates from the budget. All financiers' money."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from tracker.apportion import IntArray
from tracker.contribution.material import CountedProject
from tracker.followup.facts import PeriodFacts, ReportedProject, YearMoney
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Flow
from tracker.reports.facts import BoardFacts

FLOWS = tuple(sorted(Flow))
"""In order of their words, which decides between equal deviations of one project."""


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


def list_deviations(facts: BoardFacts) -> Deviations:
    """Every deviation that is not 0, the largest first, then by code."""
    numbers = array("q")
    for place, (project, reported) in enumerate(told_projects(facts)):
        for at, flow in enumerate(FLOWS):
            money = money_of(facts, project, reported, flow)
            if money and (ore := deviation_of(money)):
                numbers.extend((ore, place, at, passes_limit(facts.period, money.budget_ore or 0, ore)))
    lines = np.frombuffer(numbers, dtype=np.int64).reshape(-1, 4)
    return Deviations(facts, lines[np.lexsort((lines[:, 2], lines[:, 1], -np.abs(lines[:, 0])))])


class Deviations(Sequence[Deviation]):
    """Deviations in an order, each made when it is asked for: of a hundred thousand projects few are there at a time.

    `lines` (deviations, 4): öre, the project's place, the flow's place in FLOWS, above the limit or not.
    """

    def __init__(self, facts: BoardFacts, lines: IntArray) -> None:
        self._facts, self._lines = facts, lines

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, at: int) -> Deviation: ...

    @overload
    def __getitem__(self, at: slice) -> Deviations: ...

    def __getitem__(self, at: int | slice) -> Deviation | Deviations:
        if isinstance(at, slice):
            return Deviations(self._facts, self._lines[at])
        _, place, flow, above = self._lines[at].tolist()
        project, reported = self._facts.material.projects[place], self._facts.projects[place]
        money = money_of(self._facts, project, reported, FLOWS[flow])
        if money is None:
            raise ValueError("a deviation without money")
        return Deviation(project, reported, money, bool(above))

    def above_limit(self) -> Deviations:
        """Those that need a comment, in the same order."""
        return Deviations(self._facts, self._lines[self._lines[:, 3] == 1])


def passes_limit(period: PeriodFacts, budget_ore: int, ore: int) -> bool:
    """Whether a deviation is at least both limits of the period, so that it needs a comment."""
    return abs(ore) >= period.deviation_ore and abs(ore) * 100 >= abs(budget_ore) * period.deviation_percent
