"""Writing what was reported: into the register while the period is the newest, else into the period alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from tracker.followup.checks_reading import among
from tracker.followup.following import bring_up
from tracker.followup.models import Period
from tracker.followup.report_inputs import CountInput, ForecastInput, ReportInput
from tracker.followup.sheets import Sheet
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.projects.display import refresh_display
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import GoalTag, Project, ServedArea
from tracker.projects.recording import SUBJECT
from tracker.projects.snapshots import changes_between, describe
from tracker.projects.vocabulary import RUNNING_PERIOD


def load_whole(session: Session, ids: Sequence[int]) -> list[Project]:
    """Projects with all that their history tells, in a fixed number of statements; on PostgreSQL held until the end."""
    statement = (
        select(Project)
        .where(among(Project.id, ids))
        .options(
            selectinload(Project.case_numbers), selectinload(Project.goal_tags).joinedload(GoalTag.goal),
            selectinload(Project.goal_assessments), selectinload(Project.answers),
            selectinload(Project.serves).joinedload(ServedArea.area), selectinload(Project.volumes),
            selectinload(Project.figures), selectinload(Project.decisions), selectinload(Project.secret_fields),
        )
        .order_by(Project.id)
        .with_for_update(of=Project)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    return list(session.scalars(statement))


def write_through(
    session: Session,
    period: Period,
    given: Sequence[tuple[Project, Sheet, ReportInput]],
    actor: Actor,
    said_in: str = "",
) -> None:
    """Make the register say what was reported, with the history of each project, and the period what the register says.

    The reviews stand: what was reviewed is the description of the project, not its forecast.
    """
    changed = []
    for project, sheet, said in given:
        before = describe(project)
        rows = _forecasts(project.figures, said.forecasts, project.id, RUNNING_PERIOD)
        counts = _counts(project.volumes, said.counts, sheet, project.id, RUNNING_PERIOD)
        with session.no_autoflush:
            project.figures, project.volumes = rows, counts
            project.start_forecast, project.end_forecast = said.start_forecast, said.end_forecast
        if changes := changes_between(before, describe(project)):
            project.updated_at = actor.at
            # The version moves also when only rows of other tables differ.
            flag_modified(project, "updated_at")
            changed.append((project, changes))
    session.flush()
    for project, changes in changed:
        note = f"rapporterad i {said_in or period.key}"
        record(session, actor, (SUBJECT, project.id, project.version), Action.CHANGED, changes, note)
    refresh_display(session, [project.id for project, _changes in changed])
    bring_up(session, period, [project.id for project, _sheet, _said in given])


def write_period(session: Session, period: Period, given: Iterable[tuple[Project, Sheet, ReportInput]]) -> None:
    """Write into an older period or a correction; the register stays as it is."""
    for project, sheet, said in given:
        mine = (Figure.project_id == project.id, Figure.period == period.key)
        figures = list(session.scalars(select(Figure).where(*mine)))
        _replace(session, figures, _forecasts(figures, said.forecasts, project.id, period.key))
        counted = (Volume.project_id == project.id, Volume.period == period.key)
        volumes = list(session.scalars(select(Volume).where(*counted)))
        _replace(session, volumes, _counts(volumes, said.counts, sheet, project.id, period.key))
    session.flush()


def _replace(session: Session, before: Sequence[Figure | Volume], after: Sequence[Figure | Volume]) -> None:
    for row in after:
        session.add(row)
    for row in before:
        if row not in after:
            session.delete(row)


def _forecasts(rows: Sequence[Figure], given: Iterable[ForecastInput], project_id: int, key: str) -> list[Figure]:
    """The rows with the forecasts set; budget and outcome are others' to write. An empty row goes."""
    kept = {(row.year, row.flow): row for row in rows}
    for one in given:
        row = kept.get((one.year, one.flow))
        if row is None and one.forecast_ore is not None:
            row = Figure(project_id=project_id, period=key, year=one.year, flow=one.flow, budget_preliminary=False)
            kept[one.year, one.flow] = row
        if row is not None:
            row.forecast_ore = one.forecast_ore
    amounts = ("budget_ore", "outcome_ore", "forecast_ore")
    return [row for row in kept.values() if any(getattr(row, name) is not None for name in amounts)]


def _counts(
    rows: Sequence[Volume], given: Iterable[CountInput], sheet: Sheet, project_id: int, key: str
) -> list[Volume]:
    """The rows with the year's counts set. A planned number that only repeats an earlier year's makes no row."""
    kept = {(row.measure_id, row.year): row for row in rows}
    carried = {row.measure_id: row.carried for row in sheet.counts}
    for one in given:
        row = kept.get((one.measure_id, sheet.year))
        if row is None:
            repeats = one.planned == carried.get(one.measure_id)
            if repeats and one.started is None and one.completed is None:
                continue
            row = Volume(project_id=project_id, period=key, measure_id=one.measure_id, year=sheet.year)
            row.planned = None if repeats else one.planned
            kept[one.measure_id, sheet.year] = row
        elif not (row.planned is None and one.planned == carried.get(one.measure_id)):
            row.planned = one.planned
        row.started, row.completed = one.started, one.completed
    return [row for row in kept.values() if (row.planned, row.started, row.completed) != (None, None, None)]
