"""Alembic's environment: the same files run on SpatiaLite and on PostGIS."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from alembic import context
from flask import current_app
from geoalchemy2 import alembic_helpers

from tracker.database import BEGIN_KIND, BUSY_TIMEOUT_MILLISECONDS
from tracker.schema import Base

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # versions share migrations/spatial.py

SPATIALITE_OWN = re.compile(
    r"^(idx_|spatial_ref_sys|geometry_columns|views_geometry|virts_geometry|spatialite_history|"
    r"sql_statements_log|SpatialIndex|ElementaryGeometries|KNN|data_licenses|vector_layers|rl2map|"
    r"se_|stylesheet|topologies|networks|raster_coverages|wms_|ISO_|iso_)",
    re.IGNORECASE,
)


def include_object(obj, name, type_, reflected, compare_to):
    """Leave alone what belongs to SpatiaLite, PostGIS and the hand-written triggers and spatial indexes."""
    if type_ == "table" and name and SPATIALITE_OWN.match(name):
        return False
    if type_ == "index" and name and (name.startswith("idx_") or name.endswith("_geom")):
        return False
    return alembic_helpers.include_object(obj, name, type_, reflected, compare_to)


WAIT_MILLISECONDS = 600_000
"""How long one process waits on SQLite while another migrates; PostgreSQL waits until the other is done."""
LOCK = "SELECT pg_advisory_xact_lock(28779, 0)"
"""28779 is reports.closing_claims.SPACE; the periods' ids begin at 1."""


def run_migrations() -> None:
    """On the connection that is given, in its transaction; else in one of our own, which nobody else shares."""
    given = context.config.attributes
    if "connection" in given:
        _run(given["connection"])
        return
    engine = given.get("engine") or current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{BEGIN_KIND: "IMMEDIATE"}) as connection:
        lite = connection.dialect.name == "sqlite"
        if lite:
            _wait(connection, WAIT_MILLISECONDS)
        try:
            # The version is read after the lock is had: whoever waited finds the work done.
            with connection.begin():
                if not lite:
                    connection.exec_driver_sql(LOCK)
                _run(connection)
        finally:
            if lite:
                _wait(connection, BUSY_TIMEOUT_MILLISECONDS)


def _wait(connection, milliseconds):
    """On the driver's own connection: SQLAlchemy's would begin the transaction."""
    connection.connection.driver_connection.execute(f"PRAGMA busy_timeout={milliseconds}")


def _run(connection):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        render_as_batch=False,
        transactional_ddl=True,
        compare_type=False,
        on_version_apply=_tell,
    )
    with context.begin_transaction():
        context.run_migrations()


def _tell(*, step, **_rest):
    """Say which step is done to whoever asked for it; called in the transaction, before its commit."""
    if told := context.config.attributes.get("applied"):
        told(step.up_revision_id, step.up_revision.doc if step.up_revision else "")


run_migrations()
