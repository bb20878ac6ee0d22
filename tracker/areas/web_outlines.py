"""Outlines as they leave for the web: GeoJSON in EPSG:4326, simplified with shared edges kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import orjson
import shapely
from sqlalchemy.orm import Session

from tracker.areas.models import Area, AreaSet
from tracker.areas.queries import list_areas, outlines_of
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, GeometryArray, reproject

TOLERANCE_METRES = 8.0
DECIMALS = 6
_VERSION = b"1"
"""Part of every mark; raise it when the text of the same outlines changes."""


@dataclass(frozen=True, eq=False, slots=True)
class WebOutlines:
    """The outlines of one set before they are written: `shapes` in EPSG:3011, in the order of `areas`."""

    area_set: AreaSet
    areas: list[Area]
    shapes: GeometryArray

    def mark(self) -> str:
        """What changes when the answer would: cheap, so that an unchanged answer need not be made."""
        digest = hashlib.blake2b(_VERSION, digest_size=16)
        for area, wkb in zip(self.areas, shapely.to_wkb(self.shapes), strict=True):
            digest.update(orjson.dumps(self._properties(area)))
            digest.update(wkb)
        return digest.hexdigest()

    def text(self) -> bytes:
        """A FeatureCollection; coordinates are longitude and latitude with six decimals (a decimetre)."""
        simple = shapely.coverage_simplify(self.shapes, TOLERANCE_METRES)
        moved = shapely.transform(reproject(simple, STORAGE_SRID, WEB_SRID), lambda xy: xy.round(DECIMALS))
        features = [
            {
                "type": "Feature",
                "properties": self._properties(area),
                "geometry": orjson.Fragment(shapely.to_geojson(shape)),
            }
            for area, shape in zip(self.areas, moved, strict=True)
        ]
        return orjson.dumps({"type": "FeatureCollection", "features": features})

    def _properties(self, area: Area) -> dict[str, str | bool]:
        return {
            "code": area.code,
            "name": area.name,
            "region": area.region.value,
            "ytterstad": area.outer_city,
            "schematic": self.area_set.schematic,
        }


def web_outlines(session: Session, area_set: AreaSet) -> WebOutlines:
    """Read the outlines of a set; two queries."""
    outlines = outlines_of(session, area_set)
    by_id = {area.id: area for area in list_areas(session, area_set)}
    return WebOutlines(area_set, [by_id[area_id] for area_id in outlines.ids], outlines.shapes)
