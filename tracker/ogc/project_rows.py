"""Projects as a collection's rows: what the viewer may know of them, in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Boolean, Integer, Select, String, and_, case, cast, extract, func, null, select
from sqlalchemy import type_coerce as as_type
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.geo.crs import GeometryArray
from tracker.geo.envelope import InEnvelope
from tracker.geo.stored import to_stored
from tracker.maps.times import END, START
from tracker.ogc.cql_shapes import RELATIONS
from tracker.ogc.project_features import write_projects
from tracker.ogc.project_lists import ManyWords, areas_of, goals_of
from tracker.ogc.rows import Shaping
from tracker.ogc.stating import among
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, open_to, visible_to
from tracker.projects.secrecy import Secret

SHAPES: Mapping[str, tuple[str, ...]] = {
    "points": ("POINT", "MULTIPOINT"),
    "lines": ("LINESTRING", "MULTILINESTRING"),
    "polygons": ("POLYGON", "MULTIPOLYGON"),
}
UNLOCATED = "unlocated"


@dataclass(frozen=True)
class ProjectRows:
    """`part`: one of SHAPES, UNLOCATED for those without a place, or "" for every one with a place."""

    session: Session
    viewer: Viewer
    part: str = ""

    @property
    def key(self) -> ColumnElement[str]:
        return Project.code.expression

    @cached_property
    def columns(self) -> Mapping[str, ColumnElement[Any]]:
        """Property → its value; NULL where it is hidden from the viewer."""
        start, end = (self._masked(one, Secret.DATES) for one in (START, END))
        return {
            "code": Project.code.expression,
            "name": Project.name.expression,
            "kind": as_type(Project.main_kind, String),
            "phase": as_type(Project.phase, String),
            "approximate": self._masked(Project.location_approximate, Secret.GEOMETRY),
            "start": cast(extract("year", start), Integer),
            "end": cast(extract("year", end), Integer),
            "start_date": start,
            "end_date": end,
        }

    @property
    def orders(self) -> Mapping[str, ColumnElement[Any]]:
        """Names in Swedish order."""
        return {"name": Project.sort_key.expression}

    @cached_property
    def lists(self) -> Mapping[str, ManyWords]:
        return {"goals": goals_of(self.viewer), "areas": areas_of(self.viewer)}

    @property
    def interval(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        return self.columns["start_date"], self.columns["end_date"]

    def chosen(self, *columns: Any) -> Select[Any]:
        """Of the projects of this part that the viewer may see."""
        return select(*columns).select_from(Project).where(*visible_to(self.viewer), self._of_part())

    def located(self) -> ColumnElement[bool]:
        return and_(Project.geom.is_not(None), *open_to(self.viewer, Secret.GEOMETRY))

    def _of_part(self) -> ColumnElement[bool]:
        if self.part == UNLOCATED:
            return ~self.located()
        if not self.part:
            return self.located()
        return and_(self.located(), func.GeometryType(Project.geom).in_(SHAPES[self.part]))

    def inside(self, box: BaseGeometry) -> ColumnElement[bool]:
        """By the database, whose index narrows the search."""
        if box.is_empty:
            return Project.id.is_(None)
        near = InEnvelope(Project.geom, Project.id, box.bounds)
        return and_(self.located(), near, func.ST_Intersects(Project.geom, to_stored(box), type_=Boolean()))

    def meeting(self, relation: str, shape: BaseGeometry) -> ColumnElement[bool]:
        """By GEOS, among those near."""
        asked = "s_intersects" if relation == "s_disjoint" else relation
        codes, shapes = self._near(shape)
        shapely.prepare(shape)
        met = RELATIONS[asked](shapes, shape) if len(codes) else np.zeros(0, dtype=bool)
        found = among(Project.code.expression, [codes[row] for row in np.flatnonzero(met).tolist()])
        return case((self.located(), ~found if relation == "s_disjoint" else found), else_=null())

    def _near(self, shape: BaseGeometry) -> tuple[list[str], GeometryArray]:
        if shape.is_empty:
            return [], np.empty(0, dtype=object)
        columns = (Project.code, func.ST_AsBinary(Project.geom))
        near = InEnvelope(Project.geom, Project.id, shape.buffer(1.0).bounds)
        rows = self.session.execute(self.chosen(*columns).where(self.located(), near)).all()
        shapes: Any = shapely.from_wkb(np.array([bytes(row[1]) for row in rows], dtype=object))
        return [row[0] for row in rows], shapes

    def features(self, keys: Sequence[str], shaping: Shaping) -> list[bytes]:
        return write_projects(self.session, self, keys, shaping)

    def _masked(self, column: Any, secret: Secret) -> ColumnElement[Any]:
        shown = open_to(self.viewer, secret)
        return case((and_(*shown), column), else_=null()) if shown else column
