"""Reading a ledger into a period, and leading its rows to projects by hand: the caller's transaction or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.errors import ConflictError, InvalidInputError, NotFoundError, Problem
from tracker.followup.ledger_matching import Found, Register, reference_key
from tracker.followup.ledger_plan import LedgerPlan, Place
from tracker.followup.ledger_queries import find_current, programme_of
from tracker.followup.ledger_writing import hold_period, write_outcomes
from tracker.followup.models import LedgerImport, LedgerMatch, LedgerRow, Period
from tracker.followup.opening import SUBJECT
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.projects.bulk import columns_of, insert_columns, table_of
from tracker.projects.models import Project
from tracker.projects.policies import INTERNAL
from tracker.projects.programmes import has_children
from tracker.text import clean

CHANGED_SINCE = message(
    "Registret har ändrats sedan du såg planen, så ingenting har sparats. Se över den nya planen och godkänn den igen."
)
ROWS = ("ledger_import_id", "position", "row", "reference", "text", "year", "flow", "amount_ore", "project_id")


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """The file that was read, and what it did not agree on with itself."""

    name: str
    sha256: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AppliedLedger:
    """What was written: outcomes of projects, projects changed in the register, rows without a project."""

    ledger_import: LedgerImport
    outcomes: int
    projects: int
    unmatched: int
    zeroed: int


def apply_ledger(
    session: Session,
    period: Period,
    plan: LedgerPlan,
    source: LedgerSource,
    actor: Actor,
    *,
    zero_lacking: bool = False,
    expected: str | None = None,
) -> AppliedLedger:
    """Write a plan made in this transaction; it replaces the period's earlier ledger, which is kept beside it.

    A project that the ledger lacks keeps its outcome and is a difference to settle, unless `zero_lacking`: then it is
    0. Raises ConflictError for a closed period or when the plan is not the one that was seen (`expected`).
    """
    hold_period(session, period)
    if expected is not None and plan.fingerprint() != expected:
        raise ConflictError(CHANGED_SINCE)
    former = update(LedgerImport).where(LedgerImport.period_id == period.id, LedgerImport.current.is_(True))
    session.execute(former.values(current=False))
    made = LedgerImport(
        period_id=period.id, file_name=source.name[:300], sha256=source.sha256, imported_at=actor.at,
        imported_by=actor.name[:200], current=True, note=source.note,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _keep_rows(session, made, plan)
    wanted: dict[Place, int | None] = {(one.project_id, one.year, one.flow): one.new_ore for one in plan.outcomes}
    lacking = plan.lacking if zero_lacking else ()
    wanted |= {(one.project_id, one.year, one.flow): 0 for one in lacking}
    projects = write_outcomes(session, period, wanted, actor)
    _tell(session, period, actor, {"ledger": [None, f"{made.file_name} {made.sha256}"]})
    return AppliedLedger(made, len(plan.changed), projects, len(plan.unmatched), len(lacking))


def _keep_rows(session: Session, made: LedgerImport, plan: LedgerPlan) -> None:
    rows = [
        (made.id, place, line.row, line.reference, line.text, line.year, line.flow, line.amount_ore, match.project_id)
        for place, (line, match) in enumerate(zip(plan.lines, plan.matches, strict=True), start=1)
    ]
    insert_columns(session, table_of(LedgerRow), columns_of(ROWS, rows))


def _tell(session: Session, period: Period, actor: Actor, changes: dict[str, list[object]]) -> None:
    record(session, actor, (SUBJECT, period.id, period.version), Action.CHANGED, changes)


def match_by_hand(session: Session, period: Period, reference: str, code: str, actor: Actor) -> Project:
    """Lead a reference to a project: remembered, and the rows of the period's ledger go to it at once.

    Raises InvalidInputError for a project that is not there or a programme, and for a reference that means a project
    already; ConflictError for a closed period.
    """
    hold_period(session, period)
    project = session.scalar(select(Project).where(Project.code == clean(code)))
    if project is None:
        reason = message("Det finns inget projekt med koden %(code)s.", code=clean(code) or "–")
        raise InvalidInputError([Problem("code", reason, code)])
    if has_children(session, project, INTERNAL):
        raise InvalidInputError([Problem("code", programme_of(project.code), code)])
    key = reference_key(reference)
    if not key:
        reason = message("En rad utan kod och diarienummer kan inte kopplas.")
        raise InvalidInputError([Problem("reference", reason, reference)])
    present = Register(session).match(reference)
    if present.found in (Found.CODE, Found.CASE_NUMBER):
        if present.found is Found.CODE:
            reason = message("”%(reference)s” är redan ett projekts projektkod.", reference=reference)
        else:
            reason = message("”%(reference)s” är redan ett projekts diarienummer.", reference=reference)
        raise InvalidInputError([Problem("reference", reason, reference)])
    kept = session.get(LedgerMatch, key) or LedgerMatch(reference=key)
    kept.project_id, kept.matched_by, kept.matched_at = project.id, actor.name[:200], actor.at
    session.add(kept)
    session.flush()
    _move(session, period, key, project.id, actor)
    _tell(session, period, actor, {"ledger_match": [None, f"{reference} → {project.code}"]})
    return project


def forget_match(session: Session, period: Period, reference: str, actor: Actor) -> None:
    """Undo a match by hand: its rows in the period's ledger are without a project again. Raises NotFoundError."""
    hold_period(session, period)
    key = reference_key(reference)
    kept = session.get(LedgerMatch, key)
    if kept is None:
        raise NotFoundError(message("”%(reference)s” är inte kopplat för hand.", reference=reference))
    project_id = kept.project_id
    session.delete(kept)
    session.flush()
    _move(session, period, key, None, actor)
    code = session.scalar(select(Project.code).where(Project.id == project_id))
    _tell(session, period, actor, {"ledger_match": [f"{reference} → {code}", None]})


def _move(session: Session, period: Period, key: str, target: int | None, actor: Actor) -> None:
    """Give the rows of a reference another project, or none, and both projects the sums of their rows."""
    current = find_current(session, period)
    if current is None:
        return
    columns = (LedgerRow.position, LedgerRow.reference, LedgerRow.project_id, LedgerRow.year, LedgerRow.flow)
    rows = session.execute(select(*columns).where(LedgerRow.ledger_import_id == current.id)).all()
    mine = [row for row in rows if reference_key(row.reference) == key and row.project_id != target]
    if not mine:
        return
    for start in range(0, len(mine), 5_000):
        positions = [row.position for row in mine[start : start + 5_000]]
        this = (LedgerRow.ledger_import_id == current.id, LedgerRow.position.in_(positions))
        session.execute(update(LedgerRow).where(*this).values(project_id=target))
    places: set[Place] = {(row.project_id, row.year, row.flow) for row in mine if row.project_id is not None}
    if target is not None:
        places |= {(target, row.year, row.flow) for row in mine}
    write_outcomes(session, period, _sums(session, current, sorted(places)), actor)


def _sums(session: Session, current: LedgerImport, places: Sequence[Place]) -> dict[Place, int | None]:
    """The sums of the ledger's rows; None where it has none left."""
    ids = {place[0] for place in places}
    columns = select(LedgerRow.project_id, LedgerRow.year, LedgerRow.flow, LedgerRow.amount_ore)
    found: dict[Place, int] = defaultdict(int)
    for one, year, flow, ore in session.execute(
        columns.where(LedgerRow.ledger_import_id == current.id, LedgerRow.project_id.in_(ids))
    ):
        found[one or 0, year, flow] += ore
    return {place: found.get(place) for place in places}
