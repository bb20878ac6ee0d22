"""The two counting rules: fördelad sums to the portfolio, berör counts a project once in every subtotal."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.contribution.portfolios import (
    COLUMNS,
    PLACES,
    ROWS,
    Made,
    array,
    below,
    nonnegative,
    portfolio_of,
    portfolios,
    trees,
)
from tracker.contribution.counting import Cube, count
from tracker.contribution.rules import AreaBasis, CountingRule
from tracker.contribution.trees import Tree

# all(0) > G1(1) > G1a(2), G1b(3); all > G2(4) > G2a(5); the goals 3–5 of the items are shown on G2a.
GOALS = Tree(parent=array([-1, 0, 1, 1, 0, 4]), node_of=array([2, 3, 5, 5, 5, 5]))
# all(0) > ytterstad(1) > Västerort(2) > Kista(3), Rinkeby(4), ej uppdelat: Järva(5); all > innerstad(6)
AREAS = Tree(parent=array([-1, 0, 1, 2, 2, 2, 0]), node_of=array([3, 4, 5, 6, 6, 6, 6]))
KISTA, RINKEBY, JARVA, NORRMALM = 0, 1, 2, 3


def touching(made: list[Made], rows: set[int], places: set[int]) -> list[Made]:
    return [one for one in made if rows & set(one.goals) and places & set(one.shares)]


def parts(cube: Cube, tree: Tree, node: int) -> list[int]:
    return [child for child in range(tree.node_count) if tree.parent[child] == node]


@given(portfolios(), trees(ROWS), trees(PLACES))
@settings(deadline=None)
def test_both_rules_reach_the_portfolio_in_the_grand_total(made: list[Made], rows: Tree, columns: Tree) -> None:
    portfolio = portfolio_of(made)
    for rule in CountingRule:
        cube = count(portfolio, rows, columns, rule)
        assert cube.rule is rule
        assert cube.differences().tolist() == [0] * COLUMNS
        assert cube.project_count(rows.root, columns.root) == len(made)
        for column in range(COLUMNS):
            total = sum(one.amounts.get(column, 0) for one in made)
            assert cube.amount(rows.root, columns.root, column) == total


@given(portfolios(), trees(ROWS), trees(PLACES))
@settings(deadline=None)
def test_beror_counts_every_project_once_in_each_cell(made: list[Made], rows: Tree, columns: Tree) -> None:
    cube = count(portfolio_of(made), rows, columns, CountingRule.BEROR)
    for row in range(rows.node_count):
        for column in range(columns.node_count):
            there = touching(made, below(rows, row), below(columns, column))
            assert cube.projects[row, column] == len(there)
            assert cube.amounts[row, column].tolist() == [
                sum(one.amounts.get(measure, 0) for one in there) for measure in range(COLUMNS)
            ]


@given(portfolios(), trees(ROWS), trees(PLACES))
@settings(deadline=None)
def test_numbers_of_projects_are_the_same_under_both_rules(made: list[Made], rows: Tree, columns: Tree) -> None:
    portfolio = portfolio_of(made)
    shared = count(portfolio, rows, columns, CountingRule.FORDELAD)
    touched = count(portfolio, rows, columns, CountingRule.BEROR)
    assert (shared.projects == touched.projects).all()


@given(portfolios())
@settings(deadline=None)
def test_a_beror_subtotal_lies_between_its_largest_part_and_the_sum_of_its_parts(made: list[Made]) -> None:
    cube = count(portfolio_of(nonnegative(made)), GOALS, AREAS, CountingRule.BEROR)
    for counted in (cube.amounts, cube.projects):
        for row in (0, 1, 4):
            children = counted[parts(cube, GOALS, row)]
            assert (counted[row] >= children.max(axis=0)).all()
            assert (counted[row] <= children.sum(axis=0)).all()
        for column in (0, 1, 2):
            children = counted[:, parts(cube, AREAS, column)]
            assert (counted[:, column] >= children.max(axis=1)).all()
            assert (counted[:, column] <= children.sum(axis=1)).all()


@given(portfolios())
@settings(deadline=None)
def test_fordelad_is_never_more_than_beror_where_nothing_is_negative(made: list[Made]) -> None:
    portfolio = portfolio_of(nonnegative(made))
    shared = count(portfolio, GOALS, AREAS, CountingRule.FORDELAD)
    touched = count(portfolio, GOALS, AREAS, CountingRule.BEROR)
    assert (shared.amounts <= touched.amounts).all()


def test_a_terrace_in_two_areas_and_a_park() -> None:
    terrace = Made({0: 3, 1: 1}, {KISTA: 7_500, RINKEBY: 2_500}, {0: 1_000})
    park = Made({2: 2}, {RINKEBY: 5_000, NORRMALM: 5_000}, {0: 301})
    portfolio = portfolio_of([terrace, park])
    shared = count(portfolio, GOALS, AREAS, CountingRule.FORDELAD)
    touched = count(portfolio, GOALS, AREAS, CountingRule.BEROR)
    # Exact leaves of the terrace: 562.5, 187.5, 187.5, 62.5; the missing öre go to the two earliest.
    assert shared.amounts[2, [3, 4, 2, 1, 0], 0].tolist() == [563, 188, 751, 751, 751]
    assert shared.amounts[0, [3, 4, 2, 6, 0], 0].tolist() == [750, 401, 1_151, 150, 1_301]
    assert touched.amounts[2, [3, 4, 2, 1, 0], 0].tolist() == [1_000] * 5
    assert touched.amounts[0, [3, 4, 2, 6, 0], 0].tolist() == [1_000, 1_301, 1_301, 301, 1_301]
    assert touched.projects[0, [3, 4, 2, 6, 0]].tolist() == [1, 2, 2, 1, 2]
    assert touched.projects[1, [3, 4, 2, 6, 0]].tolist() == [1, 1, 1, 0, 1]


def test_a_tree_over_other_items_is_refused() -> None:
    with pytest.raises(ValueError, match="other rows or places"):
        count(portfolio_of([]), AREAS, AREAS, CountingRule.BEROR)


@pytest.mark.parametrize(
    ("parent", "node_of"),
    [([], []), ([-1, -1], []), ([0], []), ([-1, 2, 1], []), ([-1, 5], []), ([-1, 0], [2]), ([-1, 0], [-1])],
)
def test_what_is_no_tree_is_refused(parent: list[int], node_of: list[int]) -> None:
    with pytest.raises(ValueError, match=r"tree|item"):
        Tree(parent=array(parent), node_of=array(node_of))


def test_rules_have_their_swedish_names() -> None:
    assert [(rule.value, rule.term) for rule in CountingRule] == [
        ("fordelad", "fördelad"),
        ("beror", "berör"),
    ]
    assert [basis.term for basis in AreaBasis] == ["betjänar", "enligt läge", "oplacerat"]
