"""From the codes in the tables beside the projects to rows of the register's catalogues, edition by edition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.models import Area, AreaSet
from tracker.goals.models import Goal, GoalSet
from tracker.imports.beside_cells import CountRow, GoalRow, ServedRow
from tracker.imports.values import UnreadableError
from tracker.measures.models import Measure
from tracker.messages import message
from tracker.projects.vocabulary import Scope

SCOPES = {scope.value: scope for scope in Scope if scope is not Scope.AREA}


class GoalTagRow(NamedTuple):
    """A tag as a table has it; None where the table does not say."""

    goal_id: int
    goal_set_id: int
    code: str
    weight: int | None
    motivation: str | None


class MeasureRow(NamedTuple):
    """Counts of a measure in a year: planned, started, completed."""

    measure_id: int
    year: int
    counts: tuple[int | None, ...]


Read = Callable[[Any], Any]
Codes = Mapping[tuple[str, str], tuple[int, int]]


def beside_readers(session: Session, fields: set[str]) -> dict[str, Read]:
    """Field → what makes rows of catalogues of its values; only for those that the file has."""
    makers: Mapping[str, Callable[[Session], Read]] = {
        "goal_rows": _goals, "served_rows": _served, "volume_rows": _counts,
    }  # fmt: skip
    return {field: makers[field](session) for field in makers if field in fields}


def _goals(session: Session) -> Read:
    statement = select(GoalSet.code, Goal.code, Goal.id, Goal.goal_set_id)
    known = _by_edition(session, statement.join(GoalSet, Goal.goal_set_id == GoalSet.id))

    def read(rows: tuple[GoalRow, ...]) -> tuple[GoalTagRow, ...]:
        return tuple(
            GoalTagRow(
                *_known(known, one.row, ("malutgava", one.edition), ("mal", one.code)),
                code=one.code, weight=one.weight, motivation=one.motivation,
            )
            for one in rows
        )  # fmt: skip

    return read


def _served(session: Session) -> Read:
    statement = select(AreaSet.code, Area.code, Area.id, Area.area_set_id)
    known = _by_edition(session, statement.join(AreaSet, Area.area_set_id == AreaSet.id))

    def read(rows: tuple[ServedRow, ...]) -> tuple[tuple[Scope, tuple[int, ...], int | None], ...]:
        found: list[tuple[Scope, tuple[int, ...], int | None]] = []
        for one in rows:
            scope = SCOPES.get(one.code) if not one.edition else None
            if scope is not None:
                found.append((scope, (), one.share))
                continue
            area_id, _ = _known(known, one.row, ("indelning", one.edition), ("omradeskod", one.code))
            found.append((Scope.AREA, (area_id,), one.share))
        return tuple(found)

    return read


def _counts(session: Session) -> Read:
    known = dict(session.execute(select(Measure.code, Measure.id)).all())

    def read(rows: tuple[CountRow, ...]) -> tuple[MeasureRow, ...]:
        for one in rows:
            if one.measure not in known:
                raise UnreadableError(
                    message(
                        "Rad %(row)s, kolumnen mattkod: måttet ”%(measure)s” finns inte.",
                        row=one.row,
                        measure=one.measure,
                    )
                )
        return tuple(MeasureRow(known[one.measure], one.year, one.counts) for one in rows)

    return read


def _by_edition(session: Session, statement: Any) -> Codes:
    return {(edition, code): (one, of) for edition, code, one, of in session.execute(statement)}


def _known(known: Codes, row: str, edition: tuple[str, str], code: tuple[str, str]) -> tuple[int, int]:
    found = known.get((edition[1], code[1]))
    if found is None:
        has_edition = any(one == edition[1] for one, _ in known)
        column, value = code if has_edition else edition
        if has_edition:
            raise UnreadableError(
                message(
                    "Rad %(row)s, kolumnen %(column)s: ”%(value)s” finns inte i %(edition)s.",
                    row=row,
                    column=column,
                    value=value,
                    edition=edition[1],
                )
            )
        raise UnreadableError(
            message("Rad %(row)s, kolumnen %(column)s: ”%(value)s” finns inte.", row=row, column=column, value=value)
        )
    return found
