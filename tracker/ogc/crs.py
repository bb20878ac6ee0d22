"""The coordinate systems that features come in, with the order of their axes.

Part 2 of the standard lets coordinates follow the system's own definition: latitude before longitude in EPSG:4326,
northing before easting in EPSG:3011 and 3006. CRS84, the default, and EPSG:3857 have x first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import shapely
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from tracker.geo.crs import STORAGE_SRID, GeometryArray, reproject, reproject_one, transformer
from tracker.ogc.refusing import refuse
from tracker.projects.geojson import DECIMALS, FloatArray

METRE_DECIMALS = 3
NORTH = (-10.0, 45.0, 45.0, 75.0)
"""Longitude and latitude far around everything stored: what lies outside is cut away before it is moved."""
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@dataclass(frozen=True, slots=True)
class Crs:
    """A system by its URI. `turned`: its first axis points north, so y is written before x."""

    uri: str
    srid: int
    turned: bool

    @property
    def geographic(self) -> bool:
        return self.srid == 4326

    @property
    def decimals(self) -> int:
        """Of a degree about a decimetre, of a metre a millimetre."""
        return DECIMALS if self.geographic else METRE_DECIMALS

    def written(self, geometries: GeometryArray) -> GeometryArray:
        """Shapes in EPSG:3011 as they are written in this system: rounded, in its order of axes."""

        def finish(xy: FloatArray) -> FloatArray:
            rounded = xy.round(self.decimals)
            return rounded[:, ::-1] if self.turned else rounded

        written: GeometryArray = shapely.transform(reproject(geometries, STORAGE_SRID, self.srid), finish)
        return written

    def read(self, geometry: BaseGeometry) -> BaseGeometry:
        """A shape as it is written in this system, in EPSG:3011; what lies far from the city is cut away."""
        flat = shapely.force_2d(geometry)
        if self.turned:
            flat = shapely.transform(flat, lambda xy: xy[:, ::-1])
        around = shapely.box(*surroundings(self.srid))
        if not around.contains(flat):
            flat = shapely.intersection(flat, around)
        return reproject_one(flat, self.srid, STORAGE_SRID)


@cache
def surroundings(srid: int) -> tuple[float, float, float, float]:
    """NORTH in a system, in x and y."""
    if srid == 4326:
        return NORTH
    west, south, east, north = transformer(4326, srid).transform_bounds(*NORTH, densify_pts=21)
    return (west, south, east, north)


def _epsg(srid: int) -> Crs:
    return Crs(f"{_EPSG}{srid}", srid, CRS.from_epsg(srid).axis_info[0].direction == "north")


CRS84 = Crs("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, turned=False)
STORAGE = _epsg(STORAGE_SRID)
SUPPORTED = (CRS84, STORAGE, _epsg(3006), _epsg(4326), _epsg(3857))
_BY_NAME = {one.uri: one for one in SUPPORTED} | {
    f"[EPSG:{one.srid}]": one for one in SUPPORTED if one is not CRS84
} | {"[OGC:CRS84]": CRS84}  # fmt: skip


def crs_named(parameter: str, text: str) -> Crs:
    """The system by its URI, or its short form in brackets; CRS84 when nothing is said."""
    if not text:
        return CRS84
    found = _BY_NAME.get(text)
    if found is None:
        refuse(parameter, f"koordinatsystemet ska vara ett av {', '.join(one.uri for one in SUPPORTED)}", text)
    return found
