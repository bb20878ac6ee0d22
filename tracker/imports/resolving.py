"""From words to rows of the register's catalogues: people, programmes, goals, served areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from tracker.imports.beside_cells import BESIDE_READERS
from tracker.imports.candidates import Candidates
from tracker.imports.catalogues import Catalogues, GoalWord, Served
from tracker.imports.findings import Finding
from tracker.imports.lists import GoalMark, ServedName
from tracker.imports.resolving_beside import beside_readers
from tracker.imports.values import UnreadableError
from tracker.messages import message
from tracker.projects.policies import Viewer
from tracker.projects.vocabulary import Scope

GoalChoice = tuple[tuple[GoalWord, ...], int | None]
"""The goals that a code can mean, and the weight."""
ServedChoice = tuple[Scope, tuple[int, ...], int | None]
"""The areas that a name can mean, and the share."""
_SINGLE = {"manager": "manager_id", "deputy": "deputy_id", "parent": "parent_id"}


def resolve(session: Session, candidates: Candidates, year: int, viewer: Viewer) -> Candidates:
    """The candidates with the ids of what they name; what is not known is refused by row."""
    fields = candidates.values.keys() & {*_SINGLE, "goals", "serves", *BESIDE_READERS}
    if not fields:
        return candidates
    catalogues = Catalogues.load(session, year, viewer, set(fields))
    readers: Mapping[str, Callable[[Any], Any]] = {
        "manager": catalogues.person,
        "deputy": catalogues.person,
        "parent": catalogues.programme,
        "goals": lambda marks: _goals(catalogues, marks),
        "serves": lambda names: _serves(catalogues, names),
        **beside_readers(session, set(fields)),
    }
    values, refused = dict(candidates.values), {index: list(given) for index, given in candidates.refused.items()}
    for field in sorted(fields & readers.keys()):
        found, faults = _resolve_column(candidates, field, readers[field])
        values[_SINGLE.get(field, field)] = found
        for index, finding in faults:
            refused.setdefault(index, []).append(finding)
    _merge_served(values)
    return replace(candidates, values=values, refused=dict(sorted(refused.items())))


def _resolve_column(
    candidates: Candidates, field: str, read: Callable[[Any], Any]
) -> tuple[list[Any], list[tuple[int, Finding]]]:
    known: dict[Any, tuple[Any, str]] = {None: (None, "")}
    found, faults = [], []
    for index, word in enumerate(candidates.values[field]):
        if word not in known:
            try:
                known[word] = (read(word), "")
            except UnreadableError as error:
                known[word] = (None, str(error))
        value, reason = known[word]
        found.append(value)
        if reason:
            shown = "" if field in BESIDE_READERS else _shown(word)
            faults.append((index, candidates.finding(index, field, shown, reason)))
    return found, faults


def _merge_served(values: dict[str, list[Any]]) -> None:
    """What the table says of served areas stands where no column of the projects says anything."""
    rows = values.pop("served_rows", None)
    if rows is not None:
        cells = values.get("serves") or [None] * len(rows)
        values["serves"] = [cell if cell is not None else row for cell, row in zip(cells, rows, strict=True)]


def _shown(word: Any) -> str:
    return word if isinstance(word, str) else ", ".join(str(item[0]) for item in word)


def _goals(catalogues: Catalogues, marks: tuple[GoalMark, ...]) -> tuple[GoalChoice, ...]:
    return tuple((tuple(catalogues.goal(code)), weight) for code, weight in marks)


def _serves(catalogues: Catalogues, names: tuple[ServedName, ...]) -> tuple[ServedChoice, ...]:
    rows: list[ServedChoice] = []
    for name, share in names:
        meaning: Served = catalogues.served(name)
        rows.append((*meaning, share))
    if len({(scope, areas[:1]) for scope, areas, _ in rows}) < len(rows):
        raise UnreadableError(message("Samma område står två gånger."))
    return tuple(rows)
