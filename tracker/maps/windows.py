"""What part of the map a reader asks for: a box in degrees and a zoom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

from tracker.errors import InvalidInputError, Problem
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, transformer
from tracker.messages import message
from tracker.projects.filters import Arguments

MAX_ZOOM = 22
AROUND = (16.9, 58.8, 19.1, 60.0)
"""Longitude and latitude around everything that may be stored (see geo.validity.CITY_SURROUNDINGS)."""
_DENSE = 21
"""Points on each side of a box when it is moved to EPSG:3011, for its sides bend."""
_TILE_PIXELS = 256
_CITY_LATITUDE = 59.33
_EQUATOR_METRES = 40_075_016.686

Box = tuple[float, float, float, float]
"""min x, min y, max x, max y."""


@dataclass(frozen=True, slots=True)
class Window:
    """A box in EPSG:4326, or None for everywhere, and the zoom of the web's usual tile pyramid, if it was said."""

    box: Box | None = None
    zoom: int | None = None

    def stored_box(self) -> Box:
        """The box in EPSG:3011, as much of it as lies around the city."""
        west, south, east, north = self.clipped()
        if west >= east or south >= north:
            return (0.0, 0.0, 0.0, 0.0)  # nothing can be stored there
        return _stored(west, south, east, north)

    def clipped(self) -> Box:
        """The box in degrees, cut to the surroundings of the city; upside down when it lies elsewhere."""
        box = self.box or AROUND
        return (max(box[0], AROUND[0]), max(box[1], AROUND[1]), min(box[2], AROUND[2]), min(box[3], AROUND[3]))


@lru_cache(maxsize=64)
def _stored(west: float, south: float, east: float, north: float) -> Box:
    """The box around a box in degrees, in EPSG:3011; one request asks more than once."""
    bounds = transformer(WEB_SRID, STORAGE_SRID).transform_bounds(west, south, east, north, densify_pts=_DENSE)
    return (bounds[0], bounds[1], bounds[2], bounds[3])


def metres_per_pixel(zoom: int) -> float:
    """On the ground, at the city's latitude."""
    return _EQUATOR_METRES * math.cos(math.radians(_CITY_LATITUDE)) / (_TILE_PIXELS << zoom)


def degrees_per_pixel(zoom: int) -> tuple[float, float]:
    """Longitude and latitude of a pixel, at the city's latitude."""
    longitude = 360 / (_TILE_PIXELS << zoom)
    return longitude, longitude * math.cos(math.radians(_CITY_LATITUDE))


def window_from(args: Arguments) -> Window:
    """Read `bbox=minlon,minlat,maxlon,maxlat` and `zoom=Z`; raises InvalidInputError that says what is wrong."""
    box, zoom = "".join(args.getlist("bbox")[:1]), "".join(args.getlist("zoom")[:1])
    return Window(_box(box) if box else None, _zoom(zoom) if zoom else None)


def _box(text: str) -> Box:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        reason = message("bbox ska vara fyra tal i grader: minlon,minlat,maxlon,maxlat")
        raise _refusal("bbox", reason, text) from None
    if not all(math.isfinite(value) for value in (west, south, east, north)):
        raise _refusal("bbox", message("bbox ska vara fyra ändliga tal"), text)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        reason = message(
            "bbox ska ha minlon < maxlon (−180 till 180) och minlat < maxlat (−90 till 90), i den ordningen"
        )
        raise _refusal("bbox", reason, text)
    return (west, south, east, north)


def _zoom(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 3 and int(text) <= MAX_ZOOM):
        raise _refusal("zoom", message("zoom ska vara ett heltal från 0 till %(most)s", most=MAX_ZOOM), text)
    return int(text)


def _refusal(field: str, reason: str, value: str) -> InvalidInputError:
    shown = value[:80]
    whole = message("%(reason)s. Det stod ”%(shown)s”.", reason=reason, shown=shown)
    return InvalidInputError([Problem(field, whole, shown)])
