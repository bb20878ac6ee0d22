"""Reading bbox and zoom, and what they mean on the ground."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tracker.errors import InvalidInputError
from tracker.maps.clusters import CELL_PIXELS, MAX_CELLS, cell_size
from tracker.maps.windows import AROUND, MAX_ZOOM, Window, metres_per_pixel, window_from


def read(**values: str) -> Window:
    return window_from(MultiDict(values))


def test_reads_box_and_zoom() -> None:
    assert read(bbox="17.8,59.2,18.2,59.4", zoom="12") == Window((17.8, 59.2, 18.2, 59.4), 12)
    assert read() == Window()


@pytest.mark.parametrize(
    "bbox",
    ["1,2,3", "a,b,c,d", "17.8,59.2,18.2,59.4,5", "nan,59,18,60", "17,59,inf,60", "18,59,17,60", "17,60,18,59",
     "17,59,17,59", "59.2,17.8,999,18.2", ",,,"],
)  # fmt: skip
def test_refuses_a_box_and_says_why(bbox: str) -> None:
    with pytest.raises(InvalidInputError, match="bbox ska"):
        read(bbox=bbox)


@pytest.mark.parametrize("zoom", ["-1", "23", "elva", "11.5", "٣", "100"])
def test_refuses_a_zoom(zoom: str) -> None:
    with pytest.raises(InvalidInputError, match="zoom ska vara ett heltal från 0 till 22"):
        read(zoom=zoom)


def test_the_box_in_the_stored_system() -> None:
    # Stadshuset stands at E 153 112, N 6 579 142.
    west, south, east, north = Window((18.05, 59.32, 18.06, 59.335)).stored_box()
    assert west < 153_112 < east
    assert south < 6_579_142 < north
    assert 500 < east - west < 700
    assert 1_600 < north - south < 1_800


def test_a_box_elsewhere_holds_nothing() -> None:
    assert Window((-74.1, 40.6, -73.9, 40.8)).stored_box() == (0.0, 0.0, 0.0, 0.0)


def test_metres_per_pixel_halve_with_each_zoom() -> None:
    assert metres_per_pixel(11) == pytest.approx(38.99, abs=0.01)
    assert metres_per_pixel(12) == pytest.approx(metres_per_pixel(11) / 2)


@given(
    st.tuples(st.floats(-180, 179), st.floats(-90, 89), st.floats(0.0001, 300), st.floats(0.0001, 170)),
    st.one_of(st.none(), st.integers(0, MAX_ZOOM)),
)
def test_there_are_never_too_many_squares(box: tuple[float, float, float, float], zoom: int | None) -> None:
    west, south, width, height = box
    window = Window((west, south, min(180.0, west + width), min(90.0, south + height)), zoom)
    across, up = cell_size(window)
    left, bottom, right, top = window.clipped()
    assert max(0.0, right - left) / across * max(0.0, top - bottom) / up <= MAX_CELLS


def test_squares_are_even_on_screen_when_there_is_room() -> None:
    across, up = cell_size(Window((18.0, 59.3, 18.02, 59.31), 15))
    assert across == pytest.approx(CELL_PIXELS * 360 / 256 / 2**15)
    assert up == pytest.approx(across * 0.51, rel=0.01)
    assert cell_size(Window(None, 20)) == cell_size(Window(AROUND, 20))
