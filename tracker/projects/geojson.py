"""Geometry in EPSG:3011 as GeoJSON text in EPSG:4326, for whole arrays.

Points, lines and areas without holes, which is nearly everything, are written straight from their coordinates: all of
them become text in one call and are then put together, which is several times as fast as building new shapes first,
and never writes more digits than a coordinate has.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    shapely.GeometryType.POINT: ('{"type":"Point","coordinates":[', "]}"),
    shapely.GeometryType.LINESTRING: ('{"type":"LineString","coordinates":[[', "]]}"),
    shapely.GeometryType.POLYGON: ('{"type":"Polygon","coordinates":[[[', "]]]}"),
}

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


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
    texts = plain_texts(shapely.get_type_id(geometries), lonlat, counts)
    for row in np.flatnonzero(~is_plain(geometries)).tolist():
        texts[row] = shape_text(geometries[row], lonlat[ends[row] - counts[row] : ends[row]])
    return WebShapes(texts, lonlat, ends)


def to_lonlat(xy: FloatArray) -> FloatArray:
    """Rows of easting and northing to rows of longitude and latitude, rounded as the web needs them."""
    moved = np.column_stack(transformer(STORAGE_SRID, WEB_SRID).transform(xy[:, 0], xy[:, 1]))
    return np.round(moved, DECIMALS)


def is_plain(geometries: GeometryArray) -> BoolArray:
    """Which of them are one point, one line or one area without holes."""
    plain = np.isin(shapely.get_type_id(geometries), list(_OPENINGS))
    answer: BoolArray = plain & (shapely.get_num_interior_rings(geometries) == 0)
    return answer


def plain_texts(kinds: IntArray, lonlat: FloatArray, counts: IntArray) -> list[str]:
    """The text of each plain shape; "" where the kind is none of theirs. `counts` says how many rows each one has."""
    pieces = coordinate_texts(lonlat)
    texts, start = [], 0
    for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True):
        opening, closing = _OPENINGS.get(kind, ("", ""))
        texts.append(f"{opening}{'],['.join(pieces[start : start + count])}{closing}" if opening else "")
        start += count
    return texts


def coordinate_texts(lonlat: FloatArray) -> Sequence[str]:
    """Each row as "longitude,latitude"."""
    written = orjson.dumps(np.ascontiguousarray(lonlat), option=orjson.OPT_SERIALIZE_NUMPY).decode()
    return written[2:-2].split("],[") if len(lonlat) else ()


def shape_text(geometry: shapely.Geometry, lonlat: FloatArray) -> str:
    """A shape of any kind with these coordinates in place of its own."""
    return str(shapely.to_geojson(shapely.set_coordinates(shapely.force_2d(geometry), lonlat)))
