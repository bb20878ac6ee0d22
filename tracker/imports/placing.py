"""From a file's shapes or coordinate columns to geometry in EPSG:3011, with the reason where a row has none.

A stated coordinate system wins. Without one the numbers must all agree on a single system of the city's surroundings
(the boxes in `tracker.geo.crs`); then it is assumed and said. Otherwise the caller has to say which.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from tracker.errors import RefusedFileError
from tracker.geo.crs import KNOWN, STORAGE_SRID, GeometryArray, KnownCrs, crs_name, reproject
from tracker.geo.validity import CITY_SURROUNDINGS, find_fault
from tracker.imports.coordinates import Drawn
from tracker.messages import joined, message

FAR_AWAY = message("Läget är långt utanför Stockholm; stämmer koordinatsystemet?")
SWAPPED = message("Koordinaterna är omkastade: nordlig och östlig har bytt plats.")

SWEDEN = shapely.box(-250_000, 6_080_000, 750_000, 7_720_000)
"""EPSG:3011, roughly: only whoever writes the axes in the right order lands here."""

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Placed:
    """Geometry in EPSG:3011 (None where there is none or it is refused), refusals by index, and what was assumed."""

    geometries: GeometryArray
    refused: dict[int, str]
    notes: tuple[str, ...]


def place(drawn: Drawn, stated: int | None, asked: int | None, northing_first: bool | None = None) -> Placed:
    """Bring shapes to EPSG:3011. `stated` is the file's EPSG code, `asked` the caller's; `northing_first` is what a
    person says of the order of the numbers.

    Raises RefusedFileError when neither is given and the numbers do not settle it.
    """
    source, notes = _settle(drawn, stated, asked, northing_first)
    shapes = drawn.shapes
    if source.swapped:
        shapes = _turned(shapes)
    moved = _to_storage(shapes, source.srid)
    refused = dict(drawn.refused)
    for index in np.flatnonzero(~_good(moved) & ~shapely.is_missing(moved)).tolist():
        refused[index] = _reason(shapes[index], moved[index], source.srid)
    moved[list(refused)] = None
    return Placed(moved, refused, notes)


@dataclass(frozen=True, slots=True)
class _Source:
    srid: int
    swapped: bool = False


def _settle(
    drawn: Drawn, stated: int | None, asked: int | None, northing_first: bool | None
) -> tuple[_Source, tuple[str, ...]]:
    turned = bool(northing_first) and not drawn.axes_named
    if stated is not None:
        ignored = asked is not None and asked != stated
        note = (
            message(
                "Filen anger själv %(system)s, så EPSG:%(asked)s används inte.", system=described(stated), asked=asked
            )
            if ignored
            else ""
        )
        return _Source(stated, turned), (note,) if note else ()
    corners = corners_of(drawn.shapes)
    if asked is not None:
        if northing_first is not None:
            return _Source(asked, turned), ()
        if drawn.may_be_swapped and _fits_both_ways(asked, corners):
            raise RefusedFileError(
                message(
                    "Talen avgör inte vilken koordinat som är nordlig i %(system)s. Ange vilken som står "
                    "först, eller kalla kolumnerna N och E.",
                    system=described(asked),
                )
            )
        return _Source(asked, drawn.may_be_swapped and _fits_only_swapped(asked, corners)), ()
    if not len(corners):
        return _Source(STORAGE_SRID), ()
    return _propose(drawn, corners)


def _propose(drawn: Drawn, corners: FloatArray) -> tuple[_Source, tuple[str, ...]]:
    """The one system that all numbers fit. A few rows may have their axes swapped; they are refused later."""
    readings = [(one, swapped, fit(one, corners, swapped)) for one in KNOWN for swapped in (False, True)]
    whole = [(one, swapped) for one, swapped, fit in readings if fit.all() and not (swapped and drawn.axes_named)]
    if len(whole) == 1 and (drawn.may_be_swapped or not whole[0][1]):
        known, swapped = whole[0]
        return _Source(known.srid, swapped), (_assumption(known, swapped),)
    for known in KNOWN:
        usual, turned = fit(known, corners, swapped=False), fit(known, corners, swapped=True)
        if not whole and (usual | turned).all() and usual.mean() > 0.5:
            return _Source(known.srid), (_assumption(known, swapped=False),)
    raise RefusedFileError(_question(readings, len(corners) // 2))


def _fits_only_swapped(srid: int, corners: FloatArray) -> bool:
    known = next((one for one in KNOWN if one.srid == srid), None)
    if known is None:
        return False
    return bool(fit(known, corners, swapped=True).any() and not fit(known, corners, swapped=False).any())


def _fits_both_ways(srid: int, corners: FloatArray) -> bool:
    """Whether the numbers lie in the city whichever way they are read, as in ST74."""
    known = next((one for one in KNOWN if one.srid == srid), None)
    if known is None or not len(corners):
        return False
    return bool(fit(known, corners, swapped=True).all() and fit(known, corners, swapped=False).all())


def fit(known: KnownCrs, corners: FloatArray, swapped: bool) -> BoolArray:
    """Which of these corners lie in a system's box, as they stand or with the axes turned."""
    return _holds(known, corners[:, ::-1] if swapped else corners)


def _holds(known: KnownCrs, xy: FloatArray) -> BoolArray:
    low, high = (known.min_x, known.min_y), (known.max_x, known.max_y)
    return np.asarray(((xy >= low) & (xy <= high)).all(axis=1))


def corners_of(shapes: GeometryArray) -> FloatArray:
    """The lower left and upper right corner of every shape, below each other."""
    bounds = shapely.bounds(shapes[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)])
    return np.concatenate([bounds[:, :2], bounds[:, 2:]])


def _assumption(known: KnownCrs, swapped: bool) -> str:
    if swapped:
        return message(
            "Filen anger inget koordinatsystem; talen är lästa som %(name)s (EPSG:%(srid)s), med nordlig koordinat "
            "först.",
            name=known.name,
            srid=known.srid,
        )
    return message(
        "Filen anger inget koordinatsystem; talen är lästa som %(name)s (EPSG:%(srid)s).",
        name=known.name,
        srid=known.srid,
    )


def _question(readings: list[tuple[KnownCrs, bool, BoolArray]], count: int) -> str:
    fitting = [
        _fitting(known, int(fit.sum()) // 2, count, swapped=swapped) for known, swapped, fit in readings if fit.any()
    ]
    return message(
        "Filen anger inget koordinatsystem och talen avgör det inte: %(seen)s. Ange det med --crs, till exempel "
        "--crs 3006 för SWEREF 99 TM. Är nordlig och östlig koordinat osäkra, kalla kolumnerna N och E.",
        seen=joined("; ", fitting) if fitting else message("inga passar något av stadens system"),
    )


def _fitting(known: KnownCrs, fits: int, count: int, *, swapped: bool) -> str:
    said = {"fits": fits, "count": count, "name": known.name, "srid": known.srid}
    if swapped:
        return message("%(fits)s av %(count)s passar %(name)s (EPSG:%(srid)s) med axlarna omkastade", **said)
    return message("%(fits)s av %(count)s passar %(name)s (EPSG:%(srid)s)", **said)


def described(srid: int) -> str:
    """ "SWEREF 99 TM (EPSG:3006)"."""
    name = crs_name(srid)
    return name if name.startswith("EPSG") else f"{name} (EPSG:{srid})"


def _turned(shapes: GeometryArray) -> GeometryArray:
    turned: GeometryArray = shapely.transform(shapes, lambda xy: xy[:, ::-1])
    return turned


def _to_storage(shapes: GeometryArray, srid: int) -> GeometryArray:
    moved = reproject(shapes, srid, STORAGE_SRID)
    return np.array(moved, dtype=object)


def _good(moved: GeometryArray) -> BoolArray:
    """Valid, not empty and in the surroundings: what `find_fault` says of one shape, for all at once."""
    min_x, min_y, max_x, max_y = CITY_SURROUNDINGS.bounds
    bounds = shapely.bounds(moved)
    near = (bounds[:, 0] > min_x) & (bounds[:, 1] > min_y) & (bounds[:, 2] < max_x) & (bounds[:, 3] < max_y)
    return np.asarray(shapely.is_valid(moved) & ~shapely.is_empty(moved) & near)


def _reason(shape: shapely.Geometry, moved: shapely.Geometry, srid: int) -> str:
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        return FAR_AWAY
    if not shapely.is_valid(moved) or moved.is_empty:
        fault = find_fault(moved)
        return fault.sentence() if fault else FAR_AWAY
    turned = np.array([shapely.transform(shape, lambda xy: xy[:, ::-1])], dtype=object)
    turned_lies_in_sweden = SWEDEN.covers(_to_storage(turned, srid)[0])
    return SWAPPED if turned_lies_in_sweden and not SWEDEN.covers(moved) else FAR_AWAY
