"""Reading a foreign file, whatever its kind, into one table of columns, shapes and a coordinate system.

Vector files through GDAL (pyogrio), spreadsheets through calamine, text through the csv module. Nothing is
interpreted here: cells come as the file has them, None where they are empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from tracker.errors import RefusedFileError
from tracker.geo.crs import GeometryArray
from tracker.imports.sheets import Sheet, read_spreadsheet, read_text_table

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
TEXTS = frozenset({".csv", ".txt", ".tsv"})


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds. All columns, `rows` and `geometries` are equally long."""

    name: str
    """The file's name and, where it has several, the layer's."""
    rows: Sequence[int]
    """The number of each row as a person counts it in the file."""
    columns: Mapping[str, Sequence[Any]]
    geometries: GeometryArray | None
    """In the file's own system, x before y, two dimensions; None for a file without shapes."""
    srid: int | None
    """The EPSG code that the file states; None when it states none that can be."""
    notes: tuple[str, ...] = ()


def read_table(path: Path, layer: str | None = None) -> Table:
    """Read a file. Raises RefusedFileError with the reason; a file of several layers must be told which."""
    suffix = path.suffix.casefold()
    if suffix in SPREADSHEETS:
        return _from_sheet(path, read_spreadsheet(path, layer))
    if suffix in TEXTS:
        return _from_sheet(path, read_text_table(path))
    return _read_vector(path, layer)


def _from_sheet(path: Path, sheet: Sheet) -> Table:
    name = f"{path.name}, bladet {sheet.title}" if sheet.title else path.name
    return Table(name, sheet.rows, sheet.columns, geometries=None, srid=None, notes=sheet.notes)


def _read_vector(path: Path, layer: str | None) -> Table:
    chosen = _layer_of(path, layer)
    try:
        meta, _, wkb, values = pyogrio.raw.read(path, layer=chosen, force_2d=True, datetime_as_string=True)
    except (DataSourceError, DataLayerError, ValueError) as error:
        raise RefusedFileError(f"Filen {path.name} kan inte läsas: den är skadad eller inte i UTF-8.") from error
    shapes = None if wkb is None else shapely.from_wkb(wkb)
    srid, notes = _stated_srid(meta["crs"], shapes)
    if "Z" in str(meta["geometry_type"]) or "2.5D" in str(meta["geometry_type"]):
        notes = (*notes, "Höjder (Z) i filen tas inte med.")
    count = len(values[0]) if values else len(shapes if shapes is not None else ())
    columns = {str(name): _cells(column) for name, column in zip(meta["fields"], values, strict=True)}
    return Table(f"{path.name}, lagret {chosen}", range(1, count + 1), columns, shapes, srid, notes)


def _layer_of(path: Path, layer: str | None) -> str:
    try:
        layers = [str(row[0]) for row in pyogrio.list_layers(path)]
    except (DataSourceError, UnicodeDecodeError) as error:
        raise RefusedFileError(
            f"Filen {path.name} är ingen fil med projekt som går att läsa: varken kartfil, kalkylblad eller CSV."
        ) from error
    if layer is not None and layer not in layers:
        raise RefusedFileError(f"Filen {path.name} har inget lager ”{layer}”. Den har: {', '.join(layers)}.")
    if layer is None and len(layers) != 1:
        raise RefusedFileError(f"Filen {path.name} har flera lager. Välj ett med --layer: {', '.join(layers)}.")
    return layer or layers[0]


def _stated_srid(stated: str | None, shapes: GeometryArray | None) -> tuple[int | None, tuple[str, ...]]:
    """The EPSG code of a stated system, unless the numbers show that it cannot be true.

    GDAL calls every GeoJSON without a "crs" member WGS 84; metres then give themselves away.
    """
    if not stated or shapes is None:
        return None, ()
    try:
        crs = pyproj.CRS.from_user_input(stated).to_2d()
    except pyproj.exceptions.CRSError:
        return None, ("Koordinatsystemet som filen anger går inte att tolka.",)
    srid = crs.to_epsg() or crs.to_epsg(min_confidence=25)
    if crs.is_geographic and not _may_be_degrees(shapes):
        return None, ("Filen anger inget koordinatsystem och talen är inte grader.",)
    if srid is None:
        return None, (f"Koordinatsystemet som filen anger ({crs.name}) finns inte i EPSG-registret.",)
    return srid, ()


def _may_be_degrees(shapes: GeometryArray) -> bool:
    bounds = np.abs(shapely.total_bounds(shapes))
    return bool(np.isnan(bounds).all() or (bounds <= [180, 90, 180, 90]).all())


def _cells(column: np.ndarray[Any, Any]) -> list[Any]:
    """Python values; GDAL's NaN for an empty number becomes None, a list becomes text as cells have several values."""
    if column.dtype.kind == "f":
        return [None if value != value else value for value in column.tolist()]
    return [_joined(value) if isinstance(value, np.ndarray) else value for value in column.tolist()]


def _joined(values: np.ndarray[Any, Any]) -> str:
    return "; ".join(map(str, values.tolist()))
