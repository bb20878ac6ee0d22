"""GeoJSON text of whole arrays says the same as shapely's own of one shape."""

from __future__ import annotations

import json

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.geometries import CITY_HALL, array, line, square
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject
from tracker.projects.geojson import DECIMALS, to_web

_corner = st.tuples(st.floats(140_000, 160_000), st.floats(6_570_000, 6_590_000))
_corners = st.lists(_corner, min_size=3, max_size=8, unique=True)
_ring = _corners.map(lambda corners: shapely.MultiPoint(corners).convex_hull.buffer(50, quad_segs=2))
_shapes = st.one_of(
    _corner.map(shapely.Point),
    _corners.map(shapely.LineString),
    _corners.map(shapely.MultiPoint),
    _ring,
    _ring.map(lambda shape: shape.difference(shape.buffer(-10))),
    st.tuples(_ring, _corner).map(lambda pair: shapely.GeometryCollection([pair[0], shapely.Point(pair[1])])),
    st.tuples(_ring, _ring).map(lambda pair: shapely.MultiPolygon([pair[0]])),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_shapes, min_size=1, max_size=6))
def test_every_shape_is_written_as_it_would_be_alone(shapes: list[shapely.Geometry]) -> None:
    geometries = array(*shapes)
    made = to_web(geometries)
    degrees = reproject(geometries, STORAGE_SRID, WEB_SRID)
    rounded = shapely.transform(degrees, lambda xy: np.round(xy, DECIMALS))
    assert [json.loads(text) for text in made.texts] == [json.loads(text) for text in shapely.to_geojson(rounded)]
    assert made.ends[-1] == len(made.lonlat) == shapely.get_num_coordinates(geometries).sum()


def test_text_is_short_and_longitude_comes_first() -> None:
    texts = to_web(
        array(CITY_HALL, line((153_112, 6_579_142), (153_212, 6_579_142)), square(150_000, 6_580_000, 10))
    ).texts
    assert texts[0] == '{"type":"Point","coordinates":[18.054665,59.3274]}'
    assert texts[1] == '{"type":"LineString","coordinates":[[18.054665,59.3274],[18.056421,59.327399]]}'
    assert texts[2].startswith('{"type":"Polygon","coordinates":[[[18.0')
    assert json.loads(texts[2])["coordinates"][0][0] == json.loads(texts[2])["coordinates"][0][-1]


def test_no_shapes_give_no_text() -> None:
    assert to_web(array()).texts == []
