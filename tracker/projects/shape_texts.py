"""Shapes that are pasted as text: WKT, GeoJSON or KML. Heights and measures are dropped, and said to be."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from tracker.errors import DomainError, RefusedFileError
from tracker.geo.crs import WEB_SRID
from tracker.geo.measure import flat_parts
from tracker.geo.nesting import TOO_DEEP, is_too_deep
from tracker.messages import message, told
from tracker.sandbox import calling, wire

HEIGHTS_DROPPED = message("Höjder (Z) tas inte med.")
MEASURES_DROPPED = message("Mått (M) tas inte med.")
_WKT = re.compile(
    r"(?:SRID=(?P<srid>\d{1,9});)?\s*(?P<wkt>(?:MULTI)?(?:POINT|LINESTRING|POLYGON)(?:\s*ZM?|\s*M)?\b.*|GEOMETRYCOLLECTION\b.*)",
    re.I | re.S,
)
_CRS_CODE = re.compile(r"EPSG:+(?:[\d.]*:)?(?P<srid>\d{1,9})$", re.I)
_DECLARED = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.I)


class TextError(DomainError):
    """The text is of a known kind but cannot be read; the Swedish sentence says why."""


@dataclass(frozen=True, slots=True)
class TextShape:
    """A shape in its own numbers, two dimensions, with the EPSG code that the text states and what was dropped."""

    shape: BaseGeometry
    srid: int | None
    notes: tuple[str, ...]


def read_text_shape(text: str) -> TextShape | None:
    """The shape of a text, None for a text that is none of the three kinds. Raises TextError."""
    stripped = text.strip()
    if is_too_deep(stripped):
        raise TextError(TOO_DEEP)
    written = _WKT.fullmatch(stripped)
    if written is not None:
        return _made(_wkt(written["wkt"]), int(written["srid"]) if written["srid"] else None)
    if stripped.startswith("{"):
        return _geojson(stripped)
    if stripped.startswith("<"):
        return _made(_kml(stripped), WEB_SRID)
    return None


def joined(shapes: list[BaseGeometry]) -> BaseGeometry:
    """One geometry of several: a Multi where all parts are of one kind, else a flat collection."""
    parts = [part for shape in shapes for part in flat_parts(shape)]
    if len(parts) == 1:
        return parts[0]
    kinds = {part.geom_type for part in parts}
    makers = {"Point": shapely.MultiPoint, "LineString": shapely.MultiLineString, "Polygon": shapely.MultiPolygon}
    if len(kinds) == 1 and kinds <= set(makers):
        return makers[kinds.pop()](parts)
    return shapely.GeometryCollection(parts)


def _made(shape: BaseGeometry, srid: int | None) -> TextShape:
    notes: tuple[str, ...] = ()
    if shapely.has_z(shape):
        notes = (HEIGHTS_DROPPED,)
    if shapely.has_m(shape):
        notes = (*notes, MEASURES_DROPPED)
    flat = shapely.force_2d(shape)
    if flat.is_empty:
        raise TextError(message("Texten har inga koordinater."))
    return TextShape(flat, srid, notes)


def _wkt(text: str) -> BaseGeometry:
    try:
        return shapely.from_wkt(text)
    except shapely.errors.ShapelyError as error:
        raise TextError(
            message("WKT-texten går inte att läsa. Skriv till exempel LINESTRING (153112 6579142, …).")
        ) from error


def _geojson(text: str) -> TextShape:
    try:
        content = orjson.loads(text)
        shapes = [shapely.from_geojson(orjson.dumps(one)) for one in _geometries(content)]
    except (ValueError, RecursionError, shapely.errors.ShapelyError) as error:
        raise TextError(message("GeoJSON-texten går inte att läsa: den är avkortad eller har fel i sig.")) from error
    if not shapes:
        raise TextError(message("GeoJSON-texten har ingen geometri."))
    return _made(joined(shapes), _stated(content))


def _geometries(content: Any) -> list[Any]:
    """The geometries of a geometry, a feature or a collection of features."""
    if not isinstance(content, dict):
        return []
    if content.get("type") == "FeatureCollection":
        features = content.get("features")
        return [one for feature in (features if isinstance(features, list) else []) for one in _geometries(feature)]
    if content.get("type") == "Feature":
        return _geometries(content.get("geometry"))
    return [content] if "type" in content else []


def _stated(content: dict[str, Any]) -> int | None:
    """The EPSG code of a "crs" member as GDAL writes it; CRS84 is longitude and latitude."""
    named = content.get("crs")
    properties = named.get("properties") if isinstance(named, dict) else None
    name = str(properties.get("name")) if isinstance(properties, dict) else ""
    found = _CRS_CODE.search(name)
    if found is not None:
        return int(found["srid"])
    return WEB_SRID if name.endswith("CRS84") else None


def _kml(text: str) -> BaseGeometry:
    if _DECLARED.search(text):
        raise TextError(message("KML-texten har egna deklarationer (DOCTYPE) och läses inte."))
    whole = text if "<kml" in text else f'<kml xmlns="http://www.opengis.net/kml/2.2">{_placed(text)}</kml>'
    title = told(message("KML-texten"))
    with tempfile.TemporaryDirectory(prefix="portfoljkartan-") as folder:
        path = Path(folder) / "text.kml"
        path.write_text(whole, encoding="utf-8", errors="replace")
        try:
            found: Any = wire.unpack(calling.run("tracker.geo.kml_reading:shapes", path, title), Any)
        except RefusedFileError as error:
            raise TextError(str(error)) from error
        except wire.WireError as error:
            raise TextError(str(calling.not_understood(title))) from error
    shapes = [shape for shape in found if shape is not None] if isinstance(found, np.ndarray) else []
    if not shapes:
        raise TextError(message("KML-texten har ingen geometri."))
    return joined(shapes)


def _placed(text: str) -> str:
    bare = re.sub(r"^<\?xml[^>]*\?>", "", text).strip()
    inside = bare if bare.startswith(("<Document", "<Folder", "<Placemark")) else f"<Placemark>{bare}</Placemark>"
    return inside if inside.startswith("<Document") else f"<Document>{inside}</Document>"
