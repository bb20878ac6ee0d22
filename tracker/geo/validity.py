"""Is a shape usable? If not: why, where, and what a repair would look like."""

from __future__ import annotations

import re
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one

CITY_SURROUNDINGS = shapely.box(100_000, 6_530_000, 200_000, 6_640_000)
"""EPSG:3011; a project may lie outside the city, but one outside this box has wrong coordinates."""

_WHERE = re.compile(r"\[(?P<x>\S+) (?P<y>\S+)]")
_REASONS = {
    "Self-intersection": "Gränsen korsar sig själv",
    "Ring Self-intersection": "Gränsen rör vid sig själv",
    "Hole lies outside shell": "Ett hål ligger utanför ytan",
    "Holes are nested": "Ett hål ligger i ett annat hål",
    "Interior is disconnected": "Hålen delar ytan i två",
    "Nested shells": "En del av ytan ligger i en annan del",
    "Duplicate Rings": "Samma gräns finns två gånger",
    "Too few points in geometry component": "En del har för få punkter",
    "Invalid Coordinate": "En koordinat är inget tal",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a shape in EPSG:3011 is refused, the point (easting, northing) and an offered repair, if there is one."""

    reason: str
    easting: float | None = None
    northing: float | None = None
    repaired: BaseGeometry | None = None

    def sentence(self) -> str:
        """The reason in Swedish with the crossing point in both systems that a person meets."""
        if self.easting is None or self.northing is None:
            return f"{self.reason}."
        point = reproject_one(shapely.Point(self.easting, self.northing), STORAGE_SRID, WEB_SRID)
        lon, lat = point.coords[0]
        return f"{self.reason} vid N {self.northing:.0f}, E {self.easting:.0f} (latitud {lat:.5f}, longitud {lon:.5f})."


def find_fault(geometry: BaseGeometry) -> Fault | None:
    """The first fault of a geometry in EPSG:3011, or None when it can be stored."""
    if geometry.is_empty:
        return Fault("Formen är tom")
    if not shapely.is_valid(geometry):
        return _invalid(geometry)
    if not CITY_SURROUNDINGS.contains(geometry):
        return Fault("Formen ligger långt utanför Stockholm; är koordinatsystemet och axlarnas ordning rätt")
    return None


def _invalid(geometry: BaseGeometry) -> Fault:
    explained = shapely.is_valid_reason(geometry)
    place = _WHERE.search(explained)
    reason = _REASONS.get(explained.split("[")[0].strip(), "Formen är ogiltig")
    repaired = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    offered = repaired if not repaired.is_empty and shapely.is_valid(repaired) else None
    if place is None:
        return Fault(reason, repaired=offered)
    return Fault(reason, float(place["x"]), float(place["y"]), offered)
