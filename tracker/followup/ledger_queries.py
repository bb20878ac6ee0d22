"""Reading the ledgers of a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.followup.ledger import LedgerLine
from tracker.followup.ledger_matching import Found, Register, names_of, reference_key
from tracker.followup.models import LedgerImport, LedgerMatch, LedgerRow, Period
from tracker.messages import message
from tracker.projects.models import Project
from tracker.projects.vocabulary import Flow
from tracker.text import search_text


@dataclass(frozen=True, slots=True)
class LooseRows:
    """The rows of one reference, year and flow that no project takes, with why, and who may be meant: (code, name)."""

    reference: str
    text: str
    year: int
    flow: Flow
    amount_ore: int
    rows: tuple[int, ...]
    found: Found
    candidates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HandMatch:
    """A reference that was led to a project by hand."""

    reference: str
    code: str
    name: str
    matched_by: str


def find_current(session: Session, period: Period) -> LedgerImport | None:
    """The ledger that holds in a period; None before the first."""
    return session.scalar(
        select(LedgerImport).where(LedgerImport.period_id == period.id, LedgerImport.current.is_(True))
    )


def list_imports(session: Session, period: Period) -> Sequence[LedgerImport]:
    """Every ledger that was read into a period, the newest first."""
    mine = select(LedgerImport).where(LedgerImport.period_id == period.id)
    return session.scalars(mine.order_by(LedgerImport.imported_at.desc(), LedgerImport.id.desc())).all()


def row_counts(session: Session, period: Period) -> dict[int, tuple[int, int]]:
    """Ledger id → its rows, and those with a project."""
    counted = (LedgerRow.ledger_import_id, func.count(), func.count(LedgerRow.project_id))
    mine = select(*counted).join(LedgerImport).where(LedgerImport.period_id == period.id)
    rows = session.execute(mine.group_by(LedgerRow.ledger_import_id))
    return {one: (every, matched) for one, every, matched in rows}


def loose_rows(session: Session, current: LedgerImport) -> tuple[LooseRows, ...]:
    """What no project takes, together by reference, year and flow, the largest amounts first."""
    columns = (
        LedgerRow.row, LedgerRow.reference, LedgerRow.text, LedgerRow.year, LedgerRow.flow, LedgerRow.amount_ore,
    )  # fmt: skip
    mine = select(*columns).where(LedgerRow.ledger_import_id == current.id, LedgerRow.project_id.is_(None))
    grouped: dict[tuple[str, int, Flow], list[LedgerLine]] = defaultdict(list)
    for row, reference, text, year, flow, ore in session.execute(mine.order_by(LedgerRow.position)):
        line = LedgerLine(row, reference, "", text, year, flow, ore)
        grouped[reference_key(reference), year, flow].append(line)
    if not grouped:
        return ()
    register = Register(session)
    matches = {key: register.match(lines[0].reference) for key, lines in grouped.items()}
    named = names_of(session, {one for match in matches.values() for one in match.candidates})
    made = [
        LooseRows(
            reference=lines[0].reference,
            text=lines[0].text,
            year=lines[0].year,
            flow=lines[0].flow,
            amount_ore=sum(line.amount_ore for line in lines),
            rows=tuple(line.row for line in lines),
            found=matches[key].found,
            candidates=tuple(named[one] for one in matches[key].candidates),
        )
        for key, lines in grouped.items()
    ]
    return tuple(sorted(made, key=lambda one: (-abs(one.amount_ore), one.reference, one.year, one.flow.value)))


def hand_matches(session: Session) -> tuple[HandMatch, ...]:
    """Every match by hand, by reference."""
    columns = (LedgerMatch.reference, Project.code, Project.name, LedgerMatch.matched_by)
    rows = session.execute(select(*columns).join(Project, Project.id == LedgerMatch.project_id))
    return tuple(sorted((HandMatch(*row) for row in rows), key=lambda one: one.reference))


def find_targets(session: Session, asked: str, limit: int = 12) -> tuple[tuple[str, str], ...]:
    """Projects that may take a row, (code, name), whose texts hold every word; no programmes, confidential included."""
    child = select(Project.parent_id).where(Project.parent_id.is_not(None))
    statement = select(Project.code, Project.name).where(Project.id.not_in(child))
    for word in search_text(asked).split():
        statement = statement.where(Project.search_text.contains(word, autoescape=True))
    rows = session.execute(statement.order_by(Project.sort_key, Project.id).limit(limit))
    return tuple((code, name) for code, name in rows)


def parts_of_programmes(session: Session, ids: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """The projects of programmes that may take what was booked on them, (code, name)."""
    above = select(Project.parent_id).where(Project.parent_id.is_not(None))
    parts = select(Project.code, Project.name).where(Project.parent_id.in_(ids), Project.id.not_in(above))
    return tuple((code, name) for code, name in session.execute(parts.order_by(Project.sort_key, Project.id)))


def programme_of(code: str) -> str:
    """Why a programme takes no rows."""
    return message("%(code)s är ett program. Bokfört på programmet; lägg på delprojektet gemensamt.", code=code)
