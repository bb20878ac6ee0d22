"""Which projects of a period may have something wrong: loose conditions in the database, so that few are looked at.

Every project on which a check finds something is among them (a test holds that); the checks themselves decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from tracker.followup.checks_reading import PAST, periods_before
from tracker.followup.checks_status import ENDED, STILL
from tracker.followup.checks_units import ABOUT, LARGEST, SMALLEST, THOUSAND, YEARS
from tracker.followup.models import Period, ProjectReport
from tracker.followup.queries import source_key
from tracker.followup.vocabulary import Light, ReportState
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.secrecy import Secret

TIMES = THOUSAND // ABOUT
_BLANK = " \t\r\n\u00a0"
_KINDS = ("budget_ore", "outcome_ore", "forecast_ore")
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Ids of projects to look at, by what is to be read of them; some may not report or not be seen by the viewer.

    `unchanged` are found already: to look at each would read the forecasts of everybody.
    """

    by_money: set[int]
    by_report: set[int]
    by_counts: set[int]
    unchanged: set[int]


def read_candidates(session: Session, period: Period, viewer: Viewer) -> Candidates:
    """In five statements, whatever the number of projects."""
    past, key = periods_before(session, period), source_key(session, period)
    by_amounts, by_spread = _by_amounts(period, key, past, viewer), _by_spread(key, viewer)
    return Candidates(
        by_money={*session.scalars(by_amounts), *session.scalars(by_spread)},
        by_report=set(session.scalars(_by_report(period, past, viewer))),
        by_counts=set(session.scalars(_by_counts(period, key, viewer))),
        unchanged=set(session.scalars(_unchanged(period, key, past, viewer))) if len(past) == PAST else set(),
    )


def _by_amounts(period: Period, key: str, past: Sequence[Period], viewer: Viewer) -> Select[Any]:
    """A row with a negative amount, out of step with its budget, or a thousand times what it is compared with."""
    suspect = [*_odd_in_year(period), *(column < 0 for column in _columns(Figure))]
    suspect += [_apart(one, Figure.budget_ore) for one in (Figure.outcome_ore, Figure.forecast_ore)]
    suspect.append(exists().where(Decision.project_id == Figure.project_id, or_(*_beside_decided())))
    statement = select(Figure.project_id).where(Figure.period == key)
    for one in past:
        before = aliased(Figure)
        same = (getattr(before, name) == getattr(Figure, name) for name in ("project_id", "year", "flow"))
        statement = statement.outerjoin(before, and_(*same, before.period == one.key))
        suspect += [_apart(*pair) for pair in zip(_columns(Figure), _columns(before), strict=True)]
    return statement.where(or_(*suspect), *open_to(viewer, Secret.FIGURES, Figure.project_id))


def _odd_in_year(period: Period) -> Iterator[Condition]:
    budget, outcome, forecast = Figure.budget_ore, Figure.outcome_ore, Figure.forecast_ore
    this_year, apart = Figure.year == period.year, func.abs(budget - forecast)
    limits = (apart >= period.deviation_ore, apart * 100 >= func.abs(budget) * period.deviation_percent)
    yield and_(this_year, or_(outcome > budget, forecast < outcome, and_(*limits)))
    yield and_(this_year, budget.is_(None), or_(outcome != 0, forecast != 0))


def _beside_decided() -> Iterator[Condition]:
    best = func.coalesce(func.nullif(Figure.forecast_ore, 0), func.nullif(Figure.outcome_ore, 0), Figure.budget_ore)
    for decided in (Decision.outlay_ore, Decision.income_ore):
        for column in _columns(Figure):
            yield and_(decided != 0, func.abs(column) >= THOUSAND // YEARS * func.abs(decided))
        yield and_(best != 0, func.abs(decided) >= TIMES * func.abs(best))


def _columns(figure: Any) -> list[InstrumentedAttribute[int | None]]:
    return [getattr(figure, name) for name in _KINDS]


def _apart(one: Any, other: Any) -> Condition:
    """A thousand times apart, either way, as far as a slip goes at least."""
    one, other = func.abs(one), func.abs(other)
    high = and_(one >= TIMES * other, one >= LARGEST, other >= SMALLEST)
    return or_(high, and_(other >= TIMES * one, other >= LARGEST, one >= SMALLEST))


def _by_spread(key: str, viewer: Viewer) -> Select[Any]:
    """One year a thousand times another."""
    spread = [
        and_(
            func.max(func.abs(column)) >= LARGEST,
            func.max(func.abs(column)) >= TIMES * func.min(func.nullif(func.abs(column), 0)),
        )
        for column in _columns(Figure)
    ]
    statement = select(Figure.project_id).where(Figure.period == key)
    statement = statement.where(*open_to(viewer, Secret.FIGURES, Figure.project_id))
    return statement.group_by(Figure.project_id, Figure.flow).having(or_(*spread))


def _by_report(period: Period, past: Sequence[Period], viewer: Viewer) -> Select[Any]:
    """A status without a text, an end that has passed, or one that moved."""
    end = func.coalesce(ProjectReport.end_forecast, Project.end_decided)
    late = and_(end < period.as_of, Project.phase.not_in(sorted(ENDED)))
    silent = func.trim(ProjectReport.light_text, _BLANK) == ""
    suspect: list[Condition] = [and_(ProjectReport.light.in_((Light.YELLOW, Light.RED)), silent)]
    moved: list[Condition] = []
    statement = select(ProjectReport.project_id).join(Project, Project.id == ProjectReport.project_id)
    for one in past:
        before = aliased(ProjectReport)
        same = and_(before.project_id == ProjectReport.project_id, before.period_id == one.id)
        statement = statement.outerjoin(before, same)
        moved.append(before.end_forecast != ProjectReport.end_forecast)
    suspect.append(and_(or_(late, *(and_(one, silent) for one in moved)), *open_to(viewer, Secret.DATES)))
    return statement.where(ProjectReport.period_id == period.id, or_(*suspect), *visible_to(viewer))


def _by_counts(period: Period, key: str, viewer: Viewer) -> Select[Any]:
    """More completed than were ever planned."""
    statement = select(Volume.project_id).where(Volume.period == key, Volume.year <= period.year)
    statement = statement.where(*open_to(viewer, Secret.VOLUMES, Volume.project_id))
    grouped = statement.group_by(Volume.project_id, Volume.measure_id)
    return grouped.having(func.sum(Volume.completed) > func.min(Volume.planned))


def _unchanged(period: Period, key: str, past: Sequence[Period], viewer: Viewer) -> Select[Any]:
    """Reported in all three periods with the same status and text, and with the same forecasts of the same years."""
    statement = select(ProjectReport.project_id).join(Project, Project.id == ProjectReport.project_id)
    said = [ProjectReport.state != ReportState.WAITING, Project.phase.not_in(sorted(STILL))]
    for one in past:
        before = aliased(ProjectReport)
        same = and_(before.project_id == ProjectReport.project_id, before.period_id == one.id)
        statement = statement.join(before, same)
        said += [
            before.state != ReportState.WAITING,
            before.light.is_not_distinct_from(ProjectReport.light),
            before.light_text == ProjectReport.light_text,
            ~_forecast_without_twin(key, one.key),
            ~_forecast_without_twin(one.key, key),
        ]
    told = open_to(viewer, Secret.FIGURES)
    return statement.where(ProjectReport.period_id == period.id, *said, *told)


def _forecast_without_twin(key: str, other_key: str) -> Condition:
    """The project has a forecast under the one key that is not there, or is another, under the other key."""
    one, twin = aliased(Figure), aliased(Figure)
    same = [getattr(twin, name) == getattr(one, name) for name in ("project_id", "year", "flow", "forecast_ore")]
    unmatched = (
        select(one.project_id)
        .outerjoin(twin, and_(*same, twin.period == other_key))
        .where(one.period == key, one.forecast_ore.is_not(None), twin.project_id.is_(None))
    )
    return ProjectReport.project_id.in_(unmatched.correlate(None))
