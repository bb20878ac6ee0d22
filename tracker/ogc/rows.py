"""What a collection holds for somebody: rows that a filter is put to, and the features made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select
from sqlalchemy.sql.elements import ColumnElement

from tracker.ogc.crs import CRS84, Crs

GEOMETRY = "geometry"


@dataclass(frozen=True, slots=True)
class Shaping:
    """How features are written: the system of their coordinates, and which properties (None: all)."""

    crs: Crs = CRS84
    chosen: tuple[str, ...] | None = None

    @property
    def plain(self) -> bool:
        return self.crs is CRS84 and self.chosen is None


class ListColumn(Protocol):
    """A property with several values."""

    def any_at_all(self) -> ColumnElement[bool]: ...
    def relate(self, name: str, words: Sequence[str]) -> ColumnElement[bool]: ...


class Rows(Protocol):
    """The rows of a collection as one viewer may know them: what is hidden from the viewer is NULL or not there."""

    @property
    def key(self) -> ColumnElement[str]:
        """What names a row in its collection, compared bytewise."""

    @property
    def columns(self) -> Mapping[str, ColumnElement[Any]]:
        """Property → its value."""

    @property
    def orders(self) -> Mapping[str, ColumnElement[Any]]:
        """Property → what it is ordered by, where that is not the value itself."""

    @property
    def lists(self) -> Mapping[str, ListColumn]: ...

    @property
    def interval(self) -> tuple[ColumnElement[Any], ColumnElement[Any]] | None:
        """When it begins and ends; None in a collection without times."""

    def chosen(self, *columns: Any) -> Select[Any]:
        """A select of columns from all rows that the viewer may know of."""

    def located(self) -> ColumnElement[bool]:
        """It has a shape that the viewer may know."""

    def meeting(self, relation: str, shape: BaseGeometry) -> ColumnElement[bool]:
        """Its shape lies so to another (EPSG:3011); NULL without a shape."""

    def inside(self, box: BaseGeometry) -> ColumnElement[bool]:
        """Its shape meets a box (EPSG:3011)."""

    def features(self, keys: Sequence[str], shaping: Shaping) -> list[bytes]:
        """GeoJSON features in the order of the keys; one that is gone meanwhile is left out."""
