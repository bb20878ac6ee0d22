"""Large shapes are cut to the surroundings of a cell first, and nothing comes out differently."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.geometries import square
from tracker.geo.stored import from_stored
from tracker.geo.validity import find_fault
from tracker.projects.cutting import make_cells, parts_by_cell
from tracker.projects.shape_clipping import CLIPPED_FROM, near


def star(vertices: int, uneven: float = 40.0) -> shapely.Polygon:
    """A round area, jagged at its edge, in EPSG:3011."""
    angle = np.linspace(0, 2 * math.pi, vertices, endpoint=False)
    radius = 900 + uneven * (np.arange(vertices) % 2)
    ring = np.column_stack([146_000 + radius * np.cos(angle), 6_585_800 + radius * np.sin(angle)])
    return shapely.Polygon(ring)


def test_small_shapes_are_not_touched() -> None:
    shapes = np.array([square(145_900, 6_585_700, 200)], dtype=object)
    assert near(shapes, np.array([square(145_950, 6_585_750, 10)], dtype=object)) is shapes


@pytest.mark.parametrize("hole", [False, True])
def test_a_clipped_shape_has_the_same_in_common_with_its_cell(hole: bool) -> None:
    large = star(CLIPPED_FROM * 3)
    if hole:
        large = shapely.Polygon(large.exterior, [square(145_950, 6_585_750, 300).exterior])
    cells = np.array(
        [square(145_000 + 500 * column, 6_584_800 + 500 * row, 500) for column in range(4) for row in range(4)]
    )
    shapes = np.full(len(cells), large, dtype=object)
    clipped = near(shapes, cells)
    assert shapely.get_num_coordinates(clipped).max() < shapely.get_num_coordinates(large)
    common, whole = (shapely.area(shapely.intersection(one, cells)) for one in (clipped, shapes))
    assert common == pytest.approx(whole, abs=1e-6)
    parts = parts_by_cell(make_cells(cells), np.array([large], dtype=object))
    assert parts.amount.sum() == pytest.approx(large.area, rel=1e-12)


def test_case_19_a_large_shape_is_stored_as_its_own_bytes(session: Session) -> None:
    large = star(20_001, 0.25)
    project = make_project(session, "A1", large)
    session.commit()
    session.expire_all()
    stored = from_stored(project.geom)
    assert stored is not None
    assert shapely.to_wkb(stored) == shapely.to_wkb(large)


def test_case_19_a_large_shape_is_judged_once_and_a_faulty_one_every_time() -> None:
    large = star(10_001, 1.0)
    assert find_fault(large) is None
    assert find_fault(large) is None
    ring = shapely.get_coordinates(large)
    ring[[100, 5_000]] = ring[[5_000, 100]]
    for _ in range(2):
        fault = find_fault(shapely.Polygon(ring))
        assert fault is not None
        assert fault.reason == "Gränsen korsar sig själv"
