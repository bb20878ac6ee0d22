"""Bare WSGI: `/built` lets PostGIS make the GeoJSON by one statement, `/ready` hands out the product's ready text.

The first is what the product must be ahead of, the second how fast it could be at most. The database by the
environment. Run by gunicorn.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import psycopg

BOX = "ST_Intersects(geom, ST_Transform(ST_MakeEnvelope(%(a)s, %(b)s, %(c)s, %(d)s, 4326), 3011))"
BUILT = f"""SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
  'type', 'Feature', 'id', code, 'geometry', ST_AsGeoJSON(ST_Transform(geom, 4326), 6)::json, 'properties',
  json_build_object('code', code, 'name', name, 'kind', kind, 'phase', phase, 'goals', goals, 'areas', areas,
  'start', start, 'end', "end", 'approximate', approximate))), '[]'::json))::text
FROM (SELECT * FROM rival.project WHERE {BOX} {{kind}} ORDER BY id LIMIT 10000) AS t"""
READY = f"""SELECT '{{{{"type":"FeatureCollection","features":['
  || coalesce(string_agg(head || shape, ','), '') || ']}}}}'
FROM project p JOIN project_display d ON d.project_id = p.id WHERE {BOX} {{kind}}"""
KINDS = {"/built": "AND kind = %(kind)s", "/ready": "AND main_kind = %(kind)s"}


@cache
def connection() -> psycopg.Connection[Any]:
    """One for each worker, made after the fork."""
    names = {"host": "RIVAL_HOST", "port": "RIVAL_PORT", "dbname": "RIVAL_DATABASE"}
    where = " ".join(f"{word}={os.environ[name]}" for word, name in names.items())
    made = psycopg.connect(f"{where} user=postgres", autocommit=True, prepare_threshold=2)
    made.execute("SET plan_cache_mode = force_custom_plan")
    return made


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """GeoJSON of a box, and of one kind when it is said."""
    query = {key: values[0] for key, values in parse_qs(environ["QUERY_STRING"]).items()}
    values: dict[str, Any] = dict(zip("abcd", map(float, query["bbox"].split(",")), strict=True))
    path, kind = environ["PATH_INFO"], query.get("kind")
    if kind:
        values["kind"] = kind
    statement = (READY if path == "/ready" else BUILT).format(kind=KINDS[path] if kind else "")
    row = connection().execute(statement.encode(), values, binary=True).fetchone()
    assert row is not None
    body = row[0].encode()
    start_response("200 OK", [("Content-Type", "application/geo+json"), ("Content-Length", str(len(body)))])
    return [body]
