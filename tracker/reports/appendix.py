"""The appendix "Genomförandeprojekt över 50 mnkr": what was decided, spent and forecast for each, in total.

Amounts stand at the price level of their decision. Sums at different price levels are never added, so it has no sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tracker.contribution.material import CountedProject
from tracker.followup.facts import DecidedBudget, ReportedProject, YearMoney
from tracker.money import NO_BREAK_SPACE, format_exact_mnkr
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Flow, Phase
from tracker.reports.deviations import told_projects
from tracker.reports.facts import BoardFacts

PHASES = (Phase.IMPLEMENTATION, Phase.FINAL_REPORT)


@dataclass(frozen=True, slots=True)
class AppendixLine:
    """A large implementation project. `spent_ore` is every year's outcome so far, in the prices of those years."""

    project: CountedProject
    reported: ReportedProject
    decided: DecidedBudget
    spent_ore: int | None
    year_forecast_ore: int | None


def title_of(facts: BoardFacts) -> str:
    """ "Genomförandeprojekt över 50 mnkr"."""
    return f"Genomförandeprojekt över {format_exact_mnkr(facts.appendix_limit_ore)}{NO_BREAK_SPACE}mnkr"


def list_appendix(facts: BoardFacts) -> Iterator[AppendixLine]:
    """Projects under implementation with a decided outlay above the limit, the largest first, then by code."""
    found = [
        (-(line.decided.outlay_ore or 0), place)
        for place, (project, reported) in enumerate(told_projects(facts))
        if (line := _line(facts, project, reported))
    ]
    # Only their places are kept: a large portfolio has thousands.
    for _, place in sorted(found):
        line = _line(facts, facts.material.projects[place], facts.projects[place])
        if line:
            yield line


def _line(facts: BoardFacts, project: CountedProject, reported: ReportedProject) -> AppendixLine | None:
    decided = reported.decided
    if decided is None or decided.outlay_ore is None or project.hidden.keys() & _HIDING:
        return None
    if project.phase not in PHASES or decided.outlay_ore <= facts.appendix_limit_ore:
        return None
    outlays = [one for one in reported.money if one.flow is Flow.OUTLAY]
    forecast = next((one.forecast_ore for one in outlays if one.year == facts.period.year), None)
    return AppendixLine(project, reported, decided, _spent(outlays), forecast)


_HIDING = {Secret.FIGURES, Secret.DECISIONS}


def _spent(outlays: Iterable[YearMoney]) -> int | None:
    known = [one.outcome_ore for one in outlays if one.outcome_ore is not None]
    return sum(known) if known else None
