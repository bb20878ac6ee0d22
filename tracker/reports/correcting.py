"""Correcting a closed period: a new version beside it, which begins as the closed one ended. Nothing closed changes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, InvalidInputError, Problem
from tracker.followup.codes import PeriodCode, key_of
from tracker.followup.following import copy_amounts
from tracker.followup.models import BudgetTotal, Explanation, LedgerImport, LedgerRow, Period, ProjectReport
from tracker.followup.opening import SUBJECT
from tracker.followup.queries import get_period
from tracker.followup.vocabulary import PeriodState
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.reports.closing import hold_periods
from tracker.text import clean

LONGEST_REASON = 2_000
_SAME = (
    "code", "year", "kind", "as_of", "deadline", "deviation_percent", "deviation_ore", "goal_set_id", "area_set_id",
)  # fmt: skip


def correct_period(session: Session, key: str, reason: str, actor: Actor) -> Period:
    """Open a new version of a closed period, with its reason; it is reported in and closed like any other.

    Figures, volumes, reports, the ledger, totals and explanations are those of the version before. What is said of
    assignments, initiatives and goals stands until it is said anew. Raises ConflictError unless it is the newest
    version and closed, and InvalidInputError without a reason.
    """
    said = clean(reason)
    if not said or len(said) > LONGEST_REASON:
        empty = message("Skriv varför perioden rättas; det står i alla rapporter.")
        text = message("Skriv kortare.") if said else empty
        raise InvalidInputError([Problem("reason", text, reason[:80])])
    hold_periods(session)
    last = get_period(session, key)
    _refuse(session, last)
    version = last.version + 1
    period = Period(
        **{name: getattr(last, name) for name in _SAME},
        key=key_of(PeriodCode.read(last.code), version),
        version=version,
        state=PeriodState.OPEN,
        reason=said,
        opened_at=actor.at,
        opened_by=actor.name,
    )
    session.add(period)
    session.flush()
    copy_amounts(session, last.key, period.key)
    for model in (ProjectReport, BudgetTotal, Explanation):
        _copy(session, model, model.period_id == last.id, period_id=period.id)
    _copy_ledger(session, last, period)
    changes: dict[str, list[object]] = {"key": [last.key, period.key], "reason": ["", said]}
    record(session, actor, (SUBJECT, period.id, version), Action.CREATED, changes)
    return period


def _refuse(session: Session, last: Period) -> None:
    """Only the newest version can be corrected, and only once it is closed."""
    newest = session.scalar(select(Period).where(Period.code == last.code).order_by(Period.version.desc()).limit(1))
    if newest is not None and newest.version > last.version:
        raise ConflictError(
            message("Perioden %(key)s har redan rättats. Rätta %(newest)s i stället.", key=last.key, newest=newest.key)
        )
    if last.is_open:
        raise ConflictError(
            message("Perioden %(key)s är öppen. Ändra i den i stället för att rätta den.", key=last.key)
        )


def _copy(session: Session, model: Any, condition: Any, **changed: int) -> None:
    """Copy rows with every column but their own id, some of them changed."""
    columns = {
        column.name: literal(changed[column.name]) if column.name in changed else column
        for column in model.__table__.columns
        if column.name != "id"
    }
    rows = select(*columns.values()).select_from(model).where(condition)
    session.execute(insert(model).from_select(list(columns), rows))


def _copy_ledger(session: Session, last: Period, period: Period) -> None:
    """The imports that count, with their rows as they were read and matched."""
    imports = select(LedgerImport).where(LedgerImport.period_id == last.id, LedgerImport.current)
    for one in session.scalars(imports.order_by(LedgerImport.id)).all():
        names = [column.name for column in LedgerImport.__table__.columns if column.name not in ("id", "period_id")]
        copied = LedgerImport(**{name: getattr(one, name) for name in names}, period_id=period.id)
        session.add(copied)
        session.flush()
        _copy(session, LedgerRow, LedgerRow.ledger_import_id == one.id, ledger_import_id=copied.id)
