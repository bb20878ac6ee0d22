"""Bare WSGI: `/built` lets PostGIS make the GeoJSON by one statement, `/ready` hands out the product's ready text.

The first is what the product must be ahead of, the second how fast it could be at most. The database by the
environment. Run by gunicorn.
"""

import os
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
KEPT = {}


def connection():
    """One for each worker, made after the fork."""
    if "one" not in KEPT:
        where = {"host": os.environ["RIVAL_HOST"], "port": os.environ["RIVAL_PORT"], "user": "postgres"}
        KEPT["one"] = psycopg.connect(
            dbname=os.environ["RIVAL_DATABASE"], autocommit=True, prepare_threshold=2, **where
        )
        KEPT["one"].execute("SET plan_cache_mode = force_custom_plan")
    return KEPT["one"]


def application(environ, start_response):
    query = {key: values[0] for key, values in parse_qs(environ["QUERY_STRING"]).items()}
    values = dict(zip("abcd", map(float, query["bbox"].split(",")), strict=True))
    path, kind = environ["PATH_INFO"], query.get("kind")
    if kind:
        values["kind"] = kind
    statement = (READY if path == "/ready" else BUILT).format(kind=KINDS[path] if kind else "")
    body = connection().execute(statement, values, binary=True).fetchone()[0].encode()
    start_response("200 OK", [("Content-Type", "application/geo+json"), ("Content-Length", str(len(body)))])
    return [body]
