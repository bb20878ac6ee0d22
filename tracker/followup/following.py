"""The newest open period follows the register: where its figures are read, and keeping its own rows in step."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, delete, exists, insert, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from tracker.followup.checks_reading import among
from tracker.followup.models import Period, ProjectReport
from tracker.followup.queries import is_newest, list_open, source_key
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import Project
from tracker.projects.vocabulary import RUNNING_PERIOD

FIGURE_COLUMNS = ("project_id", "year", "flow", "budget_ore", "outcome_ore", "forecast_ore", "budget_preliminary")
VOLUME_COLUMNS = ("project_id", "measure_id", "year", "planned", "started", "completed")
Table = type[Figure] | type[Volume]
_TABLES: tuple[tuple[Table, tuple[str, ...]], ...] = ((Figure, FIGURE_COLUMNS), (Volume, VOLUME_COLUMNS))
_NAMING = 3
"""So many of the first columns name a row within a period."""
_UNSEEN = {"synchronize_session": False}


def copy_amounts(session: Session, source: str, target: str) -> None:
    """Copy every figure and volume from one period's key to another's, in the database."""
    for table, names in _TABLES:
        columns = [getattr(table, name) for name in names]
        rows = select(literal(target), *columns).where(table.period == source)
        session.execute(insert(table).from_select(["period", *names], rows))


def bring_up(session: Session, period: Period, ids: Sequence[int] | None) -> None:
    """Make the newest open period hold what the register says of some projects, or of all: the present position.

    Readers look in the register while it is the newest (`source_key`); these rows are what it keeps when it no longer
    is. Only rows that differ are written.
    """
    session.flush()
    for table, names in _TABLES:
        mine = [] if ids is None else [among(table.project_id, ids)]
        there = aliased(table)
        same_row = [getattr(there, name) == getattr(table, name) for name in names[:_NAMING]]
        same = [getattr(there, name).is_not_distinct_from(getattr(table, name)) for name in names[_NAMING:]]
        as_said = exists().where(there.period == RUNNING_PERIOD, *same_row, *same)
        gone = delete(table).where(table.period == period.key, *mine, ~as_said)
        session.execute(gone.execution_options(**_UNSEEN))
        kept = exists().where(there.period == period.key, *same_row)
        columns = [getattr(table, name) for name in names]
        rows = select(literal(period.key), *columns).where(table.period == RUNNING_PERIOD, *mine, ~kept)
        session.execute(insert(table).from_select(["period", *names], rows))
    _bring_up_days(session, period, ids)


def _bring_up_days(session: Session, period: Period, ids: Sequence[int] | None) -> None:
    mine = [] if ids is None else [among(ProjectReport.project_id, ids)]
    days = [(getattr(ProjectReport, name), getattr(Project, name)) for name in ("start_forecast", "end_forecast")]
    other = or_(*(said.is_distinct_from(now) for said, now in days))
    moved = exists().where(and_(Project.id == ProjectReport.project_id, other))
    values = {
        said.key: select(now).where(Project.id == ProjectReport.project_id).scalar_subquery() for said, now in days
    }
    theirs = update(ProjectReport).where(ProjectReport.period_id == period.id, *mine, moved).values(**values)
    session.execute(theirs.execution_options(**_UNSEEN))


def settle_newest(session: Session) -> None:
    """Let what is newest and open keep the register's position of this moment: another period is about to be opened.

    It is held until the transaction ends, so that whoever reports in it is waited for.
    """
    for period in list_open(session):
        if source_key(session, period) != RUNNING_PERIOD:
            continue
        session.refresh(period, with_for_update=True)
        if period.is_open:
            bring_up(session, period, None)


def begin_amounts(session: Session, period: Period, before: Period | None) -> None:
    """Fill a period that was just added with the figures that hold at its time.

    The newest begins as the register stands. One that is opened after a later one begins as the one before it ended;
    where there is none, as the register stands but without the year's outcome, which is of a later day.
    """
    if is_newest(session, period):
        copy_amounts(session, RUNNING_PERIOD, period.key)
    elif before is not None:
        copy_amounts(session, before.key, period.key)
    else:
        copy_amounts(session, RUNNING_PERIOD, period.key)
        theirs = (Figure.period == period.key, Figure.year >= period.year)
        session.execute(update(Figure).where(*theirs).values(outcome_ore=None).execution_options(**_UNSEEN))
