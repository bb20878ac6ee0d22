"""Writing changed goals, served areas and figures of many projects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from tracker.imports.additions_contents import FIGURES, GOALS, SERVES
from tracker.imports.judging import Change
from tracker.projects.bulk import blocks, columns_of, delete_for, insert_columns, table_of
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import GoalAssessment, GoalTag, ServedArea


def change_contents(session: Session, changes: Sequence[Change]) -> None:
    """Bring the rows in step with what the plan says of them; a project without such a change is not touched."""
    goals = _new(changes, "goals")
    delete_for(session, GoalTag.project_id, goals)
    insert_columns(session, table_of(GoalTag), columns_of(GOALS, [(one, *row) for one in goals for row in goals[one]]))
    judged = _new(changes, "no_contribution")
    delete_for(session, GoalAssessment.project_id, judged)
    kept = [(one, *row) for one in judged for row in judged[one]]
    names = ("project_id", "goal_set_id", "reason")
    insert_columns(session, table_of(GoalAssessment), columns_of(names, kept))
    serves = _new(changes, "serves")
    delete_for(session, ServedArea.project_id, serves)
    rows = [(one, place, *row) for one in serves for place, row in enumerate(serves[one], start=1)]
    insert_columns(session, table_of(ServedArea), columns_of(SERVES, rows))
    _change_figures(session, _new(changes, "figures"))
    _change_volumes(session, _new(changes, "volumes"))


def _new(changes: Sequence[Change], name: str) -> dict[int, Any]:
    return {one.project_id: one.fields[name][1] for one in changes if name in one.fields}


def _change_figures(session: Session, new: dict[int, Any]) -> None:
    """The rows of a change are whole: what the file does not say of them stands in them as it was."""
    rows = [(one, *row) for one in new for row in new[one]]
    if not rows:
        return
    table = table_of(Figure)
    keys = ("project_id", "period", "year", "flow")
    this = [table.c[key] == bindparam(f"_{key}") for key in keys]
    session.execute(
        delete(table).where(*this), [dict(zip((f"_{key}" for key in keys), row, strict=False)) for row in rows]
    )
    insert_columns(session, table, columns_of(FIGURES, rows))


VOLUMES = ("project_id", "period", "measure_id", "year", "planned", "started", "completed")


def _change_volumes(session: Session, new: dict[int, Any]) -> None:
    """The counts that a change says; what it does not say of a row that is there stays."""
    table = table_of(Volume)
    keys, counts = VOLUMES[:4], VOLUMES[4:]
    present: set[tuple[Any, ...]] = set()
    for block in blocks(new):
        rows = select(*(table.c[key] for key in keys)).where(table.c.project_id.in_(block))
        present |= {tuple(row) for row in session.execute(rows)}
    rows_of = [(one, *row) for one in new for row in new[one]]
    there = [row for row in rows_of if row[:4] in present]
    if there:
        statement = update(table).where(*(table.c[key] == bindparam(f"_{key}") for key in keys))
        values = {
            name: func.coalesce(bindparam(f"_{name}", type_=table.c[name].type), table.c[name]) for name in counts
        }
        given = [dict(zip((f"_{name}" for name in VOLUMES), row, strict=True)) for row in there]
        session.execute(statement.values(values), given)
    missing = [row for row in rows_of if row[:4] not in present]
    insert_columns(session, table, columns_of(VOLUMES, missing))
