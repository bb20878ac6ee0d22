"""Faults are named with the point and an offered repair."""

from __future__ import annotations

import math

import pytest
import shapely

from tests.geometries import CITY_HALL, FAR_OUTSIDE, square
from tracker.geo.measure import measure
from tracker.geo.validity import find_fault

BOW_TIE = shapely.Polygon([(146_000, 6_586_000), (146_100, 6_586_100), (146_100, 6_586_000), (146_000, 6_586_100)])


def test_a_bow_tie_names_its_crossing_point_and_is_repaired() -> None:
    fault = find_fault(BOW_TIE)
    assert fault is not None
    assert (fault.easting, fault.northing) == (146_050, 6_586_050)
    assert "korsar sig själv vid N 6586050, E 146050" in fault.sentence()
    assert fault.repaired is not None
    assert fault.repaired.is_valid
    assert fault.repaired.area == 5_000


def test_good_shapes_pass_also_over_the_city_limit() -> None:
    assert find_fault(CITY_HALL) is None
    assert find_fault(FAR_OUTSIDE) is None
    assert find_fault(shapely.GeometryCollection([CITY_HALL, square(146_000, 6_586_000, 10)])) is None


def test_empty_and_far_away_shapes_are_refused() -> None:
    empty = find_fault(shapely.Point())
    assert empty is not None
    assert "tom" in empty.sentence()
    swapped = find_fault(shapely.Point(6_579_142, 153_112))
    assert swapped is not None
    assert "långt utanför Stockholm" in swapped.sentence()


def test_measures_count_each_part_once() -> None:
    mixed = shapely.GeometryCollection([CITY_HALL, square(0, 0, 100), shapely.LineString([(0, 0), (0, 50)])])
    size = measure(mixed)
    assert (size.points, size.length_metres, size.area_square_metres) == (1, 50, 10_000)
    assert size.area_hectares == 1


def star(corners: int) -> list[tuple[float, float]]:
    """Round the city, each side across all others."""
    turns = (math.pi * place * (corners - 1) / corners for place in range(corners + 1))
    return [(150_000 + 5_000 * math.cos(one), 6_580_000 + 5_000 * math.sin(one)) for one in turns]


@pytest.mark.parametrize("corners", [601, 9_999])
def test_a_shape_that_crosses_itself_everywhere_is_not_repaired(corners: int) -> None:
    """A repair of 1,201 corners takes gigabytes."""
    fault = find_fault(shapely.Polygon(star(corners)))
    assert fault is not None
    assert fault.reason == "Gränsen korsar sig själv"
    assert fault.repaired is None


@pytest.mark.parametrize("corners", [601, 9_999])
def test_a_line_that_crosses_itself_everywhere_is_refused(corners: int) -> None:
    """Where it lies would take work for each crossing."""
    fault = find_fault(shapely.LineString(star(corners)))
    assert fault is not None
    assert "tätt intill varandra" in fault.sentence()


def test_few_crossings_are_repaired_and_allowed_in_a_large_shape_too() -> None:
    round_about = star(20_001)[::2]
    round_about = sorted(set(round_about), key=lambda one: math.atan2(one[1] - 6_580_000, one[0] - 150_000))
    assert find_fault(shapely.LineString(round_about)) is None
    round_about[5], round_about[9] = round_about[9], round_about[5]
    fault = find_fault(shapely.Polygon(round_about))
    assert fault is not None
    assert fault.repaired is not None
    small = find_fault(shapely.Polygon(star(51)))
    assert small is not None
    assert small.repaired is not None
