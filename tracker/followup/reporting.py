"""Managers' reports in a period: of one project, of many in a grid, and "inget nytt" for many. The caller commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from tracker.errors import ConflictError, DomainError, ForbiddenError, InvalidInputError, NotFoundError, Problem
from tracker.followup.carrying_on import carry_on
from tracker.followup.checks_reading import among
from tracker.followup.models import Period, ProjectReport
from tracker.followup.queries import reporting_key
from tracker.followup.report_inputs import CountInput, ForecastInput, ReportInput
from tracker.followup.report_rules import Limits, report_problems
from tracker.followup.report_writing import load_whole, write_period, write_through
from tracker.followup.sheet_reading import read_sheets
from tracker.followup.sheets import Sheet
from tracker.followup.vocabulary import ReportState
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.projects.masking import hidden_from
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL, Rights
from tracker.projects.secrecy import Hidden, Secret
from tracker.projects.vocabulary import RUNNING_PERIOD
from tracker.text import clean

SUBJECT = "rapport"


@dataclass(frozen=True, slots=True)
class Entry:
    """A report of one project, by whoever read its version `expected_version`, and what stood as `seen` names it.

    What stands is the register's, and the project form may change it without a report: "" does not ask.
    """

    project_id: int
    given: ReportInput
    expected_version: int
    seen: str = ""


class RefusedReportsError(DomainError):
    """Nothing was saved: project id → what is wrong, and the projects that somebody else reported in between."""

    def __init__(self, problems: dict[int, list[Problem]], conflicts: tuple[int, ...]) -> None:
        super().__init__(message("Inget är sparat: en eller flera rader behöver rättas."))
        self.problems = problems
        self.conflicts = conflicts


def report_project(
    session: Session,
    period: Period,
    project: Project,
    given: ReportInput,
    actor: Actor,
    rights: Rights,
    expected_version: int,
    seen: str = "",
) -> ProjectReport:
    """Report one project; budget and outcome stay as they are, and so does what these rights do not see.

    Raises ConflictError for a closed period or a report by somebody else in between, InvalidInputError for what the
    rules refuse, ForbiddenError for somebody else's project, NotFoundError for one that is not expected to report.
    """
    try:
        [report] = report_many(session, period, [Entry(project.id, given, expected_version, seen)], actor, rights)
    except RefusedReportsError as refused:
        if refused.conflicts:
            text = message("Någon annan har rapporterat eller ändrat projektet medan du arbetade.")
            raise ConflictError(text) from refused
        raise InvalidInputError(refused.problems[project.id]) from refused
    return report


def report_many(
    session: Session, period: Period, entries: Sequence[Entry], actor: Actor, rights: Rights
) -> list[ProjectReport]:
    """Report several projects, all or none. Raises as `report_project`, and RefusedReportsError with every row."""
    hold_open(session, period)
    ids = [one.project_id for one in entries]
    projects = {project.id: project for project in load_whole(session, ids)}
    reports = load_reports(session, period, ids)
    sheets = read_sheets(session, period, ids, INTERNAL)
    for entry in entries:
        project = projects.get(entry.project_id)
        if project is None or entry.project_id not in reports:
            raise NotFoundError(message("Projektet väntas inte rapportera i %(key)s.", key=period.key))
        refuse_others(project, rights)
    shown = read_sheets(session, period, [one.project_id for one in entries if one.seen], rights.viewer)
    conflicts = tuple(
        one.project_id
        for one in entries
        if reports[one.project_id].version != one.expected_version
        or (one.seen and one.seen != shown[one.project_id].sign)
    )
    limits = Limits(period.deviation_percent, period.deviation_ore)
    said: list[tuple[Project, Sheet, ReportInput]] = []
    problems: dict[int, list[Problem]] = {}
    for entry in entries:
        project, sheet = projects[entry.project_id], sheets[entry.project_id]
        hidden = hidden_from(project, rights.viewer)
        given = whole_input(entry.given, sheet, hidden)
        if found := report_problems(given, replace(sheet, hidden=hidden), limits):
            problems[project.id] = found
        said.append((project, sheet, given))
    if problems or conflicts:
        raise RefusedReportsError(problems, conflicts)
    return _write(session, period, said, reports, actor)


def _write(
    session: Session,
    period: Period,
    said: Sequence[tuple[Project, Sheet, ReportInput]],
    reports: dict[int, ProjectReport],
    actor: Actor,
) -> list[ProjectReport]:
    """Judgement first, then amounts and counts, then the history of the reports."""
    for project, _sheet, given in said:
        report = reports[project.id]
        report.state = ReportState.REPORTED
        report.light, report.light_text, report.comment = given.light, given.light_text, given.comment
        report.start_forecast, report.end_forecast = given.start_forecast, given.end_forecast
        report.reported_at, report.reported_by = actor.at, actor.name
        # The version moves also when the same is said again in the same moment.
        flag_modified(report, "reported_at")
    session.flush()
    if reporting_key(session, period) == RUNNING_PERIOD:
        write_through(session, period, said, actor)
    else:
        write_period(session, period, said)
        carry_on(session, period, said, actor)
    for project, sheet, given in said:
        report = reports[project.id]
        before, after = told(sheet.as_given(), sheet.state), told(given, report.state)
        changes = {name: [before[name], value] for name, value in after.items() if before[name] != value}
        record(session, actor, (SUBJECT, report.id, report.version), Action.CHANGED, changes, period.key)
    return [reports[project.id] for project, _sheet, _given in said]


def hold_open(session: Session, period: Period) -> None:
    """Let nobody close the period until this is written; others may report at the same time. Raises ConflictError."""
    session.refresh(period, with_for_update={"read": True})
    if not period.is_open:
        raise ConflictError(message("Perioden %(key)s är stängd och tar inte emot rapporter.", key=period.key))


def may_report(project: Project, rights: Rights) -> bool:
    """Managers and deputies report their own projects, a controller anyone's."""
    user = rights.viewer.user_id
    return rights.budget or (user is not None and user in (project.manager_id, project.deputy_id))


def refuse_others(project: Project, rights: Rights) -> None:
    """Raises ForbiddenError for somebody else's project."""
    if not may_report(project, rights):
        raise ForbiddenError(
            message("%(code)s rapporteras av sin projektledare, ersättaren eller en controller.", code=project.code)
        )


def load_reports(session: Session, period: Period, ids: Sequence[int]) -> dict[int, ProjectReport]:
    """Project id → its report in the period, as the database has it now."""
    statement = select(ProjectReport).where(ProjectReport.period_id == period.id, among(ProjectReport.project_id, ids))
    statement = statement.with_for_update().execution_options(populate_existing=True)
    return {one.project_id: one for one in session.scalars(statement)}


def whole_input(given: ReportInput, sheet: Sheet, hidden: Hidden) -> ReportInput:
    """What was given, completed with what stands; what is hidden from whoever gave it is as it stands."""
    stands = sheet.as_given()
    forecasts = {(one.year, one.flow): one for one in stands.forecasts}
    counts = {one.measure_id: one for one in stands.counts}
    if Secret.FIGURES not in hidden:
        forecasts |= {(one.year, one.flow): one for one in given.forecasts}
    if Secret.VOLUMES not in hidden:
        counts |= {one.measure_id: one for one in given.counts}
    days = stands if Secret.DATES in hidden else given
    return ReportInput(
        forecasts=tuple(forecasts.values()),
        counts=tuple(counts.values()),
        start_forecast=days.start_forecast,
        end_forecast=days.end_forecast,
        light=given.light,
        light_text=clean(given.light_text),
        comment=stands.comment if Secret.FIGURES in hidden else clean(given.comment),
    )


def told(given: ReportInput, state: ReportState) -> dict[str, object]:
    """A report as the history keeps it."""
    return {
        "state": state.value,
        "light": given.light.value if given.light else None,
        "light_text": given.light_text,
        "comment": given.comment,
        "start_forecast": given.start_forecast.isoformat() if given.start_forecast else None,
        "end_forecast": given.end_forecast.isoformat() if given.end_forecast else None,
        "forecasts": sorted(_forecast(one) for one in given.forecasts if one.forecast_ore is not None),
        "counts": sorted(_count(one) for one in given.counts if _count(one)[1:] != [None, None, None]),
    }


def _forecast(row: ForecastInput) -> list[object]:
    return [row.year, row.flow.value, row.forecast_ore]


def _count(row: CountInput) -> list[object]:
    return [row.measure_id, row.planned, row.started, row.completed]
