"""How much work it is to tell whether a large shape crosses itself, estimated before it is begun."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from tracker.geo.measure import flat_parts

SAMPLED = 200
MOST_PAIRS = 150_000_000
"""Pairs of edges whose boxes meet. Each is looked at: measured, 25 million take 1.4 s and 450 million 30 s."""

MOST_CROSSINGS = 50_000
"""Such pairs of a shape that crosses itself, beyond those of edges that follow each other: each may be a crossing, and
each costs whoever repairs or cuts it some 25 µs and 5 kB. A star of 300 corners has as many."""
_NEIGHBOURS = 5


def is_tangled(geometry: BaseGeometry, most: int = MOST_CROSSINGS) -> bool:
    """Whether a shape may cross itself in so many places that repairing or cutting it would take too long."""
    return near_pairs(geometry) > most + _NEIGHBOURS * int(shapely.get_num_coordinates(geometry))


def is_crowded(geometry: BaseGeometry) -> bool:
    """Whether so many edges lie so close beside each other that checking the shape would take too long.

    An outline, even one of 200,000 vertices, has few such pairs; long spikes side by side have very many.
    """
    return near_pairs(geometry) > MOST_PAIRS


def near_pairs(geometry: BaseGeometry) -> float:
    """About how many pairs of edges have boxes that meet, from an even sample of the edges."""
    boundaries = [part.boundary if shapely.get_dimensions(part) == 2 else part for part in flat_parts(geometry)]
    lines = shapely.get_parts(np.array(boundaries, dtype=object))
    corners, line = shapely.get_coordinates(lines, return_index=True)
    edges = np.flatnonzero(line[1:] == line[:-1])
    if not len(edges):
        return 0.0
    starts, ends = corners[edges].T, corners[edges + 1].T
    (west, south), (east, north) = np.minimum(starts, ends), np.maximum(starts, ends)
    picked = np.unique(np.linspace(0, len(edges) - 1, SAMPLED).astype(np.int64))
    met = 0
    for one in picked.tolist():
        beside = (west <= east[one]) & (east >= west[one])
        met += int(np.count_nonzero(beside & (south <= north[one]) & (north >= south[one])))
    return met / len(picked) * len(edges) / 2
