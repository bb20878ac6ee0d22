"""The lines behind cells add up to the cells, under both rules and for every pair of nodes."""

from __future__ import annotations

from hypothesis import given, settings

from tests.contribution.portfolios import COLUMNS, PLACES, ROWS, Made, array, portfolio_of, portfolios, trees
from tracker.contribution.counting import count
from tracker.contribution.details import list_details, projects_behind
from tracker.contribution.rules import CountingRule
from tracker.contribution.trees import Tree


@given(portfolios(), trees(ROWS), trees(PLACES))
@settings(deadline=None)
def test_the_projects_behind_a_cell_add_up_to_it(made: list[Made], rows: Tree, columns: Tree) -> None:
    portfolio = portfolio_of(made)
    for rule in CountingRule:
        cube, details = count(portfolio, rows, columns, rule), list_details(portfolio, rows, columns, rule)
        for row in range(rows.node_count):
            for column in range(columns.node_count):
                found = projects_behind(details, rows, columns, rule, row, column)
                assert found.amounts.sum(axis=0).tolist() == cube.amounts[row, column].tolist()
                assert found.project.size == cube.projects[row, column]


@given(portfolios(), trees(ROWS), trees(PLACES))
@settings(deadline=None)
def test_the_lines_of_a_shared_report_add_up_to_the_portfolio(made: list[Made], rows: Tree, columns: Tree) -> None:
    portfolio = portfolio_of(made)
    details = list_details(portfolio, rows, columns, CountingRule.FORDELAD)
    assert details.amounts.sum(axis=0).tolist() == portfolio.column_totals().tolist()
    for project in range(len(made)):
        assert abs(details.part[details.project == project].sum() - 1) < 1e-9


def test_a_project_without_amounts_is_behind_its_cells() -> None:
    made = [Made({0: 1, 1: 3}, {2: 2_500, 3: 7_500}, {})]
    flat = [
        Tree(parent=array([-1] + [0] * items), node_of=array(list(range(1, items + 1)))) for items in (ROWS, PLACES)
    ]
    details = list_details(portfolio_of(made), flat[0], flat[1], CountingRule.FORDELAD)
    assert list(zip(details.row.tolist(), details.column.tolist(), details.part.tolist(), strict=True)) == [
        (1, 3, 0.0625), (1, 4, 0.1875), (2, 3, 0.1875), (2, 4, 0.5625),
    ]  # fmt: skip
    assert details.amounts.tolist() == [[0] * COLUMNS] * 4
