"""The ready-made map text of a project: a GeoJSON feature in EPSG:4326 with public facts only.

Made with whole arrays and kept by the services that write projects, so that the map only hands out text. The facts are
those that everybody may see, for every reader. A project whose place is confidential has a text too, for those who may
see it: whoever reads this table for somebody else adds `open_to(viewer, Secret.GEOMETRY)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import orjson
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.geo.crs import GeometryArray
from tracker.projects.bulk import Values, blocks, delete_for, insert_columns, table_of
from tracker.projects.geojson import WebShapes, to_lonlat, to_web
from tracker.projects.geometries import stored_geometries
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.policies import PUBLIC
from tracker.projects.queries import area_names, goal_codes

DISPLAY_BLOCK = 5_000

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


@dataclass(frozen=True, slots=True)
class Features:
    """Equally long columns, one row for each geometry; see ProjectDisplay."""

    lon: FloatArray
    lat: FloatArray
    extent_metres: FloatArray
    vertices: npt.NDArray[np.int64]
    text: list[str]


def make_features(geometries: GeometryArray, facts: Sequence[Facts]) -> Features:
    """The map text of each geometry (EPSG:3011, never None or empty) with the facts beside it."""
    shapes = to_web(geometries)
    inside = _points_inside(geometries, shapes)
    bounds = shapely.bounds(geometries)
    word = _Words()
    return Features(
        lon=inside[:, 0],
        lat=inside[:, 1],
        extent_metres=np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]),
        vertices=shapely.get_num_coordinates(geometries).astype(np.int64),
        text=[_feature(shape, one, word) for shape, one in zip(shapes.texts, facts, strict=True)],
    )


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


def _feature(geometry: str, facts: Facts, word: _Words) -> str:
    code, name = orjson.dumps(facts.code).decode(), orjson.dumps(facts.name).decode()
    return (
        f'{{"type":"Feature","id":{code},"geometry":{geometry},"properties":{{"code":{code},"name":{name},'
        f'"kind":{word[facts.kind]},"phase":{word[facts.phase]},"goals":{word[facts.goals]},'
        f'"areas":{word[facts.areas]},"approximate":{word[facts.approximate]}}}}}'
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
    return {
        "project_id": project_ids,
        "lon": features.lon,
        "lat": features.lat,
        "extent_metres": features.extent_metres,
        "vertices": features.vertices,
        "feature": features.text,
    }


def _stored_facts(session: Session, ids: Sequence[int]) -> Mapping[int, Facts]:
    columns = (Project.id, Project.code, Project.name, Project.main_kind, Project.phase, Project.location_approximate)
    goals, areas = goal_codes(session, ids, PUBLIC), area_names(session, ids, PUBLIC)
    return {
        project_id: Facts(code, name, kind, phase, goals.get(project_id, ()), areas.get(project_id, ()), approximate)
        for project_id, code, name, kind, phase, approximate in session.execute(
            select(*columns).where(Project.id.in_(ids))
        )
    }
