"""Reading outlines from a file: any vector format that GDAL reads, also zipped, as shapes in EPSG:3011 with names."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from tracker.areas.coverage import geometry_array
from tracker.errors import RefusedFileError
from tracker.geo.crs import STORAGE_SRID, GeometryArray, check_known, crs_name, recognise, reproject
from tracker.geo.validity import CITY_SURROUNDINGS
from tracker.text import clean

READABLE = (".shp", ".gpkg", ".geojson", ".json", ".gml", ".kml", ".fgb", ".tab", ".mif")
ENCODINGS = ("UTF-8", "CP1252", "CP850")
"""Tried for a Shapefile whose names are not known as they were first read."""
MAX_UNPACKED_BYTES = 1024**3


@dataclass(frozen=True, eq=False, slots=True)
class OutlineFile:
    """Names as written, shapes in EPSG:3011 (None where the file has none), and what was done to read them."""

    name: str
    names: list[str]
    shapes: GeometryArray
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the caller says about a file: the field with names, the layer and the EPSG code; None means find out."""

    name_field: str | None = None
    layer: str | None = None
    srid: int | None = None


def read_outlines(path: Path, reading: Reading, known: Callable[[str], bool]) -> OutlineFile:
    """Read a file. `known` says whether a name is a place's, and decides field and encoding where unsaid.

    Raises RefusedFileError, with the reason in Swedish, when something has to be said first or is wrong.
    """
    source = _inside_zip(path) if zipfile.is_zipfile(path) else str(path)
    try:
        layer = _layer(source, reading.layer)
        info = pyogrio.read_info(source, layer=layer)
        table, encoding = _attributes(source, layer, info, known)
        field = _name_field(table, reading.name_field, known)
        shapes = _shapes(source, layer)
    except UnicodeDecodeError as error:
        raise RefusedFileError(f"{path.name} är inte i teckenkodningen UTF-8. Spara om filen som UTF-8.") from error
    except (DataSourceError, DataLayerError) as error:
        raise RefusedFileError(
            f"{path.name} går inte att läsa som karta: den är skadad eller av ett slag som inte känns igen."
        ) from error
    srid, notes = _srid(info["crs"], shapes, reading.srid)
    if encoding:
        notes.append(f"Namnen lästes med teckenkodningen {encoding}.")
    if shapely.has_z(shapes).any():
        notes.append("Höjdvärden (Z) togs bort.")
    moved = reproject(shapely.force_2d(shapes), srid, STORAGE_SRID)
    _refuse_elsewhere(moved, shapes)
    return OutlineFile(path.name, [clean(str(name or "")) for name in table[field]], moved, tuple(notes))


def _inside_zip(path: Path) -> str:
    """The address of the one map in a zip, also in a folder of it and with capital extensions."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise RefusedFileError(f"{path.name} är för stor uppackad (över 1 GB).")
    if any(member.flag_bits & 1 for member in members):
        raise RefusedFileError(f"{path.name} är skyddad med lösenord. Packa upp den och ta filen i stället.")
    maps = [
        member.filename
        for member in members
        if member.filename.lower().endswith(READABLE) and not member.filename.startswith("__MACOSX")
    ]
    if len(maps) != 1:
        found = ", ".join(maps) or "ingen"
        raise RefusedFileError(f"{path.name} ska innehålla en karta men innehåller: {found}.")
    return f"/vsizip/{{{path.resolve()}}}/{maps[0]}"


def _layer(source: str, asked: str | None) -> str:
    layers = [str(name) for name, _kind in pyogrio.list_layers(source)]
    if asked in layers:
        return asked
    if asked is not None:
        raise RefusedFileError(f"Filen har inget lager ”{asked}”. Den har: {', '.join(layers)}.")
    if len(layers) != 1:
        raise RefusedFileError(f"Filen har flera lager. Ange ett av dem: {', '.join(layers)}.")
    return layers[0]


def _attributes(
    source: str, layer: str, info: dict[str, Any], known: Callable[[str], bool]
) -> tuple[dict[str, list[Any]], str]:
    """The text columns, and the encoding if another than the file's own knows more of the names."""
    best = _columns(source, layer, None)
    best_encoding = ""
    if info["driver"] != "ESRI Shapefile":
        return best, best_encoding
    for encoding in ENCODINGS:
        if _most_known(best, known) >= info["features"]:
            break
        try:
            other = _columns(source, layer, encoding)
        except UnicodeDecodeError:
            continue
        if _most_known(other, known) > _most_known(best, known):
            best, best_encoding = other, encoding
    return best, best_encoding


def _columns(source: str, layer: str, encoding: str | None) -> dict[str, list[Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an encoding that is only tried may not fit
        meta, _fids, _geometry, columns = pyogrio.raw.read(source, layer=layer, encoding=encoding, read_geometry=False)
    return {str(name): list(column) for name, column in zip(meta["fields"], columns, strict=True)}


def _known_count(column: list[Any], known: Callable[[str], bool]) -> int:
    return sum(isinstance(value, str) and known(value) for value in column)


def _most_known(table: dict[str, list[Any]], known: Callable[[str], bool]) -> int:
    return max((_known_count(column, known) for column in table.values()), default=0)


def _name_field(table: dict[str, list[Any]], asked: str | None, known: Callable[[str], bool]) -> str:
    fields = ", ".join(table) or "inga"
    if asked is not None:
        found = [name for name in table if name.casefold() == asked.casefold()]
        if not found:
            raise RefusedFileError(f"Filen har inget fält ”{asked}”. Fälten är: {fields}.")
        return found[0]
    best = max(table, key=lambda name: _known_count(table[name], known), default="")
    if not best or not _known_count(table[best], known):
        raise RefusedFileError(f"Inget fält har namn på områden. Ange --name-field. Fälten är: {fields}.")
    return best


def _shapes(source: str, layer: str) -> GeometryArray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks on rings; we check validity ourselves
        _meta, _fids, wkb, _columns = pyogrio.raw.read(source, layer=layer, columns=[])
    if wkb is None:
        raise RefusedFileError("Filen har inga former.")
    return geometry_array(list(shapely.from_wkb(wkb, on_invalid="ignore")))


def _srid(stated: str | None, shapes: GeometryArray, asked: int | None) -> tuple[int, list[str]]:
    """The EPSG code to read with: the one asked for, else the file's own."""
    own = _epsg(stated)
    if asked is not None:
        check_known(asked)
        if own is not None and own != asked:
            return asked, [f"Filen anger {crs_name(own)}; {crs_name(asked)} användes eftersom det angavs."]
        return asked, []
    if own is None:
        raise RefusedFileError(f"Filen säger inte vilket koordinatsystem den har. {_guess(shapes)}")
    return own, []


def _epsg(stated: str | None) -> int | None:
    if not stated:
        return None
    try:
        crs = CRS.from_user_input(stated)
    except CRSError:
        return None
    code = crs.to_epsg() or crs.to_epsg(min_confidence=20)
    return int(code) if code else None


def _guess(shapes: GeometryArray) -> str:
    """What the numbers look like, in Swedish."""
    if shapely.is_empty(shapes).all():
        return "Ange --crs."
    min_x, min_y, max_x, max_y = shapely.total_bounds(shapes)
    readings = recognise((min_x + max_x) / 2, (min_y + max_y) / 2)
    if not readings:
        return "Talen ligger inte i Stockholm i något av de system som känns igen. Ange --crs."
    if all(reading.swapped for reading in readings):
        return f"Talen ser ut som {readings[0].crs.name} med nordlig koordinat först; byt plats på dem i filen."
    names = " eller ".join(f"{one.crs.name} (EPSG:{one.crs.srid})" for one in readings if not one.swapped)
    return f"Talen ser ut som {names}. Ange --crs om det stämmer."


def _refuse_elsewhere(moved: GeometryArray, original: GeometryArray) -> None:
    """A wrong system or swapped axes put the whole file elsewhere: say it once, not for every area."""
    placed = moved[~(shapely.is_missing(moved) | shapely.is_empty(moved))]
    if len(placed) and not CITY_SURROUNDINGS.intersects(shapely.box(*shapely.total_bounds(placed))):
        raise RefusedFileError(f"Formerna hamnar långt utanför Stockholm. {_guess(original)}")
