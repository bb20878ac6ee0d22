"""Draw the schematic outlines: `python -m tracker.areas.outlines.build` writes schematic.geojson anew.

Each district has its label point and some more points, read off a map by hand and rounded to 100 m (most come
in pairs, one on each side of a border). A district is the union of the Voronoi cells of its points inside a
smoothed outline of the city, which is likewise read off by hand with some hundred corners. No line of the
official outlines is used. Everything is EPSG:3011 and nothing is random: the same files give the same bytes.
"""

import json
from pathlib import Path

import numpy as np
import shapely

from tracker.areas.outlines import OUTLINES_FILE, district_facts, read_rows

CITY_FILE = "city_outline.csv"
SEEDS_FILE = "seed_points.csv"
GRID_METRES = 1.0
SMOOTHING_METRES = 150.0
SIMPLIFY_METRES = 40.0
NOTE = (
    "Schematiska gränser, ritade för Portföljkartan; inte stadens officiella. "
    "EPSG:3011 (SWEREF 99 18 00), östlig koordinat före nordlig, hela meter."
)


def city_outline() -> shapely.Polygon:
    """The smoothed outline of the city, in EPSG:3011."""
    corners = [(int(row["easting"]), int(row["northing"])) for row in read_rows(CITY_FILE)]
    drawn = shapely.Polygon(corners)
    opened = drawn.buffer(-SMOOTHING_METRES, quad_segs=2).buffer(2 * SMOOTHING_METRES, quad_segs=2)
    return opened.buffer(-SMOOTHING_METRES, quad_segs=2).simplify(SIMPLIFY_METRES / 4)


def seeds() -> tuple[list[str], shapely.MultiPoint]:
    """The code of each point and the points, in EPSG:3011: label points first, then those added by hand."""
    rows = [(fact.code, fact.easting, fact.northing) for fact in district_facts()]
    rows += [(row["code"], int(row["easting"]), int(row["northing"])) for row in read_rows(SEEDS_FILE)]
    return [code for code, _, _ in rows], shapely.MultiPoint([(east, north) for _, east, north in rows])


def build_outlines() -> dict[str, shapely.MultiPolygon]:
    """One outline for each district code, in code order, EPSG:3011 in whole metres.

    All lines are noded together on the metre grid before faces are made of them: rounding the finished
    polygons one by one would open slits where three of them meet.
    """
    codes, points = seeds()
    city = city_outline()
    cells = shapely.voronoi_polygons(points, extend_to=city)
    lines = [city.exterior, *(cell.exterior for cell in cells.geoms)]
    noded = shapely.union_all(lines, grid_size=GRID_METRES)
    faces = shapely.get_parts(shapely.polygonize([noded]))
    inside = shapely.point_on_surface(faces)
    kept = shapely.within(inside, city)
    nearest = shapely.STRtree(shapely.get_parts(points)).nearest(inside[kept])
    owner = np.array(codes)[nearest]
    names = sorted(set(codes))
    merged = [shapely.coverage_union_all(faces[kept][owner == name]) for name in names]
    simple = shapely.coverage_simplify(merged, SIMPLIFY_METRES)
    return {name: _canonical(shape) for name, shape in zip(names, simple, strict=True)}


def _canonical(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The same shape, with its parts, rings and first corners in an order that depends on nothing else."""
    return shapely.orient_polygons(shapely.MultiPolygon(shapely.get_parts(shapely.normalize(shape)).tolist()))


def to_geojson(outlines: dict[str, shapely.MultiPolygon]) -> str:
    """A FeatureCollection with one feature on each line, so that a change can be read in a diff."""
    head = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3011"}},
        "note": NOTE,
    }
    lines = [_feature_line(code, shape) for code, shape in outlines.items()]
    return _dumps(head)[:-1] + ',"features":[\n' + ",\n".join(lines) + "\n]}\n"


def _feature_line(code: str, shape: shapely.MultiPolygon) -> str:
    coordinates = [
        [shapely.get_coordinates(ring).astype(int).tolist() for ring in (part.exterior, *part.interiors)]
        for part in shape.geoms
    ]
    geometry = {"type": "MultiPolygon", "coordinates": coordinates}
    return _dumps({"type": "Feature", "properties": {"code": code}, "geometry": geometry})


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    Path(__file__).with_name(OUTLINES_FILE).write_text(to_geojson(build_outlines()), encoding="utf-8")
