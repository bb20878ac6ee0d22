"""What the project form offers to choose from, read once per request as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from tracker.accounts.models import User
from tracker.accounts.queries import list_managers
from tracker.areas.models import LOWEST
from tracker.areas.queries import newest_set
from tracker.goals.models import Goal, GoalSet, GoalSetKind
from tracker.goals.queries import goal_set_for_year, goal_tree, list_goal_sets
from tracker.goals.tree import GoalNode
from tracker.measures.models import MainKind, Measure, MeasureGroup
from tracker.measures.queries import list_measures
from tracker.projects.form_areas import AreaChoices, load_area_choices
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to

PROGRAMMES_OFFERED = 300


@dataclass(frozen=True, slots=True)
class Edition:
    """A goal edition that has goals."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class MeasureChoice:
    """A measure as an option."""

    id: int
    text: str
    kind: MainKind | None
    group: MeasureGroup


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that the form's lists hold."""

    managers: tuple[tuple[int, str], ...]
    editions: tuple[Edition, ...]
    edition: Edition | None
    """The edition that the goals on the page belong to."""
    tree: tuple[GoalNode, ...]
    areas: AreaChoices
    measures: tuple[MeasureChoice, ...]
    programmes: tuple[tuple[str, str], ...]
    """(code, name) of projects that are parents already."""
    newest_areas: str
    """The code of the newest area edition."""

    @property
    def goals(self) -> dict[int, GoalNode]:
        """Every goal and aspect of the edition by id."""
        return {node.id: node for goal in self.tree for node in (goal, *goal.aspects)}

    def measure_groups(self, kind: MainKind | None) -> list[tuple[MeasureGroup, list[MeasureChoice]]]:
        """The measures by group; those of the main kind first, then those of every kind, then the rest."""
        groups: dict[MeasureGroup, list[MeasureChoice]] = {}
        for measure in self.measures:
            groups.setdefault(measure.group, []).append(measure)
        return sorted(groups.items(), key=lambda item: _rank(item[1], kind))


def _rank(group: Sequence[MeasureChoice], kind: MainKind | None) -> int:
    kinds = {measure.kind for measure in group}
    return 0 if kind in kinds else 1 if None in kinds else 2


def load_choices(
    session: Session, viewer: Viewer, project: Project | None, edition_id: int | None, year: int
) -> Choices:
    """Read the lists. `edition_id` is the goal edition asked for, else that of the year, else the newest."""
    editions = _editions(session)
    edition = _chosen(session, editions, edition_id, year)
    tree = goal_tree(session, session.get_one(GoalSet, edition.id)) if edition else ()
    return Choices(
        managers=_managers(session, project),
        editions=editions,
        edition=edition,
        tree=tree,
        areas=load_area_choices(session, (LOWEST, newest_set(session).code)),
        measures=_measures(session, project),
        programmes=_programmes(session, viewer),
        newest_areas=newest_set(session).code,
    )


def _editions(session: Session) -> tuple[Edition, ...]:
    filled = set(session.scalars(select(Goal.goal_set_id).distinct()))
    sets = list_goal_sets(session, GoalSetKind.INTEGRATION)
    return tuple(Edition(one.id, one.code, one.name) for one in sets if one.id in filled)


def _chosen(session: Session, editions: Sequence[Edition], edition_id: int | None, year: int) -> Edition | None:
    by_id = {edition.id: edition for edition in editions}
    if edition_id in by_id:
        return by_id[edition_id]
    if not editions:
        return None
    return by_id.get(goal_set_for_year(session, year).id, editions[0])


def _managers(session: Session, project: Project | None) -> tuple[tuple[int, str], ...]:
    """Those who may be chosen, and those who are, though their account be closed."""
    people: dict[int, User] = {user.id: user for user in list_managers(session)}
    for user in (project.manager, project.deputy) if project else ():
        if user is not None:
            people.setdefault(user.id, user)
    return tuple((user.id, user.name or user.email) for user in people.values())


def _measures(session: Session, project: Project | None) -> tuple[MeasureChoice, ...]:
    """The active ones, and those that the project has counts of."""
    used = {volume.measure_id for volume in project.volumes} if project else set()
    found = [one for one in list_measures(session, active_only=False) if one.active or one.id in used]
    return tuple(MeasureChoice(one.id, _with_unit(one), one.kind, one.group) for one in found)


def _with_unit(measure: Measure) -> str:
    return f"{measure.name_sv} ({measure.unit})"


def _programmes(session: Session, viewer: Viewer) -> tuple[tuple[str, str], ...]:
    child = aliased(Project)
    parents = select(child.parent_id).where(child.parent_id.is_not(None))
    statement = select(Project.code, Project.name).where(Project.id.in_(parents), *visible_to(viewer))
    rows = session.execute(statement.order_by(Project.sort_key, Project.id).limit(PROGRAMMES_OFFERED))
    return tuple((row.code, row.name) for row in rows)
