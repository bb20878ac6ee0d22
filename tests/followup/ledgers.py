"""Ledgers for tests: lines in, periods with figures beside them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tracker.followup.codes import PeriodCode
from tracker.followup.ledger import LedgerLine
from tracker.followup.ledger_plan import make_ledger_plan
from tracker.followup.ledger_services import AppliedLedger, LedgerSource, apply_ledger
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.models import CaseNumber, Project
from tracker.projects.vocabulary import Flow

SOURCE = LedgerSource("huvudbok.csv", "a" * 64)


def make_numbered(session: Session, code: str, *numbers: str, outcome: int | None = None, **values: object) -> Project:
    """A project with case numbers and, when given, an outcome of outlay in 2005; budget 500, forecast 480."""
    project = make_project(session, code, **values)
    project.case_numbers = [CaseNumber(position=place, number=one) for place, one in enumerate(numbers, start=1)]
    if outcome is not None:
        figure = Figure(year=2005, flow=Flow.OUTLAY, budget_ore=500, outcome_ore=outcome, forecast_ore=480)
        project.figures = [figure]
    session.flush()
    return project


def line(row: int, reference: str, ore: int, flow: Flow = Flow.OUTLAY, year: int = 2005, case: str = "") -> LedgerLine:
    """A row of the ledger."""
    return LedgerLine(row, reference, case, f"Text {row}", year, flow, ore)


def open_t1(session: Session, actor: Actor) -> Period:
    """2005-T1, open."""
    return open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)


def apply_lines(
    session: Session, period: Period, lines: Sequence[LedgerLine], actor: Actor, *, zero: bool = False
) -> AppliedLedger:
    """Plan and apply."""
    plan = make_ledger_plan(session, period, lines)
    return apply_ledger(session, period, plan, SOURCE, actor, zero_lacking=zero, expected=plan.fingerprint())


def outcomes(session: Session, period: str) -> dict[tuple[str, int, str], int | None]:
    """(code, year, flow) → outcome, as the database holds it."""
    columns = select(Project.code, Figure.year, Figure.flow, Figure.outcome_ore).join(Project)
    rows = session.execute(columns.where(Figure.period == period))
    return {(code, year, flow.value): ore for code, year, flow, ore in rows}
