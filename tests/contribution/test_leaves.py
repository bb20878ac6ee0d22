"""Leaves always sum to the amount, whatever the order of rows, and whatever edition groups them."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contribution.portfolios import (
    COLUMNS,
    PLACES,
    ROWS,
    Made,
    areas_of,
    array,
    below,
    facts_of,
    portfolio_of,
    portfolios,
    tags_of,
    trees,
)
from tracker.apportion import IntArray
from tracker.contribution import leaves as leaves_module
from tracker.contribution.counting import group_leaves
from tracker.contribution.leaves import list_leaves, sum_leaves
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags, arrange
from tracker.contribution.trees import Tree

ONE_ROW = Tree(parent=array([-1]), node_of=array([0] * ROWS))
KISTA, RINKEBY, FARSTA = 0, 1, 2


def summed_by_fractions(made: Sequence[Made]) -> IntArray:
    sums = np.zeros((ROWS, PLACES, COLUMNS), dtype=np.int64)
    for one in made:
        for column in one.amounts:
            for (goal, place), part in one.leaves(column).items():
                sums[goal, place, column] += part
    return sums


@given(portfolios())
@settings(deadline=None)
def test_leaves_sum_to_the_portfolio(made: list[Made]) -> None:
    portfolio = portfolio_of(made)
    totals = [sum(one.amounts.get(column, 0) for one in made) for column in range(COLUMNS)]
    assert portfolio.column_totals().tolist() == totals
    assert sum_leaves(portfolio).sum(axis=(0, 1)).tolist() == totals


@given(portfolios())
@settings(deadline=None)
def test_each_leaf_is_its_share_by_largest_remainder(made: list[Made]) -> None:
    assert (sum_leaves(portfolio_of(made)) == summed_by_fractions(made)).all()


@given(portfolios())
@settings(deadline=None)
def test_listed_leaves_of_a_fact_sum_to_its_amount_in_order_of_codes(made: list[Made]) -> None:
    leaves = list_leaves(portfolio_of(made))
    fields = (leaves.project, leaves.row, leaves.place, leaves.column, leaves.amount)
    listed = list(zip(*(field.tolist() for field in fields), strict=True))
    assert listed == [
        (project, goal, place, column, one.leaves(column)[goal, place])
        for project, one in enumerate(made)
        for goal in sorted(one.goals)
        for place in sorted(one.shares)
        for column in sorted(one.amounts)
    ]


@given(portfolios(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_rows_and_projects_changes_nothing(made: list[Made], chance: random.Random) -> None:
    ids = chance.sample(range(len(made)), len(made))

    def shuffled(table: Facts | GoalTags | AreaRows) -> list[IntArray]:
        fields = [getattr(table, name) for name in table.__slots__]
        order = chance.sample(range(fields[0].size), fields[0].size)
        return [array(ids)[fields[0]][order], *(field[order] for field in fields[1:])]

    moved = arrange(
        Facts(*shuffled(facts_of(made))),
        GoalTags(*shuffled(tags_of(made))),
        AreaRows(*shuffled(areas_of(made))),
        project_count=len(made),
        row_count=ROWS,
        place_count=PLACES,
        column_count=COLUMNS,
    )
    assert (sum_leaves(moved) == sum_leaves(portfolio_of(made))).all()


@given(portfolios())
@settings(deadline=None)
def test_the_size_of_blocks_changes_nothing(made: list[Made]) -> None:
    portfolio = portfolio_of(made * 5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leaves_module, "BLOCK_CELLS", 1)
        assert (sum_leaves(portfolio) == 5 * summed_by_fractions(made)).all()


@given(portfolios(), trees(PLACES), trees(PLACES))
@settings(deadline=None)
def test_another_edition_changes_no_total(made: list[Made], one: Tree, other: Tree) -> None:
    sums = sum_leaves(portfolio_of(made))
    first, second = group_leaves(sums, ONE_ROW, one), group_leaves(sums, ONE_ROW, other)
    assert (first[0, one.root] == second[0, other.root]).all()


@given(portfolios(), trees(ROWS), trees(PLACES))
@settings(deadline=None)
def test_a_merged_area_is_exactly_the_sum_of_its_parts(made: list[Made], rows: Tree, columns: Tree) -> None:
    leaves = summed_by_fractions(made)
    grouped = group_leaves(sum_leaves(portfolio_of(made)), rows, columns)
    for row in range(rows.node_count):
        for column in range(columns.node_count):
            goals, places = sorted(below(rows, row)), sorted(below(columns, column))
            assert (grouped[row, column] == leaves[goals][:, places].sum(axis=(0, 1))).all()


def test_kista_and_rinkeby_are_rinkeby_kista_to_the_ore() -> None:
    made = [
        Made({0: 1, 1: 1, 2: 1}, {KISTA: 3_333, RINKEBY: 3_333, FARSTA: 3_334}, {0: 100, 1: -100}),
        Made({0: 3, 4: 1}, {RINKEBY: 7_600, KISTA: 2_400}, {0: 1_234_567_891, 2: 7}),
    ]
    rest = [4] * (PLACES - 3)
    edition_1999 = Tree(array([-1, 0, 0, 0, 0]), array([1, 2, 3, *rest]))
    edition_2007 = Tree(array([-1, 0, 0, 0, 0]), array([1, 1, 3, *rest]))
    sums = sum_leaves(portfolio_of(made))
    old, new = group_leaves(sums, ONE_ROW, edition_1999)[0], group_leaves(sums, ONE_ROW, edition_2007)[0]
    assert new[1].tolist() == (old[1] + old[2]).tolist()
    assert new[0].tolist() == old[0].tolist() == [1_234_567_991, -100, 7]
    # Nine leaves of 11.11 öre; the one missing öre goes to the largest share, Farsta's, and the first goal.
    assert old[3].tolist() == [34, -34, 0]


def test_three_equal_goals_of_an_odd_ore_follow_the_codes() -> None:
    sums = sum_leaves(portfolio_of([Made({5: 2, 0: 2, 3: 2}, {4: 10_000}, {0: 100})]))
    assert sums[[0, 3, 5], 4, 0].tolist() == [34, 33, 33]


def test_an_empty_portfolio_has_no_leaves() -> None:
    assert not sum_leaves(portfolio_of([])).any()
    assert list_leaves(portfolio_of([])).amount.size == 0
