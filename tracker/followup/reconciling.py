"""Whether the portfolio agrees with the ledger and with the adopted budget's total, year by year, to the öre.

Only the internal audience's sums can agree: everybody else's leave confidential matters out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.followup.facts import ReconciledYear
from tracker.followup.ledger_queries import find_current
from tracker.followup.models import BudgetTotal, Explanation, LedgerRow, Period
from tracker.followup.queries import source_key
from tracker.followup.vocabulary import PeriodKind, Target
from tracker.messages import message
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL, Viewer
from tracker.projects.programmes import is_programme
from tracker.projects.vocabulary import Flow

YearFlow = tuple[int, Flow]


@dataclass(frozen=True, slots=True)
class Missing:
    """A sum of the portfolio that there is nothing to reconcile against: not reconciled, and not 0."""

    target: Target
    year: int
    flow: Flow | None
    portfolio_ore: int

    def sentence(self) -> str:
        """ "Ingen huvudbok är inläst för 2005." """
        if self.target is Target.LEDGER:
            return message("Ingen huvudbok är inläst, så utfallet %(year)s är inte avstämt.", year=self.year)
        flow = self.flow.label.lower() if self.flow else message("budget")
        return message(
            "Budgetens total för %(year)s (%(flow)s) är inte angiven, så budgeten är inte avstämd.",
            year=self.year, flow=flow,
        )  # fmt: skip


def reconcile(session: Session, period: Period, viewer: Viewer) -> tuple[ReconciledYear, ...]:
    """Every year and flow that has something to be reconciled against: all financiers, programmes not counted twice.

    The ledger's total is that of every row, those without a project included. Nothing for a viewer who may not see
    confidential matters.
    """
    if not viewer.confidential:
        return ()
    return (*_against_ledger(session, period), *_against_budget(session, period))


def unsettled(lines: Iterable[ReconciledYear]) -> tuple[ReconciledYear, ...]:
    """Differences that nobody has explained: these alone stop a closing."""
    return tuple(line for line in lines if not line.settled)


def missing_targets(session: Session, period: Period, viewer: Viewer) -> tuple[Missing, ...]:
    """What of the period's own year has nothing to be reconciled against; it is listed, and stops no closing."""
    if not viewer.confidential:
        return ()
    found = []
    if period.kind is not PeriodKind.PLAN and find_current(session, period) is None:
        outcomes = portfolio_sums(session, period, Target.LEDGER)
        outlay = outcomes.get((period.year, Flow.OUTLAY), 0)
        found.append(Missing(Target.LEDGER, period.year, None, outlay))
    totals = budget_totals(session, period)
    budgets = portfolio_sums(session, period, Target.BUDGET)
    found += [
        Missing(Target.BUDGET, period.year, flow, budgets.get((period.year, flow), 0))
        for flow in Flow
        if (period.year, flow) not in totals
    ]
    return tuple(found)


def _against_ledger(session: Session, period: Period) -> list[ReconciledYear]:
    current = find_current(session, period)
    if current is None:
        return []
    sums = select(LedgerRow.year, LedgerRow.flow, func.sum(LedgerRow.amount_ore))
    rows = session.execute(
        sums.where(LedgerRow.ledger_import_id == current.id).group_by(LedgerRow.year, LedgerRow.flow)
    )
    ledger = {(year, flow): int(ore or 0) for year, flow, ore in rows}
    outcomes = portfolio_sums(session, period, Target.LEDGER)
    years = {period.year, *(year for year, _ in ledger)}
    asked = {(year, flow) for year in years for flow in Flow}
    kept = [one for one in asked if one[0] == period.year or outcomes.get(one) or one in ledger]
    return _lines(session, period, Target.LEDGER, {one: (outcomes.get(one, 0), ledger.get(one, 0)) for one in kept})


def _against_budget(session: Session, period: Period) -> list[ReconciledYear]:
    budgets = portfolio_sums(session, period, Target.BUDGET)
    totals = budget_totals(session, period)
    sums = {one: (budgets.get(one, 0), row.amount_ore) for one, row in totals.items()}
    return _lines(session, period, Target.BUDGET, sums)


def _lines(
    session: Session, period: Period, target: Target, sums: Mapping[YearFlow, tuple[int, int]]
) -> list[ReconciledYear]:
    written = explanations_of(session, period)
    lines = []
    for year, flow in sorted(sums, key=lambda one: (one[0], one[1] is Flow.INCOME)):
        portfolio, held = sums[year, flow]
        kept = written.get((target, year, flow))
        holds = kept is not None and portfolio != held and kept.difference_ore == portfolio - held
        text, by = (kept.text, kept.explained_by) if kept is not None and holds else ("", "")
        lines.append(ReconciledYear(target, year, flow, portfolio, held, text, by))
    return lines


def portfolio_sums(session: Session, period: Period, target: Target) -> dict[YearFlow, int]:
    """(year, flow) → the portfolio's outcome or budget in the period, in whole öre; summed by the database."""
    column = Figure.outcome_ore if target is Target.LEDGER else Figure.budget_ore
    sums = select(Figure.year, Figure.flow, func.coalesce(func.sum(column), 0)).join(
        Project, Project.id == Figure.project_id
    )
    sums = sums.where(Figure.period == source_key(session, period), column.is_not(None), ~is_programme(INTERNAL))
    rows = session.execute(sums.group_by(Figure.year, Figure.flow))
    return {(year, flow): int(ore or 0) for year, flow, ore in rows}


def budget_totals(session: Session, period: Period) -> dict[YearFlow, BudgetTotal]:
    """(year, flow) → the total of the adopted budget that was entered."""
    rows = session.scalars(select(BudgetTotal).where(BudgetTotal.period_id == period.id))
    return {(row.year, row.flow): row for row in rows}


def explanations_of(session: Session, period: Period) -> dict[tuple[Target, int, Flow], Explanation]:
    """What was written of differences, also of differences that have changed since."""
    rows = session.scalars(select(Explanation).where(Explanation.period_id == period.id))
    return {(row.target, row.year, row.flow): row for row in rows}
