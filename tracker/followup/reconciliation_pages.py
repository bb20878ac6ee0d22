"""What the page of reconciliation shows: every line with its parts and what was written of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.followup.facts import ReconciledYear
from tracker.followup.ledger_queries import find_current, loose_rows
from tracker.followup.models import BudgetTotal, Explanation, Period
from tracker.followup.reconciling import Missing, budget_totals, explanations_of, missing_targets, reconcile
from tracker.followup.reconciling_parts import Part, parts_of
from tracker.projects.policies import Viewer
from tracker.projects.vocabulary import Flow


@dataclass(frozen=True, slots=True)
class LinePage:
    """A line, what its difference consists of, and the explanation of another difference, when there is one."""

    line: ReconciledYear
    parts: tuple[Part, ...]
    outdated: Explanation | None

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return f"{self.line.target.value}-{self.line.year}-{self.line.flow.value}"

    @property
    def state(self) -> str:
        """stammer, forklarad or oforklarad."""
        if self.line.difference_ore == 0:
            return "stammer"
        return "forklarad" if self.line.settled else "oforklarad"


@dataclass(frozen=True, slots=True)
class ReconciliationPage:
    """Everything that the page shows."""

    lines: tuple[LinePage, ...]
    missing: tuple[Missing, ...]
    totals: dict[int, dict[Flow, BudgetTotal]]
    """Year → flow → what was entered."""

    @property
    def open_lines(self) -> int:
        """How many differences nobody has explained."""
        return sum(one.state == "oforklarad" for one in self.lines)


def show_reconciliation(session: Session, period: Period, viewer: Viewer) -> ReconciliationPage:
    """The reconciliation of a period for somebody who may see confidential matters."""
    written = explanations_of(session, period)
    current = find_current(session, period)
    loose = loose_rows(session, current) if current is not None else ()
    lines = []
    for line in reconcile(session, period, viewer):
        kept = written.get((line.target, line.year, line.flow))
        outdated = kept if kept is not None and kept.difference_ore != line.difference_ore else None
        lines.append(LinePage(line, parts_of(session, period, line, loose), outdated))
    totals: dict[int, dict[Flow, BudgetTotal]] = {period.year: {}}
    for (year, flow), total in sorted(budget_totals(session, period).items()):
        totals.setdefault(year, {})[flow] = total
    return ReconciliationPage(tuple(lines), missing_targets(session, period, viewer), totals)
