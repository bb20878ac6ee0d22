"""Pasted coordinates: pairs, WKT, GeoJSON or KML, known by their numbers. What can mean two things is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from tracker.geo.crs import STORAGE_SRID, WEB_SRID, crs_name, recognise, reproject_one
from tracker.messages import joined, message
from tracker.projects.pasted_lines import read_line
from tracker.projects.shape_texts import TextError, read_text_shape

MAX_PAIRS = 20_000
_NORTH_FIRST = {"n", "lat", "latitud", "latitude"}
_EAST = {"e", "ö", "lon", "long", "lng", "longitud", "longitude"}


PastedError = TextError
"""The text cannot be taken; the Swedish sentence names the line."""


class Order(StrEnum):
    """Which number of a pair stands first."""

    EAST_FIRST = "ost-forst"
    NORTH_FIRST = "nord-forst"
    MIXED = "blandat"
    """Some pairs stand one way and some the other, which the numbers of all systems but ST74 show."""

    @property
    def label(self) -> str:
        return _ORDERS[self]


_ORDERS = {
    Order.EAST_FIRST: message("öst först"),
    Order.NORTH_FIRST: message("nord först"),
    Order.MIXED: message("blandad ordning"),
}


class Shape(StrEnum):
    """What several pairs make."""

    POINTS = "punkter"
    LINE = "linje"
    AREA = "yta"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read all pairs: the system and the order."""

    srid: int
    order: Order

    @property
    def label(self) -> str:
        if self.srid != WEB_SRID:
            return joined(", ", (crs_name(self.srid), self.order.label))
        words = {Order.EAST_FIRST: message("longitud först"), Order.NORTH_FIRST: message("latitud först")}
        return joined(", ", ("WGS 84", words.get(self.order, self.order.label)))


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was found: pairs as written, or a shape in its own numbers, and every way to read it."""

    pairs: tuple[tuple[float, float], ...]
    written: BaseGeometry | None
    """The shape of a WKT, GeoJSON or KML text; `pairs` are its vertices."""
    readings: tuple[Reading, ...]
    order_stated: bool
    """The text itself says which is north (N and E, lat and lon), or the sender did."""
    notes: tuple[str, ...] = ()
    """What was left out: heights, measures."""

    @property
    def reading(self) -> Reading | None:
        """The reading that needs no question: the only one, with east first or with the order stated."""
        if len(self.readings) != 1:
            return None
        only = self.readings[0]
        return only if self.order_stated or only.order is Order.EAST_FIRST else None

    @property
    def needs_shape(self) -> bool:
        return self.written is None and len(self.pairs) > 1

    def example(self, reading: Reading) -> str:
        """The first point as that reading has it, N before E."""
        x, y = _turned(self.pairs[0], reading.order)
        return f"N {_plain(y)}, E {_plain(x)}"

    def geometry(self, reading: Reading, shape: Shape = Shape.POINTS) -> BaseGeometry:
        """The shape in EPSG:3011. Raises PastedError when there are too few pairs for it."""
        if self.written is not None:
            turned = np.array([_turned(pair, reading.order) for pair in self.pairs])
            drawn = shapely.set_coordinates(shapely.from_wkb(shapely.to_wkb(self.written)), turned)
        else:
            drawn = _joined([_turned(pair, reading.order) for pair in self.pairs], shape)
        return reproject_one(drawn, reading.srid, STORAGE_SRID)


def read_pasted(text: str, srid: int | None = None, order: Order | None = None) -> Pasted:
    """Read a text; `srid` and `order` where the sender states them. Raises PastedError."""
    shaped = read_text_shape(text)
    if shaped is not None:
        pairs = [(float(x), float(y)) for x, y in shapely.get_coordinates(shaped.shape)]
        readings = _readings_of(shaped.shape, pairs, srid or shaped.srid, order)
        return Pasted(tuple(pairs), shaped.shape, readings, order is not None, shaped.notes)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise PastedError(message("Klistra in minst ett koordinatpar."))
    if len(lines) > MAX_PAIRS:
        raise PastedError(message("Högst %(most)s koordinatpar åt gången. Läs in en fil i stället.", most=MAX_PAIRS))
    found = [read_line(number, line) for number, line in lines]
    stated = order or next((named for _, labels in found if (named := _named_order(labels))), None)
    pairs = [pair for pair, _ in found]
    return Pasted(tuple(pairs), None, _readings(pairs, srid, stated), stated is not None)


def _readings_of(
    shape: BaseGeometry, pairs: list[tuple[float, float]], srid: int | None, order: Order | None
) -> tuple[Reading, ...]:
    """The readings of all vertices. Two corners tell for the whole, for a system is recognised by a box of numbers."""
    min_x, min_y, max_x, max_y = shape.bounds
    try:
        return _readings([(min_x, min_y), (max_x, max_y)], srid, order)
    except PastedError:
        return _readings(pairs, srid, order)


def _named_order(labels: Sequence[str]) -> Order | None:
    """X and Y say nothing: the old Swedish systems call northing X."""
    first = next((label for label in labels if label in _NORTH_FIRST | _EAST), None)
    if first is None:
        return None
    return Order.NORTH_FIRST if first in _NORTH_FIRST else Order.EAST_FIRST


def _readings(pairs: list[tuple[float, float]], srid: int | None, order: Order | None) -> tuple[Reading, ...]:
    """The readings that fit every pair. Raises PastedError that names the first pair that fits none."""
    fits = [_fits(number, pair, srid, order) for number, pair in enumerate(pairs, start=1)]
    common = tuple(one for one in fits[0] if all(one in other for other in fits))
    if common:
        return common
    for number, other in enumerate(fits, start=1):
        if {one.srid for one in other}.isdisjoint(one.srid for one in fits[0]):
            here, before = crs_name(other[0].srid), crs_name(fits[0][0].srid)
            raise PastedError(
                message(
                    "%(pair)s är i %(here)s men det första paret i %(before)s.",
                    pair=_named(number, pairs[number - 1]), here=here, before=before,
                )
            )  # fmt: skip
    return (Reading(fits[0][0].srid, Order.MIXED),)


def _fits(number: int, pair: tuple[float, float], srid: int | None, order: Order | None) -> list[Reading]:
    fits = [
        Reading(one.crs.srid, Order.NORTH_FIRST if one.swapped else Order.EAST_FIRST)
        for one in recognise(*pair)
        if srid in (None, one.crs.srid)
    ]
    fits = [one for one in fits if order in (None, Order.MIXED, one.order)]
    if not fits:
        said = [crs_name(srid)] if srid else []
        said += [order.label] if order else []
        where = _named(number, pair)
        if not said:
            raise PastedError(message("%(pair)s ligger inte i Stockholm.", pair=where))
        said_so = joined(", ", said)
        raise PastedError(message("%(pair)s ligger inte i Stockholm som %(said)s.", pair=where, said=said_so))
    return fits


def _named(number: int, pair: tuple[float, float]) -> str:
    first, second = map(_plain, pair)
    return message("Par %(number)s (%(first)s, %(second)s)", number=number, first=first, second=second)


def _turned(pair: tuple[float, float], order: Order) -> tuple[float, float]:
    if order is Order.MIXED:
        order = Order.NORTH_FIRST if recognise(*pair)[0].swapped else Order.EAST_FIRST
    return pair if order is Order.EAST_FIRST else (pair[1], pair[0])


def _joined(points: list[tuple[float, float]], shape: Shape) -> BaseGeometry:
    if len(points) == 1:
        return shapely.Point(points[0])
    if shape is Shape.POINTS:
        return shapely.MultiPoint(points)
    if shape is Shape.LINE:
        return shapely.LineString(points)
    if len(set(points)) < 3:
        raise PastedError(message("En yta behöver minst tre olika punkter."))
    return shapely.Polygon(points)


def _plain(number: float) -> str:
    return f"{number:.5f}".rstrip("0").rstrip(".").replace(".", ",")
