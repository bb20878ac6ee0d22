"""A project on paper: what it says in words, and its shape. The same project gives the same bytes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.backends.backend_pdf import FigureCanvasPdf, PdfPages
from matplotlib.figure import Figure
from shapely.geometry.base import BaseGeometry

WIDTH, HEIGHT = 8.27, 11.69
"""A4 in inches."""
CHARACTERS, LINES = 92, 62
"""Of a line and of a page, in the size that is used."""
SIZE, LEFT, TOP, STEP = 9, 0.08, 0.95, 0.0142
mpl.rcParams["pdf.fonttype"] = 42

Said = Sequence[tuple[str, Sequence[str]]]
Line = tuple[str, bool]
"""A line and whether it is a heading."""


def write_sheet(path: Path, title: str, said: Said, geometry: BaseGeometry | None) -> None:
    """Write the sheet as PDF; `said` is (name of a field, its values in words), `geometry` in EPSG:3011."""
    lines = list(_lines(said))
    facts = {"Title": title, "Author": "Portföljkartan", "CreationDate": None}
    with PdfPages(path, metadata=facts) as pages:
        if geometry is not None:
            lines += [("", False), (_size(geometry), True)]
        for start in range(0, max(len(lines), 1), LINES):
            pages.savefig(_page(title if start == 0 else f"{title} (forts.)", lines[start : start + LINES]))
        if geometry is not None:
            pages.savefig(_drawn(title, geometry))


def _lines(said: Said) -> Iterator[Line]:
    for name, values in said:
        yield name, True
        for value in values:
            for row in value.splitlines() or [""]:
                for part in textwrap.wrap(row, CHARACTERS) or [""]:
                    yield part, False


def _page(title: str, lines: Sequence[Line]) -> Figure:
    figure = _empty(title)
    for number, (text, heading) in enumerate(lines):
        _write(figure, text, TOP - 0.035 - number * STEP, bold=heading)
    return figure


def _drawn(title: str, geometry: BaseGeometry) -> Figure:
    figure = _empty(f"{title}: läge")
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.78))
    axes.set_aspect("equal", adjustable="datalim")
    for part in shapely.get_parts(shapely.multipoints([]) if geometry.is_empty else geometry):
        _draw(axes, part)
    axes.tick_params(labelsize=7)
    axes.ticklabel_format(useOffset=False, style="plain")
    axes.set_xlabel("E (m), SWEREF 99 18 00", fontsize=8)
    axes.set_ylabel("N (m)", fontsize=8)
    return figure


def _draw(axes: mpl.axes.Axes, part: BaseGeometry) -> None:
    """Every line of a shape; a polygon by its rings, a collection by its parts."""
    if part.geom_type in ("GeometryCollection", "MultiPolygon", "MultiLineString", "MultiPoint"):
        for inner in shapely.get_parts(part):
            _draw(axes, inner)
        return
    rings = [part.exterior, *part.interiors] if isinstance(part, shapely.Polygon) else [part]
    for ring in rings:
        points = np.asarray(shapely.get_coordinates(ring))
        axes.plot(points[:, 0], points[:, 1], "o" if part.geom_type == "Point" else "-", color="#005a8c", linewidth=1)


def _size(geometry: BaseGeometry) -> str:
    west, south, east, north = geometry.bounds
    return f"Läget ritat på sista sidan: {geometry.geom_type}, {east - west:.0f} × {north - south:.0f} m."


def _empty(title: str) -> Figure:
    figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
    FigureCanvasPdf(figure)
    _write(figure, textwrap.shorten(title, 70, placeholder=" …"), TOP, bold=True, size=13)
    return figure


def _write(figure: Figure, text: str, height: float, *, bold: bool, size: float = SIZE) -> None:
    # A dollar sign would begin a formula.
    weight = "bold" if bold else "normal"
    figure.text(LEFT, height, text, fontsize=size, weight=weight, va="top", parse_math=False)
