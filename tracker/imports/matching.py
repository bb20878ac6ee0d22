"""Which project of the register a row means: by its code, else by a case number that only one project has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, select, true
from sqlalchemy.orm import Session

from tracker.imports.candidates import Candidates
from tracker.imports.findings import Finding
from tracker.messages import message
from tracker.projects.bulk import BLOCK_ROWS, blocks
from tracker.projects.models import CaseNumber, Project
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.secrecy import Secret

HIDDEN = message("Koden används redan av ett projekt som du inte får ändra.")


@dataclass(frozen=True, slots=True)
class Known:
    """A project that a row can mean."""

    id: int
    code: str
    visible: bool


@dataclass(slots=True)
class Matches:
    """Index → project; a row that is neither here nor refused is a new project."""

    of: dict[int, Known] = field(default_factory=dict)
    refused: list[tuple[int, Finding]] = field(default_factory=list)
    by_case_number: list[Finding] = field(default_factory=list)
    """What is worth saying: rows that were matched by case number although the file has codes."""


def match_rows(session: Session, candidates: Candidates, viewer: Viewer) -> Matches:
    """Match every row that is not refused already. Two rows that mean one project are both refused."""
    codes = candidates.values.get("code") or [None] * len(candidates)
    by_code = _by_code(session, [code for code in codes if code], viewer)
    found = Matches()
    rest = []
    for index, code in enumerate(codes):
        if index in candidates.refused:
            continue
        known = by_code.get(code) if code else None
        if known is None:
            rest.append(index)
        elif known.visible:
            found.of[index] = known
        else:
            found.refused.append((index, candidates.finding(index, "code", code, HIDDEN)))
    taken = {known.id for known in by_code.values()}
    _match_by_case_number(session, candidates, rest, taken, found, viewer)
    _refuse_doubles(candidates, found)
    return found


def _by_code(session: Session, codes: Sequence[str], viewer: Viewer) -> dict[str, Known]:
    statement = select(Project.code, Project.id, and_(true(), *visible_to(viewer)))
    wanted = set(codes)
    if len(codes) <= BLOCK_ROWS:
        statement = statement.where(Project.code.in_(wanted))
    # One look at the whole register beats a hundred thousand codes in the statement.
    rows = session.execute(statement)
    return {code: Known(one, code, bool(visible)) for code, one, visible in rows if code in wanted}


def _match_by_case_number(
    session: Session, candidates: Candidates, rest: Sequence[int], taken: set[int], found: Matches, viewer: Viewer
) -> None:
    column = candidates.values.get("case_numbers")
    numbers = {index: column[index] for index in rest if column and column[index]}
    holders = _by_case_number(session, {one for several in numbers.values() for one in several}, viewer)
    for index in rest:
        code = candidates.value("code", index)
        held = {known.id: known for number in numbers.get(index, ()) for known in holders.get(number, ())}
        # A project that the file names by its code elsewhere is not this row as well.
        several = [known for one, known in sorted(held.items()) if one not in taken]
        if len(several) == 1:
            found.of[index] = several[0]
            if code:
                reason = message(
                    "Koden %(code)s finns inte; raden hör genom diarienumret till %(other)s.",
                    code=code,
                    other=several[0].code,
                )
                found.by_case_number.append(_finding(candidates, index, reason))
        elif several:
            reason = message(
                "Diarienumret finns på flera projekt (%(names)s). Ange koden.",
                names=", ".join(known.code for known in several),
            )
            found.refused.append((index, _finding(candidates, index, reason)))
        elif not code:
            reason = message("Projektkoden saknas, och inget projekt har diarienumret.")
            missing = candidates.finding(index, "code", "", message("Projektkoden saknas."))
            found.refused.append((index, _finding(candidates, index, reason) if numbers.get(index) else missing))


def _finding(candidates: Candidates, index: int, reason: str) -> Finding:
    return candidates.finding(index, "case_numbers", "; ".join(candidates.value("case_numbers", index)), reason)


def _by_case_number(session: Session, numbers: Iterable[str], viewer: Viewer) -> Mapping[str, list[Known]]:
    wanted = sorted(set(numbers))
    places = dict(enumerate(wanted))
    found: dict[str, list[Known]] = defaultdict(list)
    columns = select(CaseNumber.number, Project.id, Project.code).join(Project, CaseNumber.project_id == Project.id)
    columns = columns.where(*open_to(viewer, Secret.CASE_NUMBERS))
    for block in blocks(places):
        chosen = CaseNumber.number.in_([places[place] for place in block])
        for number, one, code in session.execute(columns.where(chosen, *visible_to(viewer))):
            found[number].append(Known(one, code, visible=True))
    return found


def _refuse_doubles(candidates: Candidates, found: Matches) -> None:
    rows: dict[int, list[int]] = defaultdict(list)
    for index, known in found.of.items():
        rows[known.id].append(index)
    for several in rows.values():
        if len(several) < 2:
            continue
        where = ", ".join(str(candidates.rows[index]) for index in several)
        for index in several:
            code = found.of.pop(index).code
            reason = message("Flera rader i filen (%(where)s) hör till projektet %(code)s.", where=where, code=code)
            found.refused.append((index, candidates.finding(index, "code", code, reason)))
