"""The shapes of a file, wherever it keeps them: as shapes, as WKT, or as two columns of numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from tracker.geo.crs import WEB_SRID, GeometryArray
from tracker.geo.nesting import TOO_DEEP, is_too_deep
from tracker.imports.values import UnreadableError, read_number
from tracker.messages import message

_SRID_PREFIX = re.compile(r"^\s*SRID\s*=\s*(\d{1,9})\s*;", re.IGNORECASE)
_EMPTY = (None, "")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Shapes in the file's own system, x before y, None where a row has none."""

    shapes: GeometryArray
    columns: tuple[str, ...]
    """The headers that the shapes were read from; none for a file of shapes."""
    srid: int | None = None
    """What the numbers themselves say: latitude and longitude, or an SRID in the WKT."""
    axes_named: bool = False
    """The headers say which number is the northing."""
    may_be_swapped: bool = False
    """X and Y: in Sweden X is often the northing."""
    refused: dict[int, str] = field(default_factory=dict)
    """Index → why the row's coordinates cannot be read."""


def find_shapes(
    shapes: GeometryArray | None, columns: Mapping[str, Sequence[Any]], header_of: Mapping[str, str]
) -> Drawn | None:
    """The shapes of a table, or None when it has neither shapes nor coordinate columns."""
    if shapes is not None:
        found = np.array(shapes, dtype=object)
        found[shapely.is_empty(found)] = None
        return Drawn(found, ())
    if "wkt" in header_of:
        return _from_wkt(columns[header_of["wkt"]], header_of["wkt"])
    for first, second, named in (
        ("easting", "northing", True),
        ("longitude", "latitude", True),
        ("x", "y", False),
    ):
        if first in header_of and second in header_of:
            return _from_numbers(columns, (header_of[first], header_of[second]), named, first == "longitude")
    return None


def _from_wkt(cells: Sequence[Any], header: str) -> Drawn:
    texts = [None if cell in _EMPTY else str(cell) for cell in cells]
    prefixes = {match.group(1) for text in texts if text and (match := _SRID_PREFIX.match(text))}
    deep = {index for index, text in enumerate(texts) if text and is_too_deep(text)}
    readable = [None if index in deep else text for index, text in enumerate(texts)]
    bare = np.array([text and _SRID_PREFIX.sub("", text) for text in readable], dtype=object)
    shapes = shapely.force_2d(shapely.from_wkt(bare, on_invalid="ignore"))
    unread = [index for index, text in enumerate(texts) if text and shapes[index] is None]
    srid = int(prefixes.pop()) if len(prefixes) == 1 else None
    no_wkt: str = message("Det är ingen WKT.")
    refused = dict.fromkeys(unread, no_wkt) | dict.fromkeys(deep, str(TOO_DEEP))
    return Drawn(shapes, (header,), srid, axes_named=False, refused=refused)


def _from_numbers(columns: Mapping[str, Sequence[Any]], pair: tuple[str, str], named: bool, degrees: bool) -> Drawn:
    xy = np.full((len(columns[pair[0]]), 2), np.nan)
    refused: dict[int, str] = {}
    for axis, header in enumerate(pair):
        for index, cell in enumerate(columns[header]):
            if cell in _EMPTY:
                continue
            try:
                xy[index, axis] = read_number(cell)
            except UnreadableError as error:
                refused[index] = message(
                    "%(header)s ”%(cell)s”: %(reason)s", header=header, cell=cell, reason=str(error)
                )
    for index in np.flatnonzero(np.isnan(xy).sum(axis=1) == 1).tolist():
        refused.setdefault(
            index, message("Bara en av %(northing)s och %(easting)s är ifylld.", northing=pair[1], easting=pair[0])
        )
    shapes: GeometryArray = np.full(len(xy), None, dtype=object)
    whole = ~np.isnan(xy).any(axis=1)
    shapes[whole] = shapely.points(xy[whole])
    srid = WEB_SRID if degrees else None
    return Drawn(shapes, (pair[1], pair[0]), srid, axes_named=named, may_be_swapped=not named, refused=refused)
