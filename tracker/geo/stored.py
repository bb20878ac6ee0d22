"""The one helper that reads and writes stored geometry.

GeoAlchemy2 hands `WKBElement.data` as hex text on SpatiaLite and as bytes on PostGIS; nobody else needs to know.
"""

from __future__ import annotations

import shapely
from geoalchemy2 import WKBElement
from shapely.geometry.base import BaseGeometry

from tracker.geo.crs import STORAGE_SRID


def to_stored(geometry: BaseGeometry | None) -> WKBElement | None:
    """A geometry in EPSG:3011 as the model's column takes it."""
    if geometry is None:
        return None
    return WKBElement(shapely.to_wkb(geometry, output_dimension=2), srid=STORAGE_SRID)


def from_stored(element: WKBElement | None) -> BaseGeometry | None:
    """The stored geometry in EPSG:3011, exactly as stored."""
    if element is None:
        return None
    data = element.data
    return shapely.from_wkb(data if isinstance(data, str) else bytes(data))
