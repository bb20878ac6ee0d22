"""Goal tags of projects as a report reads them: those of its own edition, else those of another along the crosswalk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.contribution.completing import BoolArray
from tracker.contribution.crosswalk import LOST, Crosswalk, Edition, build_crosswalk
from tracker.contribution.material import GoalEdition
from tracker.contribution.portfolio import GoalTags
from tracker.contribution.reading import Positions, read_columns
from tracker.contribution.rows import GoalRows
from tracker.contribution.selection import Selection
from tracker.goals.models import Goal, GoalCrosswalk, GoalSet
from tracker.projects.models import GoalAssessment, GoalTag
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret


@dataclass(frozen=True, eq=False, slots=True)
class Judgements:
    """What the projects of a selection were judged to contribute to.

    `no_contribution` (projects,); `carried` (projects,) is the place in `carried_from` of the edition that a project
    was judged in, -1 for the report's own. An item past those of the rows is a goal without counterpart.
    """

    tags: GoalTags
    no_contribution: BoolArray
    carried: IntArray
    carried_from: tuple[GoalEdition, ...]


def read_judgements(
    session: Session,
    selection: Selection,
    goal_set: GoalSet,
    rows: GoalRows,
    viewer: Viewer,
    *,
    evenly: bool = False,
) -> Judgements:
    """Tags and assessments; a project judged in the edition itself is told by that alone.

    `evenly`: as if every tag weighed the same; the weights are then not read into anything.
    """
    project, goal, weight = _read_tags(session, selection, goal_set, viewer)
    weight = np.ones_like(weight) if evenly else weight
    assessed, in_set = _read_assessments(session, selection, goal_set, viewer)
    items = rows.goals.of(goal)
    own = items >= 0
    none = np.zeros(selection.count, dtype=np.bool_)
    none[assessed[in_set == goal_set.id]] = True
    judged = none.copy()
    judged[project[own]] = True
    tags = GoalTags(project[own], items[own], weight[own], items[own])
    left, left_none = ~own & ~judged[project], ~judged[assessed]
    carried = np.full(selection.count, -1, dtype=np.int64)
    if not (left.any() or left_none.any()):
        return Judgements(tags, none, carried, ())
    crosswalk = read_crosswalk(session, goal_set)
    others = np.stack((project[left], goal[left], weight[left]))
    chosen = _choose(crosswalk, others, np.stack((assessed[left_none], in_set[left_none])), carried)
    none[chosen] = True
    added = _carry(crosswalk, others, carried, rows.goals, rows.item_count)
    tags = GoalTags(*(np.concatenate(pair) for pair in zip(_arrays(tags), _arrays(added), strict=True)))
    return Judgements(tags, none, carried, tuple(GoalEdition(one.code, one.name) for one in crosswalk.editions))


def _arrays(tags: GoalTags) -> tuple[IntArray, ...]:
    return tags.project, tags.goal, tags.weight, tags.row


def _read_tags(session: Session, selection: Selection, goal_set: GoalSet, viewer: Viewer) -> list[IntArray]:
    """Project, goal id and weight of the tags of every edition of this kind."""
    goals = select(Goal.id).join(GoalSet, Goal.goal_set_id == GoalSet.id).where(GoalSet.kind == goal_set.kind)
    statement = select(GoalTag.project_id, GoalTag.goal_id, GoalTag.weight)
    shown = (GoalTag.goal_id.in_(goals), *open_to(viewer, Secret.GOALS, GoalTag.project_id))
    ids, goal, weight = read_columns(session, statement.where(*shown))
    project = selection.positions.of(ids)
    kept = np.flatnonzero(project >= 0)
    return [project[kept], goal[kept], weight[kept]]


def _read_assessments(session: Session, selection: Selection, goal_set: GoalSet, viewer: Viewer) -> list[IntArray]:
    """Project and edition id of each finding of no contribution, of every edition of this kind."""
    sets = select(GoalSet.id).where(GoalSet.kind == goal_set.kind)
    statement = select(GoalAssessment.project_id, GoalAssessment.goal_set_id)
    shown: list[ColumnElement[bool]] = [
        GoalAssessment.goal_set_id.in_(sets), *open_to(viewer, Secret.GOALS, GoalAssessment.project_id)
    ]  # fmt: skip
    ids, in_set = read_columns(session, statement.where(*shown))
    project = selection.positions.of(ids)
    kept = np.flatnonzero(project >= 0)
    return [project[kept], in_set[kept]]


def read_crosswalk(session: Session, goal_set: GoalSet) -> Crosswalk:
    """The catalogue's crosswalks between editions of this kind, chained to one of them."""
    columns = (GoalSet.id, GoalSet.code, GoalSet.name, GoalSet.valid_from_year)
    sets = session.execute(select(*columns).where(GoalSet.kind == goal_set.kind)).all()
    goals: dict[int, list[int]] = defaultdict(list)
    for goal_id, set_id in session.execute(select(Goal.id, Goal.goal_set_id)):
        goals[set_id].append(goal_id)
    editions = {row[0]: Edition(*row, goals=frozenset(goals[row[0]])) for row in sets}
    steps = session.execute(select(GoalCrosswalk.from_goal_id, GoalCrosswalk.to_goal_id, GoalCrosswalk.weight))
    return build_crosswalk(editions.pop(goal_set.id), editions.values(), [(*row,) for row in steps])


def _choose(crosswalk: Crosswalk, tags: IntArray, assessed: IntArray, carried: IntArray) -> IntArray:
    """Fill in the nearest edition that each project is judged in; answers those found there to contribute nothing.

    A finding in an edition without a way here says nothing of this one.
    """
    far = len(crosswalk.editions)
    nearest = np.full(carried.size, far, dtype=np.int64)
    place = np.array([crosswalk.edition_of[goal] for goal in tags[1].tolist()], dtype=np.int64)
    np.minimum.at(nearest, tags[0], place)
    places = {edition.id: at for at, edition in enumerate(crosswalk.editions[: crosswalk.reached])}
    found = np.array([places.get(one, far) for one in assessed[1].tolist()], dtype=np.int64)
    nearer = np.flatnonzero(found < nearest[assessed[0]])
    without: IntArray = assessed[0][nearer]
    np.minimum.at(nearest, without, found[nearer])
    chosen = nearest < far
    carried[chosen] = nearest[chosen]
    return without


def _carry(crosswalk: Crosswalk, tags: IntArray, carried: IntArray, goals: Positions, lacking: int) -> GoalTags:
    """The tags of the editions that hold, as tags of the chosen one."""
    rows = list(_carried(crosswalk, tags, carried))
    project, goal, weight = np.array(rows, dtype=np.int64).reshape(-1, 3).T.copy()
    items = np.where(goal == LOST, lacking, goals.of(goal))
    return GoalTags(project, items, weight, items)


def _carried(crosswalk: Crosswalk, tags: IntArray, carried: IntArray) -> Iterator[tuple[int, int, int]]:
    """Project, goal id and weight; projects that are tagged alike are worked out once."""
    by_project: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for project, goal, weight in tags.T.tolist():
        if crosswalk.edition_of[goal] == carried[project]:
            by_project[project].append((goal, weight))
    known: dict[tuple[tuple[int, int], ...], dict[int, int]] = {}
    for project, given in by_project.items():
        key = tuple(sorted(given))
        if key not in known:
            known[key] = crosswalk.weights(key)
        for goal, weight in known[key].items():
            yield project, goal, weight
