"""The money of the form: netto per year, sums, and which amounts this person may set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.messages import message
from tracker.money import format_exact_mnkr
from tracker.projects.form_rows import COLUMNS, FigureRow
from tracker.projects.forms import ProjectForm
from tracker.projects.models import Project
from tracker.projects.policies import Rights
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE, Flow
from tracker.web.content import NOT_GIVEN, format_share

SIDES = {Flow.OUTLAY: "outlay", Flow.INCOME: "income"}


@dataclass(frozen=True, slots=True)
class FigureLocks:
    """Which amounts are the controller's: budget once it is settled, and outcome always."""

    free: bool
    settled_budgets: frozenset[tuple[int, Flow]]
    settled_years: frozenset[int]
    preliminary: frozenset[tuple[int, Flow]]

    def locked(self, row: FigureRow, flow: Flow, column: str) -> bool:
        """Whether this person may only read the amount."""
        if self.free or column == "forecast":
            return False
        return column == "outcome" or (row.year.data, flow) in self.settled_budgets

    def kept(self, row: FigureRow) -> bool:
        """Whether this person may neither remove the year nor change it to another."""
        return not self.free and row.year.data in self.settled_years

    def is_preliminary(self, row: FigureRow, flow: Flow) -> bool:
        """Whether the budget is, or would be, the manager's own and not yet the controller's."""
        if (row.year.data, flow) in self.preliminary:
            return True
        given = row.amount(flow, "budget").data is not None
        return not self.free and given and (row.year.data, flow) not in self.settled_budgets


def figure_locks(project: Project | None, rights: Rights) -> FigureLocks:
    """The locks of a stored project for a person; a new one has only outcome locked for a manager."""
    rows = [row for row in project.figures if row.period == RUNNING_PERIOD] if project else []
    budgets = {(row.year, row.flow) for row in rows if row.budget_ore is not None and not row.budget_preliminary}
    outcomes = {row.year for row in rows if row.outcome_ore is not None}
    return FigureLocks(
        free=rights.budget,
        settled_budgets=frozenset(budgets),
        settled_years=frozenset(outcomes | {year for year, _ in budgets}),
        preliminary=frozenset((row.year, row.flow) for row in rows if row.budget_preliminary),
    )


@dataclass(frozen=True, slots=True)
class Money:
    """Ready texts in mnkr, exact."""

    nets: dict[str, dict[str, str]]
    """Row prefix ("figures-0") → column → netto."""
    sums: dict[str, str]
    """"outlay_budget", …, "net_forecast" → the sum over the years."""


def money(form: ProjectForm) -> Money:
    """Netto and sums of what can be read; netto is outlay less income."""
    rows = [(entry.name, entry.form) for entry in form.figures]
    nets = {name: {column: _text(row.net(column)) for column in COLUMNS} for name, row in rows}
    sums = {
        f"{side}_{column}": _sum(row.amount(flow, column).data for _, row in rows)
        for flow, side in SIDES.items()
        for column in COLUMNS
    }
    sums |= {f"net_{column}": _sum(row.net(column) for _, row in rows) for column in COLUMNS}
    return Money(nets, sums)


def _sum(amounts: Iterable[int | None]) -> str:
    given = [ore for ore in amounts if ore is not None]
    return _text(sum(given) if given else None)


def _text(ore: int | None) -> str:
    return NOT_GIVEN if ore is None else format_exact_mnkr(ore)


@dataclass(frozen=True, slots=True)
class ShareSum:
    """The running sum of the served areas' shares."""

    text: str
    whole: bool


def share_sum(form: ProjectForm) -> ShareSum:
    """ "Summa 95 %: 5 % kvar att fördela"."""
    total = sum(row.share.data or 0 for row in form.used("serves"))
    if total == WHOLE:
        return ShareSum(message("Summa 100 %"), whole=True)
    left = WHOLE - total
    shares = {"total": format_share(total), "rest": format_share(abs(left))}
    if left > 0:
        return ShareSum(message("Summa %(total)s: %(rest)s kvar att fördela", **shares), whole=False)
    return ShareSum(message("Summa %(total)s: %(rest)s för mycket", **shares), whole=False)
