"""The legend of a printed map: every sign, line and fill that is on it, and what it means."""

from __future__ import annotations

from typing import Any

from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from matplotlib.patches import Rectangle as Box

from tracker.maps.print_columns import Column
from tracker.maps.print_content import PrintContent
from tracker.maps.print_drawing import PIXEL_MM
from tracker.maps.print_signs import (
    COLOURS,
    INNER,
    INNER_FILL,
    OUTER,
    OUTER_FILL,
    circle,
    draw_discs,
    draw_signs,
    tone_style,
)
from tracker.maps.print_texts import FAINT, INK
from tracker.maps.print_words import PrintWords

STEP, TIGHT = 5.2, 4.3
"""From one row to the next, and when there is much to explain."""
SWATCH = 6.0


def draw_legend(column: Column, top: float, content: PrintContent, words: PrintWords) -> float:
    """Signs, and the states of the year; gives where it ends."""
    step = (TIGHT if content.sheet.tall else STEP) * column.growth
    top = column.lines(top, words.legend, 9, 1, bold=True) - 0.8 * column.growth
    for kind, label in words.kinds.items():
        at, end = column.label(top, step, label)
        _draw_kind(column, kind, at)
        top = end
    top = _draw_outlines(column, top, step, content, words)
    if any(project.approximate for project in content.projects):
        at, top = column.label(top, step, words.approximate)
        ends = ([column.left + 0.5, column.left + 7.5 * column.growth], [at, at])
        column.axes.add_line(Line2D(*ends, color=INK, linewidth=1.2, linestyle=(0, (2.5, 1.8))))
    if content.clusters:
        at, top = column.label(top - 0.8 * column.growth, 8.5 * column.growth, words.cluster)
        disc = ((column.left + 4 * column.growth, at), {"bostad": 6, "arbetsplats": 3, "trafik": 3})
        draw_discs(column.axes, [disc], column.growth, zorder=5)
    if content.further.lines:
        at, top = column.label(top, step, words.lines)
        ends = ([column.left + 0.5, column.left + 7 * column.growth], [at, at])
        column.axes.add_line(
            Line2D(*ends, color=INK, linewidth=0.7, marker="o", markevery=[1], markersize=3, mfc="white")
        )
    return _draw_states(column, top, step, words)


def draw_theme(column: Column, top: float, words: PrintWords) -> float:
    """The theme's heading, its classes or circles, and its notes; gives where it ends."""
    growth = column.growth
    if words.theme:
        top = column.lines(top, words.theme[0], 7.6, 4, bold=True) - 0.6 * growth
    for tone, label in words.classes:
        at, top = column.label(top, TIGHT * growth, label, 7.6)
        corner = (column.left + growth, at - 1.5 * growth)
        style: dict[str, Any] = {"edgecolor": FAINT, "linewidth": 0.4} | tone_style(tone)
        column.axes.add_patch(Box(corner, SWATCH * growth, 3 * growth, **style))
        column.axes.add_patch(Box(corner, SWATCH * growth, 3 * growth, fill=False, edgecolor=FAINT, linewidth=0.4))
    widest = max((2 * radius / 10 * PIXEL_MM for radius, _ in words.sizes), default=8.0)
    for radius, label in words.sizes:
        mm = radius / 10 * PIXEL_MM * growth
        at, top = column.label(top, 2 * mm + 0.8 * growth, label, 7.6, widest)
        column.axes.add_patch(circle((column.left + widest * growth / 2, at), mm, below=False))
    top = _draw_sizes(column, top, words)
    for note in words.theme[1:]:
        top = column.lines(top - 0.4 * growth, note, 6.4, 4, color=FAINT)
    return top


def _draw_sizes(column: Column, top: float, words: PrintWords) -> float:
    """What the projects' circles stand for, the large ones first."""
    growth = column.growth
    if not words.project_sizes:
        return top
    top = column.lines(top - 0.6 * growth, words.project_sizes_title, 7.6, 3, bold=True) - 0.4 * growth
    widest = max(2 * radius / 10 * PIXEL_MM for radius, _ in words.project_sizes)
    for radius, label in words.project_sizes:
        mm = radius / 10 * PIXEL_MM * growth
        at, top = column.label(top, 2 * mm + 0.8 * growth, label, 7.6, widest)
        middle = (column.left + widest * growth / 2, at)
        column.axes.add_patch(Circle(middle, mm, facecolor=to_rgba(FAINT, 0.22), edgecolor=FAINT, linewidth=0.8))
    return column.lines(top - 0.4 * growth, words.project_sizes_note, 6.4, 4, color=FAINT)


def _draw_kind(column: Column, kind: str, at: float) -> None:
    axes, growth = column.axes, column.growth
    if kind == "trafik":
        ends = ([column.left, column.left + 8 * growth], [at - 1.4 * growth, at + 1.4 * growth])
        axes.add_line(Line2D(*ends, color=COLOURS[kind], linewidth=1.6, solid_capstyle="butt"))
    draw_signs(axes, kind, [(column.left + 4 * growth, at)], growth * 1.15, zorder=5)


def _draw_outlines(column: Column, top: float, step: float, content: PrintContent, words: PrintWords) -> float:
    if not content.areas:
        return top
    plain = content.theme is None or content.circles
    rows = ((words.outer, OUTER, OUTER_FILL, 0.9), (words.inner, INNER, INNER_FILL, 0.5))
    for label, edge, fill, width in rows:
        at, top = column.label(top, step, label)
        corner = (column.left + column.growth, at - 1.5 * column.growth)
        facecolor = fill if plain else "white"
        size = (SWATCH * column.growth, 3 * column.growth)
        column.axes.add_patch(Box(corner, *size, facecolor=facecolor, edgecolor=edge, linewidth=width))
    return top


def _draw_states(column: Column, top: float, step: float, words: PrintWords) -> float:
    if not words.states:
        return top
    top = column.lines(top - column.growth, words.states_title, 8, 1, bold=True) - 0.4 * column.growth
    for state, label in words.states.items():
        at, top = column.label(top, step, label)
        draw_signs(column.axes, "bostad", [(column.left + 4 * column.growth, at)], column.growth * 1.15, 5, state, INK)
    return top
