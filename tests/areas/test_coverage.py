"""Shapes edge to edge: joining, mending, cutting in two."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.geometries import array, line, square
from tracker.areas.coverage import clean_coverage, differences, multipolygon, split_along_cells, united

X, Y = 150_000.0, 6_580_000.0
WEST, EAST = square(X, Y, 1000), square(X + 1000, Y, 1000)


def test_a_union_of_neighbours_has_no_seam() -> None:
    whole = united([WEST, EAST])
    assert whole.geom_type == "MultiPolygon"
    assert whole.equals(shapely.box(X, Y, X + 2000, Y + 1000))


def test_only_polygons_are_kept() -> None:
    mixed = shapely.GeometryCollection([WEST, line((X, Y), (X + 1, Y)), shapely.GeometryCollection([EAST])])
    assert multipolygon(mixed).area == 2_000_000


def test_slits_and_overlaps_are_mended() -> None:
    left = shapely.box(X, Y, X + 1000.3, Y + 1000)
    right = shapely.Polygon([(X + 1000, Y), (X + 2000, Y), (X + 2000, Y + 1000), (X + 1000.6, Y + 1000)])
    drawn = array(left, right)
    clean = clean_coverage(drawn)
    assert shapely.coverage_is_valid(clean)
    assert len(shapely.get_rings(united(list(clean)).geoms[0])) == 1
    assert max(differences(drawn, clean)) < 600


def test_a_true_gap_is_kept() -> None:
    frame = shapely.difference(shapely.box(X, Y, X + 1000, Y + 1000), square(X + 400, Y + 400, 70))
    clean = clean_coverage(array(frame, EAST))
    assert len(clean[0].geoms[0].interiors) == 1


def test_clean_shapes_are_left_alone() -> None:
    clean = clean_coverage(array(WEST, EAST))
    assert differences(array(WEST, EAST), clean) == [0.0, 0.0]


@given(st.floats(-400, 400), st.floats(-400, 400), st.floats(200, 3000), st.floats(200, 3000))
def test_a_cut_shape_is_always_whole_again(dx: float, dy: float, width: float, height: float) -> None:
    """Larger or smaller than the cells, moved to any side: nothing is lost and nothing counted twice."""
    middle_x, middle_y = X + 1000 + dx * min(1, width / 1000) * 0.9, Y + 500 + dy
    shape = shapely.box(middle_x - width / 2, middle_y - height / 2, middle_x + width / 2, middle_y + height / 2)
    west, east = split_along_cells(shape, [WEST, EAST])
    assert west.area + east.area == pytest.approx(shape.area)
    assert west.intersection(east).area == pytest.approx(0, abs=1e-6)
    assert west.bounds[2] == pytest.approx(X + 1000)
    assert east.bounds[0] == pytest.approx(X + 1000)


def test_cells_that_are_no_neighbours_cannot_cut() -> None:
    with pytest.raises(ValueError, match="no unbroken border"):
        split_along_cells(WEST, [WEST, square(X + 3000, Y, 1000)])
    with pytest.raises(ValueError, match="does not cut"):
        split_along_cells(square(X - 900, Y, 100), [WEST, EAST])
