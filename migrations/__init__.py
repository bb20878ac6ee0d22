"""Alembic migrations; the same files run on SpatiaLite and on PostGIS."""
