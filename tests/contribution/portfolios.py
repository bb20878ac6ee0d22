"""Made portfolios for the tests, as plain Python, and the arrays that they become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from tracker.apportion import WHOLE, IntArray, apportion
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags, Portfolio, arrange
from tracker.contribution.trees import Tree

ROWS, PLACES, COLUMNS = 6, 7, 3
AMOUNTS = st.one_of(st.integers(-12, 12), st.integers(-(10**15), 10**15))


@dataclass(frozen=True)
class Made:
    """A project: weight by goal, share by place, amount by column."""

    goals: dict[int, int]
    shares: dict[int, int]
    amounts: dict[int, int]

    def leaves(self, column: int) -> dict[tuple[int, int], int]:
        """The parts by goal and place, worked out leaf by leaf with fractions."""
        keys = [(goal, place) for goal in sorted(self.goals) for place in sorted(self.shares)]
        weights = [self.goals[goal] * self.shares[place] for goal, place in keys]
        return dict(zip(keys, shared_by_fractions(self.amounts[column], weights), strict=True))


def shared_by_fractions(amount: int, weights: Sequence[int]) -> list[int]:
    """Largest remainder as the textbook says it: hand out the missing units one by one."""
    exact = [Fraction(abs(amount) * weight, sum(weights)) for weight in weights]
    parts = [int(share) for share in exact]
    while sum(parts) < abs(amount):
        short = max(range(len(parts)), key=lambda i: (exact[i] - parts[i], -i))
        parts[short] += 1
    return parts if amount >= 0 else [-part for part in parts]


def array(values: Sequence[int] | Sequence[list[int]]) -> IntArray:
    """An int64 array, also of nothing."""
    return np.array(values, dtype=np.int64)


def facts_of(made: Sequence[Made]) -> Facts:
    """The amounts of the projects as rows."""
    rows = [(p, column, amount) for p, one in enumerate(made) for column, amount in one.amounts.items()]
    return Facts(*(array([row[i] for row in rows]) for i in range(3)))


def tags_of(made: Sequence[Made]) -> GoalTags:
    """The goal tags of the projects as rows, each shown on its own goal."""
    rows = [(p, goal, weight, goal) for p, one in enumerate(made) for goal, weight in one.goals.items()]
    return GoalTags(*(array([row[i] for row in rows]) for i in range(4)))


def areas_of(made: Sequence[Made]) -> AreaRows:
    """The area shares of the projects as rows."""
    rows = [(p, place, share) for p, one in enumerate(made) for place, share in one.shares.items()]
    return AreaRows(*(array([row[i] for row in rows]) for i in range(3)))


def portfolio_of(made: Sequence[Made], tags: GoalTags | None = None) -> Portfolio:
    """The projects, checked and in order."""
    return arrange(
        facts_of(made),
        tags_of(made) if tags is None else tags,
        areas_of(made),
        project_count=len(made),
        row_count=ROWS,
        place_count=PLACES,
        column_count=COLUMNS,
    )


@st.composite
def made_projects(draw: st.DrawFn) -> Made:
    """Any project: 1–6 goals, 1–7 places, shares from 1 to 10 000, any amounts."""
    goals = draw(st.dictionaries(st.integers(0, ROWS - 1), st.integers(1, 3), min_size=1))
    places = draw(st.lists(st.integers(0, PLACES - 1), min_size=1, unique=True))
    pull = draw(st.lists(st.integers(1, 50), min_size=len(places), max_size=len(places)))
    shares = [1 + part for part in apportion(WHOLE - len(places), pull)]
    amounts = draw(st.dictionaries(st.integers(0, COLUMNS - 1), AMOUNTS))
    return Made(goals, dict(zip(places, shares, strict=True)), amounts)


def portfolios() -> st.SearchStrategy[list[Made]]:
    """Any few projects, or none."""
    return st.lists(made_projects(), max_size=8)


def nonnegative(made: Sequence[Made]) -> list[Made]:
    """The same projects without minus signs."""
    return [replace(one, amounts={c: abs(amount) for c, amount in one.amounts.items()}) for one in made]


@st.composite
def trees(draw: st.DrawFn, items: int) -> Tree:
    """Any tree of 1–8 nodes over the items; items may sit on inner nodes too."""
    parents = [-1] + [draw(st.integers(0, node - 1)) for node in range(1, draw(st.integers(1, 8)))]
    nodes = draw(st.lists(st.integers(0, len(parents) - 1), min_size=items, max_size=items))
    return Tree(parent=array(parents), node_of=array(nodes))


def below(tree: Tree, node: int) -> set[int]:
    """The items on a node or under it, found by climbing from each item."""

    def climbs_through(at: int) -> bool:
        while at not in (node, -1):
            at = int(tree.parent[at])
        return at == node

    return {item for item, at in enumerate(tree.node_of.tolist()) if climbs_through(at)}
