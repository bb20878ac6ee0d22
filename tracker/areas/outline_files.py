"""Reading outlines from a file: any vector format that GDAL reads, also zipped, as shapes in EPSG:3011 with names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from tracker.areas.coverage import geometry_array
from tracker.errors import RefusedFileError
from tracker.geo.crs import STORAGE_SRID, GeometryArray, check_known, crs_name, recognise, reproject
from tracker.geo.validity import CITY_SURROUNDINGS
from tracker.sandbox import calling, wire
from tracker.text import clean

_Answer = tuple[str | None, int, dict[str, dict[str, list[Any]]], Any]


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
    stated, read, shapes = _from_child(path, reading.layer)
    table, encoding = _attributes(read, len(shapes), known)
    field = _name_field(table, reading.name_field, known)
    srid, notes = _srid(stated, shapes, reading.srid)
    if encoding:
        notes.append(f"Namnen lästes med teckenkodningen {encoding}.")
    if shapely.has_z(shapes).any():
        notes.append("Höjdvärden (Z) togs bort.")
    moved = reproject(shapely.force_2d(shapes), srid, STORAGE_SRID)
    _refuse_elsewhere(moved, shapes)
    return OutlineFile(path.name, [clean(str(name or "")) for name in table[field]], moved, tuple(notes))


def _from_child(path: Path, layer: str | None) -> tuple[str | None, dict[str, dict[str, list[Any]]], GeometryArray]:
    """The stated system, columns by encoding, and shapes; read in a child process."""
    data = calling.run("tracker.areas.outline_reading:outlines", path, path.name, asked=layer)
    try:
        answer: _Answer = wire.unpack(data, _Answer)
        stated, _features, read, shapes = answer
        for table in read.values():
            wire.check_table(table, shapes if shapes is not None else (), shapes)
    except (wire.WireError, TypeError) as error:
        raise calling.not_understood(path.name) from error
    if "" not in read:
        raise calling.not_understood(path.name)
    return stated, read, geometry_array(list(shapes))


def _attributes(
    read: dict[str, dict[str, list[Any]]], count: int, known: Callable[[str], bool]
) -> tuple[dict[str, list[Any]], str]:
    """The columns, and the encoding if another than the file's own knows more of the names."""
    best, best_encoding = read[""], ""
    for encoding, other in read.items():
        if _most_known(best, known) >= count:
            break
        if _most_known(other, known) > _most_known(best, known):
            best, best_encoding = other, encoding
    return best, best_encoding


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
