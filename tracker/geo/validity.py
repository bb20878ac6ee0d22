"""Is a shape usable? If not: why, where, and what a repair would look like."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

import shapely
from shapely.geometry.base import BaseGeometry

from tracker.geo.crowding import is_crowded
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one

CITY_SURROUNDINGS = shapely.box(100_000, 6_530_000, 200_000, 6_640_000)
"""EPSG:3011; a project may lie outside the city, but one outside this box has wrong coordinates."""

REMEMBERED_FROM = 10_000
"""Vertices; whether a larger shape is valid takes up to seconds, and a save asks several times."""
_REMEMBERED = 16
_sound: OrderedDict[bytes, None] = OrderedDict()
"""Digests of the large shapes last found to be valid, the latest last."""
_lock = Lock()

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
    count = int(shapely.get_num_coordinates(geometry))
    if count >= REMEMBERED_FROM and not _is_remembered(geometry) and is_crowded(geometry):
        crowded = f"Formen har {count} hörn, så tätt intill varandra att den inte går att kontrollera; förenkla den"
        return Fault(crowded)
    if not _is_valid(geometry):
        return _invalid(geometry)
    if not CITY_SURROUNDINGS.contains(geometry):
        return Fault("Formen ligger långt utanför Stockholm; är koordinatsystemet och axlarnas ordning rätt")
    return None


def _is_valid(geometry: BaseGeometry) -> bool:
    if shapely.get_num_coordinates(geometry) < REMEMBERED_FROM:
        return bool(shapely.is_valid(geometry))
    if _is_remembered(geometry):
        return True
    valid = bool(shapely.is_valid(geometry))
    with _lock:
        if valid:
            _sound[_digest(geometry)] = None
        while len(_sound) > _REMEMBERED:
            _sound.popitem(last=False)
    return valid


def _is_remembered(geometry: BaseGeometry) -> bool:
    digest = _digest(geometry)
    with _lock:
        return digest in _sound


def _digest(geometry: BaseGeometry) -> bytes:
    return blake2b(shapely.to_wkb(geometry), digest_size=16).digest()


def _invalid(geometry: BaseGeometry) -> Fault:
    explained = shapely.is_valid_reason(geometry)
    place = _WHERE.search(explained)
    reason = _REASONS.get(explained.split("[")[0].strip(), "Formen är ogiltig")
    repaired = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    offered = repaired if not repaired.is_empty and shapely.is_valid(repaired) else None
    if place is None:
        return Fault(reason, repaired=offered)
    return Fault(reason, float(place["x"]), float(place["y"]), offered)
