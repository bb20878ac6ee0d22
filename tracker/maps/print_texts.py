"""Words on paper: how wide they are, where a line breaks, and which signs the font has."""

from __future__ import annotations

from functools import cache
from typing import Any

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patheffects import Stroke
from matplotlib.textpath import text_to_path

FAMILY = "DejaVu Sans"
"""Comes with matplotlib, so that a sheet is the same on every machine."""
MM_PER_POINT = 25.4 / 72
MISSING = "□"
INK, FAINT = "#1b1f24", "#55606b"
LINE = 1.3
"""From one line of text to the next, in heights of the letters."""


@cache
def font(bold: bool) -> FontProperties:
    """The font of the sheet."""
    return FontProperties(family=FAMILY, weight="bold" if bold else "normal")


@cache
def _known(bold: bool) -> frozenset[int]:
    return frozenset(get_font(findfont(font(bold))).get_charmap())


def printable(text: str, bold: bool = False) -> str:
    """On one line, with a square for each sign that the font lacks."""
    known = _known(bold)
    return "".join(sign if ord(sign) in known else MISSING for sign in " ".join(text.split()))


def width_mm(text: str, points: float, bold: bool = False) -> float:
    """How wide a printable text is."""
    prop = font(bold).copy()
    prop.set_size(points)
    wide: float = text_to_path.get_text_width_height_descent(text, prop, ismath=False)[0]
    return wide * MM_PER_POINT


def shortened(text: str, points: float, room_mm: float, bold: bool = False) -> str:
    """The text, or as much of its beginning as there is room for, with three dots."""
    if width_mm(text, points, bold) <= room_mm:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_mm(f"{text[:middle].rstrip()}…", points, bold) <= room_mm:
            low = middle
        else:
            high = middle - 1
    return f"{text[:low].rstrip()}…"


def wrapped(text: str, points: float, room_mm: float, most: int, bold: bool = False) -> list[str]:
    """The text in at most `most` lines; a word that is wider than a line is broken, what has no room gets dots."""
    lines: list[str] = []
    rest = printable(text, bold)
    while rest and len(lines) < most - 1 and width_mm(rest, points, bold) > room_mm:
        fits = len(shortened(rest, points, room_mm, bold)) - 1
        space = rest.rfind(" ", 0, fits + 1)
        at = space if space > 0 else max(fits, 1)
        lines.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [*lines, shortened(rest, points, room_mm, bold)] if rest else lines


def write(axes: Axes, x: float, y: float, text: str, points: float, **options: Any) -> None:
    """Put a printable text on the sheet; never read as a formula. `halo`: with a white edge, the text still text."""
    bold, halo = bool(options.pop("bold", False)), bool(options.pop("halo", False))
    options = {"color": INK, "va": "baseline", "ha": "left"} | options
    options |= {"fontsize": points, "fontproperties": font(bold), "parse_math": False}
    options["fontproperties"] = options["fontproperties"].copy()
    options["fontproperties"].set_size(points)
    if halo:
        # A text with an effect becomes a drawing in a PDF; so the edge is one of its own, beneath.
        edge = options | {"path_effects": [Stroke(linewidth=points / 3.2, foreground="white")]}
        axes.text(x, y, text, **edge)
    axes.text(x, y, text, **options)


def write_lines(axes: Axes, x: float, top: float, lines: list[str], points: float, **options: Any) -> float:
    """Lines below each other, the first just under `top`; gives where the last one ends, in millimetres."""
    step = points * MM_PER_POINT * LINE
    for line in lines:
        top -= step
        write(axes, x, top + step * 0.22, line, points, **options)
    return top
