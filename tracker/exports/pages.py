"""The whole page of a contribution report as plain frozen data: what is kept while nothing changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.contribution.rules import CountingRule
from tracker.exports import presenters
from tracker.exports.asking import Asked, Choices
from tracker.exports.presenters import ControlRow, Matrix
from tracker.exports.report import Report
from tracker.exports.summary import CitySummary, summarise

Named = tuple[str, str]
"""Code, name."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen instead: nothing where a period is closed, for its editions and year are kept with it."""

    years: tuple[int, ...]
    goal_sets: tuple[Named, ...]
    area_sets: tuple[Named, ...]
    goal_set: str
    area_set: str


NOTHING_OFFERED = Offered((), (), (), "", "")


@dataclass(frozen=True, slots=True)
class ContributionPage:
    """`rule` in running text; `projects` is their number."""

    title: str
    year: int
    rule: CountingRule
    produced: datetime
    reconciles: bool
    projects: int
    heading: tuple[tuple[str, str], ...]
    offered: Offered
    matrix: Matrix
    control: tuple[ControlRow, ...]
    summary: CitySummary


def page_of(report: Report, asked: Asked, offered: Offered) -> ContributionPage:
    """The page of a report as it was asked for."""
    return ContributionPage(
        title=report.title,
        year=report.year,
        rule=report.rule,
        produced=report.produced,
        reconciles=report.reconciles,
        projects=len(report.reckoning.projects),
        heading=report.heading,
        offered=offered,
        matrix=presenters.matrix(report, asked.shown, only_sums=asked.columns == "summor"),
        control=presenters.control(report),
        summary=summarise(report.reckoning, presenters.amount_index(asked.shown)),
    )


def offer(choices: Choices) -> Offered:
    """The choices as plain words."""
    return Offered(
        years=choices.years,
        goal_sets=tuple((one.code, one.name) for one in choices.goal_sets),
        area_sets=tuple((one.code, one.name) for one in reversed(choices.area_sets)),
        goal_set=choices.goal_set.code,
        area_set=choices.area_set.code,
    )
