"""Is a shape usable? If not: why, where, and what a repair would look like."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

import shapely
from shapely.geometry.base import BaseGeometry

from tracker.geo.crowding import is_crowded, is_tangled
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, reproject_one
from tracker.messages import joined, message

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
    "Self-intersection": message("Gränsen korsar sig själv"),
    "Ring Self-intersection": message("Gränsen rör vid sig själv"),
    "Hole lies outside shell": message("Ett hål ligger utanför ytan"),
    "Holes are nested": message("Ett hål ligger i ett annat hål"),
    "Interior is disconnected": message("Hålen delar ytan i två"),
    "Nested shells": message("En del av ytan ligger i en annan del"),
    "Duplicate Rings": message("Samma gräns finns två gånger"),
    "Too few points in geometry component": message("En del har för få punkter"),
    "Invalid Coordinate": message("En koordinat är inget tal"),
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
            return joined("", (self.reason, "."))
        point = reproject_one(shapely.Point(self.easting, self.northing), STORAGE_SRID, WEB_SRID)
        lon, lat = point.coords[0]
        return message(
            "%(reason)s vid N %(north)s, E %(east)s (latitud %(lat)s, longitud %(lon)s).",
            reason=self.reason,
            north=f"{self.northing:.0f}",
            east=f"{self.easting:.0f}",
            lat=f"{lat:.5f}",
            lon=f"{lon:.5f}",
        )


def find_fault(geometry: BaseGeometry) -> Fault | None:
    """The first fault of a geometry in EPSG:3011, or None when it can be stored."""
    if geometry.is_empty:
        return Fault(message("Formen är tom"))
    count = int(shapely.get_num_coordinates(geometry))
    if _is_too_dense(geometry, count):
        return Fault(
            message(
                "Formen har %(count)s hörn, så tätt intill varandra att den inte går att kontrollera; förenkla den",
                count=count,
            )
        )
    if not _is_valid(geometry):
        return _invalid(geometry)
    if not CITY_SURROUNDINGS.contains(geometry):
        far = message("Formen ligger långt utanför Stockholm; är koordinatsystemet och axlarnas ordning rätt")
        return Fault(far)
    return None


def _is_too_dense(geometry: BaseGeometry, count: int) -> bool:
    if shapely.get_dimensions(geometry) == 1 and is_tangled(geometry):
        # A line may cross itself and is valid; where it lies takes work for each crossing.
        return True
    return count >= REMEMBERED_FROM and not _is_remembered(geometry) and is_crowded(geometry)


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
    reason = _REASONS.get(explained.split("[")[0].strip(), message("Formen är ogiltig"))
    offered = None if is_tangled(geometry) else _repaired(geometry)
    if place is None:
        return Fault(reason, repaired=offered)
    return Fault(reason, float(place["x"]), float(place["y"]), offered)


def _repaired(geometry: BaseGeometry) -> BaseGeometry | None:
    made = shapely.make_valid(geometry, method="structure", keep_collapsed=False)
    return made if not made.is_empty and shapely.is_valid(made) else None
