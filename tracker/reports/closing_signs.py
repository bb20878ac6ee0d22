"""What belongs to a period alone, as one sum: another sum, and what was read of the period no longer holds.

The register is no part of it. What was read of it is as of the moment of reading, and what changes there later belongs
to the next period.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from tracker.database import Base
from tracker.followup.models import LedgerImport, LedgerRow, Period, Reminder
from tracker.projects.figures import Figure, Volume
from tracker.reports.models import PeriodFile, PeriodSnapshot, PublishedMatter

APART = frozenset(one.__tablename__ for one in (Reminder, PeriodFile, PeriodSnapshot, PublishedMatter))
"""Tables of a period that no report reads: letters, and what closing itself keeps."""
BLOCK = 5_000


def sign_of(session: Session, period: Period) -> str:
    """The sum of everything that was reported, entered, imported and decided in a period, and of all states."""
    digest = hashlib.sha256()
    for table in _tables():
        mine = select(table).where(table.c.period_id == period.id).order_by(*table.primary_key)
        for row in session.execute(mine.execution_options(yield_per=BLOCK)):
            digest.update(repr((table.name, *row)).encode())
    for row in session.execute(select(Period.id, Period.state, Period.as_of).order_by(Period.id)):
        digest.update(repr(tuple(row)).encode())
    for sums in _sums(session, period):
        digest.update(repr(sums).encode())
    return digest.hexdigest()


def _tables() -> list[Table]:
    """Those with rows of a period, by name: a later one is among them by itself."""
    tables = sorted(Base.metadata.tables.values(), key=lambda one: one.name)
    return [one for one in tables if "period_id" in one.c and one.name not in APART]


def _sums(session: Session, period: Period) -> list[tuple[int, ...]]:
    """Rows by the thousand for each project are told by their sums: they change with a report, a ledger or a copy."""
    amounts = (Figure.budget_ore, Figure.outcome_ore, Figure.forecast_ore)
    counts = (Volume.planned, Volume.started, Volume.completed)
    mine = (LedgerImport.period_id == period.id, LedgerImport.id == LedgerRow.ledger_import_id)
    statements = (
        select(func.count(), *map(func.sum, amounts), *map(func.count, amounts)).where(Figure.period == period.key),
        select(func.count(), *map(func.sum, counts), *map(func.count, counts)).where(Volume.period == period.key),
        select(func.count(), *map(func.sum, (LedgerRow.amount_ore, LedgerRow.project_id))).where(*mine),
    )
    return [tuple(int(one or 0) for one in session.execute(statement).one()) for statement in statements]
