"""Cutting shapes of very many vertices down to the surroundings of what they are compared with. Pure."""

from __future__ import annotations

import numpy as np
import shapely

from tracker.geo.crs import GeometryArray

CLIPPED_FROM = 1_000
"""Vertices; smaller shapes are cut as fast whole."""


def near(shapes: GeometryArray, cells: GeometryArray) -> GeometryArray:
    """Each large area cut to the box around the cell beside it, which leaves what they have in common as it was.

    Both arrays are equally long and in the same planar system. Cutting to a box is a pass over the vertices, whereas
    an intersection works out every crossing of the whole shape: with 170,000 vertices that is most of a save.
    """
    large = np.flatnonzero(shapely.get_num_coordinates(shapes) > CLIPPED_FROM)
    if not len(large):
        return shapes
    clipped = np.array(shapes, dtype=object)
    bounds = shapely.bounds(cells[large]).tolist()
    pieces = np.empty(len(large), dtype=object)
    pieces[:] = [shapely.clip_by_rect(shapes[row], *box) for row, box in zip(large.tolist(), bounds, strict=True)]
    # The quick cut may give an invalid piece where the shape runs along the box; then the whole shape is used.
    sound = shapely.is_valid(pieces)
    clipped[large[sound]] = pieces[sound]
    return clipped
