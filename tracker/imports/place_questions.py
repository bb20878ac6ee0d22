"""What is open about coordinates: which system, in which order, which rows have their numbers swapped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from tracker.geo.crs import KNOWN, STORAGE_SRID, WEB_SRID, GeometryArray, KnownCrs, crs_name, reproject
from tracker.geo.validity import CITY_SURROUNDINGS
from tracker.imports.candidates import headers_of
from tracker.imports.choices import Choices
from tracker.imports.coordinates import find_shapes
from tracker.imports.placing import SWEDEN, described
from tracker.imports.sources import Table

SAMPLE = 60
"""Points of a proposal on the preview."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A reading of the numbers: the system, the order, and how well it fits."""

    srid: int
    name: str
    northing_first: bool
    near: int
    """Rows that lie in Stockholm's surroundings by this reading."""
    in_sweden: int
    swapped_rows: tuple[int, ...]
    """Row numbers of the file whose two numbers are the other way round than the rest."""
    sample: tuple[tuple[float, float], ...]
    """Some places as longitude and latitude, those in Sweden only."""


@dataclass(frozen=True, slots=True)
class PlaceQuestion:
    """What to ask about places; nothing when `located` is 0."""

    located: int
    """Rows with coordinates or a shape."""
    missing: int
    stated: int | None
    stated_name: str
    proposals: tuple[Proposal, ...]
    """The best first."""
    asks_system: bool
    """Somebody must say or confirm the system: the file does not state it."""
    asks_order: bool
    """Somebody must say which number is the northing: both orders fit (ST74)."""
    columns: tuple[str, ...]
    """The headers that the numbers come from."""

    @property
    def best(self) -> Proposal | None:
        """The reading to propose."""
        return self.proposals[0] if self.proposals else None


def place_question(table: Table, choices: Choices) -> PlaceQuestion:
    """Judge the coordinates of a table. Raises nothing: what cannot be read is a fault of its row later."""
    drawn = find_shapes(table.geometries, table.columns, headers_of(table, choices).of)
    if drawn is None:
        return PlaceQuestion(0, len(table.rows), None, "", (), asks_system=False, asks_order=False, columns=())
    stated = table.srid or drawn.srid
    centres, rows = _centres(drawn.shapes)
    systems = _systems(stated, choices)
    found = [
        _proposal(table, one, turned, centres, rows)
        for one in systems
        for turned in (False, True)
        if not (turned and drawn.axes_named)
    ]
    fitting = [one for one in found if one.near or (stated and one.in_sweden)]
    proposals = tuple(sorted(fitting, key=lambda one: (-one.near, -one.in_sweden, one.northing_first)))
    both = {one.srid for one in proposals if one.northing_first} & {one.srid for one in proposals[:1]}
    tied = bool(both) and len({(one.near, one.in_sweden) for one in proposals if one.srid in both}) == 1
    return PlaceQuestion(
        located=len(rows),
        missing=len(table.rows) - len(rows),
        stated=stated,
        stated_name=described(stated) if stated else "",
        proposals=proposals,
        asks_system=stated is None and bool(len(rows)) and choices.srid is None,
        asks_order=stated is None and tied and choices.northing_first is None,
        columns=drawn.columns,
    )


def _systems(stated: int | None, choices: Choices) -> list[int]:
    if stated:
        return [stated]
    asked = [choices.srid] if choices.srid else []
    return list(dict.fromkeys([*asked, *(one.srid for one in KNOWN)]))


def _centres(shapes: GeometryArray) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """The middle of each shape's box, and the index of its row."""
    rows = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    bounds = shapely.bounds(shapes[rows])
    return (bounds[:, :2] + bounds[:, 2:]) / 2, rows


def _proposal(
    table: Table, srid: int, turned: bool, centres: npt.NDArray[np.float64], rows: npt.NDArray[np.int64]
) -> Proposal:
    usual = _moved(centres[:, ::-1] if turned else centres, srid)
    other = _moved(centres if turned else centres[:, ::-1], srid)
    near, swapped = _inside(usual, CITY_SURROUNDINGS), _inside(other, CITY_SURROUNDINGS)
    sweden = _inside(usual, SWEDEN)
    wrong = ~sweden & (swapped | _inside(other, SWEDEN))
    # Numbers of a system are metres of that system: without the box, half of Europe would do.
    known = next((one for one in KNOWN if one.srid == srid), None)
    fits = near if known is None else near & _holds(known, centres[:, ::-1] if turned else centres)
    return Proposal(
        srid, crs_name(srid), turned, int(fits.sum()), int(sweden.sum()),
        tuple(int(table.rows[index]) for index in rows[wrong].tolist()), _sample(usual[sweden]),
    )  # fmt: skip


def _holds(known: KnownCrs, xy: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    low, high = (known.min_x, known.min_y), (known.max_x, known.max_y)
    return np.asarray(((xy >= low) & (xy <= high)).all(axis=1))


def _moved(xy: npt.NDArray[np.float64], srid: int) -> npt.NDArray[np.float64]:
    points = np.array(shapely.points(xy), dtype=object).reshape(-1)
    return np.asarray(shapely.get_coordinates(reproject(points, srid, STORAGE_SRID))).reshape(-1, 2)


def _inside(xy: npt.NDArray[np.float64], area: shapely.Geometry) -> npt.NDArray[np.bool_]:
    min_x, min_y, max_x, max_y = area.bounds
    with np.errstate(invalid="ignore"):
        return np.asarray((xy >= (min_x, min_y)).all(axis=1) & (xy <= (max_x, max_y)).all(axis=1))


def _sample(xy: npt.NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    if not len(xy):
        return ()
    chosen = xy[np.unique(np.linspace(0, len(xy) - 1, min(SAMPLE, len(xy))).astype(int))]
    points = np.array(shapely.points(chosen), dtype=object).reshape(-1)
    degrees = shapely.get_coordinates(reproject(points, STORAGE_SRID, WEB_SRID)).round(6)
    return tuple((float(lon), float(lat)) for lon, lat in degrees)
