"""Vertices that nobody moved keep their stored coordinates when a shape comes back from the web's degrees."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from tracker.geo.crs import STORAGE_SRID, WEB_SRID, transformer

WEB_DECIMALS = 9
"""Of a degree, a tenth of a millimetre: so fine, because a shape goes this way each time that it is edited."""

FloatArray = npt.NDArray[np.float64]


def web_degrees(xy: FloatArray) -> FloatArray:
    """Rows of easting and northing (EPSG:3011) as the longitude and latitude that the web is sent."""
    return np.round(np.column_stack(transformer(STORAGE_SRID, WEB_SRID).transform(xy[:, 0], xy[:, 1])), WEB_DECIMALS)


def keep_vertices(edited: BaseGeometry, degrees: FloatArray, stored: BaseGeometry) -> BaseGeometry:
    """`edited` (EPSG:3011) with each vertex that stands where one of `stored` stood put on that one, bit by bit.

    `degrees` are the longitudes and latitudes that `edited` came with, row by row. A vertex that was not moved comes
    back with the very numbers that were sent out, and without this would wander by some micrometres at each edit.
    """
    xy = shapely.get_coordinates(stored)
    sent, come = _keys(web_degrees(xy)), _keys(np.round(degrees, WEB_DECIMALS))
    if not len(sent):
        return edited
    order = np.argsort(sent, kind="stable")
    place = np.minimum(np.searchsorted(sent[order], come), len(sent) - 1)
    source = order[place]
    same = sent[source] == come
    moved = shapely.get_coordinates(edited)
    moved[same] = xy[source[same]]
    kept: BaseGeometry = shapely.set_coordinates(shapely.from_wkb(shapely.to_wkb(edited)), moved)
    return kept


def _keys(degrees: FloatArray) -> npt.NDArray[Any]:
    """One number for each row, equal where both of its numbers are."""
    return degrees[:, 0] + 1j * degrees[:, 1]
