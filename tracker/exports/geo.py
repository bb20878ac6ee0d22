"""GeoJSON of the register, and the names of fields and layers that every format of shapes has in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO

import numpy as np
import orjson
import shapely
from sqlalchemy.orm import Session

from tracker.exports.ahead import read_ahead
from tracker.exports.register import Extract
from tracker.exports.register_blocks import Block, read_blocks
from tracker.exports.register_tables import Attribute, attributes_for
from tracker.geo.crs import GeometryArray
from tracker.geo.keeping import web_degrees
from tracker.projects.geojson import is_plain, plain_texts, shape_text
from tracker.text import slug

Progress = Callable[[int], None]
"""Is told how many projects are done since the last time."""
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
FIRST, AFTER = b"\n", b",\n"
"""What stands before the first feature of a collection, and before each other one."""


def field_name(attribute: Attribute) -> str:
    """A name that every format allows: "Ytterligare slag" is ytterligare_slag."""
    return slug(attribute.label).replace("-", "_")


def rows_by_type(geometries: GeometryArray) -> Mapping[str, list[int]]:
    """Type of geometry, in the order of LAYERS and last "" for none, → the rows that have it."""
    kinds = [shape.geom_type if shape is not None else "" for shape in geometries]
    found: dict[str, list[int]] = {}
    for row, kind in enumerate(kinds):
        found.setdefault(kind, []).append(row)
    return {kind: found[kind] for kind in (*LAYERS, "") if kind in found}


def write_geojson(session: Session, extract: Extract, file: IO[bytes], progress: Progress = lambda _: None) -> None:
    """A feature collection in longitude and latitude (EPSG:4326); no location is a null geometry."""
    for piece in geojson_pieces(session, extract, progress):
        file.write(piece)


def geojson_pieces(session: Session, extract: Extract, progress: Progress = lambda _: None) -> Iterator[bytes]:
    """The same, piece by piece, as it is read."""
    yield collection_start(extract)
    yield from feature_pieces(session, extract, progress)
    yield collection_end()


def collection_start(extract: Extract) -> bytes:
    """What stands before the features."""
    head = orjson.dumps({"type": "FeatureCollection", "name": "projekt", "description": extract.about})
    return head[:-1] + b',"features":['


def collection_end() -> bytes:
    """What stands after them."""
    return b"\n]}\n"


def feature_pieces(session: Session, extract: Extract, progress: Progress, before: bytes = FIRST) -> Iterator[bytes]:
    """The features, some thousand at a time; `before` stands before the first."""
    attributes = attributes_for(extract.audience)
    for block in read_ahead(read_blocks(session, extract, progress)):
        if block.ids:
            yield before + AFTER.join(_features(block, attributes))
            before = AFTER


def _features(block: Block, attributes: Sequence[Attribute]) -> Iterator[bytes]:
    """Each feature in one call; the geometry is text already."""
    names = [field_name(one) for one in attributes]
    rows = zip(*(block.columns[one.column] for one in attributes), strict=True)
    for code, shape, cells in zip(block.codes, web_texts(block.geometries), rows, strict=True):
        properties = dict(zip(names, cells, strict=False))
        yield orjson.dumps(
            {"type": "Feature", "id": code, "properties": properties, "geometry": orjson.Fragment(shape)}
        )


def web_texts(geometries: GeometryArray) -> list[str]:
    """GeoJSON of shapes in EPSG:3011, in degrees with nine decimals; "null" for None."""
    texts = ["null"] * len(geometries)
    rows = np.flatnonzero(~shapely.is_missing(geometries))
    shapes = geometries[rows]
    counts = shapely.get_num_coordinates(shapes)
    lonlat = web_degrees(shapely.get_coordinates(shapes))
    written = plain_texts(shapely.get_type_id(shapes), lonlat, counts)
    ends = np.cumsum(counts)
    for place in np.flatnonzero(~is_plain(shapes)).tolist():
        written[place] = shape_text(shapes[place], lonlat[ends[place] - counts[place] : ends[place]])
    for row, text in zip(rows.tolist(), written, strict=True):
        texts[row] = text
    return texts
