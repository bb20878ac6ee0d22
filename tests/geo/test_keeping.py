"""What nobody moved comes back from the web with the stored numbers, bit by bit."""

from __future__ import annotations

import orjson
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.geometries import square
from tracker.web.forms import read_web_text, web_text

AREA = shapely.Polygon(
    square(145_900.123456, 6_585_700.987654, 200.777).exterior, [square(145_950.5, 6_585_750.25, 60.125).exterior]
)
METRES = st.floats(min_value=0, max_value=20_000, allow_nan=False)


def test_a_moved_corner_leaves_every_other_as_it_was() -> None:
    content = orjson.loads(web_text(AREA))
    content["coordinates"][0][1] = [17.93, 59.39]
    edited = read_web_text(orjson.dumps(content).decode(), AREA)
    before, after = shapely.get_coordinates(AREA), shapely.get_coordinates(edited)
    assert (before != after).any(axis=1).tolist() == [False, True] + [False] * 8


def test_new_corners_and_parts_do_not_shift_what_is_kept() -> None:
    content = orjson.loads(web_text(AREA))
    content["coordinates"][0].insert(2, [17.93, 59.39])
    parts = {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [18.05, 59.33]}, content]}
    edited = read_web_text(orjson.dumps(parts).decode(), AREA)
    kept = {tuple(corner) for corner in shapely.get_coordinates(edited)}
    assert {tuple(corner) for corner in shapely.get_coordinates(AREA)} <= kept
    assert len(kept) == len({tuple(corner) for corner in shapely.get_coordinates(AREA)}) + 2


@given(st.lists(st.tuples(METRES, METRES), min_size=2, max_size=30, unique=True))
def test_an_untouched_shape_always_comes_back_as_its_own_bytes(offsets: list[tuple[float, float]]) -> None:
    line = shapely.LineString([(140_000 + x, 6_570_000 + y) for x, y in offsets])
    back = read_web_text(web_text(line), line)
    ends = {tuple(corner) for corner in shapely.get_coordinates(line)}
    # Two corners nearer each other than a tenth of a millimetre are one to the web; either is a stored one.
    assert {tuple(corner) for corner in shapely.get_coordinates(back)} <= ends
    assert shapely.hausdorff_distance(line, back) < 1e-3
