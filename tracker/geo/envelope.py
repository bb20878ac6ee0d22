"""An envelope filter that uses the spatial index on PostGIS and on SpatiaLite.

SpatiaLite does not use its R-tree for ST_Intersects or for `&&`: the index is a table that must be asked by name.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Float, bindparam, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal

from tracker.geo.crs import STORAGE_SRID


class InEnvelope(ColumnElement[bool]):
    """True where the bounding box of `geom` (EPSG:3011) meets a box (min_x, min_y, max_x, max_y) in EPSG:3011.

    `key` is the table's integer primary key. The numbers are bound, so that a statement is compiled once for all boxes.
    """

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy's name
        ("geom", InternalTraversal.dp_clauseelement),
        ("column", InternalTraversal.dp_clauseelement),
        ("bounds", InternalTraversal.dp_clauseelement_list),
    ]

    def __init__(self, geom: Any, key: Any, bounds: tuple[float, float, float, float]) -> None:
        self.geom: Any = geom
        self.column: Any = key
        self.bounds = [bindparam("box", float(value), type_=Float(), unique=True) for value in bounds]

    def self_group(self, against: Any = None) -> InEnvelope:  # noqa: ARG002 - SQLAlchemy's signature
        """No brackets and no "= 1" on SQLite, which would keep the index from being used."""
        return self


class MeetsEnvelope(InEnvelope):
    """True where `geom` itself meets the box, not only its bounding box; the index narrows the search first."""

    inherit_cache = True


@compiles(MeetsEnvelope, "postgresql")
def _meets_postgis(element: MeetsEnvelope, compiler: SQLCompiler, **kw: Any) -> str:
    box = func.ST_MakeEnvelope(*element.bounds, STORAGE_SRID)
    return compiler.process(func.ST_Intersects(element.geom, box), **kw)


@compiles(MeetsEnvelope, "sqlite")
def _meets_spatialite(element: MeetsEnvelope, compiler: SQLCompiler, **kw: Any) -> str:
    box = func.BuildMbr(*element.bounds, STORAGE_SRID)
    exact = compiler.process(func.ST_Intersects(element.geom, box), **kw)
    return f"{_spatialite(element, compiler, **kw)} AND {exact}"


@compiles(InEnvelope, "postgresql")
def _postgis(element: InEnvelope, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.geom.op("&&")(func.ST_MakeEnvelope(*element.bounds, STORAGE_SRID)), **kw)


@compiles(InEnvelope, "sqlite")
def _spatialite(element: InEnvelope, compiler: SQLCompiler, **kw: Any) -> str:
    min_x, min_y, max_x, max_y = (compiler.process(value, **kw) for value in element.bounds)
    index = f'"idx_{element.geom.table.name}_{element.geom.name}"'
    met = f"xmax >= {min_x} AND xmin <= {max_x} AND ymax >= {min_y} AND ymin <= {max_y}"
    # Every value is bound; the names come from the model.
    return f"{compiler.process(element.column, **kw)} IN (SELECT pkid FROM {index} WHERE {met})"  # noqa: S608
