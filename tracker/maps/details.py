"""How exactly the projects of a window are drawn: which end a ready-made text gets, and how large it is."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from sqlalchemy import Float, bindparam, case, func
from sqlalchemy.sql.elements import ColumnElement

from tracker.maps.windows import Window, metres_per_pixel
from tracker.projects.models import ProjectDisplay

FAR_ZOOM = 13
"""Up to this zoom a shape is drawn from its vertices on a grid of a pixel (see projects/coarsening.py)."""
SMALL_PIXELS = 3
"""A shape shorter than this on screen is sent as a point, to a reader that says its zoom and window."""


class Detail(IntEnum):
    """From the most exact to the coarsest."""

    EXACT = 0
    FAR = 1
    POINT = 2

    @property
    def coarser(self) -> Detail:
        """The next one; raises ValueError when there is none."""
        return Detail(self + 1)


def detail_for(window: Window) -> Detail:
    """What the zoom of a window asks for."""
    return Detail.FAR if window.zoom is not None and window.zoom <= FAR_ZOOM else Detail.EXACT


def least_metres(window: Window) -> float:
    """A shape shorter than this is too small to be seen as one."""
    return 0.0 if window.zoom is None else SMALL_PIXELS * metres_per_pixel(window.zoom)


def feature_text(detail: Detail, least: float) -> ColumnElement[Any]:
    """The whole feature."""
    return ProjectDisplay.head + _chosen(detail, least, _ENDS)


def feature_bytes(detail: Detail, least: float) -> ColumnElement[Any]:
    """How many bytes it takes, without reading it."""
    return _chosen(detail, least, _SIZES)


_ENDS: dict[Detail, ColumnElement[Any]] = {
    Detail.EXACT: ProjectDisplay.shape.expression,
    Detail.FAR: func.coalesce(ProjectDisplay.shape_far, ProjectDisplay.point),
    Detail.POINT: ProjectDisplay.point.expression,
}
_SIZES: dict[Detail, ColumnElement[Any]] = {
    Detail.EXACT: ProjectDisplay.size.expression,
    Detail.FAR: ProjectDisplay.size_far.expression,
    Detail.POINT: ProjectDisplay.size_point.expression,
}


def _chosen(detail: Detail, least: float, of: dict[Detail, ColumnElement[Any]]) -> ColumnElement[Any]:
    if detail is Detail.POINT or not least:
        return of[detail]
    too_small = ProjectDisplay.extent_metres < bindparam("least", least, type_=Float(), unique=True)
    return case((too_small, of[Detail.POINT]), else_=of[detail])
