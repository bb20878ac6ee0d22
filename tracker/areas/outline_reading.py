"""What a child process reads of a file of outlines: its layer, its columns in each likely encoding, its shapes."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from tracker.errors import RefusedFileError
from tracker.sandbox import wire

READABLE = (".shp", ".gpkg", ".geojson", ".json", ".gml", ".kml", ".fgb", ".tab", ".mif")
ENCODINGS = ("UTF-8", "CP1252", "CP850")
"""Tried for a Shapefile whose names are not known as they were first read."""
MAX_UNPACKED_BYTES = 1024**3
_XML = (".gml", ".kml")
_DECLARED = (b"<!DOCTYPE", b"<!ENTITY")
_HEAD = 65_536


def outlines(path: Path, title: str, asked: str | None) -> bytes:
    """For outline_files.read_outlines: the stated system, the number of features, columns by encoding, shapes.

    The encoding "" is the file's own; the others are of a Shapefile alone. `asked` names the layer.
    """
    try:
        source = _inside_zip(path, title) if zipfile.is_zipfile(path) else str(path)
        _refuse_entities(source, path, title)
        layer = _layer(source, asked)
        info = pyogrio.read_info(source, layer=layer)
        read = {"": _columns(source, layer, None)} | _other_encodings(source, layer, info["driver"])
        shapes = _shapes(source, layer)
    except UnicodeDecodeError as error:
        raise RefusedFileError(f"{title} är inte i teckenkodningen UTF-8. Spara om filen som UTF-8.") from error
    except (DataSourceError, DataLayerError, zipfile.BadZipFile) as error:
        raise RefusedFileError(
            f"{title} går inte att läsa som karta: den är skadad eller av ett slag som inte känns igen."
        ) from error
    return wire.pack((info["crs"], int(info["features"]), read, shapes))


def _refuse_entities(source: str, path: Path, title: str) -> None:
    """A document type can declare entities that grow without end; the parser's own bound is the second guard."""
    if source == str(path) and path.suffix.casefold() in _XML:
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if any(word in head for word in _DECLARED):
            raise RefusedFileError(f"{title} innehåller en dokumenttyp (DOCTYPE) och tas inte emot.")


def _other_encodings(source: str, layer: str, driver: str) -> dict[str, dict[str, list[Any]]]:
    found = {}
    for encoding in ENCODINGS if driver == "ESRI Shapefile" else ():
        try:
            found[encoding] = _columns(source, layer, encoding)
        except UnicodeDecodeError:
            continue
    return found


def _inside_zip(path: Path, title: str) -> str:
    """The address of the one map in a zip, also in a folder of it and with capital extensions."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise RefusedFileError(f"{title} är för stor uppackad (över 1 GB).")
    if any(member.flag_bits & 1 for member in members):
        raise RefusedFileError(f"{title} är skyddad med lösenord. Packa upp den och ta filen i stället.")
    maps = [
        member.filename
        for member in members
        if member.filename.lower().endswith(READABLE) and not member.filename.startswith("__MACOSX")
    ]
    if len(maps) != 1:
        found = ", ".join(maps) or "ingen"
        raise RefusedFileError(f"{title} ska innehålla en karta men innehåller: {found}.")
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


def _columns(source: str, layer: str, encoding: str | None) -> dict[str, list[Any]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an encoding that is only tried may not fit
        meta, _fids, _geometry, columns = pyogrio.raw.read(source, layer=layer, encoding=encoding, read_geometry=False)
    return {str(name): _texts(column) for name, column in zip(meta["fields"], columns, strict=True)}


def _texts(column: np.ndarray[Any, Any]) -> list[Any]:
    """Texts as they are, everything else in words: the names of areas are texts."""
    return [cell if cell is None or isinstance(cell, str) else str(cell) for cell in column.tolist()]


def _shapes(source: str, layer: str) -> np.ndarray[Any, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL's remarks on rings; we check validity ourselves
        _meta, _fids, wkb, _columns = pyogrio.raw.read(source, layer=layer, columns=[])
    if wkb is None:
        raise RefusedFileError("Filen har inga former.")
    shapes: np.ndarray[Any, Any] = shapely.from_wkb(wkb, on_invalid="ignore")
    return shapes
