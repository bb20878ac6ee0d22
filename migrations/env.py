"""Alembic's environment: the same files run on SpatiaLite and on PostGIS."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from alembic import context
from flask import current_app
from geoalchemy2 import alembic_helpers

from tracker.database import BEGIN_KIND
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


def run_migrations() -> None:
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{BEGIN_KIND: "IMMEDIATE"}) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=include_object,
            process_revision_directives=alembic_helpers.writer,
            render_item=alembic_helpers.render_item,
            render_as_batch=False,
            transactional_ddl=True,
            compare_type=False,
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
