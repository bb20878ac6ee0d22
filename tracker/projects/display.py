"""The ready-made map text of a project: a GeoJSON feature in EPSG:4326 with public facts only.

Made with whole arrays and kept by the services that write projects, so that the map only hands out text. The facts are
those that everybody may see, for every reader. A project whose place is confidential has a text too, for those who may
see it: whoever reads this table for somebody else adds `open_to(viewer, Secret.GEOMETRY)`.

A text is kept in parts that are put together by nothing but writing them one after the other: its head with the
properties, and one of three ends with the geometry: the shape, the shape for a map zoomed out, or a point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
import shapely
from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from tracker.geo.crs import GeometryArray
from tracker.projects.bulk import Same, Values, blocks, delete_for, insert_columns, table_of
from tracker.projects.coarsening import FAR, bounded_texts, coarse_texts
from tracker.projects.geojson import WebShapes, coordinate_texts, to_lonlat, to_web
from tracker.projects.geometries import stored_geometries
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import PUBLIC, hidden_ids
from tracker.projects.queries import area_names, goal_codes
from tracker.projects.secrecy import Secret

FORMAT = 2
"""What a stored text looks like. Raise it when that changes: rows of an older one are then made anew by `migrate`."""
DISPLAY_BLOCK = 5_000
SIGN_BYTES = 60
"""At most, of a point as the end of a feature."""
_POINT = '{"type":"Point"'

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the map says of a project; all of it may be public."""

    code: str
    name: str
    kind: str
    phase: str
    """The stored words."""
    goals: tuple[str, ...]
    """Codes of the goals it contributes to, in order."""
    areas: tuple[str, ...]
    """Names of the areas that it serves or, where none are chosen, lies in."""
    approximate: bool
    start: int | None = None
    """Years in which it begins and ends, forecast before decided; None when unknown or not for everybody."""
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Features:
    """Equally long columns, one row for each geometry; see ProjectDisplay."""

    lon: FloatArray
    lat: FloatArray
    extent_metres: FloatArray
    vertices: npt.NDArray[np.int64]
    head: list[str]
    point: list[str]
    shape: list[str]
    shape_far: list[str | None]

    def text(self, row: int) -> str:
        """The whole feature with its exact shape."""
        return self.head[row] + self.shape[row]


def make_features(geometries: GeometryArray, facts: Sequence[Facts]) -> Features:
    """The map text of each geometry (EPSG:3011, never None or empty) with the facts beside it."""
    web = to_web(geometries)
    inside = _points_inside(geometries, web)
    bounds = shapely.bounds(geometries)
    extent = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    places = coordinate_texts(inside)
    word = _Words()
    return Features(
        lon=inside[:, 0],
        lat=inside[:, 1],
        extent_metres=extent,
        vertices=shapely.get_num_coordinates(geometries).astype(np.int64),
        head=[_head(one, word) for one in facts],
        point=[f'{{"type":"Point","coordinates":[{place}]}}}}' for place in places],
        shape=[_end(text, place) for text, place in zip(bounded_texts(geometries, web), places, strict=True)],
        shape_far=_ends(coarse_texts(geometries, web, extent, FAR), places),
    )


def _ends(texts: Sequence[str | None], places: Sequence[str]) -> list[str | None]:
    return [text if text is None else _end(text, place) for text, place in zip(texts, places, strict=True)]


def _end(geometry: str, place: str) -> str:
    """The end of a feature: its geometry and, unless that is a point, the place of its sign."""
    return f"{geometry}}}" if geometry.startswith(_POINT) else f'{geometry},"point":[{place}]}}'


def _points_inside(geometries: GeometryArray, shapes: WebShapes) -> FloatArray:
    """Longitude and latitude of a point of each shape: the middle vertex of what has no surface."""
    counts = shapely.get_num_coordinates(geometries)
    found: FloatArray = shapes.lonlat[shapes.ends - (counts + 1) // 2]
    areal = shapely.get_dimensions(geometries) == 2
    surface = shapely.point_on_surface(geometries[areal])
    found[areal] = to_lonlat(shapely.get_coordinates(surface))
    return found


class _Words(dict[object, str]):
    """A word, or a list of words, as JSON; there are few of them and many features."""

    def __missing__(self, value: object) -> str:
        text = self[value] = orjson.dumps(value).decode()
        return text


def _head(facts: Facts, word: _Words) -> str:
    code, name = orjson.dumps(facts.code).decode(), orjson.dumps(facts.name).decode()
    return (
        f'{{"type":"Feature","id":{code},"properties":{{"code":{code},"name":{name},'
        f'"kind":{word[facts.kind]},"phase":{word[facts.phase]},"goals":{word[facts.goals]},'
        f'"areas":{word[facts.areas]},"start":{word[facts.start]},"end":{word[facts.end]},'
        f'"approximate":{word[facts.approximate]}}},"geometry":'
    )


def refresh_display(session: Session, project_ids: Sequence[int]) -> None:
    """Make the map text of these projects anew from what is stored; without geometry a project has none."""
    session.flush()
    delete_for(session, ProjectDisplay.project_id, project_ids)
    for block in blocks(project_ids, DISPLAY_BLOCK):
        ids, geometries = stored_geometries(session, block)
        if ids:
            facts = _stored_facts(session, ids)
            insert_display(session, ids, make_features(geometries, [facts[one] for one in ids]))


def insert_display(session: Session, project_ids: Sequence[int], features: Features) -> None:
    """Store the map text of projects that have none yet."""
    insert_columns(session, table_of(ProjectDisplay), display_columns(project_ids, features))


def display_columns(project_ids: Sequence[int], features: Features) -> dict[str, Values]:
    """The map texts as columns of their table."""
    heads = [len(head.encode()) for head in features.head]
    return {
        "project_id": project_ids,
        "lon": features.lon,
        "lat": features.lat,
        "extent_metres": features.extent_metres,
        "vertices": features.vertices,
        "format": Same(FORMAT),
        "head": features.head,
        "point": features.point,
        "shape": features.shape,
        "shape_far": features.shape_far,
        "size_point": _sizes(heads, features.point),
        "size": _sizes(heads, features.shape),
        "size_far": _sizes(heads, features.shape_far),
    }


def _sizes(heads: Sequence[int], ends: Sequence[str | None]) -> list[int]:
    """Bytes of whole features; without a shape they are drawn as a point, which is short."""
    return [head + (len(end) if end is not None else SIGN_BYTES) for head, end in zip(heads, ends, strict=True)]


def _stored_facts(session: Session, ids: Sequence[int]) -> Mapping[int, Facts]:
    columns = (Project.id, Project.code, Project.name, Project.main_kind, Project.phase, Project.location_approximate)
    start = func.coalesce(Project.start_forecast, Project.start_decided)
    end = func.coalesce(Project.end_forecast, Project.end_decided)
    goals, areas = goal_codes(session, ids, PUBLIC), area_names(session, ids, PUBLIC)
    timeless = set(session.scalars(hidden_ids(PUBLIC, [Secret.DATES])))
    found = {}
    for row in session.execute(
        select(*columns, extract("year", start), extract("year", end)).where(Project.id.in_(ids))
    ):
        project_id, code, name, kind, phase, approximate, *years = row
        first, last = (None if year is None or project_id in timeless else int(year) for year in years)
        told = (goals.get(project_id, ()), areas.get(project_id, ()), approximate, first, last)
        found[project_id] = Facts(code, name, kind, phase, *told)
    return found
