"""What a printed map draws besides projects and areas: circles in proportion to the projects, and lines to the areas
that they serve. Everything in EPSG:3011.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from sqlalchemy.orm import Session

from tracker.areas.models import AreaSet
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, transformer
from tracker.maps.listing import Asked, meant
from tracker.maps.sizes_box import box_of
from tracker.maps.theme_lines import list_serving

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PrintedCircle:
    """A project's circle; `radius` in tenths of the screen's pixels."""

    at: Point
    radius: int
    kind: str


@dataclass(frozen=True, slots=True)
class Circles:
    """The largest first; `left_out` smaller ones are not drawn.

    `label`: what they are in proportion to; `legend`: radius, and what for.
    """

    label: str
    note: str
    rows: tuple[PrintedCircle, ...]
    legend: tuple[tuple[int, str], ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Further:
    """`lines` run from a project to the middle of an area that it serves; None where none were asked for."""

    circles: Circles | None = None
    lines: tuple[tuple[Point, Point], ...] | None = None


NOTHING_FURTHER = Further()


def read_circles(session: Session, asked: Asked, hidden: frozenset[str]) -> Circles | None:
    """The circles that are asked for, without those of kinds that are hidden; None without a choice."""
    box = box_of(session, asked)
    if box.sizes is None or not box.sizes.rows:
        return None
    shown = [one for one in box.sizes.rows if one.kind.value not in hidden]
    places = _stored([one.at for one in shown])
    rows = (PrintedCircle(at, one.radius, one.kind.value) for at, one in zip(places, shown, strict=True))
    return Circles(box.label, box.note, tuple(rows), box.sizes.legend, box.sizes.left_out)


def read_lines(
    session: Session, asked: Asked, area_set: AreaSet, middles: Mapping[str, Point]
) -> tuple[tuple[Point, Point], ...] | None:
    """The lines of what is meant, where they are asked for and few enough to be drawn; as on the map."""
    if not asked.choices.served:
        return None
    found = list_serving(session, meant(session, asked), asked.viewer, area_set) or []
    places = _stored([one.at for one in found])
    return tuple(
        (at, middles[code]) for at, one in zip(places, found, strict=True) for code in one.areas if code in middles
    )


def middles_of(shapes: Mapping[str, shapely.geometry.base.BaseGeometry], tolerance: float) -> dict[str, Point]:
    """A place well inside each area."""
    return {
        code: _first(shapely.maximum_inscribed_circle(shape, tolerance=tolerance)) for code, shape in shapes.items()
    }


def _first(circle: shapely.geometry.base.BaseGeometry) -> Point:
    x, y = shapely.get_coordinates(circle)[0]
    return float(x), float(y)


def _stored(places: Sequence[Point]) -> list[Point]:
    """From "lon, lat" to EPSG:3011."""
    if not places:
        return []
    lon, lat = np.array(places, dtype=np.float64).T
    x, y = transformer(WEB_SRID, STORAGE_SRID).transform(lon, lat)
    return list(zip(x.tolist(), y.tolist(), strict=True))
