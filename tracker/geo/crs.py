"""Coordinate systems of the city and how numbers are recognised.

The boxes come from the EPSG registry's definitions and the city's extent (17.76–18.20 E, 59.23–59.44 N),
widened so that projects just over the city limit are still recognised. They do not overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry.base import BaseGeometry

from tracker.errors import RefusedFileError
from tracker.messages import message

GeometryArray = NDArray[Any]
"""A one-dimensional object array of shapely geometries or None."""

STORAGE_SRID = 3011
"""SWEREF 99 18 00, metres: what the register stores and measures in."""
WEB_SRID = 4326
"""Longitude and latitude in degrees: what leaves for the web."""


@dataclass(frozen=True, slots=True)
class KnownCrs:
    """A coordinate system that numbers from Stockholm can be recognised by: a box in its own units, x then y."""

    srid: int
    name: str
    min_x: float
    min_y: float
    max_x: float
    max_y: float

    def holds(self, x: float, y: float) -> bool:
        return self.min_x <= x <= self.max_x and self.min_y <= y <= self.max_y


KNOWN = (
    KnownCrs(3011, message("SWEREF 99 18 00"), 116_000, 6_548_000, 182_000, 6_612_000),
    KnownCrs(3006, message("SWEREF 99 TM"), 636_000, 6_549_000, 703_000, 6_613_000),
    KnownCrs(3021, message("RT 90 2,5 gon V"), 1_591_000, 6_549_000, 1_657_000, 6_613_000),
    KnownCrs(3152, message("ST74"), 63_000, 47_000, 115_000, 111_000),
    KnownCrs(4326, message("WGS 84 (longitud/latitud)"), 17.4, 59.0, 18.7, 59.7),
)
"""In the order in which they are tried."""


def crs_name(srid: int) -> str:
    """A name for people, "EPSG:1234" when it is none of ours."""
    return next((known.name for known in KNOWN if known.srid == srid), f"EPSG:{srid}")


def check_known(srid: int) -> None:
    """Raises RefusedFileError when a code is no system of positions in the EPSG registry."""
    try:
        crs = CRS.from_epsg(srid)
    except CRSError as error:
        raise RefusedFileError(message("EPSG:%(srid)s är inget känt koordinatsystem.", srid=srid)) from error
    if not (crs.is_projected or crs.is_geographic):
        raise RefusedFileError(message("EPSG:%(srid)s är inget koordinatsystem för lägen i plan.", srid=srid))


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a pair of numbers is: the system, whether the pair was written northing first, and if to ask."""

    crs: KnownCrs
    swapped: bool
    ambiguous: bool = False


def recognise(first: float, second: float) -> tuple[Recognised, ...]:
    """All readings of a pair of numbers as a point in or near Stockholm, the likeliest first.

    Swedish papers write northing first, files easting first; both are tried. In ST74 the ranges of northing
    and easting overlap, so a pair can come back twice, marked ambiguous: ask, do not guess.
    """
    found = [Recognised(crs, swapped=False) for crs in KNOWN if crs.holds(first, second)]
    found += [Recognised(crs, swapped=True) for crs in KNOWN if crs.holds(second, first)]
    if len(found) > 1:
        return tuple(Recognised(one.crs, one.swapped, ambiguous=True) for one in found)
    return tuple(found)


@cache
def transformer(source: int, target: int) -> Transformer:
    """A pyproj transformer in x/y order (always_xy), kept for the life of the process."""
    return Transformer.from_crs(source, target, always_xy=True)


def reproject(geometries: GeometryArray, source: int, target: int) -> GeometryArray:
    """An array of geometries from one EPSG code to another: x/y order, two dimensions, None stays None."""
    if source == target:
        return geometries
    step = transformer(source, target)

    def move(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(step.transform(xy[:, 0], xy[:, 1]))

    moved: GeometryArray = shapely.transform(geometries, move)
    return moved


def reproject_one(geometry: BaseGeometry, source: int, target: int) -> BaseGeometry:
    """One geometry from one EPSG code to another: x/y order, two dimensions."""
    array = np.empty(1, dtype=object)
    array[0] = geometry
    moved: BaseGeometry = reproject(array, source, target)[0]
    return moved
