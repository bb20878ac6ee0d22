"""A small collection that is made for the question: its rows are written into the statement that filters them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Boolean, Float, Integer, Select, String, literal, select, true, union_all
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import Subquery

from tracker.geo.crs import GeometryArray
from tracker.ogc.cql_shapes import RELATIONS
from tracker.ogc.project_features import head
from tracker.ogc.properties import Kind, Property
from tracker.ogc.rows import ListColumn, Shaping
from tracker.ogc.stating import among
from tracker.text import sort_key

_TYPES: Mapping[Kind, Any] = {
    Kind.TEXT: String(), Kind.WHOLE: Integer(), Kind.NUMBER: Float(), Kind.TRUTH: Boolean(),
}  # fmt: skip
_ORDER = "name_order"


@dataclass(frozen=True, eq=False)
class TableRows:
    """`facts` have `code`, `name` and all of `properties`; `shapes` (EPSG:3011) are as many."""

    session: Session
    properties: Sequence[Property]
    facts: Sequence[Mapping[str, Any]]
    shapes: GeometryArray

    @property
    def key(self) -> ColumnElement[str]:
        return self._table.c.code

    @cached_property
    def columns(self) -> Mapping[str, ColumnElement[Any]]:
        return {one.name: self._table.c[one.name] for one in self.properties}

    @property
    def orders(self) -> Mapping[str, ColumnElement[Any]]:
        return {"name": self._table.c[_ORDER]}

    @property
    def lists(self) -> Mapping[str, ListColumn]:
        return {}

    @property
    def interval(self) -> None:
        return None

    @cached_property
    def _table(self) -> Subquery:
        nothing: dict[str, Any] = {"code": None, "name": ""}
        rows = [self._row(one) for one in self.facts] or [self._row(nothing)]
        return union_all(*rows).subquery("rows")

    def _row(self, facts: Mapping[str, Any]) -> Select[Any]:
        told = [literal(facts.get(one.name), _TYPES[one.kind]).label(one.name) for one in self.properties]
        return select(*told, literal(sort_key(facts["name"]), String()).label(_ORDER))

    def chosen(self, *columns: Any) -> Select[Any]:
        return select(*columns).select_from(self._table).where(self._table.c.code.is_not(None))

    def located(self) -> ColumnElement[bool]:
        return true()

    def inside(self, box: BaseGeometry) -> ColumnElement[bool]:
        return self.meeting("s_intersects", box)

    def meeting(self, relation: str, shape: BaseGeometry) -> ColumnElement[bool]:
        met: Sequence[Any] = RELATIONS[relation](self.shapes, shape) if len(self.shapes) else ()  # type: ignore[assignment]
        return among(self.key, [one["code"] for one, is_so in zip(self.facts, met, strict=True) if is_so])

    def features(self, keys: Sequence[str], shaping: Shaping) -> list[bytes]:
        places = {one["code"]: place for place, one in enumerate(self.facts)}
        chosen = [places[key] for key in keys if key in places]
        texts = shapely.to_geojson(shaping.crs.written(self.shapes[np.array(chosen, dtype=int)]))
        names = [one.name for one in self.properties if one.told]
        told = ({name: self.facts[place].get(name) for name in names} for place in chosen)
        return [
            head(one, shaping.chosen) + text.encode() + b"}" for one, text in zip(told, texts.tolist(), strict=True)
        ]
