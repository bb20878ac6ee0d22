"""`python -m tracker.spatialite`: exit 0 when the embedded database can be used here, 1 silently when not."""

from __future__ import annotations

import sys

from sqlalchemy import create_engine, text

from tracker.database import SpatialiteMissingError, engine_options, prepare_engine


def available(library: str = "") -> bool:
    """Whether SpatiaLite can be loaded into a new SQLite connection."""
    try:
        engine = create_engine("sqlite://", **engine_options("sqlite://"))
        prepare_engine(engine, library)
        with engine.connect() as connection:
            return bool(connection.execute(text("SELECT spatialite_version()")).scalar())
    except SpatialiteMissingError:
        return False


if __name__ == "__main__":
    sys.exit(0 if available("".join(sys.argv[1:2])) else 1)
