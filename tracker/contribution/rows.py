"""The rows of a report: a goal edition's tree with the rows that no goal covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.contribution.reading import Positions
from tracker.contribution.trees import Tree
from tracker.goals.models import Goal, GoalSet
from tracker.messages import message
from tracker.text import sort_key


class RowKind(StrEnum):
    """What a row stands for; the value is its key in an address where it has no goal code."""

    GOAL = "mal"
    ASPECT = "aspekt"
    NO_ASPECT = "utan-aspekt"
    NO_OUTER_CITY = "utan-ytterstad"
    UNASSESSED = "ej-bedomt"
    NO_CONTRIBUTION = "inget-bidrag"
    NO_COUNTERPART = "utan-motsvarighet"
    ALL = "alla"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `goal` and `aspect` are its place in the tree in words; `detail` if amounts fall on it directly."""

    kind: RowKind
    key: str
    depth: int
    goal: str
    aspect: str
    detail: bool

    @property
    def label(self) -> str:
        """Its own name."""
        return self.aspect if self.kind in (RowKind.ASPECT, RowKind.NO_ASPECT) else self.goal


@dataclass(frozen=True, slots=True)
class KnownGoal:
    """A goal or an aspect as a report knows it; `outer_city_measures` as in the catalogue."""

    id: int
    code: str
    name_sv: str
    parent_id: int | None
    outer_city_measures: bool


@dataclass(frozen=True, eq=False, slots=True)
class GoalRows:
    """The rows in order of reading, the grand total last, as a tree over items.

    Items are the goals by code (bytewise: ties in the sharing follow it) and then the special rows.
    `goals` gives the item of a goal id; `moved` (items,) the item that a tag without ytterstad is shown on.
    """

    rows: tuple[Row, ...]
    tree: Tree
    goals: Positions
    moved: IntArray
    unassessed: int
    no_contribution: int

    @property
    def item_count(self) -> int:
        """Goals and special rows."""
        return int(self.moved.size)


def known_goals(session: Session, goal_set: GoalSet) -> tuple[KnownGoal, ...]:
    """The goals of an edition by code (bytewise)."""
    columns = (Goal.id, Goal.code, Goal.name_sv, Goal.parent_id, Goal.outer_city_measures)
    rows = session.execute(select(*columns).where(Goal.goal_set_id == goal_set.id)).all()
    return tuple(sorted((KnownGoal(*row) for row in rows), key=lambda goal: goal.code))


def rows_for(goals: Sequence[KnownGoal], edition: str, items: IntArray) -> GoalRows:
    """The rows of an edition for tags with these items: what has no counterpart in it has a row where there is any."""
    rows = build_rows(goals)
    return build_rows(goals, edition) if items.max(initial=0) >= rows.item_count else rows


def build_rows(goals: Sequence[KnownGoal], lacking: str = "") -> GoalRows:
    """The rows of goals that come in order of code; `lacking` names the edition that some tags have no goal in.

    Those tags have the item after all others.
    """
    places = {goal.id: item for item, goal in enumerate(goals)}
    top = {goal.id: _top(goal, {one.id: one for one in goals}) for goal in goals}
    outer = sorted({top[goal.id].code for goal in goals if goal.outer_city_measures})
    without = {code: len(goals) + number for number, code in enumerate(outer)}
    unassessed = len(goals) + len(outer)
    moved = np.arange(unassessed + (3 if lacking else 2))
    for goal in goals:
        if goal.outer_city_measures:
            moved[places[goal.id]] = without[top[goal.id].code]
    lines = [*_goal_lines(goals, None, 1, without), *_last_lines(unassessed, lacking)]
    return GoalRows(
        rows=tuple(line.row for line in lines),
        tree=_tree(lines, places, moved.size),
        goals=Positions(np.array([goal.id for goal in goals], dtype=np.int64)),
        moved=moved,
        unassessed=unassessed,
        no_contribution=unassessed + 1,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A row with what hangs it up: its goal, its parent goal (None: the grand total) and its item."""

    row: Row
    goal_id: int | None = None
    parent_id: int | None = None
    item: int | None = None


def _top(goal: KnownGoal, by_id: dict[int, KnownGoal]) -> KnownGoal:
    while goal.parent_id is not None:
        goal = by_id[goal.parent_id]
    return goal


def _goal_lines(
    goals: Sequence[KnownGoal], parent: KnownGoal | None, depth: int, without: dict[str, int]
) -> Iterator[_Line]:
    """A goal, its aspects, what was tagged without an aspect, and after the goal what reaches no ytterstad."""
    below = [goal for goal in goals if goal.parent_id == (parent.id if parent else None)]
    by_id = {goal.id: goal for goal in goals}
    for goal in sorted(below, key=lambda goal: sort_key(goal.code)):
        head = _name(_top(goal, by_id))
        leaf = not any(one.parent_id == goal.id for one in goals)
        kind, aspect = (RowKind.ASPECT, _name(goal)) if parent else (RowKind.GOAL, "")
        yield _Line(Row(kind, goal.code, depth, head, aspect, leaf), goal.id, goal.parent_id)
        yield from _goal_lines(goals, goal, depth + 1, without)
        if not leaf:
            key, label = f"{goal.code}-{RowKind.NO_ASPECT}", message("%(code)s utan angiven aspekt", code=goal.code)
            item = list(goals).index(goal)
            yield _Line(Row(RowKind.NO_ASPECT, key, depth + 1, head, label, detail=True), None, goal.id, item)
        if parent is None and goal.code in without:
            key, label = f"{goal.code}-{RowKind.NO_OUTER_CITY}", message("%(code)s utan ytterstad", code=goal.code)
            yield _Line(Row(RowKind.NO_OUTER_CITY, key, 1, label, "", detail=True), item=without[goal.code])


def _last_lines(unassessed: int, lacking: str) -> Iterator[_Line]:
    if lacking:
        label = message("Utan motsvarighet i %(edition)s", edition=lacking)
        row = Row(RowKind.NO_COUNTERPART, RowKind.NO_COUNTERPART.value, 1, label, "", True)
        yield _Line(row, item=unassessed + 2)
    for kind, label, item in (
        (RowKind.UNASSESSED, message("Ej bedömt"), unassessed),
        (RowKind.NO_CONTRIBUTION, message("Inget bidrag"), unassessed + 1),
    ):
        yield _Line(Row(kind, kind.value, 1, label, "", detail=True), item=item)
    yield _Line(Row(RowKind.ALL, RowKind.ALL.value, 0, message("Alla mål"), "", detail=False))


def _name(goal: KnownGoal) -> str:
    return message("%(code)s %(name)s", code=goal.code, name=goal.name_sv)


def _tree(lines: Sequence[_Line], places: dict[int, int], item_count: int) -> Tree:
    root = len(lines) - 1
    node_of_goal = {line.goal_id: node for node, line in enumerate(lines) if line.goal_id is not None}
    parent = [node_of_goal[line.parent_id] if line.parent_id is not None else root for line in lines]
    parent[root] = -1
    node_of = np.full(item_count, root, dtype=np.int64)
    for goal_id, item in places.items():
        node_of[item] = node_of_goal[goal_id]
    for node, line in enumerate(lines):
        if line.item is not None:
            node_of[line.item] = node
    return Tree(parent=np.array(parent, dtype=np.int64), node_of=node_of)
