"""Shapes for a map that is zoomed out: every vertex moved to a grid as fine as a pixel, repeated vertices dropped.

A vertex that two shapes share is moved to the same place in both, so a border that they share stays shared. A shape
that would cross itself or vanish is mended, or left out (None) when nothing of it remains: the map then draws its
point. A grid is counted from 0, 0 in EPSG:4326.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from tracker.apportion import IntArray
from tracker.geo.crs import GeometryArray
from tracker.projects.geojson import DECIMALS, BoolArray, FloatArray, WebShapes, is_plain, plain_texts, shape_text

LITTLE = 60
"""A shape of so few vertices that cannot be drawn on a grid is drawn as it is."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Degrees of longitude and latitude between its lines, and how many decimals tell them apart.

    A shape that still has more than `most` vertices on it gets a grid of its own, twice as wide until it has not.
    """

    lon: float
    lat: float
    decimals: int
    most: int
    least_metres: float
    """A shape shorter than this is a point at every zoom that the grid is for."""

    @property
    def size(self) -> FloatArray:
        return np.array([self.lon, self.lat])


EXACT = Grid(1e-6, 1e-6, DECIMALS, 10_000, 0.0)
FAR = Grid(2e-4, 1e-4, 4, 1_000, 29.0)
"""11 metres: half a pixel at zoom 12, about one at zoom 13."""


def coarse_texts(geometries: GeometryArray, web: WebShapes, extent_metres: FloatArray, grid: Grid) -> list[str | None]:
    """GeoJSON geometries on the grid; None for points and for what is better drawn as one.

    `geometries` only say of what kind each shape is and how it is put together; `web` has its coordinates.
    """
    found: list[str | None] = [None] * len(geometries)
    wide = np.flatnonzero((extent_metres >= grid.least_metres) & (shapely.get_dimensions(geometries) > 0))
    plain = is_plain(geometries[wide])
    _write_plain(found, geometries, web, wide[plain], grid)
    for row in [*wide[~plain].tolist(), *(row for row in wide[plain].tolist() if found[row] is None)]:
        found[row] = _careful_text(geometries[row], _coordinates(web, row), web.texts[row], grid)
    return found


def bounded_texts(geometries: GeometryArray, web: WebShapes) -> list[str]:
    """The shapes as they are, but those of very many vertices on a grid that makes them fewer."""
    texts = list(web.texts)
    for row in np.flatnonzero(shapely.get_num_coordinates(geometries) > EXACT.most).tolist():
        texts[row] = _careful_text(geometries[row], _coordinates(web, row), "", EXACT) or texts[row]
    return texts


def _coordinates(web: WebShapes, row: int) -> FloatArray:
    return web.lonlat[(web.ends[row - 1] if row else 0) : web.ends[row]]


def _write_plain(
    found: list[str | None], geometries: GeometryArray, web: WebShapes, rows: IntArray, grid: Grid
) -> None:
    """Lines and areas without holes, all at once; those that would be wrong stay None."""
    counts = shapely.get_num_coordinates(geometries[rows])
    places = _places(web.ends[rows], counts)
    shape = np.repeat(np.arange(len(rows)), counts)
    cells = np.rint(web.lonlat[places] / grid.size)
    new = np.ones(len(cells), dtype=bool)
    new[1:] = (cells[1:] != cells[:-1]).any(axis=1) | (shape[1:] != shape[:-1])
    cells, shape = cells[new], shape[new]
    left = np.bincount(shape, minlength=len(rows))
    kinds = shapely.get_type_id(geometries[rows])
    good = (left <= grid.most) & _drawable(kinds, cells, shape, left)
    kept = good[shape]
    lonlat = np.round(cells[kept] * grid.size, grid.decimals)
    for row, text in zip(rows[good].tolist(), plain_texts(kinds[good], lonlat, left[good]), strict=True):
        found[row] = text


def _places(ends: IntArray, counts: IntArray) -> IntArray:
    """Where the coordinates of some shapes stand among those of all."""
    starts = np.repeat(ends - counts - (np.cumsum(counts) - counts), counts)
    places: IntArray = starts + np.arange(len(starts))
    return places


def _drawable(kinds: IntArray, cells: FloatArray, shape: IntArray, left: IntArray) -> BoolArray:
    """Lines that have a length, and areas that do not cross themselves."""
    areal = kinds == shapely.GeometryType.POLYGON
    good: BoolArray = ~areal & (left >= 2)
    rings = areal & (left >= 4)
    of_ring = rings[shape]
    if of_ring.any():
        numbers = np.cumsum(rings) - 1
        polygons = shapely.polygons(shapely.linearrings(cells[of_ring], indices=numbers[shape[of_ring]]))
        good[rings] = shapely.is_valid(polygons)
    return good


def _careful_text(geometry: shapely.Geometry, lonlat: FloatArray, exact: str, grid: Grid) -> str | None:
    """One shape of any kind on the grid; as it is when that cannot be and it is little; else None."""
    shape = _careful(shapely.set_coordinates(shapely.force_2d(geometry), lonlat / grid.size), grid.most)
    if shape is not None:
        written = np.round(shapely.get_coordinates(shape) * grid.size, grid.decimals)
        # A corner that touches a side in whole numbers may lie a hair beyond it in degrees.
        if shapely.set_coordinates(shapely.force_2d(shape), written).is_valid:
            return shape_text(shape, written)
    return exact if exact and len(lonlat) <= LITTLE else None


def _careful(shape: shapely.Geometry, most: int) -> shapely.Geometry | None:
    """A shape in units of the grid with whole numbers for coordinates, valid, with at most about `most` vertices."""
    step = 1
    while (rough := _moved(shape, step)) is not None and shapely.get_num_coordinates(rough) > most:
        step *= 2
    if rough is not None and rough.is_valid and not rough.is_empty and rough.length > 0:
        return rough
    try:
        mended = shapely.set_precision(shape if shape.is_valid else shapely.make_valid(shape), step)
    except shapely.GEOSException:
        return None
    return None if mended.is_empty or shapely.get_dimensions(mended) != shapely.get_dimensions(shape) else mended


def _moved(shape: shapely.Geometry, step: int) -> shapely.Geometry | None:
    """Each vertex by itself; None when a ring of what comes out is none."""
    try:
        moved = shapely.transform(shape, lambda rows: np.rint(rows / step) * step)
        return shapely.remove_repeated_points(moved, 0)
    except (shapely.GEOSException, ValueError):
        return None
