"""The projects behind each cell: one line for each project × row × column that it touches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tracker.apportion import WHOLE, IntArray
from tracker.contribution.leaves import blocks, share_block
from tracker.contribution.portfolio import Portfolio
from tracker.contribution.rules import CountingRule
from tracker.contribution.trees import Tree


@dataclass(frozen=True, eq=False, slots=True)
class Details:
    """Equally long arrays in order of project, row and column; projects without amounts are there too.

    `row` and `column` are nodes that amounts fall on directly. `amounts` (lines, measure columns): the lines of a
    cell sum to the cell under both rules. `part` (lines,) is how much of the project the line is, 0 … 1.
    """

    project: IntArray
    row: IntArray
    column: IntArray
    part: npt.NDArray[np.float64]
    amounts: IntArray

    def __len__(self) -> int:
        return int(self.project.size)


def list_details(portfolio: Portfolio, rows: Tree, columns: Tree, rule: CountingRule) -> Details:
    """The lines of every cell that a project falls on directly."""
    project, row, place, weight = _crossed(portfolio)
    keys = _keys(project, rows.node_of[row], columns.node_of[place], rows, columns)
    lines, line_of = np.unique(keys, return_inverse=True)
    project_of, rest = np.divmod(lines, rows.node_count * columns.node_count)
    row_of, column_of = np.divmod(rest, columns.node_count)
    amounts = np.zeros((lines.size, portfolio.column_count), dtype=np.int64)
    if rule is CountingRule.FORDELAD:
        _add_leaves(portfolio, rows, columns, lines, amounts)
        part = np.zeros(lines.size)
        np.add.at(part, line_of, weight)
    else:
        whole = np.zeros((portfolio.project_count, portfolio.column_count), dtype=np.int64)
        whole[portfolio.facts.project, portfolio.facts.column] = portfolio.facts.amount
        amounts, part = whole[project_of], np.ones(lines.size)
    return Details(project_of, row_of, column_of, part, amounts)


def _add_leaves(portfolio: Portfolio, rows: Tree, columns: Tree, lines: IntArray, amounts: IntArray) -> None:
    """Add every leaf to its line, a block at a time: the leaves of a large portfolio are never there all at once."""
    tags, areas, facts = portfolio.tags, portfolio.areas, portfolio.facts
    row_of, column_of, flat, width = (
        rows.node_of[tags.row],
        columns.node_of[areas.place],
        amounts.reshape(-1),
        amounts.shape[1],
    )
    for block in blocks(facts.project, portfolio.tags_of, portfolio.areas_of):
        project = facts.project[block.facts][:, np.newaxis, np.newaxis]
        keys = _keys(
            project, row_of[block.rows][:, :, np.newaxis], column_of[block.places][:, np.newaxis, :], rows, columns
        )
        cells = np.searchsorted(lines, keys) * width + facts.column[block.facts][:, np.newaxis, np.newaxis]
        np.add.at(flat, cells.reshape(-1), share_block(portfolio, block).reshape(-1))


def _crossed(portfolio: Portfolio) -> tuple[IntArray, IntArray, IntArray, npt.NDArray[np.float64]]:
    """Project, row item, place and part of each goal tag × area row of a project."""
    tags, areas = portfolio.tags, portfolio.areas
    weights = np.bincount(tags.project, weights=tags.weight, minlength=portfolio.project_count)
    pieces = [
        np.stack([part.reshape(-1) for part in np.broadcast_arrays(block.rows[:, :, None], block.places[:, None, :])])
        for block in blocks(np.arange(portfolio.project_count), portfolio.tags_of, portfolio.areas_of)
    ]
    tag, area = np.concatenate([np.zeros((2, 0), dtype=np.int64), *pieces], axis=1)
    # In order, so that the parts of a line are always added in the same order.
    tag, area = np.stack([tag, area])[:, np.lexsort((area, tag))]
    project = tags.project[tag]
    weight = tags.weight[tag] * areas.share[area] / (weights[project] * WHOLE)
    return project, tags.row[tag], areas.place[area], weight


def _keys(project: IntArray, row: IntArray, column: IntArray, rows: Tree, columns: Tree) -> IntArray:
    return np.asarray((project * rows.node_count + row) * columns.node_count + column)


@dataclass(frozen=True, eq=False, slots=True)
class Behind:
    """The projects behind one pair of nodes, by code: equally long arrays; `amounts` (projects, measure columns)."""

    project: IntArray
    part: npt.NDArray[np.float64]
    amounts: IntArray


def projects_behind(details: Details, rows: Tree, columns: Tree, rule: CountingRule, row: int, column: int) -> Behind:
    """Each project once, with what it brings to the cell; the amounts sum to the cell under both rules."""
    there = np.flatnonzero(_under(rows, row)[details.row] & _under(columns, column)[details.column])
    projects, first, group = np.unique(details.project[there], return_index=True, return_inverse=True)
    if rule is CountingRule.BEROR:
        lines = there[first]
        return Behind(projects, details.part[lines], details.amounts[lines])
    part, amounts = np.zeros(projects.size), np.zeros((projects.size, details.amounts.shape[1]), dtype=np.int64)
    np.add.at(part, group, details.part[there])
    np.add.at(amounts, group, details.amounts[there])
    return Behind(projects, part, amounts)


def _under(tree: Tree, node: int) -> npt.NDArray[np.bool_]:
    """Which nodes are the node itself or below it."""
    found = np.zeros(tree.node_count, dtype=np.bool_)
    at = np.arange(tree.node_count)
    while (at >= 0).any():
        found |= at == node
        at = np.where(at >= 0, tree.parent[at], -1)
    return found
