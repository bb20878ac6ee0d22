"""Reading what projects report on, many at once: the number of statements does not grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from tracker.followup.checks_reading import among
from tracker.followup.models import Period, ProjectReport
from tracker.followup.queries import find_before, reporting_key
from tracker.followup.sheets import JUDGED, CountRow, MoneyRow, Sheet
from tracker.measures.models import Measure
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.queries import hidden_of
from tracker.projects.secrecy import Hidden, Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow

DAYS = ("start_decided", "start_forecast", "end_decided", "end_forecast")
READ = ("code", "name", "manager_id", "deputy_id", *DAYS)
Money = Mapping[tuple[int, int, Flow], Any]


def read_sheets(session: Session, period: Period, ids: Sequence[int], viewer: Viewer) -> dict[int, Sheet]:
    """Project id → its sheet, for those of the projects that report in the period and that the viewer sees."""
    key, before = reporting_key(session, period), find_before(session, period)
    money = _read_money(session, ids, key, viewer)
    past = _read_money(session, ids, before.key, viewer) if before else {}
    counts = _read_counts(session, period, ids, key, viewer)
    hidden = hidden_of(session, ids, viewer)
    mine: dict[int, set[int]] = defaultdict(set)
    for project_id, year, _flow in money:
        if year > period.year:
            mine[project_id].add(year)
    statement = (
        select(ProjectReport, Project)
        .join(Project, Project.id == ProjectReport.project_id)
        .where(ProjectReport.period_id == period.id, among(Project.id, ids), *visible_to(viewer))
        .options(
            load_only(
                Project.code,
                Project.name,
                Project.manager_id,
                Project.deputy_id,
                *(getattr(Project, name) for name in DAYS),
            )
        )
    )
    found = {}
    for report, project in session.execute(statement):
        years = (period.year, *sorted(mine[project.id]))
        rows = tuple(_money_row(project.id, year, flow, money, past) for year in years for flow in Flow)
        marks, numbers = hidden.get(project.id, {}), tuple(counts.get(project.id, ()))
        sheet = _sheet(report, project, period, key, marks, rows, numbers)
        own = viewer.user_id is not None and viewer.user_id in (project.manager_id, project.deputy_id)
        found[project.id] = sheet if own else _for_others(sheet)
    return found


def _for_others(sheet: Sheet) -> Sheet:
    """What a manager wrote of a project that hides anything may tell just that, and so may a light of what is hidden.

    The rules are those of the reports (gathering_projects.py).
    """
    if not sheet.hidden:
        return sheet
    light = None if JUDGED & frozenset(sheet.hidden) else sheet.light
    return replace(sheet, light=light, light_text="", comment="")


def _sheet(
    report: ProjectReport,
    project: Project,
    period: Period,
    key: str,
    hidden: Hidden,
    money: tuple[MoneyRow, ...],
    counts: tuple[CountRow, ...],
) -> Sheet:
    days: dict[str, date | None] = dict.fromkeys(DAYS)
    if Secret.DATES not in hidden:
        forecast = project if key == RUNNING_PERIOD else report
        days = {
            "start_decided": project.start_decided,
            "start_forecast": forecast.start_forecast,
            "end_decided": project.end_decided,
            "end_forecast": forecast.end_forecast,
        }
    return Sheet(
        project_id=project.id,
        code=project.code,
        name=project.name,
        year=period.year,
        version=report.version,
        state=report.state,
        light=report.light,
        light_text=report.light_text,
        # A comment on a deviation tells of the amounts.
        comment="" if Secret.FIGURES in hidden else report.comment,
        reported_at=report.reported_at,
        reported_by=report.reported_by,
        money=money,
        counts=counts,
        hidden=hidden,
        **days,
    )


def _money_row(project_id: int, year: int, flow: Flow, money: Money, past: Money) -> MoneyRow:
    row, before = money.get((project_id, year, flow)), past.get((project_id, year, flow))
    if row is None:
        return MoneyRow(year, flow, before_ore=before.forecast_ore if before else None)
    return MoneyRow(
        year, flow, row.budget_ore, row.outcome_ore, row.forecast_ore, before.forecast_ore if before else None
    )


def _read_money(session: Session, ids: Sequence[int], key: str, viewer: Viewer) -> dict[tuple[int, int, Flow], Any]:
    columns = (
        Figure.project_id, Figure.year, Figure.flow, Figure.budget_ore, Figure.outcome_ore, Figure.forecast_ore,
    )  # fmt: skip
    statement = select(*columns).where(Figure.period == key, among(Figure.project_id, ids))
    rows = session.execute(statement.where(*open_to(viewer, Secret.FIGURES, Figure.project_id)))
    return {(row.project_id, row.year, row.flow): row for row in rows}


def _read_counts(
    session: Session, period: Period, ids: Sequence[int], key: str, viewer: Viewer
) -> dict[int, list[CountRow]]:
    """The measures that a project has numbers of up to the period's year, in the catalogue's order."""
    statement = (
        select(Volume, Measure.name_sv, Measure.unit)
        .join(Measure, Measure.id == Volume.measure_id)
        .where(Volume.period == key, Volume.year <= period.year, among(Volume.project_id, ids))
        .where(*open_to(viewer, Secret.VOLUMES, Volume.project_id))
        .order_by(Measure.position, Measure.code, Volume.year)
    )
    found: dict[int, dict[int, CountRow]] = defaultdict(dict)
    for row, name, unit in session.execute(statement):
        before = found[row.project_id].get(row.measure_id)
        carried = before.carried if before else None
        if row.year == period.year:
            numbers = (row.planned, row.started, row.completed)
            found[row.project_id][row.measure_id] = CountRow(row.measure_id, name, unit, *numbers, carried=carried)
        else:
            newest = carried if row.planned is None else row.planned
            found[row.project_id][row.measure_id] = CountRow(row.measure_id, name, unit, carried=newest)
    return {project_id: list(rows.values()) for project_id, rows in found.items()}
