"""The ready-made map text of a project: a GeoJSON feature in EPSG:4326 with public facts only.

Made with whole arrays and kept by the services that write projects, so that the map only hands out text.
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

from tracker.geo.crs import STORAGE_SRID, WEB_SRID, GeometryArray, transformer
from tracker.projects.bulk import Values, blocks, delete_for, insert_columns, table_of
from tracker.projects.geometries import stored_geometries
from tracker.projects.models import Project, ProjectDisplay
from tracker.projects.queries import area_names, goal_codes

DECIMALS = 6
"""Of a degree: about a decimetre."""
DISPLAY_BLOCK = 5_000

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the map says of a project; all of it may be public."""

    code: str
    name: str
    kind: str
    phase: str
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
    inside = _points_inside(geometries)
    lon, lat = transformer(STORAGE_SRID, WEB_SRID).transform(inside[:, 0], inside[:, 1])
    bounds = shapely.bounds(geometries)
    drawn = shapely.to_geojson(to_web(geometries))
    word = _Words()
    return Features(
        lon=np.round(lon, DECIMALS),
        lat=np.round(lat, DECIMALS),
        extent_metres=np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]),
        vertices=shapely.get_num_coordinates(geometries).astype(np.int64),
        text=[_feature(shape, one, word) for shape, one in zip(drawn, facts, strict=True)],
    )


def _points_inside(geometries: GeometryArray) -> FloatArray:
    """A point of each shape, as x and y: halfway along a line, and somewhere inside everything else."""
    points = np.array(geometries, dtype=object)
    kinds = shapely.get_type_id(geometries)
    lines = kinds == shapely.GeometryType.LINESTRING
    others = ~lines & (kinds != shapely.GeometryType.POINT)
    points[lines] = shapely.line_interpolate_point(points[lines], 0.5, normalized=True)
    points[others] = shapely.point_on_surface(points[others])
    found: FloatArray = shapely.get_coordinates(points)
    return found


def to_web(geometries: GeometryArray) -> GeometryArray:
    """EPSG:3011 to longitude and latitude, rounded as the map needs them."""
    step = transformer(STORAGE_SRID, WEB_SRID)

    def move(xy: FloatArray) -> FloatArray:
        return np.round(np.column_stack(step.transform(xy[:, 0], xy[:, 1])), DECIMALS)

    moved: GeometryArray = shapely.transform(geometries, move)
    return moved


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
    goals, areas = goal_codes(session, ids), area_names(session, ids)
    return {
        project_id: Facts(
            code, name, kind.value, phase.value, goals.get(project_id, ()), areas.get(project_id, ()), approximate
        )
        for project_id, code, name, kind, phase, approximate in session.execute(
            select(*columns).where(Project.id.in_(ids))
        )
    }
