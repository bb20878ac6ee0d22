"""The map of a sheet, drawn in EPSG:3011 metres: areas, projects, signs, counts and names, in that order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle
from matplotlib.path import Path
from shapely.geometry.base import BaseGeometry

from tracker.geo.crs import GeometryArray
from tracker.maps.print_content import PrintContent, PrintedArea, PrintedProject
from tracker.maps.print_further import Further
from tracker.maps.print_names import draw_names
from tracker.maps.print_signs import (
    COLOURS,
    DRESSES,
    INNER,
    INNER_FILL,
    KINDS,
    OUTER,
    OUTER_FILL,
    TONES,
    Dress,
    circle,
    draw_discs,
    draw_signs,
    tone_style,
)
from tracker.maps.print_texts import INK

PIXEL_MM = 0.26
"""A pixel of the screen on paper, for the theme's circles."""
CLEAR_MM = 9.0
"""A traffic line as long as this on paper is its own sign, as on the screen."""
DASHED = (0.0, (2.5, 1.8))


def draw_map(axes: Axes, content: PrintContent, growth: float) -> None:
    """Draw on axes that already show the sheet's ground."""
    mm = content.ground.metres_per_mm * growth
    _draw_areas(axes, content.areas, filled=content.theme is not None and not content.circles)
    if content.circles:
        _draw_circles(axes, content.areas, mm)
    _draw_further(axes, content.further, mm)
    for kind, state, approximate in product(KINDS, DRESSES, (False, True)):
        chosen = [
            one for one in content.projects if (one.kind, one.state, one.approximate) == (kind, state, approximate)
        ]
        if chosen:
            _draw_shapes(axes, chosen, kind, DRESSES[state], approximate=approximate)
    size = growth * sign_scale(len(content.projects))
    for kind, state in product(KINDS, DRESSES):
        chosen = [one for one in content.projects if (one.kind, one.state) == (kind, state)]
        places = [one.sign for one in chosen if not _is_clear_line(one, mm)]
        if places:
            draw_signs(axes, kind, places, size, 5, state)
    # The squares of the counts are as large on A3 as on A4, and so are the discs.
    discs = [(one.at, dict(one.by_kind)) for one in content.clusters]
    draw_discs(axes, discs, content.ground.metres_per_mm, zorder=6)
    draw_names(axes, content, growth)


def sign_scale(count: int) -> float:
    """Smaller signs where there are many, so that they do not hide each other."""
    return 1.0 if count <= 150 else 0.8 if count <= 600 else 0.6


def _draw_areas(axes: Axes, areas: Sequence[PrintedArea], *, filled: bool) -> None:
    """Ytterstad last, so that its strong outline lies over the grey of a neighbour. `filled` by the theme's tones."""
    for outer, fill, edge, width in ((False, INNER_FILL, INNER, 0.5), (True, OUTER_FILL, OUTER, 0.9)):
        chosen = [area for area in areas if area.outer is outer]
        if filled:
            _fill_by_tone(axes, chosen)
        else:
            surfaces = paths([area.shape for area in chosen])
            axes.add_collection(PathCollection(surfaces, facecolor=fill, edgecolor="none", zorder=1))
        edges = paths([area.shape for area in chosen])
        if filled:
            # The darkest tones would hide the outline.
            axes.add_collection(
                PathCollection(edges, facecolor="none", edgecolor="white", linewidth=width + 1.2, zorder=1.9)
            )
        axes.add_collection(PathCollection(edges, facecolor="none", edgecolor=edge, linewidth=width, zorder=2))


def _fill_by_tone(axes: Axes, areas: Sequence[PrintedArea]) -> None:
    for tone in (None, *TONES):
        surfaces = paths([area.shape for area in areas if area.tone == tone])
        if surfaces:
            axes.add_collection(PathCollection(surfaces, linewidth=0, zorder=1, **tone_style(tone)))


def _draw_circles(axes: Axes, areas: Sequence[PrintedArea], mm: float) -> None:
    """Circles whose area is in proportion to the value, the large ones first, so that none hides a smaller one."""
    for area in sorted(areas, key=lambda one: (-one.radius, one.code)):
        if area.radius <= 0 or area.tone is None:
            continue
        middle = shapely.maximum_inscribed_circle(area.shape, tolerance=mm).coords[0]
        axes.add_patch(circle(middle, area.radius / 10 * PIXEL_MM * mm, below=area.tone < 0))


def _draw_further(axes: Axes, further: Further, mm: float) -> None:
    """Circles of the projects, the large ones first; then the lines, in a pale border that parts them from all else."""
    for one in further.circles.rows if further.circles else ():
        rgba = to_rgba(COLOURS[one.kind], 0.14)
        radius = one.radius / 10 * PIXEL_MM * mm
        axes.add_patch(Circle(one.at, radius, facecolor=rgba, edgecolor=COLOURS[one.kind], linewidth=0.8, zorder=2.6))
    lines = further.lines or ()
    axes.add_collection(LineCollection(lines, colors="white", linewidths=2.6, alpha=0.7, zorder=2.7))
    axes.add_collection(LineCollection(lines, colors=INK, linewidths=0.7, zorder=2.8))
    ends = np.array([end for _, end in lines], dtype=np.float64).reshape(-1, 2)
    axes.scatter(ends[:, 0], ends[:, 1], s=9, c="white", edgecolors=INK, linewidths=0.7, zorder=2.9)


def _draw_shapes(axes: Axes, projects: Sequence[PrintedProject], kind: str, dress: Dress, *, approximate: bool) -> None:
    parts = _simple(shapely.get_parts(np.array([one.shape for one in projects], dtype=object)))
    dimensions = shapely.get_dimensions(parts)
    ink = COLOURS[kind] if dress.known else INNER
    style: dict[str, Any] = {"linestyle": [DASHED] if approximate else "solid", "alpha": dress.alpha}
    surfaces = paths(parts[dimensions == 2])
    axes.add_collection(PathCollection(surfaces, facecolor=ink, alpha=dress.fill, linewidth=0, zorder=3))
    axes.add_collection(PathCollection(surfaces, facecolor="none", edgecolor=ink, linewidth=0.8, zorder=3.1, **style))
    lines = [shapely.get_coordinates(line) for line in parts[dimensions == 1]]
    width = 0.9 if dress.hollow else 1.6
    axes.add_collection(LineCollection(lines, colors=ink, linewidths=width, zorder=4, **style))
    points = shapely.get_coordinates(parts[dimensions == 0])
    if len(points):
        draw_signs(axes, kind, [(x, y) for x, y in points], 0.8, 4.5, projects[0].state)


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
