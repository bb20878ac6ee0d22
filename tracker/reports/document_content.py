"""The whole report in words, in the order that a board reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tracker.reports.counted import Counted
from tracker.reports.document_blocks import Block, Grid
from tracker.reports.document_goal import goal_blocks
from tracker.reports.document_rest import (
    appendix_blocks,
    counting_blocks,
    deviation_blocks,
    perspective_blocks,
    uncovered_blocks,
)
from tracker.reports.document_summary import summary_blocks
from tracker.reports.rounding import NOT_GIVEN


def document_blocks(counted: Counted) -> Iterator[Block]:
    """Every section; the same facts give the same blocks. A column of numbers that nothing stands in is left out."""
    for block in _sections(counted):
        yield _with_values(block) if isinstance(block, Grid) else block


def _with_values(grid: Grid) -> Grid:
    """The table without those columns of numbers where every cell is empty: a plan has no outcome."""
    every = range(len(grid.header))
    kept = [at for at in every if at not in grid.numbers or any(row[at] != NOT_GIVEN for row in grid.rows)]
    return replace(
        grid,
        header=tuple(grid.header[at] for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in grid.rows),
        widths=tuple(grid.widths[at] for at in kept),
        numbers=frozenset(place for place, at in enumerate(kept) if at in grid.numbers),
    )


def _sections(counted: Counted) -> Iterator[Block]:
    yield from summary_blocks(counted)
    told_at: dict[int, str] = {}
    for node in counted.goal_nodes:
        yield from goal_blocks(counted, node, told_at)
    yield from perspective_blocks(counted)
    yield from deviation_blocks(counted)
    yield from uncovered_blocks(counted)
    yield from counting_blocks(counted)
    yield from appendix_blocks(counted)
