"""A column of the margin of a printed map, in which texts and signs stand below each other."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from tracker.maps.print_texts import LINE, MM_PER_POINT, wrapped, write_lines


@dataclass(frozen=True, slots=True)
class Column:
    """Its left edge and width in millimetres, and `growth`, how much larger than on A4 all is."""

    axes: Axes
    left: float
    width: float
    growth: float

    def lines(self, top: float, text: str, points: float, most: int, **options: object) -> float:
        """A text in as many lines as it needs; gives where it ends."""
        size = points * self.growth
        chosen = wrapped(text, size, self.width, most, bold=bool(options.get("bold")))
        return write_lines(self.axes, self.left, top, chosen, size, **options)

    def label(self, top: float, step: float, text: str, points: float = 8, sign: float = 8.0) -> tuple[float, float]:
        """The words beside a sign, in up to two lines; gives the middle of the row and where the next one begins.

        `sign`: how wide the sign is, on A4.
        """
        beside = (sign + 2) * self.growth
        size = points * self.growth
        lines = wrapped(text, size, self.width - beside, 2)
        high = len(lines) * size * MM_PER_POINT * LINE
        room = max(step, high + 0.6 * self.growth)
        write_lines(self.axes, self.left + beside, top - (room - high) / 2, lines, size)
        return top - room / 2, top - room
