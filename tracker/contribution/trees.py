"""Trees that group report rows (aspect < goal < all) or recorded places (area < region < ytterstad < all)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tracker.apportion import IntArray


@dataclass(frozen=True, eq=False, slots=True)
class Tree:
    """Nodes with one root, and the node that each item (goal row or recorded place) is shown on.

    `parent` (nodes,) is -1 for the root. `node_of` (items,) may name any node, leaf or not: a place that
    cannot be split in the chosen edition has a node "ej uppdelat: …" of its own under the smallest node
    that holds it. Choosing another edition means another Tree over the same places. Raises ValueError when
    it is not a tree.
    """

    parent: IntArray
    node_of: IntArray

    def __post_init__(self) -> None:
        count = self.parent.size
        roots = np.flatnonzero(self.parent < 0)
        if roots.size != 1 or self.parent.max(initial=-1) >= count:
            raise ValueError("a tree has one root, and parents that exist")
        if self.node_of.size and (self.node_of.min() < 0 or self.node_of.max() >= count):
            raise ValueError("an item is shown on a node that does not exist")
        reached = np.arange(count)
        for _ in range(count):
            reached = np.where(self.parent[reached] < 0, reached, self.parent[reached])
        if (reached != roots[0]).any():
            raise ValueError("a tree has no circle")

    @property
    def node_count(self) -> int:
        """The number of nodes."""
        return int(self.parent.size)

    @property
    def root(self) -> int:
        """The node that holds everything."""
        return int(np.argmin(self.parent))

    def levels(self, items: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
        """Climb from the items to the root: pairs (positions in `items`, their node at this step)."""
        positions = np.arange(items.size)
        nodes = self.node_of[items]
        while positions.size:
            yield positions, nodes
            above = self.parent[nodes]
            positions, nodes = positions[above >= 0], above[above >= 0]
