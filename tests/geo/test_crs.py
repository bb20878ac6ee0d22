"""Coordinates: known points, recognition of numbers, swaps."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.geometries import CITY_HALL
from tracker.geo.crs import KNOWN, STORAGE_SRID, recognise, reproject_one


@pytest.mark.parametrize(
    ("srid", "easting", "northing"),
    [(3006, 673_790, 6_580_495), (3021, 1_628_047, 6_580_670), (3152, 100_001, 78_488), (3011, 153_112, 6_579_142)],
)
def test_the_city_hall_is_the_same_place_in_every_system(srid: int, easting: float, northing: float) -> None:
    moved = reproject_one(shapely.Point(easting, northing), srid, STORAGE_SRID)
    assert moved.distance(CITY_HALL) < 2


def test_longitude_comes_first_on_the_web() -> None:
    lon, lat = reproject_one(CITY_HALL, STORAGE_SRID, 4326).coords[0]
    assert (round(lon, 3), round(lat, 3)) == (18.055, 59.327)


@given(st.floats(17.77, 18.19), st.floats(59.23, 59.43))
def test_numbers_from_the_city_are_recognised_in_every_system_both_ways(lon: float, lat: float) -> None:
    for known in KNOWN:
        x, y = reproject_one(shapely.Point(lon, lat), 4326, known.srid).coords[0]
        assert known.srid in [found.crs.srid for found in recognise(x, y) if not found.swapped]
        assert known.srid in [found.crs.srid for found in recognise(y, x) if found.swapped]
        if known.srid != 3152:
            assert len(recognise(x, y)) == 1


def test_st74_is_asked_about() -> None:
    readings = recognise(100_001, 78_488)
    assert [one.crs.srid for one in readings] == [3152, 3152]
    assert all(one.ambiguous for one in readings)


def test_numbers_from_elsewhere_are_not_guessed() -> None:
    assert recognise(0, 0) == ()
    assert recognise(11.97, 57.7) == ()
