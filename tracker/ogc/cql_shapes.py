"""Shapes of a filter, and how stored ones lie to them.

Decided by GEOS in this process for both databases: their own functions answer differently about collections.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from tracker.geo.crowding import is_tangled
from tracker.geo.crs import GeometryArray
from tracker.ogc.crs import NORTH, Crs
from tracker.ogc.refusing import refuse
from tracker.projects.geojson import BoolArray

MOST_CORNERS = 10_000
MOST_CROSSINGS = 1_000
"""Beyond those of neighbouring sides; a line of six hundred corners can cross itself a quarter of a million times."""
EQUAL_METRES = 0.15
"""Shapes leave with a decimetre's digits; what differs by no more comes back as the same."""
LONG_DEGREES = 0.02
FEW_CORNERS = 500
"""A side in degrees bends in metres: sides of so small shapes are given corners at least so often."""


def _equals(shapes: GeometryArray, other: BaseGeometry) -> BoolArray:
    found: BoolArray = shapely.get_dimensions(shapes) == shapely.get_dimensions(other)
    found &= (abs(shapely.bounds(shapes) - shapely.bounds(other)) <= EQUAL_METRES).all(axis=1)
    found[found] = shapely.hausdorff_distance(shapes[found], other) <= EQUAL_METRES
    return found


RELATIONS: Mapping[str, Callable[[GeometryArray, BaseGeometry], BoolArray]] = {
    "s_intersects": shapely.intersects,
    "s_disjoint": shapely.disjoint,
    "s_equals": _equals,
    "s_within": shapely.within,
    "s_contains": shapely.contains,
    "s_touches": shapely.touches,
    "s_crosses": shapely.crosses,
    "s_overlaps": shapely.overlaps,
}
TURNED = {"s_within": "s_contains", "s_contains": "s_within"}
"""The same relation said from the other side; the rest are their own."""


def read_shape(parameter: str, given: Any, crs: Crs) -> BaseGeometry:
    """A shape of CQL2 JSON (GeoJSON, or {"bbox": […]}) in EPSG:3011."""
    if isinstance(given, dict) and "bbox" in given:
        return box_of(parameter, given["bbox"], crs)
    try:
        shape = shapely.from_geojson(orjson.dumps(given))
    except (GEOSException, TypeError, orjson.JSONEncodeError):
        refuse(parameter, "geometrin går inte att läsa")
    corners = shapely.get_coordinates(shape)
    if shape.is_empty or not len(corners) or len(corners) > MOST_CORNERS:
        refuse(parameter, f"geometrin ska ha 1–{MOST_CORNERS} hörn")
    if not bool((abs(corners) < 1e9).all()):
        refuse(parameter, "geometrins koordinater ska vara ändliga tal")
    if is_tangled(shape, MOST_CROSSINGS):
        refuse(parameter, "geometrin korsar sig själv på för många ställen")
    if not shape.is_valid:
        refuse(parameter, f"geometrin är inte giltig ({shapely.is_valid_reason(shape)})")
    return stored(shape, crs)


def stored(shape: BaseGeometry, crs: Crs) -> BaseGeometry:
    """A written shape in EPSG:3011."""
    if crs.geographic and shapely.get_num_coordinates(shape) <= FEW_CORNERS:
        shape = shapely.segmentize(_cut(shape, crs), LONG_DEGREES)
    return crs.read(shape)


def _cut(shape: BaseGeometry, crs: Crs) -> BaseGeometry:
    """Without what lies far away, before its sides are divided."""
    west, south, east, north = NORTH
    around = shapely.box(south, west, north, east) if crs.turned else shapely.box(west, south, east, north)
    return shape if around.contains(shape) else shapely.intersection(shape, around)


def box_of(parameter: str, numbers: Sequence[Any], crs: Crs) -> BaseGeometry:
    """A box of four numbers, or six with heights, in the order of the system's axes; empty where nothing is near."""
    if len(numbers) not in (4, 6) or not all(_is_number(one) for one in numbers):
        refuse(parameter, "en ruta ska vara fyra tal (eller sex, med höjd)")
    half = len(numbers) // 2
    low, high = [float(one) for one in numbers[:2]], [float(one) for one in numbers[half : half + 2]]
    if crs.turned:
        low, high = low[::-1], high[::-1]
    if low[1] > high[1] or (low[0] > high[0] and not crs.geographic):
        refuse(parameter, "rutans första hörn ska vara det nedre vänstra")
    if crs.geographic and (max(abs(low[0]), abs(high[0])) > 180 or max(abs(low[1]), abs(high[1])) > 90):
        refuse(parameter, "rutan ska ligga inom −180–180 och −90–90 grader, i koordinatsystemets ordning")
    if low[0] <= high[0]:
        # A box without width is a line or a point.
        return stored(_turned(shapely.box(*low, *high).envelope, crs), crs)
    # Over the date line: what is left of it and what is right of it.
    parts = (shapely.box(low[0], low[1], 180, high[1]).envelope, shapely.box(-180, low[1], high[0], high[1]).envelope)
    return shapely.union_all([stored(_turned(one, crs), crs) for one in parts])


def _turned(shape: BaseGeometry, crs: Crs) -> BaseGeometry:
    return shapely.transform(shape, lambda xy: xy[:, ::-1]) if crs.turned else shape


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
