"""Leaves: the part of one fact that falls on one goal row and one recorded place.

They lie at the finest recorded level and know no area edition; an edition only groups them upward
(trees.py). Facts of equal shape (as many goals, as many places) are worked in blocks of dense arrays: no
ragged expansion, no sorting of leaves, no Python object for a leaf.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tracker.apportion import IntArray, apportion_groups
from tracker.contribution.portfolio import Portfolio, Ragged

BLOCK_CELLS = 1 << 15
"""Cells (fact × goal × place) in a block: 256 KiB an array, so that the work stays in the cache."""


@dataclass(frozen=True, eq=False, slots=True)
class Block:
    """Facts (n,) of one shape; positions of the rows (n, r) and places (n, p) that they are crossed with."""

    facts: IntArray
    rows: IntArray
    places: IntArray


@dataclass(frozen=True, eq=False, slots=True)
class Leaves:
    """All leaves, ordered by project, goal, place and column; every array has shape (leaves,)."""

    project: IntArray
    row: IntArray
    place: IntArray
    column: IntArray
    amount: IntArray


def blocks(fact_projects: IntArray, rows: Ragged, places: Ragged) -> Iterator[Block]:
    """Cross every fact with its project's rows and places, in blocks of equal shape.

    Each fact occurs in exactly one block; a project without rows or places gives none.
    """
    width = int(places.count.max(initial=0)) + 1
    shapes = (rows.count * width + places.count)[fact_projects]
    order = np.argsort(shapes, kind="stable")
    kinds, first = np.unique(shapes[order], return_index=True)
    bounds = [*first.tolist(), order.size]
    for shape, start, end in zip(kinds.tolist(), bounds, bounds[1:], strict=False):
        r, p = divmod(shape, width)
        size = max(1, BLOCK_CELLS // max(1, r * p))
        for begin in range(start, end if r and p else start, size):
            part = order[begin : min(begin + size, end)]
            projects = fact_projects[part]
            yield Block(
                facts=part,
                rows=rows.start[projects, np.newaxis] + np.arange(r),
                places=places.start[projects, np.newaxis] + np.arange(p),
            )


def share_block(portfolio: Portfolio, block: Block) -> IntArray:
    """The leaves' amounts of a block, shape (n, r, p); each fact's leaves sum to its amount."""
    weights = portfolio.tags.weight[block.rows]
    shares = portfolio.areas.share[block.places]
    crossed = weights[:, :, np.newaxis] * shares[:, np.newaxis, :]
    parts = apportion_groups(portfolio.facts.amount[block.facts], crossed.reshape(block.facts.size, -1))
    return parts.reshape(crossed.shape)


def sum_leaves(portfolio: Portfolio) -> IntArray:
    """Sum the leaves of every fact; shape (rows, places, columns), exact."""
    shape = (portfolio.row_count, portfolio.place_count, portfolio.column_count)
    sums = np.zeros(shape, dtype=np.int64)
    flat = sums.reshape(-1)
    row_base = portfolio.tags.row * (shape[1] * shape[2])
    place_base = portfolio.areas.place * shape[2]
    for block in blocks(portfolio.facts.project, portfolio.tags_of, portfolio.areas_of):
        column = portfolio.facts.column[block.facts]
        cells = (
            row_base[block.rows][:, :, np.newaxis]
            + (place_base[block.places] + column[:, np.newaxis])[:, np.newaxis, :]
        )
        np.add.at(flat, cells.reshape(-1), share_block(portfolio, block).reshape(-1))
    return sums


def list_leaves(portfolio: Portfolio) -> Leaves:
    """Every leaf, for the list of projects behind a row; ordered by project, goal, place and column."""
    pieces = [
        np.stack([part.reshape(-1) for part in _spread(portfolio, block)])
        for block in blocks(portfolio.facts.project, portfolio.tags_of, portfolio.areas_of)
    ]
    table = np.concatenate([np.zeros((4, 0), dtype=np.int64), *pieces], axis=1)
    tag, area, column, amount = table[:, np.lexsort((table[2], table[1], table[0]))]
    return Leaves(
        project=portfolio.tags.project[tag],
        row=portfolio.tags.row[tag],
        place=portfolio.areas.place[area],
        column=column,
        amount=amount,
    )


def _spread(portfolio: Portfolio, block: Block) -> tuple[IntArray, ...]:
    """Tag position, area-row position, column and amount of each leaf of a block, each of shape (n, r, p)."""
    amount = share_block(portfolio, block)
    column = portfolio.facts.column[block.facts]
    return (
        np.broadcast_to(block.rows[:, :, np.newaxis], amount.shape),
        np.broadcast_to(block.places[:, np.newaxis, :], amount.shape),
        np.broadcast_to(column[:, np.newaxis, np.newaxis], amount.shape),
        amount,
    )
