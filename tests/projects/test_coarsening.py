"""Shapes on a grid: borders stay shared, nothing becomes invalid, and the text has a bound."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.geometries import array
from tracker.geo.crs import GeometryArray
from tracker.projects.coarsening import EXACT, FAR, Grid, bounded_texts, coarse_texts
from tracker.projects.display import Facts, make_features
from tracker.projects.geojson import to_web

X, Y = 150_000.0, 6_580_000.0
SINGLE = ("LineString", "Polygon")


def coarse(shapes: GeometryArray, grid: Grid = FAR) -> list[shapely.Geometry | None]:
    bounds = shapely.bounds(shapes)
    extent = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    return [
        None if text is None else shapely.from_geojson(text)
        for text in coarse_texts(shapes, to_web(shapes), extent, grid)
    ]


def edges(shape: shapely.Geometry) -> set[tuple[tuple[float, ...], ...]]:
    """The sides of a polygon, without their direction."""
    corners = [tuple(one) for one in shapely.get_coordinates(shape.exterior).tolist()]
    return {tuple(sorted(pair)) for pair in pairwise(corners)}


steps = st.lists(st.tuples(st.integers(-60, 60), st.integers(15, 90)), min_size=2, max_size=25)


@settings(max_examples=60)
@given(steps)
def test_neighbours_that_share_a_border_still_share_it(wandering: list[tuple[int, int]]) -> None:
    height = np.cumsum([0, *(up for _, up in wandering)])
    border = [(X + aside, Y + float(up)) for (aside, _), up in zip([(0, 0), *wandering], height, strict=True)]
    top = border[-1][1]
    west = shapely.Polygon([*border, (X - 900, top), (X - 900, Y)])
    east = shapely.Polygon([*border, (X + 900, top), (X + 900, Y)])
    drawn = coarse(array(west, east))
    # The border climbs by more than a line of the grid at each step, so neither of them needs mending.
    assert all(one is not None and one.is_valid and one.geom_type == "Polygon" for one in drawn)
    cells = np.rint(to_web(array(shapely.LineString(border))).lonlat / FAR.size)
    kept = [tuple(np.round(cell * FAR.size, FAR.decimals).tolist()) for cell in cells]
    shared = {tuple(sorted(pair)) for pair in pairwise(kept)}
    assert len(shared) == len(wandering)
    assert all(shared <= edges(one) for one in drawn)


corners = st.lists(st.tuples(st.integers(0, 700), st.integers(0, 700)), min_size=3, max_size=40, unique=True)


@settings(max_examples=100)
@given(corners, st.sampled_from(["polygon", "line", "hull with a hole", "many"]))
def test_nothing_becomes_invalid_or_empty(points: list[tuple[int, int]], kind: str) -> None:
    places = [(X + x, Y + y) for x, y in points]
    if kind == "line":
        shape = shapely.LineString(places)
    else:
        shape = shapely.make_valid(shapely.Polygon(places))
        if kind == "hull with a hole":
            shape = shape.convex_hull
            shape = shape.difference(shape.centroid.buffer(9))
        if kind == "many":
            shape = shapely.GeometryCollection([shape, shapely.LineString(places[:3])])
    if shape.is_empty or not shape.is_valid:
        return
    for one in coarse(array(shape)):
        assert one is None or (one.is_valid and not one.is_empty)
        if one is not None:
            assert shapely.get_dimensions(one) == shapely.get_dimensions(shape)
    made = make_features(array(shape), [Facts("A", "A", "bostad", "ide", (), (), approximate=False)])
    far = json.loads(made.head[0] + (made.shape_far[0] or made.point[0]))
    assert shapely.from_geojson(json.dumps(far["geometry"])).is_valid


def test_a_narrow_area_is_drawn_as_it_is_rather_than_vanish() -> None:
    street = shapely.box(X, Y, X + 400, Y + 3)
    (drawn,) = coarse(array(street))
    assert drawn is not None
    assert drawn.geom_type == "Polygon"
    assert drawn.area > 0


def test_small_shapes_and_points_have_no_coarse_shape() -> None:
    assert coarse(array(shapely.Point(X, Y), shapely.box(X, Y, X + 20, Y + 20))) == [None, None]


@pytest.mark.parametrize("vertices", [5_000, 170_000])
def test_very_many_vertices_make_a_text_within_bounds(vertices: int) -> None:
    turn = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    wave = 2_000 + 300 * np.sin(turn * 60)
    shapes = array(shapely.Polygon(np.column_stack([X + wave * np.cos(turn), Y + wave * np.sin(turn)])))
    web = to_web(shapes)
    (far,) = coarse(shapes)
    exact = shapely.from_geojson(bounded_texts(shapes, web)[0])
    assert far is not None
    assert far.is_valid
    assert exact.is_valid
    assert shapely.get_num_coordinates(far) <= FAR.most
    assert shapely.get_num_coordinates(exact) <= min(vertices + 1, EXACT.most * 1.2)
    assert shapely.hausdorff_distance(far, exact) < 0.005
