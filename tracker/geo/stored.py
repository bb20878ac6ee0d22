"""The one helper that reads and writes stored geometry.

GeoAlchemy2 hands `WKBElement.data` as hex text on SpatiaLite and as bytes on PostGIS; nobody else needs to know.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import shapely
from geoalchemy2 import Geometry, WKBElement, WKTElement
from shapely.geometry.base import BaseGeometry
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from tracker.geo.crs import STORAGE_SRID
from tracker.geo.measure import flat_parts

# On its way to SpatiaLite an element is written as text, whose pattern in GeoAlchemy2 0.20 lets no letters stand
# between the brackets; a collection has its members' names there, and would be stored without its system.
WKTElement.SPLIT_WKT_PATTERN = re.compile(r"((SRID=\d+) *; *)?([\w ]+?) *(\([-+\w. ,()]+\))")


class _FromWkb(GenericFunction[Any]):
    """WKB in EPSG:3011 as the database's own geometry."""

    name = "tracker_geometry_from_wkb"
    inherit_cache = True


@compiles(_FromWkb)
def _compile_from_wkb(element: _FromWkb, compiler: SQLCompiler, **options: Any) -> str:
    name = "GeomFromWKB" if compiler.dialect.name == "sqlite" else "ST_GeomFromWKB"
    return f"{name}({compiler.process(element.clauses, **options)}, {STORAGE_SRID})"


class StoredGeometry(Geometry):
    """A column of geometry in EPSG:3011 that is written as WKB.

    GeoAlchemy2 writes text, which SpatiaLite needs four seconds to read for 170,000 vertices; bytes take none, and
    are stored as they are.
    """

    cache_ok = True

    def bind_expression(self, bindvalue: Any) -> Any:
        return _FromWkb(bindvalue, type_=self)

    def bind_processor(self, dialect: Dialect) -> Callable[[WKBElement | None], bytes | None]:  # noqa: ARG002
        def process(value: WKBElement | None) -> bytes | None:
            geometry = from_stored(value)
            return None if geometry is None else bytes(shapely.to_wkb(geometry, output_dimension=2))

        return process


def storable(geometry: BaseGeometry) -> BaseGeometry:
    """The geometry as both databases keep it: a collection is flat, its points before its lines before its areas.

    SpatiaLite brings every collection into that order. Other geometries are returned as they are.
    """
    if geometry.geom_type != "GeometryCollection":
        return geometry
    return shapely.GeometryCollection(sorted(flat_parts(geometry), key=shapely.get_dimensions))


def to_stored(geometry: BaseGeometry | None) -> WKBElement | None:
    """A geometry in EPSG:3011 as the model's column takes it."""
    if geometry is None:
        return None
    return WKBElement(shapely.to_wkb(storable(geometry), output_dimension=2), srid=STORAGE_SRID)


def from_stored(element: WKBElement | None) -> BaseGeometry | None:
    """The stored geometry in EPSG:3011, exactly as stored."""
    if element is None:
        return None
    data = element.data
    return shapely.from_wkb(data if isinstance(data, str) else bytes(data))
