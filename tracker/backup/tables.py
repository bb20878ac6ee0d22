"""Which tables of a database are the register's, and how many rows each has."""

from __future__ import annotations

import re

from sqlalchemy import Connection, func, inspect, select, table, text

SPATIALITE_OWN = re.compile(
    r"^(idx_|sqlite_|spatial_ref_sys|geometry_columns|views_geometry|virts_geometry|spatialite_history|"
    r"sql_statements_log|SpatialIndex|ElementaryGeometries|KNN|data_licenses|vector_layers|rl2map|"
    r"se_|stylesheet|topologies|networks|raster_coverages|wms_|ISO_)",
    re.IGNORECASE,
)
_EXTENSIONS_OWN = """
    SELECT c.relname FROM pg_class c JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'e'
    WHERE c.relnamespace = current_schema()::regnamespace
"""
_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE 'gi%' AND name NOT LIKE 'gg%'",
    "postgresql": (
        "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal "
        "AND t.tgenabled IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace"
    ),
}


def table_names(connection: Connection) -> list[str]:
    """The register's own tables, in order of name; those of SpatiaLite and of extensions left out."""
    names = inspect(connection).get_table_names()
    if connection.dialect.name == "sqlite":
        return sorted(name for name in names if not SPATIALITE_OWN.match(name))
    foreign = set(connection.execute(text(_EXTENSIONS_OWN)).scalars())
    return sorted(name for name in names if name not in foreign)


def count_rows(connection: Connection) -> dict[str, int]:
    """Table → rows, as this transaction sees them."""
    return {
        name: int(connection.scalar(select(func.count()).select_from(table(name))) or 0)
        for name in table_names(connection)
    }


def trigger_names(connection: Connection) -> list[str]:
    """The triggers that are in force, without those by which SpatiaLite keeps its indexes."""
    return sorted(connection.execute(text(_TRIGGERS[connection.dialect.name])).scalars())
