"""The address of a printed map, written out and as a QR code, with which a paper leads back to the living map."""

from __future__ import annotations

from bisect import bisect_right

import segno
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle as Box

from tracker.maps.print_columns import Column
from tracker.maps.print_texts import FAINT, LINE, MM_PER_POINT, printable, width_mm, write_lines
from tracker.maps.print_words import PrintWords

MODULE_MM = 0.42
"""A square of the code, so large that a telephone reads it."""
SMALLEST_MM, SMALLEST_MODULE_MM = 24.0, 0.3
LINK_POINTS = 6.2
HEADING_MM = 5.4
LARGEST_CODE = 1_600
"""Characters; a longer address is only written out."""


def link_height(column: Column, room: float, words: PrintWords) -> float:
    """How high code and address are, never more than the room."""
    return _code_side(column, room, words) + _lines_height(column, room, words) + HEADING_MM * column.growth


def draw_link(column: Column, bottom: float, room: float, words: PrintWords) -> None:
    """The code at the bottom, above it the address, as much of it as there is room for."""
    growth, high = column.growth, _code_side(column, room, words)
    if high:
        _draw_code(column.axes, column.left, bottom, words.address, high)
    top = bottom + high + _lines_height(column, room, words) + 1.2 * growth
    lines = _lines(column, room, words)
    write_lines(column.axes, column.left, top, lines, LINK_POINTS * growth, color=FAINT, url=words.address)
    column.lines(top + 4.2 * growth, words.link, 8, 1, bold=True)


def _code_side(column: Column, room: float, words: PrintWords) -> float:
    """The side of the code in millimetres; 0 where it could not be read."""
    if len(words.address) > LARGEST_CODE:
        return 0.0
    modules = len(_code(words.address))
    side = max(MODULE_MM * modules, SMALLEST_MM) * column.growth
    side = min(side, column.width * 0.98, room - HEADING_MM * column.growth - _line_height(column))
    return side if side >= SMALLEST_MODULE_MM * modules else 0.0


def _line_height(column: Column) -> float:
    return LINK_POINTS * column.growth * MM_PER_POINT * LINE


def _lines_height(column: Column, room: float, words: PrintWords) -> float:
    return len(_lines(column, room, words)) * _line_height(column)


def _lines(column: Column, room: float, words: PrintWords) -> list[str]:
    """The address in lines that break anywhere: nothing is put in; dots where there is no more room."""
    points, rest = LINK_POINTS * column.growth, printable(words.address)
    lines: list[str] = []
    left = room - HEADING_MM * column.growth - _code_side(column, room, words)
    most = max(1, int(left / _line_height(column)))
    while rest and len(lines) < most:
        fits = bisect_right(range(1, len(rest) + 1), column.width, key=lambda at: width_mm(rest[:at], points))
        lines.append(rest[: max(fits, 1)])
        rest = rest[max(fits, 1) :]
    if rest:
        lines[-1] = f"{lines[-1][:-1]}…"
    return lines


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
