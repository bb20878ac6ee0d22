"""What stands around a printed map: heading, legend, scale, north arrow, facts, and the address as text and QR code."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import segno
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon
from matplotlib.patches import Rectangle as Box

from tracker.maps.print_content import PrintContent
from tracker.maps.print_sheets import GAP, Rectangle, Sheet, bar_metres
from tracker.maps.print_signs import (
    COLOURS,
    INNER,
    INNER_FILL,
    OUTER,
    OUTER_FILL,
    draw_discs,
    draw_signs,
)
from tracker.maps.print_texts import FAINT, INK, LINE, MM_PER_POINT, printable, width_mm, wrapped, write, write_lines
from tracker.maps.print_words import PrintWords
from tracker.money import format_count

MODULE_MM = 0.42
"""A square of the code, so large that a telephone reads it from a poster on a wall."""
LINK_POINTS = 6.2
MOST_LINES = 10
LARGEST_CODE = 1_600
"""Characters; a longer address is only written out."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the margin: its left edge and width in millimetres, and `growth`, how much larger than on A4."""

    axes: Axes
    left: float
    width: float
    growth: float

    def lines(self, top: float, text: str, points: float, most: int, **options: object) -> float:
        """A text in as many lines as it needs; gives where it ends."""
        size = points * self.growth
        chosen = wrapped(text, size, self.width, most, bold=bool(options.get("bold")))
        return write_lines(self.axes, self.left, top, chosen, size, **options)


def draw_margins(axes: Axes, sheet: Sheet, content: PrintContent, words: PrintWords) -> None:
    """Draw on axes of the whole sheet, in millimetres from its lower left corner."""
    _draw_heading(Column(axes, sheet.heading.left, sheet.heading.width, sheet.paper.growth), sheet.heading.top, words)
    room, growth = sheet.legend, sheet.paper.growth
    if sheet.lying:
        column = Column(axes, room.left, room.width, growth)
        top = _draw_legend(column, room.top, content, words)
        top = _draw_scale(column, top - 5 * growth, content, words)
        _draw_facts(column, top - 3 * growth, words)
        _draw_link(column, room.bottom, words)
        return
    wide = (room.width - 2 * GAP) / 3
    columns = [Column(axes, room.left + place * (wide + GAP), wide, growth) for place in range(3)]
    _draw_legend(columns[0], room.top, content, words)
    top = _draw_scale(columns[1], room.top, content, words)
    _draw_facts(columns[1], top - 3 * growth, words)
    _draw_link(columns[2], room.top - _link_height(columns[2], words), words)


def _draw_heading(column: Column, top: float, words: PrintWords) -> None:
    title = printable(words.title, bold=True)
    write(column.axes, column.left, top - 6 * column.growth, title, 17 * column.growth, bold=True)
    if words.warning:
        write(column.axes, column.left + column.width, top - 5 * column.growth, printable(words.warning, bold=True),
              8 * column.growth, bold=True, ha="right", color="#a4262c")  # fmt: skip
    column.lines(top - 7.8 * column.growth, words.line, 9, 2)


def _draw_legend(column: Column, top: float, content: PrintContent, words: PrintWords) -> float:
    axes, growth = column.axes, column.growth
    top = column.lines(top, words.legend, 9, 1, bold=True) - 0.8 * growth
    step = 5.4 * growth
    middle = column.left + 4 * growth
    for kind, label in words.kinds.items():
        at = top - step / 2
        if kind == "trafik":
            ends = ([column.left, column.left + 8 * growth], [at - 1.4 * growth, at + 1.4 * growth])
            axes.add_line(Line2D(*ends, color=COLOURS[kind], linewidth=1.6, solid_capstyle="butt"))
        draw_signs(axes, kind, [(middle, at)], growth * 1.15, zorder=5)
        top = _label(column, at, label, step)
    if content.areas:
        for label, edge, fill, thick in ((words.outer, OUTER, OUTER_FILL, 0.9), (words.inner, INNER, INNER_FILL, 0.5)):
            at = top - step / 2
            box = Rectangle(column.left + 1 * growth, at - 1.6 * growth, 6 * growth, 3.2 * growth)
            axes.add_patch(
                Box((box.left, box.bottom), box.width, box.height, facecolor=fill, edgecolor=edge, linewidth=thick)
            )
            top = _label(column, at, label, step)
    if any(project.approximate for project in content.projects):
        at = top - step / 2
        ends = ([column.left + 0.5, column.left + 7.5 * growth], [at, at])
        axes.add_line(Line2D(*ends, color=INK, linewidth=1.2, linestyle=(0, (2.5, 1.8))))
        top = _label(column, at, words.approximate, step)
    if content.clusters:
        top -= 1.6 * growth
        at = top - step / 2
        draw_discs(axes, [((middle, at), {"bostad": 6, "arbetsplats": 3, "trafik": 3})], growth, zorder=5)
        top = _label(column, at, words.cluster, step)
    return top


def _label(column: Column, middle: float, text: str, step: float) -> float:
    """The words beside a sign, in up to two lines; gives where the next row begins."""
    inner = Column(column.axes, column.left + 10 * column.growth, column.width - 10 * column.growth, column.growth)
    size = 8 * column.growth
    lines = wrapped(text, size, inner.width, 2)
    high = len(lines) * size * MM_PER_POINT * LINE
    write_lines(inner.axes, inner.left, middle + high / 2, lines, size)
    return middle - max(step, high + 1) / 2


def _draw_scale(column: Column, top: float, content: PrintContent, words: PrintWords) -> float:
    """The scale in words and as a bar in two halves, with the arrow to the north (of the grid) beside it."""
    axes, growth = column.axes, column.growth
    scale, mm = content.ground.scale, content.ground.metres_per_mm
    end = column.lines(top, words.scale, 9, 1, bold=True)
    metres = bar_metres(scale, column.width - 16 * growth)
    long, bottom, high = metres / mm, end - 4.2 * growth, 1.3 * growth
    for place, colour in enumerate((INK, "white")):
        left = column.left + place * long / 2
        half = Box((left, bottom), long / 2, high, facecolor=colour, edgecolor=INK, linewidth=0.5, gid="scale")
        axes.add_patch(half)
    unit, share = ("km", 1000) if metres >= 2000 else ("m", 1)
    size = 7 * growth
    for part, value in ((0.0, 0.0), (0.5, metres / 2 / share), (1.0, metres / share)):
        text = format_count(round(value)) if float(value).is_integer() else f"{value:.1f}".replace(".", ",")
        # The number stands under its mark; the unit follows the last one.
        left = column.left + part * long - (0.0 if part == 0 else width_mm(text, size) / 2)
        write(axes, left, bottom - 3 * growth, f"{text} {unit}" if part == 1 else text, size)
    _draw_north(axes, column.left + column.width - 4 * growth, bottom - 3 * growth, growth, words.north)
    return bottom - 3.6 * growth


def _draw_north(axes: Axes, x: float, bottom: float, growth: float, letter: str) -> None:
    tip, wing = bottom + 8 * growth, 2.2 * growth
    for side, fill in ((-1, INK), (1, "white")):
        points = [(x, tip), (x + side * wing, bottom), (x, bottom + 1.8 * growth)]
        axes.add_patch(Polygon(points, facecolor=fill, edgecolor=INK, linewidth=0.6))
    write(axes, x, tip + 0.8 * growth, letter, 8 * growth, bold=True, ha="center")


def _draw_facts(column: Column, top: float, words: PrintWords) -> float:
    for fact in words.facts:
        top = column.lines(top, fact, 7.2, 3, color=FAINT)
    return top


def _draw_link(column: Column, bottom: float, words: PrintWords) -> None:
    """The code at the bottom, above it the address in full as far as there is room."""
    high = code_side(words.address, column.width, column.growth)
    if high:
        _draw_code(column.axes, column.left, bottom, words.address, high)
    lines = _address_lines(column, words)
    top = bottom + high + len(lines) * LINK_POINTS * column.growth * MM_PER_POINT * LINE + 1.2 * column.growth
    write_lines(column.axes, column.left, top, lines, LINK_POINTS * column.growth, color=FAINT, url=words.address)
    column.lines(top + 4.2 * column.growth, words.link, 8, 1, bold=True)


def _link_height(column: Column, words: PrintWords) -> float:
    lines = len(_address_lines(column, words)) * LINK_POINTS * column.growth * MM_PER_POINT * LINE
    return code_side(words.address, column.width, column.growth) + lines + 5.4 * column.growth


def _address_lines(column: Column, words: PrintWords) -> list[str]:
    return _broken(words.address, LINK_POINTS * column.growth, column.width)


def _broken(address: str, points: float, room: float) -> list[str]:
    """An address in lines that break anywhere: nothing is put in, nothing is left out."""
    lines: list[str] = []
    rest = printable(address)
    while rest and len(lines) < MOST_LINES:
        fits = bisect_right(range(1, len(rest) + 1), room, key=lambda at: width_mm(rest[:at], points))
        lines.append(rest[: max(fits, 1)])
        rest = rest[max(fits, 1) :]
    return lines


def code_side(address: str, room: float, growth: float) -> float:
    """The side of the address's QR code in millimetres; 0 where it would be too large to print."""
    if len(address) > LARGEST_CODE:
        return 0.0
    modules = len(_code(address))
    return min(max(MODULE_MM * growth * modules, 24 * growth), room * 0.98)


def _code(address: str) -> list[bytes]:
    """The rows of the code, a 1 for each dark square."""
    code = segno.make_qr(address, error="m" if len(address) < 300 else "l", encoding="utf-8")
    return [bytes(row) for row in code.matrix]


def _draw_code(axes: Axes, left: float, bottom: float, address: str, high: float) -> None:
    rows = _code(address)
    side = high / len(rows)
    dark = [
        Box((left + column * side, bottom + high - (row + 1) * side), run * side, side)
        for row, line in enumerate(rows)
        for column, run in _runs(line)
    ]
    axes.add_collection(PatchCollection(dark, facecolor="black", edgecolor="black", linewidth=0.02, antialiased=False))


def _runs(line: bytes) -> list[tuple[int, int]]:
    """Where the dark stretches of a row begin, and how long they are."""
    found, at = [], 0
    while at < len(line):
        long = len(line[at:]) - len(line[at:].lstrip(b"\x01"))
        if long:
            found.append((at, long))
        at += max(long, 1)
    return found
