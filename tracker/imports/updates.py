"""Writing the changes of a plan: only the fields that differ, in statements that do not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import shapely
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.geo.crs import STORAGE_SRID
from tracker.history.models import Action
from tracker.history.services import Actor
from tracker.imports.additions import searchable
from tracker.imports.plan import SIMPLE, Change, Plan
from tracker.measures.models import MainKind
from tracker.projects.bulk import blocks, columns_of, delete_for, insert_columns, table_of
from tracker.projects.display import refresh_display
from tracker.projects.figures import Volume
from tracker.projects.locating import store_locations
from tracker.projects.models import CaseNumber, Project
from tracker.projects.recording import record_many
from tracker.projects.vocabulary import RUNNING_PERIOD, Phase, Publication
from tracker.text import sort_key

_ENUMS: dict[str, Callable[[Any], object]] = {"main_kind": MainKind, "phase": Phase, "publication": Publication}


def change_projects(session: Session, plan: Plan, changes: Sequence[Change], actor: Actor) -> None:
    """Bring the projects in step with the file, with version, history, "ligger i" and map text."""
    ids = [change.project_id for change in changes]
    _take(session, changes, actor)
    for field in (*SIMPLE, "publication"):
        _write_field(session, field, changes)
    _write_case_numbers(session, changes)
    _write_volumes(session, plan, changes)
    _write_geometry(session, plan, changes)
    _write_searchable(session, ids)
    entries = [
        (one.project_id, one.version + 1, {name: list(pair) for name, pair in one.fields.items()}) for one in changes
    ]
    record_many(session, actor, Action.CHANGED, entries)
    session.expire_all()
    refresh_display(session, ids)


def _take(session: Session, changes: Sequence[Change], actor: Actor) -> None:
    """Move every project on from the version that the plan saw. Raises ConflictError when one is not there any more."""
    table = table_of(Project)
    statement = (
        update(table)
        .where(table.c.id == bindparam("_id"), table.c.version == bindparam("_seen"))
        .values(version=bindparam("_seen") + 1, updated_at=bindparam("_at"))
    )
    rows = [{"_id": one.project_id, "_seen": one.version, "_at": actor.at} for one in changes]
    taken = session.execute(statement, rows).rowcount  # type: ignore[attr-defined]
    if taken != len(rows):
        raise ConflictError("Någon annan sparade samma projekt under tiden. Inget har ändrats; kör importen igen.")


def _write_field(session: Session, field: str, changes: Sequence[Change]) -> None:
    typed = _ENUMS.get(field, _as_it_is)
    rows = [
        {"_id": change.project_id, "_value": typed(change.fields[field][1])}
        for change in changes
        if field in change.fields
    ]
    if rows:
        table = table_of(Project)
        statement = update(table).where(table.c.id == bindparam("_id"))
        session.execute(statement.values({field: bindparam("_value", type_=table.c[field].type)}), rows)


def _as_it_is(value: object) -> object:
    return value


def _write_case_numbers(session: Session, changes: Sequence[Change]) -> None:
    new: dict[int, Any] = {
        one.project_id: one.fields["case_numbers"][1] for one in changes if "case_numbers" in one.fields
    }
    delete_for(session, CaseNumber.project_id, new)
    rows = [(one, position, number) for one, numbers in new.items() for position, number in enumerate(numbers, start=1)]
    insert_columns(session, table_of(CaseNumber), columns_of(("project_id", "position", "number"), rows))


def _write_volumes(session: Session, plan: Plan, changes: Sequence[Change]) -> None:
    """The planned number of the plan's year; what was started and completed in it stays."""
    new: dict[int, Any] = {one.project_id: one.fields["volumes"][1] for one in changes if "volumes" in one.fields}
    if not new:
        return
    table = table_of(Volume)
    this = (table.c.period == RUNNING_PERIOD, table.c.measure_id == plan.measure_id, table.c.year == plan.year)
    present: set[int] = set()
    for block in blocks(new):
        present |= set(session.scalars(select(table.c.project_id).where(table.c.project_id.in_(block), *this)))
    rows = [{"_id": one, "_planned": new[one][0][3]} for one in sorted(present)]
    if rows:
        statement = update(table).where(table.c.project_id == bindparam("_id"), *this)
        session.execute(statement.values(planned=bindparam("_planned")), rows)
    names = ("project_id", "period", "measure_id", "year", "planned", "started", "completed")
    missing = [(one, *row) for one, volumes in new.items() if one not in present for row in volumes]
    insert_columns(session, table, columns_of(names, missing))


def _write_geometry(session: Session, plan: Plan, changes: Sequence[Change]) -> None:
    moved = [change for change in changes if "geometry" in change.fields]
    if not moved:
        return
    indices = [change.index for change in moved]
    wkb = shapely.to_wkb(plan.shapes(indices))
    session.execute(
        text(f"UPDATE project SET geom = ST_GeomFromWKB(:wkb, {STORAGE_SRID}) WHERE id = :id"),  # noqa: S608
        [{"id": change.project_id, "wkb": shape} for change, shape in zip(moved, wkb, strict=True)],
    )
    store_locations(session, [change.project_id for change in moved], plan.locations(indices))


def _write_searchable(session: Session, ids: list[int]) -> None:
    """`sort_key` and `search_text` follow the name, the code, the case numbers and the stated area."""
    table = table_of(Project)
    for block in blocks(ids):
        numbers: dict[int, list[str]] = {one: [] for one in block}
        by_position = select(CaseNumber.project_id, CaseNumber.number).order_by(CaseNumber.position)
        for project_id, number in session.execute(by_position.where(CaseNumber.project_id.in_(block))):
            numbers[project_id].append(number)
        columns = (Project.id, Project.code, Project.name, Project.stated_area)
        rows = [
            {
                "_id": one,
                "_sort": sort_key(name),
                "_search": searchable(code, name, numbers[one], area),
            }
            for one, code, name, area in session.execute(select(*columns).where(Project.id.in_(block)))
        ]
        statement = update(table).where(table.c.id == bindparam("_id"))
        session.execute(statement.values(sort_key=bindparam("_sort"), search_text=bindparam("_search")), rows)
