"""Planar measures in EPSG:3011 of any simple-feature geometry, collections included."""

from __future__ import annotations

from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

_POINT, _LINE, _RING, _POLYGON = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Measure:
    """How much geometry there is: points in number, lines in metres, areas in square metres."""

    points: int
    length_metres: float
    area_square_metres: float

    @property
    def area_hectares(self) -> float:
        return self.area_square_metres / 10_000


def measure(geometry: BaseGeometry) -> Measure:
    """Measure each part once: outlines of areas do not count as length."""
    parts = flat_parts(geometry)
    kinds = [shapely.get_type_id(part) for part in parts]
    return Measure(
        points=sum(kind == _POINT for kind in kinds),
        length_metres=sum(part.length for part, kind in zip(parts, kinds, strict=True) if kind in (_LINE, _RING)),
        area_square_metres=sum(part.area for part, kind in zip(parts, kinds, strict=True) if kind == _POLYGON),
    )


def flat_parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    """The single points, lines and polygons of a geometry, however deep its collections go."""
    if geometry.is_empty:
        return []
    if shapely.get_num_geometries(geometry) == 1 and not hasattr(geometry, "geoms"):
        return [geometry]
    return [part for member in geometry.geoms for part in flat_parts(member)]
