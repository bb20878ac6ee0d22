"""Reads of the register. The number of statements never grows with the number of rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, UnaryExpression, and_, func, literal, select
from sqlalchemy.orm import Session, selectinload

from tracker.areas.models import Area
from tracker.errors import NotFoundError
from tracker.goals.models import Goal
from tracker.measures.models import MainKind
from tracker.messages import message
from tracker.projects.completeness_sql import percent
from tracker.projects.filters import ProjectFilter, conditions
from tracker.projects.models import GoalTag, Location, Project, SecretField, ServedArea
from tracker.projects.policies import Viewer, open_to, seen_marks, visible_to
from tracker.projects.secrecy import Hidden, Secret, with_brought
from tracker.projects.vocabulary import Phase, Publication, Scope

SORTS: dict[str, tuple[Any, ...]] = {
    "namn": (Project.sort_key, Project.id),
    "kod": (Project.code,),
    "slag": (Project.main_kind, Project.sort_key, Project.id),
    "skede": (Project.phase, Project.sort_key, Project.id),
    "andrad": (Project.updated_at.desc(), Project.id.desc()),
    "komplett": (Project.sort_key, Project.id),
}
"""Value of `sort` in the address → order; before that of "komplett" goes the score, for those inside."""
FEW = 500
"""So many ids may stand in a statement."""


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One line of a list."""

    id: int
    code: str
    name: str
    kind: MainKind
    phase: Phase
    publication: Publication
    confidential: bool
    has_location: bool
    goals: tuple[str, ...]
    areas: tuple[str, ...]
    percent: int
    """How complete it is; shown to those inside."""
    hidden: Hidden
    """What this reader may not see of it."""


def count_projects(session: Session, wanted: ProjectFilter, viewer: Viewer) -> int:
    """How many projects the filter means for this viewer."""
    return session.scalar(select(func.count()).select_from(Project).where(*conditions(session, wanted, viewer))) or 0


def count_shown(session: Session, wanted: ProjectFilter, viewer: Viewer) -> tuple[int, int]:
    """How many projects the filter means, and how many this viewer sees without it, in one pass."""
    if not wanted.in_force:
        everything = count_projects(session, wanted, viewer)
        return everything, everything
    shown = func.count().filter(and_(*conditions(session, wanted, viewer)))
    counts = session.execute(select(shown, func.count()).select_from(Project).where(*visible_to(viewer))).one()
    return int(counts[0]), int(counts[1])


def list_rows(
    session: Session,
    wanted: ProjectFilter,
    viewer: Viewer,
    sort: str,
    offset: int,
    limit: int,
    *,
    descending: bool = False,
    further: Sequence[ColumnElement[bool]] = (),
    ordered: Sequence[ColumnElement[Any]] | None = None,
) -> list[ProjectRow]:
    """A slice of the list with goals and areas, in a number of statements that does not grow with it.

    `further` are conditions besides the filter's, `ordered` an order that no word of `SORTS` names.
    """
    score = (percent(viewer) if viewer.drafts else literal(0)).label("score")
    order: list[ColumnElement[Any]] = list(ordered or SORTS.get(sort, SORTS["namn"]))
    first = [score] if sort == "komplett" and viewer.drafts else []
    order = [_turned(column) if descending else column for column in (*first, *order)]
    columns = (
        Project.id, Project.code, Project.name, Project.main_kind, Project.phase, Project.publication,
        Project.confidential, and_(Project.geom.is_not(None), *open_to(viewer, Secret.GEOMETRY)),
        score,
    )  # fmt: skip
    chosen = [*conditions(session, wanted, viewer), *further]
    found = session.execute(select(*columns).where(*chosen).order_by(*order).offset(offset).limit(limit)).all()
    ids = [row[0] for row in found]
    goals, areas = goal_codes(session, ids, viewer), area_names(session, ids, viewer)
    hidden = hidden_of(session, ids, viewer)
    return [
        ProjectRow(
            *row[:-1],
            percent=row[-1],
            goals=goals.get(row[0], ()),
            areas=areas.get(row[0], ()),
            hidden=hidden.get(row[0], {}),
        )
        for row in found
    ]


def _turned(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column.element.asc() if isinstance(column, UnaryExpression) else column.desc()


def goal_codes(session: Session, ids: Sequence[int], viewer: Viewer) -> dict[int, tuple[str, ...]]:
    """Project id → codes of its goals, in order."""
    statement = select(GoalTag.project_id, Goal.code).join(Goal, GoalTag.goal_id == Goal.id)
    statement = statement.where(*open_to(viewer, Secret.GOALS, GoalTag.project_id))
    return _grouped(session, statement.where(GoalTag.project_id.in_(ids)).order_by(GoalTag.project_id, Goal.code))


def area_names(session: Session, ids: Sequence[int], viewer: Viewer) -> dict[int, tuple[str, ...]]:
    """Project id → names of the areas it serves; where none are chosen, of the stadsdelar it lies in."""
    served = select(ServedArea.project_id, ServedArea.scope, Area.name).outerjoin(Area, ServedArea.area_id == Area.id)
    served = served.where(*open_to(viewer, Secret.SERVES, ServedArea.project_id))
    chosen: dict[int, list[str]] = defaultdict(list)
    for project_id, scope, name in session.execute(
        served.where(ServedArea.project_id.in_(ids)).order_by(ServedArea.project_id, ServedArea.position)
    ):
        chosen[project_id].append(name or Scope(scope).label)
    rest = [project_id for project_id in ids if project_id not in chosen]
    lies_in = select(Location.project_id, Area.name).join(Area, Location.area_id == Area.id)
    lies_in = lies_in.where(*open_to(viewer, Secret.GEOMETRY, Location.project_id))
    located = _grouped(
        session, lies_in.where(Location.project_id.in_(rest)).order_by(Location.project_id, Location.place)
    )
    return located | {project_id: tuple(names) for project_id, names in chosen.items()}


def hidden_of(session: Session, ids: Iterable[int], viewer: Viewer) -> dict[int, Hidden]:
    """Project id → what is hidden of it from the viewer, for those that hide anything."""
    if viewer.confidential:
        return {}
    seen = select(SecretField.project_id).where(*seen_marks(viewer))
    return _marks(session, ids, [SecretField.project_id.not_in(seen)])


def marks_of(session: Session, ids: Iterable[int]) -> dict[int, Hidden]:
    """Project id → what is confidential in it, for whoever may see it all."""
    return _marks(session, ids, [])


def _marks(session: Session, ids: Iterable[int], further: Sequence[ColumnElement[bool]]) -> dict[int, Hidden]:
    """The marks of all visible projects are few: they are read whole where the ids are many."""
    wanted = set(ids)
    statement = select(SecretField.project_id, SecretField.field, SecretField.ground).where(*further)
    if len(wanted) <= FEW:
        statement = statement.where(SecretField.project_id.in_(wanted))
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for project_id, field, ground in session.execute(statement):
        if project_id in wanted:
            found[project_id][field] = ground
    return {project_id: with_brought(marks) for project_id, marks in found.items()}


def _grouped(session: Session, statement: object) -> dict[int, tuple[str, ...]]:
    groups: dict[int, list[str]] = defaultdict(list)
    for project_id, text in session.execute(statement):  # type: ignore[call-overload]
        if text not in groups[project_id]:
            groups[project_id].append(text)
    return {project_id: tuple(texts) for project_id, texts in groups.items()}


def get_project(session: Session, code: str, viewer: Viewer) -> Project:
    """The project with everything that belongs to it. Raises NotFoundError when there is none for this viewer."""
    statement = (
        select(Project)
        .where(Project.code == code, *visible_to(viewer))
        .options(
            selectinload(Project.case_numbers),
            selectinload(Project.goal_tags).joinedload(GoalTag.goal),
            selectinload(Project.goal_assessments),
            selectinload(Project.answers),
            selectinload(Project.serves).joinedload(ServedArea.area).joinedload(Area.area_set),
            selectinload(Project.locations).joinedload(Location.area),
            selectinload(Project.volumes),
            selectinload(Project.figures),
            selectinload(Project.decisions),
            selectinload(Project.secret_fields),
        )
    )
    project = session.scalar(statement)
    if project is None:
        raise NotFoundError(message("Projektet %(code)s finns inte, eller är inte publicerat.", code=code))
    return project
