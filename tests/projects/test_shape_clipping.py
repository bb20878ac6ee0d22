"""Large shapes are shared by boxes, and nothing comes out differently."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.geometries import square
from tracker.geo.crowding import near_pairs
from tracker.geo.stored import from_stored
from tracker.geo.validity import find_fault
from tracker.projects.cutting import make_cells, parts_by_cell
from tracker.projects.shape_clipping import LARGE_FROM, common_areas


def star(vertices: int, uneven: float = 40.0) -> shapely.Polygon:
    """A round area, jagged at its edge, in EPSG:3011."""
    angle = np.linspace(0, 2 * math.pi, vertices, endpoint=False)
    radius = 900 + uneven * (np.arange(vertices) % 2)
    ring = np.column_stack([146_000 + radius * np.cos(angle), 6_585_800 + radius * np.sin(angle)])
    return shapely.Polygon(ring)


CELLS = np.array(
    [square(145_000 + 500 * column, 6_584_800 + 500 * row, 500) for column in range(4) for row in range(4)]
)


@pytest.mark.parametrize("hole", [False, True])
def test_a_large_shape_has_the_same_in_common_with_each_cell_by_boxes_as_whole(hole: bool) -> None:
    large = star(LARGE_FROM * 5)
    if hole:
        large = shapely.Polygon(large.exterior, [square(145_950, 6_585_750, 300).exterior])
    whole = shapely.area(shapely.intersection(large, CELLS))
    assert common_areas(large, CELLS) == pytest.approx(whole, abs=1e-5)
    parts = parts_by_cell(make_cells(CELLS), np.array([large], dtype=object))
    assert parts.amount.sum() == pytest.approx(large.area, rel=1e-9)
    assert parts.amount[parts.cell < len(CELLS)] == pytest.approx(whole[whole > 0], abs=1e-5)


def test_a_large_shape_that_shares_the_cells_own_borders_is_exact() -> None:
    dense = shapely.segmentize(square(145_000, 6_584_800, 1_000), 0.5)
    assert shapely.get_num_coordinates(dense) > LARGE_FROM
    expected = shapely.area(shapely.intersection(dense, CELLS))
    assert common_areas(dense, CELLS) == pytest.approx(expected, abs=1e-6)
    assert expected.sum() == pytest.approx(1_000_000)


def test_a_cut_that_loses_something_is_done_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    large = star(LARGE_FROM * 2)
    whole = shapely.area(shapely.intersection(large, CELLS))
    monkeypatch.setattr("shapely.clip_by_rect", lambda *_: shapely.Polygon())
    assert common_areas(large, CELLS).tolist() == whole.tolist()


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


def test_case_19_spikes_that_would_take_too_long_to_check_are_refused() -> None:
    angle = np.linspace(0, 2 * math.pi, 170_000, endpoint=False)
    radius = 1_000 + 2_000 * (np.arange(170_000) % 2)
    ring = np.column_stack([146_000 + radius * np.cos(angle), 6_585_800 + radius * np.sin(angle)])
    fault = find_fault(shapely.Polygon(ring))
    assert fault is not None
    assert fault.sentence() == (
        "Formen har 170001 hörn, så tätt intill varandra att den inte går att kontrollera; förenkla den."
    )


def test_case_19_an_outline_and_a_heap_of_small_areas_are_not_crowded() -> None:
    assert near_pairs(star(170_000, 0.5)) < 10_000_000
    heap = shapely.MultiPolygon(
        [square(140_000 + 20 * column, 6_580_000 + 20 * row, 10) for column in range(150) for row in range(150)]
    )
    assert near_pairs(heap) < 1_000_000
    assert find_fault(heap) is None
