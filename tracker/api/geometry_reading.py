"""Geometry as GeoJSON: in longitude and latitude (CRS84), or in EPSG:3011 where it says so, kept bit by bit."""

from __future__ import annotations

import json
import re
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from tracker.errors import InvalidInputError, Problem
from tracker.geo.crs import STORAGE_SRID
from tracker.web.forms import web_text

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
STORED = f"http://www.opengis.net/def/crs/EPSG/0/{STORAGE_SRID}"
_DEGREES = re.compile(r".*(?:OGC.*CRS84|EPSG.*\b4326)$")
_METRES = re.compile(rf"(?:.*EPSG\D*[/:]+\D*(?:0/)?)?{STORAGE_SRID}$")
_LONGEST_NAME = 300
_UNREADABLE = "Formen gick inte att läsa. Rita om den eller klistra in koordinater."


def in_metres(geometry: dict[str, Any] | None, header: str | None) -> bool:
    """Whether the numbers are EPSG:3011: by the `crs` of the geometry, else by the header Content-Crs, else not.

    EPSG:4326 is taken as longitude and latitude, as GeoJSON has them. Raises InvalidInputError for another system.
    """
    named = (geometry or {}).get("crs")
    if isinstance(named, dict) and isinstance(named.get("properties"), dict):
        named = named["properties"].get("name")
    name = str(named if named is not None else (header or CRS84).strip("<> "))[:_LONGEST_NAME]
    if _METRES.match(name):
        return True
    if _DEGREES.match(name):
        return False
    reason = f"Koordinatsystemet är inte CRS84 eller EPSG:{STORAGE_SRID}."
    raise InvalidInputError([Problem("geometry.crs", reason, name)])


def without_crs(geometry: dict[str, Any]) -> dict[str, Any]:
    """The geometry alone."""
    return {name: value for name, value in geometry.items() if name != "crs"}


def degrees_text(geometry: dict[str, Any], stored: BaseGeometry | None) -> str:
    """The text that the form's field takes; one that says what is stored is the very text that the form sends out."""
    if stored is not None and geometry == json.loads(text := web_text(stored)):
        return text
    return json.dumps(geometry)


def read_metres(geometry: dict[str, Any]) -> BaseGeometry:
    """A shape in EPSG:3011 with the very numbers that were sent, Z dropped. Raises InvalidInputError."""
    try:
        shape: BaseGeometry = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.errors.ShapelyError, ValueError, TypeError) as error:
        raise InvalidInputError([Problem("geometry", _UNREADABLE)]) from error
    return shape


def told_geometry(geometry: BaseGeometry | None, *, metres: bool) -> dict[str, Any] | None:
    """GeoJSON in degrees with nine decimals, or in EPSG:3011 as it is stored, which then names its system."""
    if geometry is None:
        return None
    if not metres:
        told: dict[str, Any] = json.loads(web_text(geometry))
        return told
    name = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{STORAGE_SRID}"}}
    plain: dict[str, Any] = json.loads(shapely.to_geojson(geometry))
    return plain | {"crs": name}
