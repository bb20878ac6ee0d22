"""Reading what the checks look at, for many projects at once: the number of statements never grows with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select, true
from sqlalchemy.orm import Session

from tracker.followup.checks_facts import CountFacts, PastReport, PeriodRules, ReportFacts
from tracker.followup.facts import YearMoney
from tracker.followup.models import Period, ProjectReport
from tracker.followup.queries import source_key
from tracker.measures.models import Measure
from tracker.projects.decisions import decided_budgets
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.inputs import DecisionInput
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.secrecy import Secret

PAST = 2
"""Earlier periods that a report is compared with."""
CHUNK = 50_000
"""So many ids stand in a statement at once; SQLite takes a million characters."""
Ids = Sequence[int]


@dataclass(slots=True)
class _Read:
    """What the statements gave, by project; amounts by (project, period key), reports by (project, period id)."""

    reports: dict[int, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))
    money: dict[tuple[int, str], list[YearMoney]] = field(default_factory=lambda: defaultdict(list))
    decisions: dict[int, list[DecisionInput]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[int, list[CountFacts]] = field(default_factory=lambda: defaultdict(list))


def among(column: Any, ids: Ids) -> ColumnElement[bool]:
    """Condition: the column is one of the ids, however many; they are whole numbers and stand in the statement."""
    condition: ColumnElement[bool] = column.in_(
        bindparam(None, [int(one) for one in ids], expanding=True, literal_execute=True)
    )
    return condition


def periods_before(session: Session, period: Period) -> list[Period]:
    """The last periods before this one in time, the newest first, each in its newest version."""
    statement = select(Period).where(Period.as_of < period.as_of).order_by(Period.as_of.desc(), Period.version.desc())
    newest: dict[str, Period] = {}
    for one in session.scalars(statement.limit(PAST * 20)):
        newest.setdefault(one.code, one)
    return list(newest.values())[:PAST]


def read_report_facts(
    session: Session, period: Period, ids: Ids, viewer: Viewer, *, words_only: bool = False
) -> Iterator[tuple[int, ReportFacts]]:
    """Project id and its facts, for those of the projects that report in the period and that the viewer sees.

    With `words_only` amounts and counts are not read: the checks of those find nothing.
    """
    past, key = periods_before(session, period), source_key(session, period)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        read = _Read()
        _read_reports(session, [period, *past], chunk, viewer, read)
        if not words_only:
            _read_money(session, (period, key), past, chunk, viewer, read)
            _read_decisions(session, chunk, viewer, read)
            for project_id, counts in read_counts(session, (period, key), chunk, viewer):
                read.counts[project_id].append(counts)
        for project_id, reports in read.reports.items():
            if period.id in reports:
                facts = _facts(project_id, reports, period, past, read)
                yield project_id, replace(facts, money_seen=False) if words_only else facts


def _read_reports(session: Session, periods: Sequence[Period], ids: Ids, viewer: Viewer, read: _Read) -> None:
    dates_open, money_open = (and_(true(), *open_to(viewer, one)) for one in (Secret.DATES, Secret.FIGURES))
    columns = (
        ProjectReport.project_id, ProjectReport.period_id, ProjectReport.state, ProjectReport.light,
        ProjectReport.light_text, ProjectReport.comment, ProjectReport.end_forecast, Project.end_decided,
        Project.phase, dates_open.label("dates_open"), money_open.label("money_open"),
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Project, Project.id == ProjectReport.project_id)
        .where(ProjectReport.period_id.in_([one.id for one in periods]), *visible_to(viewer))
        .where(among(ProjectReport.project_id, ids))
    )
    for row in session.execute(statement):
        read.reports[row.project_id][row.period_id] = row


def _read_money(
    session: Session, source: tuple[Period, str], past: Sequence[Period], ids: Ids, viewer: Viewer, read: _Read
) -> None:
    """`source` is the period and under which key its present figures stand."""
    period, key = source
    columns = (
        Figure.project_id, Figure.period, Figure.year, Figure.flow, Figure.budget_ore, Figure.outcome_ore,
        Figure.forecast_ore,
    )  # fmt: skip
    keys = {key: period.key} | {one.key: one.key for one in past}
    statement = select(*columns).where(Figure.period.in_(keys), among(Figure.project_id, ids))
    statement = statement.where(*open_to(viewer, Secret.FIGURES, Figure.project_id))
    for row in session.execute(statement.order_by(Figure.year, Figure.flow.desc())):
        read.money[row[0], keys[row[1]]].append(YearMoney(row[2], row[3], row[4], row[5], row[6]))


def _read_decisions(session: Session, ids: Ids, viewer: Viewer, read: _Read) -> None:
    names = ("gate", "date", "outlay_ore", "income_ore", "price_level", "id")
    columns = [getattr(Decision, name) for name in names]
    statement = select(Decision.project_id, *columns).where(among(Decision.project_id, ids))
    statement = statement.where(*open_to(viewer, Secret.DECISIONS, Decision.project_id))
    for project_id, *values in session.execute(statement.order_by(Decision.id)):
        read.decisions[project_id].append(DecisionInput(**dict(zip(names, values, strict=True))))


def read_counts(
    session: Session, source: tuple[Period, str], ids: Ids, viewer: Viewer
) -> Iterator[tuple[int, CountFacts]]:
    """Project id and a measure of it: completed are added over the years to the period's, planned is the newest."""
    period, key = source
    statement = (
        select(Volume.project_id, Measure.id, Measure.name_sv, Volume.planned, Volume.completed)
        .join(Measure, Measure.id == Volume.measure_id)
        .where(Volume.period == key, Volume.year <= period.year, among(Volume.project_id, ids))
        .where(*open_to(viewer, Secret.VOLUMES, Volume.project_id))
        .order_by(Measure.position, Measure.code, Volume.year)
    )
    found: dict[tuple[int, int], CountFacts] = {}
    for project_id, measure_id, name, planned, completed in session.execute(statement):
        before = found.get((project_id, measure_id), CountFacts(name, None, 0))
        newest = before.planned if planned is None else planned
        found[project_id, measure_id] = CountFacts(name, newest, before.completed + (completed or 0))
    yield from ((project_id, counts) for (project_id, _), counts in found.items())


def _facts(
    project_id: int, reports: Mapping[int, Any], period: Period, past: Sequence[Period], read: _Read
) -> ReportFacts:
    own = reports[period.id]
    budgets = decided_budgets(read.decisions.get(project_id, ()), period.as_of)
    return ReportFacts(
        state=own.state,
        phase=own.phase,
        light=own.light,
        light_text=own.light_text,
        comment=own.comment,
        end_decided=own.end_decided if own.dates_open else None,
        end_forecast=own.end_forecast if own.dates_open else None,
        money=tuple(read.money.get((project_id, period.key), ())),
        decided_outlay_ore=budgets.latest.outlay_ore if budgets else None,
        decided_income_ore=budgets.latest.income_ore if budgets else None,
        counts=tuple(read.counts.get(project_id, ())),
        past=tuple(_past(reports[one.id], one, project_id, read) for one in past if one.id in reports),
        money_seen=bool(own.money_open),
    )


def _past(report: Any, period: Period, project_id: int, read: _Read) -> PastReport:
    end = report.end_forecast if report.dates_open else None
    money = tuple(read.money.get((project_id, period.key), ()))
    return PastReport(period.key, report.state, report.light, report.light_text, end, money)


def rules_of(period: Period) -> PeriodRules:
    """What the period asks, without a day to judge lateness by."""
    return PeriodRules(period.year, period.as_of, period.deadline, period.deviation_percent, period.deviation_ore)
