"""What stands around a printed map: heading, legend, scale, north arrow, facts, and the way back to the web."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from matplotlib.patches import Rectangle as Box

from tracker.maps.print_columns import Column
from tracker.maps.print_content import PrintContent
from tracker.maps.print_legend import draw_legend, draw_theme
from tracker.maps.print_link import draw_link, link_height
from tracker.maps.print_sheets import FOOT, GAP, bar_metres
from tracker.maps.print_texts import FAINT, INK, printable, width_mm, write
from tracker.maps.print_words import PrintWords
from tracker.money import format_count


def draw_margins(axes: Axes, content: PrintContent, words: PrintWords) -> None:
    """Draw on axes of the whole sheet, in millimetres from its lower left corner."""
    sheet = content.sheet
    _draw_heading(Column(axes, sheet.heading.left, sheet.heading.width, sheet.paper.growth), sheet.heading.top, words)
    if sheet.lying:
        _draw_beside(axes, content, words)
    else:
        _draw_below(axes, content, words)


def _draw_beside(axes: Axes, content: PrintContent, words: PrintWords) -> None:
    """All in one column beside the map, and the facts in small letters under it."""
    sheet, growth = content.sheet, content.sheet.paper.growth
    column = Column(axes, sheet.legend.left, sheet.legend.width, growth)
    top = draw_legend(column, sheet.legend.top, content, words)
    top = draw_theme(column, top - 2 * growth, words)
    top = _draw_scale(column, top - 3.5 * growth, content, words)
    draw_link(column, sheet.legend.bottom, top - 3 * growth - sheet.legend.bottom, words)
    foot = Column(axes, sheet.frame.left, sheet.frame.width, growth)
    foot.lines(sheet.frame.bottom - (FOOT - 5.6) * growth, " ".join(words.facts), 6.4, 2, color=FAINT)


def _draw_below(axes: Axes, content: PrintContent, words: PrintWords) -> None:
    """Columns under the map: signs, theme if there is one, scale and facts, and the way back."""
    sheet, room = content.sheet, content.sheet.legend
    count = 4 if words.theme else 3
    wide = (room.width - (count - 1) * GAP) / count
    columns = [Column(axes, room.left + at * (wide + GAP), wide, sheet.paper.growth) for at in range(count)]
    draw_legend(columns[0], room.top, content, words)
    draw_theme(columns[1], room.top, words)
    top = _draw_scale(columns[-2], room.top, content, words) - 2 * sheet.paper.growth
    for fact in words.facts:
        top = columns[-2].lines(top, fact, 7.2, 3, color=FAINT)
    draw_link(columns[-1], room.top - link_height(columns[-1], room.height, words), room.height, words)


def _draw_heading(column: Column, top: float, words: PrintWords) -> None:
    title = printable(words.title, bold=True)
    write(column.axes, column.left, top - 6 * column.growth, title, 17 * column.growth, bold=True)
    if words.warning:
        write(column.axes, column.left + column.width, top - 5 * column.growth, printable(words.warning, bold=True),
              8 * column.growth, bold=True, ha="right", color="#a4262c")  # fmt: skip
    column.lines(top - 7.8 * column.growth, words.line, 9, 2)


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
