"""Lengths of lines in cells agree with cutting each line with each cell, whatever the lines."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.geometries import array, line, square
from tracker.areas.outlines import schematic_outlines
from tracker.projects.crossing import borders_of, line_lengths

CITY = array(*schematic_outlines().values())
SQUARES = array(square(0, 0, 1_000), square(1_000, 0, 1_000))


def lengths(cells: np.ndarray[tuple[int], np.dtype[np.object_]], *lines: shapely.Geometry) -> list[dict[int, float]]:
    """Cell → metres, for each line."""
    row, cell, metres = line_lengths(cells, borders_of(cells), array(*lines))
    found: list[dict[int, float]] = [{} for _ in lines]
    for one, home, much in zip(row.tolist(), cell.tolist(), metres.tolist(), strict=True):
        found[one][home] = found[one].get(home, 0.0) + much
    return found


_corner = st.tuples(st.floats(134_000, 164_000), st.floats(6_565_000, 6_594_000))
_lines = st.lists(_corner, min_size=2, max_size=6, unique=True).map(shapely.LineString)
_several = st.lists(_lines, min_size=1, max_size=3).map(shapely.MultiLineString)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(_lines, _several), min_size=1, max_size=4))
def test_every_line_is_shared_as_if_it_were_cut(lines: list[shapely.Geometry]) -> None:
    for shape, shared in zip(lines, lengths(CITY, *lines), strict=True):
        # Of a multi-line that runs twice along the same way, cutting would keep the way once.
        parts = shapely.get_parts(shape)
        cut = shapely.length(shapely.intersection(parts[:, np.newaxis], CITY)).sum(axis=0)
        assert sum(shared.values()) == pytest.approx(shape.length, abs=1e-6)
        for cell, metres in enumerate(cut.tolist()):
            assert shared.get(cell, 0.0) == pytest.approx(metres, abs=1e-5)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (line((500, 500), (1_500, 500)), {0: 500, 1: 500}),
        (line((500, 500), (1_000, 500), (1_500, 500)), {0: 500, 1: 500}),  # a corner of the line on the border
        (line((-500, 500), (2_500, 500)), {0: 1_000, 1: 1_000, 2: 1_000}),
        (line((900, 900), (1_100, 1_100)), {0: 141.421356, 2: 141.421356}),  # through the corner where both cells end
        (line((1_000, 100), (1_000, 900)), {0: 800}),  # along the border: the first cell
        (line((1_000, -100), (1_000, 1_100)), {0: 1_000, 2: 200}),
        (line((500, 0), (1_500, 0)), {0: 500, 1: 500}),  # along the outer edge
        (line((3_000, 0), (4_000, 900)), {2: 1_345.362405}),
        (line((900, 500), (1_100, 500), (900, 500)), {0: 200, 1: 200}),  # there and back
        (shapely.MultiLineString([[(100, 1), (200, 1)], [(1_100, 1), (1_400, 1)]]), {0: 100, 1: 300}),
    ],
)
def test_corners_and_borders(shape: shapely.Geometry, expected: dict[int, float]) -> None:
    (shared,) = lengths(SQUARES, shape)
    assert shared == pytest.approx(expected)


def test_a_hole_is_outside() -> None:
    ring = array(shapely.Polygon(square(0, 0, 1_000).exterior, [square(400, 400, 200).exterior]))
    assert lengths(ring, line((0, 500), (1_000, 500))) == [{0: 800.0, 1: 200.0}]


def test_a_border_that_rounding_leaves_beside_a_slanting_line_is_not_outside() -> None:
    left = shapely.Polygon([(0, 0), (1_000 / 3, 0), (700, 999.9), (0, 1_000)])
    right = shapely.Polygon([(1_000 / 3, 0), (1_000, 0), (1_000, 1_000), (700, 999.9)])
    along = shapely.LineString([(1_000 / 3, 0), (700, 999.9)])
    (shared,) = lengths(array(left, right), shapely.segmentize(along, 7))
    assert sum(shared.values()) == pytest.approx(along.length)
    assert set(shared) <= {0, 1}


def test_no_lines_have_no_lengths() -> None:
    row, cell, metres = line_lengths(SQUARES, borders_of(SQUARES), array())
    assert (len(row), len(cell), len(metres)) == (0, 0, 0)


def test_a_line_too_short_to_be_told_beside_a_long_one_lies_where_it_starts() -> None:
    speck = line((1_500, 10), (1_500, 10 + 2e-15))
    assert shapely.length(speck) > 0
    assert lengths(SQUARES, line((0, 10), (900_000, 10)), speck, line((0, 20), (900_000, 20)))[1] == {
        1: shapely.length(speck)
    }
