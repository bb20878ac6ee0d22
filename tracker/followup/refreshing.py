"""Whom the newest open period expects reports of, as the register has it now: newcomers come, what ended goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, func, insert, literal, select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.followup.checks_reading import among
from tracker.followup.following import bring_up
from tracker.followup.models import Period, ProjectReport
from tracker.followup.opening import SUBJECT, expected_to_report
from tracker.followup.queries import source_key
from tracker.followup.vocabulary import ReportState
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.projects.models import Project
from tracker.projects.vocabulary import RUNNING_PERIOD


@dataclass(frozen=True, slots=True)
class Turnover:
    """How many projects are expected to report beside those that were, and how many no longer are."""

    came: int
    gone: int


def count_turnover(session: Session, period: Period) -> Turnover:
    """What `refresh_period` would change."""
    if source_key(session, period) != RUNNING_PERIOD:
        return Turnover(0, 0)
    came = select(func.count(Project.id)).where(*_newcomers(period, RUNNING_PERIOD))
    gone = select(func.count(ProjectReport.id)).where(*_leavers(period))
    return Turnover(session.scalar(came) or 0, session.scalar(gone) or 0)


def waiting_codes(session: Session, period: Period) -> frozenset[str]:
    """Codes of the projects that are waited for, as `refresh_period` would have it: not those that ended."""
    asked = select(Project.code).join(ProjectReport, ProjectReport.project_id == Project.id)
    mine = (ProjectReport.period_id == period.id, ProjectReport.state == ReportState.WAITING)
    waiting = set(session.scalars(asked.where(*mine)))
    if source_key(session, period) == RUNNING_PERIOD:
        waiting -= set(session.scalars(asked.where(*_leavers(period))))
        waiting |= set(session.scalars(select(Project.code).where(*_newcomers(period, RUNNING_PERIOD))))
    return frozenset(waiting)


def refresh_period(session: Session, period: Period, actor: Actor) -> Turnover:
    """Expect reports of whom the register would have now, and copy its figures.

    Reports that are made stay as they are. A project that was closed or aborted without money in the year, or became
    a programme, and has not reported, is no longer expected to. Raises ConflictError when the period is closed or no
    longer the newest.
    """
    session.refresh(period, with_for_update=True)
    if source_key(session, period) != RUNNING_PERIOD:
        raise ConflictError(
            message("Bara den senaste öppna perioden följer registret, och %(key)s är inte den.", key=period.key)
        )
    turned = count_turnover(session, period)
    expect_newcomers(session, period)
    left = delete(ProjectReport).where(*_leavers(period)).execution_options(synchronize_session=False)
    session.execute(left)
    bring_up(session, period, None)
    session.expire_all()
    if turned.came or turned.gone:
        changes: dict[str, list[object]] = {"expected": [None, turned.came], "no_longer_expected": [None, turned.gone]}
        record(session, actor, (SUBJECT, period.id, period.version), Action.CHANGED, changes)
    return turned


def expect_newcomers(session: Session, period: Period, ids: Sequence[int] | None = None) -> None:
    """Expect reports of projects that came later, or got money in the year; of some projects, or of all."""
    columns = {
        "period_id": literal(period.id),
        "project_id": Project.id,
        "state": literal(ReportState.WAITING, ProjectReport.state.type),
        "light_text": literal(""),
        "comment": literal(""),
        "start_forecast": Project.start_forecast,
        "end_forecast": Project.end_forecast,
        "version": literal(1),
    }
    mine = [] if ids is None else [among(Project.id, ids)]
    rows = select(*columns.values()).where(*_newcomers(period, source_key(session, period)), *mine)
    session.execute(insert(ProjectReport).from_select(list(columns), rows))


def _newcomers(period: Period, key: str) -> list[ColumnElement[bool]]:
    there = select(ProjectReport.project_id).where(ProjectReport.period_id == period.id)
    return [*expected_to_report(period.year, key), Project.id.not_in(there)]


def _leavers(period: Period) -> list[ColumnElement[bool]]:
    expected = select(Project.id).where(and_(*expected_to_report(period.year, RUNNING_PERIOD)))
    return [
        ProjectReport.period_id == period.id,
        ProjectReport.state == ReportState.WAITING,
        ProjectReport.project_id.not_in(expected),
    ]
