"""What a difference consists of: parts in whole öre that sum to it exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.followup.facts import ReconciledYear
from tracker.followup.ledger_matching import names_of
from tracker.followup.ledger_queries import LooseRows, find_current, loose_rows
from tracker.followup.models import LedgerImport, LedgerRow, Period
from tracker.followup.queries import source_key
from tracker.followup.vocabulary import Target
from tracker.projects.figures import Figure
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL
from tracker.projects.programmes import is_programme, programme_ids


class PartKind(StrEnum):
    """What a part of a difference is."""

    LOOSE = "utan-projekt"
    PROGRAMME = "program"
    DIFFERS = "skiljer"
    DECIDED = "beslutad"
    PRELIMINARY = "preliminar"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of portfolio less target. A project by code and name, or rows of the ledger without a project."""

    kind: PartKind
    amount_ore: int
    code: str = ""
    name: str = ""
    portfolio_ore: int | None = None
    target_ore: int | None = None
    loose: LooseRows | None = None
    projects: int = 0
    """How many projects the part is of, where it is of many."""


def parts_of(
    session: Session, period: Period, line: ReconciledYear, loose: Sequence[LooseRows] | None = None
) -> tuple[Part, ...]:
    """The parts of a difference, the largest first; nothing where there is none.

    `loose` are the ledger's rows without a project, where the caller has read them for several lines.

    For the ledger: rows without a project, and projects whose outcome is not the sum of their rows. For the budget: the
    projects' decided and preliminary budgets, less the total.
    """
    if line.difference_ore == 0:
        return ()
    ledger = line.target is Target.LEDGER
    found = _of_ledger(session, period, line, loose) if ledger else _of_budget(session, period, line)
    return tuple(sorted(found, key=lambda part: (-abs(part.amount_ore), part.code, part.name)))


def _of_ledger(
    session: Session, period: Period, line: ReconciledYear, known: Sequence[LooseRows] | None
) -> Iterator[Part]:
    current = find_current(session, period)
    if current is None:
        return
    for loose in loose_rows(session, current) if known is None else known:
        if (loose.year, loose.flow) == (line.year, line.flow) and loose.amount_ore:
            yield Part(PartKind.LOOSE, -loose.amount_ore, loose.reference, loose.text, None, loose.amount_ore, loose)
    outcomes, ledger = _outcomes(session, period, line), _of_rows(session, current, line)
    programmes = programme_ids(session, INTERNAL)
    differing = {one for one in outcomes.keys() | ledger.keys() if outcomes.get(one, 0) != ledger.get(one, 0)}
    named = names_of(session, differing)
    for one in differing:
        code, name = named[one]
        kind = PartKind.PROGRAMME if one in programmes else PartKind.DIFFERS
        amount = outcomes.get(one, 0) - ledger.get(one, 0)
        yield Part(kind, amount, code, name, outcomes.get(one), ledger.get(one))


def _outcomes(session: Session, period: Period, line: ReconciledYear) -> dict[int, int]:
    columns = select(Figure.project_id, Figure.outcome_ore).join(Project, Project.id == Figure.project_id)
    this = (Figure.period == source_key(session, period), Figure.year == line.year, Figure.flow == line.flow)
    rows = session.execute(columns.where(*this, Figure.outcome_ore.is_not(None), ~is_programme(INTERNAL)))
    return {one: ore for one, ore in rows if ore is not None}


def _of_rows(session: Session, current: LedgerImport, line: ReconciledYear) -> dict[int, int]:
    """Project id → the sum of its rows."""
    this = (LedgerRow.ledger_import_id == current.id, LedgerRow.year == line.year, LedgerRow.flow == line.flow)
    sums = select(LedgerRow.project_id, func.sum(LedgerRow.amount_ore)).where(*this, LedgerRow.project_id.is_not(None))
    rows = session.execute(sums.group_by(LedgerRow.project_id))
    return {one: int(ore or 0) for one, ore in rows if one is not None}


def _of_budget(session: Session, period: Period, line: ReconciledYear) -> Iterator[Part]:
    sums = select(Figure.budget_preliminary, func.coalesce(func.sum(Figure.budget_ore), 0), func.count())
    sums = sums.join(Project, Project.id == Figure.project_id)
    this = (Figure.period == source_key(session, period), Figure.year == line.year, Figure.flow == line.flow)
    rows = session.execute(
        sums.where(*this, Figure.budget_ore.is_not(None), ~is_programme(INTERNAL)).group_by(Figure.budget_preliminary)
    )
    for preliminary, ore, projects in rows:
        kind = PartKind.PRELIMINARY if preliminary else PartKind.DECIDED
        yield Part(kind, int(ore or 0), portfolio_ore=int(ore or 0), projects=projects)
    yield Part(PartKind.TOTAL, -line.target_ore, target_ore=line.target_ore)
