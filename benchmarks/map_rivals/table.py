"""One flat table with the rows and properties of the map, as the rivals like it best; and districts to ask for."""

from __future__ import annotations

import random
from dataclasses import dataclass

from sqlalchemy import create_engine, text

SEED = 2005
WANTED = 500
"""Shapes in a district."""
ASPECT = 0.55
"""Height of a district's box in degrees per degree of its width: about 16 : 10 on screen."""

FLAT = (
    "DROP SCHEMA IF EXISTS rival CASCADE",
    "CREATE SCHEMA rival",
    """CREATE TABLE rival.project AS
    SELECT p.id, t->>'code' AS code, t->>'name' AS name, t->>'kind' AS kind, t->>'phase' AS phase,
           ARRAY(SELECT json_array_elements_text(t->'goals')) AS goals,
           ARRAY(SELECT json_array_elements_text(t->'areas')) AS areas,
           (t->>'start')::int AS start, (t->>'end')::int AS "end", (t->>'approximate')::boolean AS approximate,
           p.geom::geometry(Geometry, 3011) AS geom
    FROM project p JOIN project_display d ON d.project_id = p.id,
         LATERAL (SELECT (d.head || 'null}')::json->'properties' AS t) AS told""",
    "CREATE TABLE rival.project4326 AS SELECT id, code, name, kind, phase, goals, areas, start, \"end\", approximate, "
    "ST_Transform(geom, 4326)::geometry(Geometry, 4326) AS geom FROM rival.project",
    *(
        statement.format(table=table)
        for table in ("project", "project4326")
        for statement in (
            "ALTER TABLE rival.{table} ADD PRIMARY KEY (id)",
            "CREATE INDEX ON rival.{table} USING gist (geom)",
            "CREATE INDEX ON rival.{table} (kind)",
        )
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class District:
    """A box in EPSG:4326 and how many shapes meet it."""

    box: tuple[float, float, float, float]
    shapes: int

    def text(self) -> str:
        return ",".join(f"{value:.6f}" for value in self.box)


def make_table(url: str) -> None:
    """Fill the rivals' tables and let the planner count; an index is theirs wherever they filter."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in FLAT:
            connection.execute(text(statement))
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def find_districts(url: str, count: int) -> list[District]:
    """Boxes about projects chosen by lot, each so wide that about WANTED shapes meet it."""
    chosen = random.Random(SEED)  # noqa: S311 - the same boxes each time
    engine = create_engine(url)
    found: list[District] = []
    with engine.connect() as connection:
        places = connection.execute(
            text("SELECT ST_X(c), ST_Y(c) FROM (SELECT ST_Centroid(geom) AS c FROM rival.project4326 ORDER BY id) AS t")
        ).all()
        while len(found) < count:
            district = _fit(connection, *chosen.choice(places))
            if district is not None:
                found.append(district)
    engine.dispose()
    return found


def _fit(connection, lon: float, lat: float) -> District | None:  # type: ignore[no-untyped-def]
    narrow, wide = 0.0005, 0.1
    for _ in range(14):
        width = (narrow + wide) / 2
        height = width * ASPECT
        west, south, east, north = lon - width / 2, lat - height / 2, lon + width / 2, lat + height / 2
        box = (round(west, 6), round(south, 6), round(east, 6), round(north, 6))
        met = "ST_Intersects(geom, ST_MakeEnvelope(:a, :b, :c, :d, 4326))"
        query = text(f"SELECT count(*) FROM rival.project4326 WHERE {met}")
        shapes = connection.execute(query, dict(zip("abcd", box, strict=True))).scalar()
        if abs(shapes - WANTED) <= WANTED // 25:
            return District(box, shapes)
        narrow, wide = (width, wide) if shapes < WANTED else (narrow, width)
    return None
