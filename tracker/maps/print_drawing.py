"""The map of a sheet, drawn in EPSG:3011 metres: areas, projects, signs, counts and names, in that order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from tracker.geo.crs import GeometryArray
from tracker.maps.print_content import PrintContent, PrintedArea, PrintedProject
from tracker.maps.print_names import draw_names
from tracker.maps.print_signs import (
    COLOURS,
    INNER,
    INNER_FILL,
    KINDS,
    OUTER,
    OUTER_FILL,
    draw_discs,
    draw_signs,
)

CLEAR_MM = 9.0
"""A traffic line as long as this on paper is its own sign, as on the screen."""
DASHED = (0.0, (2.5, 1.8))


def draw_map(axes: Axes, content: PrintContent, growth: float) -> None:
    """Draw on axes that already show the sheet's ground."""
    _draw_areas(axes, content.areas)
    for kind in KINDS:
        for approximate in (False, True):
            chosen = [one for one in content.projects if one.kind == kind and one.approximate is approximate]
            if chosen:
                _draw_shapes(axes, chosen, kind, approximate)
    mm = content.ground.metres_per_mm * growth
    for kind in KINDS:
        places = [one.sign for one in content.projects if one.kind == kind and not _is_clear_line(one, mm)]
        if places:
            draw_signs(axes, kind, places, growth * sign_scale(len(content.projects)), zorder=5)
    draw_discs(axes, [(one.at, dict(one.by_kind)) for one in content.clusters], mm, zorder=6)
    draw_names(axes, content, growth)


def sign_scale(count: int) -> float:
    """Smaller signs where there are many, so that they do not hide each other."""
    return 1.0 if count <= 150 else 0.8 if count <= 600 else 0.6


def _draw_areas(axes: Axes, areas: Sequence[PrintedArea]) -> None:
    # Ytterstad last, so that its strong outline lies over the grey of a neighbour.
    for outer, fill, edge, width in ((False, INNER_FILL, INNER, 0.5), (True, OUTER_FILL, OUTER, 0.9)):
        shapes = [area.shape for area in areas if area.outer is outer]
        axes.add_collection(PathCollection(paths(shapes), facecolor=fill, edgecolor="none", zorder=1))
        edges = PathCollection(paths(shapes), facecolor="none", edgecolor=edge, linewidth=width, zorder=2)
        axes.add_collection(edges)


def _draw_shapes(axes: Axes, projects: Sequence[PrintedProject], kind: str, approximate: bool) -> None:
    parts = shapely.get_parts(np.array([one.shape for one in projects], dtype=object))
    parts = _simple(parts)
    dimensions = shapely.get_dimensions(parts)
    style = {"linestyle": [DASHED] if approximate else "solid"}
    surfaces = paths(parts[dimensions == 2])
    axes.add_collection(PathCollection(surfaces, facecolor=COLOURS[kind], alpha=0.3, linewidth=0, zorder=3))
    axes.add_collection(
        PathCollection(surfaces, facecolor="none", edgecolor=COLOURS[kind], linewidth=0.8, zorder=3.1, **style)
    )
    lines = [shapely.get_coordinates(line) for line in parts[dimensions == 1]]
    axes.add_collection(LineCollection(lines, colors=COLOURS[kind], linewidths=1.6, zorder=4, **style))
    points = shapely.get_coordinates(parts[dimensions == 0])
    if len(points):
        draw_signs(axes, kind, [(x, y) for x, y in points], 0.8, zorder=4.5)


def _simple(parts: GeometryArray) -> GeometryArray:
    """Collections within collections taken apart, down to points, lines and surfaces."""
    while (shapely.get_type_id(parts) > 3).any():
        parts = shapely.get_parts(parts)
    return parts


def _is_clear_line(project: PrintedProject, mm: float) -> bool:
    if project.kind != "trafik" or project.shape.geom_type not in ("LineString", "MultiLineString"):
        return False
    x0, y0, x1, y1 = project.shape.bounds
    return float(np.hypot(x1 - x0, y1 - y0)) > CLEAR_MM * mm


def paths(shapes: Sequence[BaseGeometry] | GeometryArray) -> list[Path]:
    """Surfaces as paths that are open where a surface has a hole."""
    found = []
    for surface in shapely.get_parts(np.array(shapes, dtype=object)):
        rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(surface)]
        if rings:
            found.append(Path.make_compound_path(*(Path(ring, closed=True) for ring in rings)))
    return found
