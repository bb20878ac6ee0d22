"""Files of shapes, through GDAL (pyogrio): layers, cells, shapes, and the coordinate system that they state."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from tracker.errors import RefusedFileError
from tracker.geo.crs import GeometryArray
from tracker.imports.kinds import Kind
from tracker.imports.opening import Source
from tracker.imports.sheets import refuse_width
from tracker.messages import message

DRIVERS = {
    Kind.GEOPACKAGE: ("GPKG",),
    Kind.GEOJSON: ("GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON"),
    Kind.FLATGEOBUF: ("FlatGeobuf",),
    Kind.KML: ("LIBKML", "KML"),
    Kind.GML: ("GML",),
    Kind.DXF: ("DXF",),
    Kind.SHAPEFILE: ("ESRI Shapefile",),
}
"""Kind → the drivers that may open it: a file that looks like one thing and opens as another is refused."""
OPTIONS: dict[Kind, dict[str, str]] = {
    Kind.GML: {"DOWNLOAD_SCHEMA": "NO"},
    Kind.GEOJSON: {"DATE_AS_STRING": "YES"},
}
"""GDAL would make a date of any text that looks like one, and write it another way."""
_FAULTS = (DataSourceError, DataLayerError, FeatureError, ValueError, OSError)


@dataclass(frozen=True, slots=True)
class VectorLayer:
    """A layer of a source. `rows` is None where counting would mean reading everything."""

    source: Source
    name: str
    rows: int | None
    has_shapes: bool
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VectorTable:
    """Columns, shapes in the file's own system (x before y, two dimensions), the stated EPSG code, notes."""

    columns: dict[str, list[Any]]
    geometries: GeometryArray | None
    srid: int | None
    notes: tuple[str, ...]


def list_vector_layers(sources: Sequence[Source]) -> list[VectorLayer]:
    """All layers of all sources. Raises RefusedFileError for what GDAL cannot open."""
    found = []
    for source in sources:
        try:
            with _without_warnings():
                for name, kind in pyogrio.list_layers(source.path).tolist():
                    found.append(_look_at(source, str(name), has_shapes=kind is not None))
        except (*_FAULTS, UnicodeDecodeError) as error:
            raise _unreadable(source) from error
    return found


def _look_at(source: Source, name: str, *, has_shapes: bool) -> VectorLayer:
    info = pyogrio.read_info(source.path, layer=name, encoding=source.encoding, **OPTIONS.get(source.kind, {}))
    if info["driver"] not in DRIVERS[source.kind]:
        raise RefusedFileError(
            message("%(title)s går inte att läsa som %(kind)s.", title=source.title, kind=source.kind.label)
        )
    refuse_width(len(info["fields"]), source.title)
    rows = int(info["features"])
    return VectorLayer(source, name, rows if rows >= 0 else None, has_shapes, tuple(map(str, info["fields"])))


def read_vector(layer: VectorLayer) -> VectorTable:
    """All features of a layer. Raises RefusedFileError when the file is broken."""
    source = layer.source
    try:
        with _without_warnings():
            meta, _, wkb, values = pyogrio.raw.read(
                source.path,
                layer=layer.name,
                encoding=source.encoding,
                force_2d=True,
                datetime_as_string=True,
                **OPTIONS.get(source.kind, {}),
            )
        shapes = None if wkb is None else shapely.from_wkb(wkb)
    except (*_FAULTS, shapely.errors.ShapelyError) as error:
        raise _unreadable(source) from error
    srid, notes = _stated_srid(meta["crs"], shapes)
    if "Z" in str(meta["geometry_type"]) or "2.5D" in str(meta["geometry_type"]):
        notes = (*notes, message("Höjder (Z) i filen tas inte med."))
    columns = {str(name): _cells(column) for name, column in zip(meta["fields"], values, strict=True)}
    return VectorTable(columns, shapes, srid, notes)


@contextmanager
def _without_warnings() -> Iterator[None]:
    """GDAL's remarks on a foreign file are nothing for the server's log; what matters is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _unreadable(source: Source) -> RefusedFileError:
    return RefusedFileError(
        message(
            "%(title)s kan inte läsas som %(kind)s: filen är skadad, avkortad eller inte i UTF-8.",
            title=source.title,
            kind=source.kind.label,
        )
    )


def _stated_srid(stated: str | None, shapes: GeometryArray | None) -> tuple[int | None, tuple[str, ...]]:
    """The EPSG code of a stated system, unless the numbers show that it cannot be true.

    GDAL calls every GeoJSON without a "crs" member WGS 84; metres then give themselves away.
    """
    if not stated or shapes is None:
        return None, ()
    try:
        crs = pyproj.CRS.from_user_input(stated).to_2d()
    except pyproj.exceptions.CRSError:
        return None, (message("Koordinatsystemet som filen anger går inte att tolka."),)
    srid = crs.to_epsg() or crs.to_epsg(min_confidence=25)
    if crs.is_geographic and not _may_be_degrees(shapes):
        return None, (message("Filen anger inget koordinatsystem och talen är inte grader."),)
    if srid is None:
        return None, (
            message("Koordinatsystemet som filen anger (%(name)s) finns inte i EPSG-registret.", name=crs.name),
        )
    return srid, ()


def _may_be_degrees(shapes: GeometryArray) -> bool:
    bounds = np.abs(shapely.total_bounds(shapes))
    return bool(np.isnan(bounds).all() or (bounds <= [180, 90, 180, 90]).all())


def _cells(column: np.ndarray[Any, Any]) -> list[Any]:
    """Python values; GDAL's NaN for an empty number becomes None, a list becomes text as cells have several values."""
    if column.dtype.kind == "f":
        return [None if value != value else value for value in column.tolist()]
    if column.dtype.kind == "M":
        return [None if value is None else str(value)[:10] for value in column.astype("datetime64[D]").tolist()]
    return [_joined(value) if isinstance(value, np.ndarray) else value for value in column.tolist()]


def _joined(values: np.ndarray[Any, Any]) -> str:
    return "; ".join(map(str, values.tolist()))
