"""Each row of a file as what it does: a new project, a change, nothing, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from tracker.errors import DomainError, Problem
from tracker.imports.beside_tables import TABLES
from tracker.imports.candidates import Candidates
from tracker.imports.comparing import DATES, Pair, Terms, broken_by, broken_rules, comparer, day_of
from tracker.imports.comparing_contents import ContentsError, given_figures, goals_of_row, has_figures
from tracker.imports.conflicts import Conflict, Settled
from tracker.imports.contents_wanted import DEFAULT_WEIGHT, wanted_figures
from tracker.imports.findings import Finding
from tracker.imports.matching import Matches
from tracker.imports.registered import Registered
from tracker.imports.stale import Stale
from tracker.messages import message
from tracker.projects.programmes import is_below


@dataclass(frozen=True, slots=True)
class Change:
    """A project that the file changes: field → (old, new) as the history writes them."""

    index: int
    project_id: int
    version: int
    """Before the change."""
    fields: Mapping[str, Pair]
    code: str = ""
    """The project's own code, also where the file names it by a case number."""
    name: str = ""
    """As the register has it."""


@dataclass(slots=True)
class Judged:
    """Rows by what becomes of them; indices are those of the candidates."""

    additions: list[int] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: list[tuple[int, int]] = field(default_factory=list)
    """(index, project id)"""
    refused: list[Finding] = field(default_factory=list)
    remarks: list[Finding] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


UNKNOWN = message("Filen anger en version, men registret har inget projekt med koden. Projektet läggs till som nytt.")


def judge_rows(
    session: Session,
    candidates: Candidates,
    matches: Matches,
    registered: Mapping[int, Registered],
    terms: Terms,
    settled: Settled,
) -> Judged:
    """Judge every row. `settled` says whose value stands where file and register changed the same field."""
    found = Judged(refused=[one for several in candidates.refused.values() for one in several])
    found.refused += [finding for _, finding in matches.refused]
    out = candidates.refused.keys() | {index for index, _ in matches.refused}
    compare = comparer(candidates, terms)
    moved: dict[int, int | None] = {}
    stale = Stale(session, candidates, matches, registered, terms, settled)
    for index in range(len(candidates)):
        if index in out:
            continue
        known = matches.of.get(index)
        if known is None:
            _judge_new(candidates, index, terms, found)
            continue
        present = registered[known.id]
        try:
            fields = stale.settle(index, present, known, compare, found)
        except DomainError as error:
            found.refused.append(candidates.finding(index, _field_of(error, candidates, index), "", str(error)))
            continue
        if fields is None:
            continue
        problems = [*broken_by(fields, present), *_circle(session, known.id, fields, moved)]
        if problems:
            found.refused += _findings(candidates, index, problems)
        elif fields:
            moved |= _moved(known.id, fields)
            found.changes.append(Change(index, known.id, present.version, fields, known.code, present.name))
        else:
            found.unchanged.append((index, known.id))
    return found


def _judge_new(candidates: Candidates, index: int, terms: Terms, found: Judged) -> None:
    if not candidates.value("name", index):
        found.refused.append(_nameless(candidates, index))
        return
    problems = _problems_of_new(candidates, index)
    try:
        goals_of_row(candidates, index, {})
        if has_figures(candidates):
            wanted_figures(given_figures(candidates, index), {}, terms.rights)
    except DomainError as error:
        problems.append(Problem(_field_of(error, candidates, index), str(error)))
    if problems:
        found.refused += _findings(candidates, index, problems)
        return
    found.additions.append(index)
    if (version := candidates.value("version", index)) is not None:
        found.remarks.append(candidates.finding(index, "version", version, UNKNOWN))
    if any(weight is None for _, weight in candidates.value("goals", index) or ()):
        reason = message("Målens styrka anges inte och sätts till %(weight)s.", weight=DEFAULT_WEIGHT)
        found.remarks.append(candidates.finding(index, "goals", "", reason))


def _field_of(error: DomainError, candidates: Candidates, index: int) -> str:
    """Where a refusal stands: by its own word, else with the amounts."""
    if isinstance(error, ContentsError):
        return error.field
    return "money" if candidates.value("money", index) else "figures"


def _nameless(candidates: Candidates, index: int) -> Finding:
    """A row without a name; one that stands in the tables beside the projects alone says where."""
    for name in TABLES:
        if rows := candidates.value(name, index):
            code = candidates.value("code", index)
            row = getattr(rows[0], "row", "")
            reason = message(
                "Rad %(row)s, kolumnen kod: projektet ”%(code)s” finns varken i filens lager eller i registret.",
                row=row,
                code=code,
            )
            return candidates.finding(index, name, code, reason)
    return candidates.finding(index, "name", "", message("Projektets namn saknas."))


def _problems_of_new(candidates: Candidates, index: int) -> list[Problem]:
    if not candidates.values.keys() & {*DATES, "secondary_kinds"}:
        return []
    values: dict[str, Any] = {
        "main_kind": candidates.kind_or_guess(index),
        "secondary_kinds": candidates.value("secondary_kinds", index),
    }
    return broken_rules(values | dates_of_new(candidates, index))


def dates_of_new(candidates: Candidates, index: int) -> dict[str, Any]:
    """Field of the project → date, for a row that is a new project."""
    found: dict[str, Any] = {}
    for source, target in DATES.items():
        span = candidates.value(source, index)
        if span is not None and target not in found:
            found[target] = day_of(target, span)
    return found


def _moved(project_id: int, fields: Mapping[str, Pair]) -> dict[int, int | None]:
    """The project → its programme after the change, if that is among what changes."""
    parent = fields["parent_id"][1] if "parent_id" in fields else None
    return {project_id: parent} if isinstance(parent, int) else {}


def _circle(
    session: Session, project_id: int, fields: Mapping[str, Pair], moved: Mapping[int, int | None]
) -> Iterator[Problem]:
    """`moved` is what rows before this one change: each can be right and all of them a circle."""
    parent = fields["parent_id"][1] if "parent_id" in fields else None
    if isinstance(parent, int) and is_below(session, parent, project_id, moved):
        yield Problem("parent", message("Ett projekt kan inte ingå i sig självt eller i något av sina delprojekt."))


def _findings(candidates: Candidates, index: int, problems: list[Problem]) -> list[Finding]:
    return [candidates.finding(index, one.field, one.value, one.reason) for one in problems]
