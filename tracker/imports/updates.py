"""Writing the changes of a plan: only the fields that differ, in statements that do not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import shapely
from sqlalchemy import bindparam, select, text, update
from sqlalchemy.orm import Session

from tracker.errors import ConflictError
from tracker.geo.crs import STORAGE_SRID
from tracker.history.models import Action
from tracker.history.services import Actor
from tracker.imports.comparing import DATES, SIMPLE
from tracker.imports.judging import Change
from tracker.imports.plan import Plan
from tracker.imports.updates_contents import change_contents
from tracker.measures.models import MainKind
from tracker.messages import message
from tracker.projects.bulk import blocks, columns_of, delete_for, insert_columns, table_of
from tracker.projects.display import refresh_display
from tracker.projects.locating import store_locations
from tracker.projects.models import CaseNumber, Project, SecretField
from tracker.projects.recording import record_many
from tracker.projects.reviewing import lose_reviews
from tracker.projects.searching import write_search_text
from tracker.projects.vocabulary import Phase, Publication
from tracker.text import sort_key

_SEARCHED = frozenset({"name", "case_numbers", "stated_area"})
_TYPES: dict[str, Callable[[Any], object]] = {
    "main_kind": MainKind,
    "phase": Phase,
    "publication": Publication,
    **dict.fromkeys(DATES.values(), date.fromisoformat),
}
"""Field → how the value that the history writes becomes the column's."""


def change_projects(session: Session, plan: Plan, changes: Sequence[Change], actor: Actor) -> None:
    """Bring the projects in step with the file, with version, history, "ligger i" and map text."""
    ids = [change.project_id for change in changes]
    _take(session, changes, actor)
    for field in (*SIMPLE, "secondary_kinds", "publication", *dict.fromkeys(DATES.values())):
        _write_field(session, field, changes)
    _write_case_numbers(session, changes)
    _write_geometry(session, plan, changes)
    change_contents(session, changes)
    _write_searchable(session, changes)
    lost = lose_reviews(session, ids, plan.terms.rights)
    entries = [
        (
            one.project_id,
            one.version + 1,
            {name: list(pair) for name, pair in one.fields.items()} | lost.get(one.project_id, {}),
        )
        for one in changes
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
        raise ConflictError(
            message("Någon annan sparade samma projekt under tiden. Inget har ändrats; kör importen igen.")
        )


def _write_field(session: Session, field: str, changes: Sequence[Change]) -> None:
    typed = _TYPES.get(field, _as_it_is)
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


def _write_geometry(session: Session, plan: Plan, changes: Sequence[Change]) -> None:
    moved = [change for change in changes if "geometry" in change.fields]
    if not moved:
        return
    indices = [change.index for change in moved]
    wkb = shapely.to_wkb(plan.shapes(indices))
    session.execute(
        text(f"UPDATE project SET geom = ST_GeomFromWKB(:wkb, {STORAGE_SRID}) WHERE id = :id"),  # noqa: S608 - a number of ours
        [{"id": change.project_id, "wkb": shape} for change, shape in zip(moved, wkb, strict=True)],
    )
    store_locations(session, [change.project_id for change in moved], plan.locations(indices))


def _write_searchable(session: Session, changes: Sequence[Change]) -> None:
    """`sort_key`, `search_text` and what the marks of secrecy keep follow the fields that a search looks in."""
    table, marks = table_of(Project), table_of(SecretField)
    for block in blocks(one.project_id for one in changes if one.fields.keys() & _SEARCHED):
        found = _searched(session, block)
        rows = [
            {"_id": one, "_sort": sort_key(project.name), "_search": project.search_text}
            for one, project in found.items()
        ]
        statement = update(table).where(table.c.id == bindparam("_id"))
        session.execute(statement.values(sort_key=bindparam("_sort"), search_text=bindparam("_search")), rows)
        secret = [
            {"_id": one, "_field": row.field, "_search": row.search_text}
            for one, project in found.items()
            for row in project.secret_fields
        ]
        if secret:
            of_mark = (marks.c.project_id == bindparam("_id"), marks.c.field == bindparam("_field"))
            session.execute(update(marks).where(*of_mark).values(search_text=bindparam("_search")), secret)


def _searched(session: Session, ids: Sequence[int]) -> dict[int, Project]:
    """Id → a project of nothing but what a search looks in, outside every session, its texts made anew."""
    columns = (Project.id, Project.code, Project.name, Project.stated_area)
    found = {
        one: Project(code=code, name=name, stated_area=area)
        for one, code, name, area in session.execute(select(*columns).where(Project.id.in_(ids)))
    }
    numbers = select(CaseNumber.project_id, CaseNumber.number).where(CaseNumber.project_id.in_(ids))
    for one, number in session.execute(numbers.order_by(CaseNumber.project_id, CaseNumber.position)):
        found[one].case_numbers.append(CaseNumber(number=number))
    marks = select(SecretField.project_id, SecretField.field, SecretField.ground)
    for one, field, ground in session.execute(marks.where(SecretField.project_id.in_(ids))):
        found[one].secret_fields.append(SecretField(field=field, ground=ground))
    for project in found.values():
        write_search_text(project)
    return found
