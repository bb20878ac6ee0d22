"""GeoJSON and GeoPackage of the register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any

import numpy as np
import orjson
import pyogrio.raw
import shapely
from sqlalchemy.orm import Session

from tracker.exports.register import Entry, Extract, list_entries
from tracker.exports.register_tables import Attribute, attributes_for
from tracker.geo.crs import STORAGE_SRID, WEB_SRID, GeometryArray, reproject
from tracker.text import slug

WEB_DECIMALS = 9
"""Of a degree: a tenth of a millimetre, so that nothing is lost on the way back."""
LAYERS = {
    "Point": "punkter",
    "MultiPoint": "punktgrupper",
    "LineString": "linjer",
    "MultiLineString": "linjegrupper",
    "Polygon": "ytor",
    "MultiPolygon": "ytgrupper",
    "GeometryCollection": "samlingar",
}
"""Type of geometry → layer: a layer has one type, so that every program opens it and nothing is changed."""
UNLOCATED = "utan_lage"


def field_name(attribute: Attribute) -> str:
    """A name that every format allows: "Ytterligare slag" is ytterligare_slag."""
    return slug(attribute.label).replace("-", "_")


def write_geojson(session: Session, extract: Extract, file: IO[bytes]) -> None:
    """A feature collection in longitude and latitude (EPSG:4326), a block at a time; no location is a null geometry."""
    attributes = attributes_for(extract.audience)
    head = orjson.dumps({"type": "FeatureCollection", "name": "projekt", "description": extract.about})
    file.write(head[:-1] + b',"features":[')
    first = True
    for block in list_entries(session, extract):
        for feature in _features(block, attributes):
            file.write(b"\n" if first else b",\n")
            file.write(feature)
            first = False
    file.write(b"\n]}\n")


def _features(entries: Sequence[Entry], attributes: Sequence[Attribute]) -> list[bytes]:
    shapes = shapely.to_geojson(_to_web(_shapes(entries)))
    features = []
    for entry, shape in zip(entries, shapes, strict=True):
        properties = {field_name(one): one.read(entry) for one in attributes}
        head = orjson.dumps({"type": "Feature", "id": entry.code, "properties": properties})
        features.append(head[:-1] + b',"geometry":' + (shape or "null").encode() + b"}")
    return features


def _shapes(entries: Sequence[Entry]) -> GeometryArray:
    shapes: GeometryArray = np.empty(len(entries), dtype=object)
    shapes[:] = [entry.geometry for entry in entries]
    return shapes


def _to_web(shapes: GeometryArray) -> GeometryArray:
    moved: GeometryArray = shapely.transform(
        reproject(shapes, STORAGE_SRID, WEB_SRID), lambda xy: xy.round(WEB_DECIMALS)
    )
    return moved


def write_geopackage(session: Session, extract: Extract, path: Path) -> None:
    """A GeoPackage in EPSG:3011 with a layer for each type of geometry, and one for projects without location."""
    entries = [entry for block in list_entries(session, extract) for entry in block]
    by_layer: dict[str, list[Entry]] = {}
    for entry in entries:
        kind = entry.geometry.geom_type if entry.geometry is not None else ""
        by_layer.setdefault(kind, []).append(entry)
    attributes = attributes_for(extract.audience)
    for kind in [kind for kind in (*LAYERS, "") if kind in by_layer] or [""]:
        _write_layer(path, kind, by_layer.get(kind, []), attributes, extract.about)


def _write_layer(path: Path, kind: str, entries: Sequence[Entry], attributes: Sequence[Attribute], about: str) -> None:
    columns = [_column(one.kind, [one.read(entry) for entry in entries]) for one in attributes]
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(_shapes(entries)) if kind else None,
        [values for values, _ in columns],
        [field_name(one) for one in attributes],
        field_mask=[mask for _, mask in columns],
        layer=LAYERS.get(kind, UNLOCATED),
        driver="GPKG",
        geometry_type=kind or None,
        crs=f"EPSG:{STORAGE_SRID}" if kind else None,
        encoding="UTF-8",
        layer_metadata={"DESCRIPTION": about},
    )


def _column(kind: type[object], values: Sequence[Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Values as GDAL wants them, the same type in every layer, with a mask of what is missing."""
    missing = np.array([value is None for value in values], dtype=np.bool_)
    if kind is date:
        texts = ["NaT" if value is None else value.isoformat() for value in values]
        return np.array(texts, dtype="datetime64[D]"), missing
    if kind is str:
        return np.array(values, dtype=object), missing
    return np.array([value or 0 for value in values], dtype=np.bool_ if kind is bool else np.int64), missing
