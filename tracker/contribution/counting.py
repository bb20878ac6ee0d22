"""The two counting rules over a tree of report rows × a tree of places.

*Fördelad*: each node is the sum of its leaves; the root is the portfolio. *Berör*: an amount counts in full
in each node pair that its project touches, and once in every subtotal; the root pair is the distinct grand
total. Numbers of projects are distinct under both, and never shared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.apportion import IntArray
from tracker.contribution.leaves import blocks, sum_leaves
from tracker.contribution.portfolio import Facts, Portfolio, Ragged
from tracker.contribution.rules import CountingRule
from tracker.contribution.trees import Tree


@dataclass(frozen=True, eq=False, slots=True)
class Cube:
    """A counted report.

    `amounts` (row nodes, column nodes, measure columns) in öre or counts; `projects` (row nodes, column
    nodes) distinct; `portfolio` (measure columns,) straight from the facts, which the root pair must equal.
    """

    rule: CountingRule
    rows: Tree
    columns: Tree
    amounts: IntArray
    projects: IntArray
    portfolio: IntArray

    def amount(self, row: int, column: int, measure: int) -> int:
        """The amount of one cell, as a Python integer."""
        return int(self.amounts[row, column, measure])

    def project_count(self, row: int, column: int) -> int:
        """The number of different projects of one cell."""
        return int(self.projects[row, column])

    def differences(self) -> IntArray:
        """Grand total minus portfolio, for each measure column: zeros, or something is wrong."""
        return np.asarray(self.amounts[self.rows.root, self.columns.root] - self.portfolio)


def count(portfolio: Portfolio, rows: Tree, columns: Tree, rule: CountingRule) -> Cube:
    """Count a portfolio by a rule, over a tree of its goal rows and a tree of its places.

    Raises ValueError when a tree is over another number of items than the portfolio has.
    """
    if rows.node_of.size != portfolio.row_count or columns.node_of.size != portfolio.place_count:
        raise ValueError("the trees are over other rows or places than the portfolio")
    if rule is CountingRule.FORDELAD:
        amounts = group_leaves(sum_leaves(portfolio), rows, columns)
    else:
        amounts = touched_sums(portfolio, rows, columns, portfolio.facts, portfolio.column_count)
    return Cube(rule, rows, columns, amounts, count_projects(portfolio, rows, columns), portfolio.column_totals())


def count_projects(portfolio: Portfolio, rows: Tree, columns: Tree) -> IntArray:
    """The number of different projects that touch each pair of nodes: (row nodes, column nodes)."""
    every = np.arange(portfolio.project_count)
    one_each = Facts(project=every, column=np.zeros_like(every), amount=np.ones_like(every))
    return touched_sums(portfolio, rows, columns, one_each, 1)[:, :, 0]


def group_leaves(sums: IntArray, rows: Tree, columns: Tree) -> IntArray:
    """Add leaf sums (rows, places, measures) up both trees: (row nodes, column nodes, measures).

    The sums of one portfolio may be grouped by the tree of any edition: only the tree differs.
    """
    by_row = _add_up(sums, rows)
    return np.ascontiguousarray(_add_up(by_row.swapaxes(0, 1), columns).swapaxes(0, 1))


def _add_up(sums: IntArray, tree: Tree) -> IntArray:
    """Add axis 0 (items) up the tree: axis 0 becomes its nodes."""
    grouped = np.zeros((tree.node_count, *sums.shape[1:]), dtype=np.int64)
    for positions, nodes in tree.levels(np.arange(sums.shape[0])):
        for item, node in zip(positions.tolist(), nodes.tolist(), strict=True):
            grouped[node] += sums[item]
    return grouped


def touched_sums(portfolio: Portfolio, rows: Tree, columns: Tree, facts: Facts, measure_count: int) -> IntArray:
    """Sum facts in full over each pair of nodes that their project touches, once for each pair.

    Shape (row nodes, column nodes, measures). Goals and places of a project are crossed with each other, so
    the distinct pairs of a project are its distinct row nodes × its distinct column nodes.
    """
    tags, areas = portfolio.tags, portfolio.areas
    row_nodes, rows_of = _distinct_nodes(tags.project, tags.row, rows, portfolio.project_count)
    column_nodes, columns_of = _distinct_nodes(areas.project, areas.place, columns, portfolio.project_count)
    sums = np.zeros((rows.node_count, columns.node_count, measure_count), dtype=np.int64)
    flat = sums.reshape(-1)
    row_base = row_nodes * (columns.node_count * measure_count)
    column_base = column_nodes * measure_count
    for block in blocks(facts.project, rows_of, columns_of):
        measure = facts.column[block.facts]
        cells = (
            row_base[block.rows][:, :, np.newaxis]
            + (column_base[block.places] + measure[:, np.newaxis])[:, np.newaxis, :]
        )
        amounts = np.broadcast_to(facts.amount[block.facts][:, np.newaxis, np.newaxis], cells.shape)
        np.add.at(flat, cells.reshape(-1), amounts.reshape(-1))
    return sums


def _distinct_nodes(projects: IntArray, items: IntArray, tree: Tree, project_count: int) -> tuple[IntArray, Ragged]:
    """Each project's different nodes, ancestors included, in order of project and node."""
    # A mark for each project × node needs no sorting, unlike np.unique over packed keys.
    marks = np.zeros((project_count, tree.node_count), dtype=np.bool_)
    for positions, nodes in tree.levels(items):
        marks[projects[positions], nodes] = True
    marked, nodes = np.nonzero(marks)
    return nodes, Ragged.of(marked, project_count)
