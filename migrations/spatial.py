"""Spatial steps that differ between SpatiaLite and PostGIS.

A spatial table must never be recreated by a batch operation on SQLite: that breaks geometry_columns and the R-tree.
"""

from __future__ import annotations

from alembic import op

SRID = 3011


def prepare() -> None:
    """Make the database spatial.

    On SQLite inside the migration's own transaction: `InitSpatialMetaData(1)` would open and roll back another.
    """
    if _sqlite():
        _must("InitSpatialMetaData()")
    else:
        op.execute("CREATE EXTENSION IF NOT EXISTS postgis")


def add_geometry(table: str, column: str, kind: str, *, nullable: bool = True) -> None:
    """Add a two-dimensional geometry column in EPSG:3011 with its spatial index."""
    if _sqlite():
        op.execute(f"SELECT AddGeometryColumn('{table}', '{column}', {SRID}, '{kind}', 'XY', {int(not nullable)})")
        _must(f"CreateSpatialIndex('{table}', '{column}')")
        return
    must = "" if nullable else " NOT NULL"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} geometry({kind}, {SRID}){must}")
    op.execute(f"CREATE INDEX ix_{table}_{column} ON {table} USING gist ({column})")


def drop_geometry(table: str, column: str) -> None:
    """Remove what `add_geometry` made beside the column itself, so that the table can be dropped."""
    if _sqlite():
        _must(f"DisableSpatialIndex('{table}', '{column}')")
        op.execute(f'DROP TABLE IF EXISTS "idx_{table}_{column}"')
        _must(f"DiscardGeometryColumn('{table}', '{column}')")


def _must(call: str) -> None:
    """SpatiaLite's functions answer 0 where others raise."""
    if op.get_bind().exec_driver_sql(f"SELECT {call}").scalar() != 1:
        raise RuntimeError(f"SpatiaLite refused {call}")


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
