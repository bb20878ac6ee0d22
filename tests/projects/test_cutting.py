"""Shares of shapes in cells: two squares of 1 km beside each other, A from 0 to 1 000 m east, B from there to 2 000."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.geometries import array, line, square
from tracker.geo.crs import GeometryArray
from tracker.projects.cutting import (
    highest_dimension,
    integer_shares,
    make_cells,
    parts_by_cell,
    rank_in_run,
    without_slivers,
)

CELLS = make_cells(array(square(0, 0, 1_000), square(1_000, 0, 1_000)))
A, B, OUTSIDE = 0, 1, 2


def shares(*shapes: object) -> list[dict[int, int]]:
    """Cell → share, for each shape."""
    measured = highest_dimension(array(*shapes))
    parts = without_slivers(parts_by_cell(CELLS, measured), shapely.get_dimensions(measured))
    found: list[dict[int, int]] = [{} for _ in shapes]
    for row, cell, share in zip(parts.row.tolist(), parts.cell.tolist(), integer_shares(parts).tolist(), strict=True):
        found[row][cell] = share
    return found


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (shapely.Point(10, 10), {A: 10_000}),
        (shapely.Point(5_000, 10), {OUTSIDE: 10_000}),
        (shapely.Point(1_000, 500), {A: 10_000}),
        (shapely.MultiPoint([(10, 10), (20, 10), (1_500, 10), (9_000, 10)]), {A: 5_000, B: 2_500, OUTSIDE: 2_500}),
        (shapely.MultiPoint([(1_000, 10), (1_000, 20), (1_500, 10)]), {B: 10_000}),
        (shapely.MultiPoint([(1_000, 10), (1_000, 20), (1_500, 10), (9_000, 0)]), {A: 5_000, B: 2_500, OUTSIDE: 2_500}),
        (square(100, 100, 50), {A: 10_000}),
        (shapely.box(900, 100, 1_300, 200), {A: 2_500, B: 7_500}),
        (shapely.box(1_900, 100, 2_400, 200), {B: 2_000, OUTSIDE: 8_000}),
        (line((700, 10), (1_100, 10)), {A: 7_500, B: 2_500}),
        (line((1_000, 100), (1_000, 900)), {A: 10_000}),
        (shapely.MultiLineString([[(100, 1), (200, 1)], [(1_100, 1), (1_400, 1)]]), {A: 2_500, B: 7_500}),
    ],
)
def test_shares_follow_area_length_or_number(shape: object, expected: dict[int, int]) -> None:
    assert shares(shape) == [expected]


def test_thirds_give_the_missing_unit_to_the_first_by_code() -> None:
    assert shares(shapely.box(-500, 100, 1_000 + 500, 200)) == [{A: 5_000, B: 2_500, OUTSIDE: 2_500}]
    assert shares(shapely.box(-1_000, 100, 2_000, 200)) == [{A: 3_334, B: 3_333, OUTSIDE: 3_333}]


def test_a_collection_counts_only_its_highest_dimension() -> None:
    both = shapely.GeometryCollection([square(100, 100, 10), line((1_100, 0), (1_900, 0)), shapely.Point(9_000, 0)])
    nested = shapely.GeometryCollection([both, shapely.GeometryCollection([square(1_100, 100, 10)])])
    assert shares(both, nested) == [{A: 10_000}, {A: 5_000, B: 5_000}]


def test_slivers_are_left_out_and_the_rest_is_the_whole() -> None:
    road = line((0, 10), (1_005, 10))  # 5 m of 1 005 are in B: under 1 % and under 100 m
    plot = shapely.box(500, 100, 1_000.9, 300)  # 180 m² of 100 180 in B
    assert shares(road, plot) == [{A: 10_000}, {A: 10_000}]


def test_a_small_share_of_something_large_is_no_sliver() -> None:
    motorway = line((0, 10), (1_150, 10), (1_150, 20_000))
    assert shares(motorway)[0].keys() == {A, B, OUTSIDE}


def test_points_are_never_slivers() -> None:
    stops = shapely.MultiPoint([(x, 10) for x in range(1, 500)] + [(1_500, 10)])
    assert shares(stops) == [{A: 9_980, B: 20}]


def test_none_and_empty_have_no_parts() -> None:
    assert shares(None, shapely.Point(), shapely.GeometryCollection(), shapely.Point(10, 10)) == [
        {},
        {},
        {},
        {0: 10_000},
    ]


def test_overlapping_cells_never_count_a_metre_twice() -> None:
    cells = make_cells(array(square(0, 0, 1_000), square(500, 0, 1_000)))
    parts = parts_by_cell(cells, array(shapely.box(0, 0, 1_500, 100), line((0, 50), (1_500, 50))))
    assert parts.amount.tolist() == [100_000.0, 50_000.0, 1_000.0, 500.0]


def test_a_shape_has_the_same_shares_alone_and_among_many() -> None:
    shapes = [shapely.box(x, 100, x + 700, 200) for x in range(-600, 1_900, 37)]
    assert shares(*shapes) == [shares(shape)[0] for shape in shapes]


def test_rank_in_run() -> None:
    assert rank_in_run(np.array([4, 4, 7, 7, 7, 2])).tolist() == [0, 1, 0, 1, 2, 0]
    assert rank_in_run(np.array([], dtype=np.int64)).tolist() == []


_numbers = st.floats(-2_000, 4_000, allow_nan=False, width=32)
_corners = st.tuples(_numbers, _numbers)
_shapes = st.one_of(
    _corners.map(shapely.Point),
    st.lists(_corners, min_size=2, max_size=6, unique=True).map(shapely.LineString),
    st.lists(_corners, min_size=1, max_size=6).map(shapely.MultiPoint),
    st.lists(_corners, min_size=3, max_size=8, unique=True).map(
        lambda corners: shapely.MultiPoint(corners).convex_hull
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_shapes, min_size=1, max_size=8))
def test_shares_always_sum_to_the_whole(shapes: list[shapely.Geometry]) -> None:
    geometries: GeometryArray = array(*shapes)
    for share in shares(*geometries):
        assert sum(share.values()) == 10_000
        assert all(part >= 0 for part in share.values())
