"""Geometry in EPSG:3011 as GeoJSON text in EPSG:4326, for whole arrays.

Points, lines and areas without holes, which is nearly everything, are written straight from their coordinates: that is
twice as fast as building new shapes first, and never writes more digits than a coordinate has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
import shapely

from tracker.apportion import IntArray
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, GeometryArray, transformer

DECIMALS = 6
"""Of a degree: about a decimetre."""

_OPENINGS = {
    shapely.GeometryType.POINT: ('{"type":"Point","coordinates":', "}"),
    shapely.GeometryType.LINESTRING: ('{"type":"LineString","coordinates":', "}"),
    shapely.GeometryType.POLYGON: ('{"type":"Polygon","coordinates":[', "]}"),
}

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WebShapes:
    """Shapes as text, and the coordinates that they were written from."""

    texts: list[str]
    lonlat: FloatArray
    """Longitude and latitude of every vertex of every shape, rounded, shape after shape."""
    ends: IntArray
    """Where in `lonlat` each shape ends."""


def to_web(geometries: GeometryArray) -> WebShapes:
    """GeoJSON geometries, none of them None or empty."""
    counts = shapely.get_num_coordinates(geometries)
    ends = np.cumsum(counts)
    lonlat = to_lonlat(shapely.get_coordinates(geometries))
    kinds = shapely.get_type_id(geometries)
    plain = np.isin(kinds, list(_OPENINGS)) & (shapely.get_num_interior_rings(geometries) == 0)
    spans = zip(kinds.tolist(), plain.tolist(), (ends - counts).tolist(), ends.tolist(), strict=True)
    texts = [
        _plain_text(kind, lonlat[start:end]) if simple else _any_text(geometries[row], lonlat[start:end])
        for row, (kind, simple, start, end) in enumerate(spans)
    ]
    return WebShapes(texts, lonlat, ends)


def to_lonlat(xy: FloatArray) -> FloatArray:
    """Rows of easting and northing to rows of longitude and latitude, rounded as the web needs them."""
    moved = np.column_stack(transformer(STORAGE_SRID, WEB_SRID).transform(xy[:, 0], xy[:, 1]))
    return np.round(moved, DECIMALS)


def _plain_text(kind: int, lonlat: FloatArray) -> str:
    opening, closing = _OPENINGS[kind]
    listed = lonlat[0] if kind == shapely.GeometryType.POINT else lonlat
    return opening + orjson.dumps(listed, option=orjson.OPT_SERIALIZE_NUMPY).decode() + closing


def _any_text(geometry: shapely.Geometry, lonlat: FloatArray) -> str:
    return str(shapely.to_geojson(shapely.set_coordinates(shapely.force_2d(geometry), lonlat)))
