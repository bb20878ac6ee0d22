"""Names on a printed map: areas where there is room, the large first, and the projects' own when there are few."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import numpy as np
import shapely
from matplotlib.axes import Axes
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tracker.maps.print_content import PrintContent
from tracker.maps.print_signs import disc_mm
from tracker.maps.print_texts import FAINT, INK, MM_PER_POINT, printable, shortened, width_mm, write

FEW = 60
"""With at most this many projects their names are written beside them."""
NAME_MM = 55.0
SHIFTS = sorted(product(range(-12, 13, 3), range(-9, 10, 3)), key=lambda shift: (abs(shift[0]) + abs(shift[1]), shift))
"""Millimetres across and up from the middle of an area, the nearest first."""
BOX = tuple[float, float, float, float]


@dataclass(slots=True)
class Room:
    """What of the frame is taken, in millimetres from the lower left corner of the ground."""

    width: float
    height: float
    numbers: NDArray[np.float64]
    signs: NDArray[np.float64]
    taken: list[BOX] = field(default_factory=list)

    def cost(self, box: BOX) -> float | None:
        """How much a box would hide; None when it may not be used at all."""
        if box[0] < 0.5 or box[1] < 0.5 or box[2] > self.width - 0.5 or box[3] > self.height - 0.5:
            return None
        if any(_meet(box, other) for other in self.taken):
            return None
        x, y = self.signs[:, 0], self.signs[:, 1]
        hidden = ((x > box[0] - 1) & (x < box[2] + 1) & (y > box[1] - 1) & (y < box[3] + 1)).sum()
        d = self.numbers
        covered = ((d[:, 0] < box[2]) & (d[:, 2] > box[0]) & (d[:, 1] < box[3]) & (d[:, 3] > box[1])).sum()
        return float(hidden) + 20 * float(covered)


def draw_names(axes: Axes, content: PrintContent, growth: float) -> None:
    """Write the names of the areas, and of the projects when there are few."""
    room = _room(content)
    origin, mm = content.ground.box[:2], content.ground.metres_per_mm
    points = (8.0 if len(content.areas) < 40 else 6.5) * growth
    frame = shapely.box(*content.ground.box)
    seen = [(area, shapely.intersection(shapely.make_valid(area.shape), frame)) for area in content.areas]
    for area, shape in sorted(seen, key=lambda one: (-one[1].area, one[0].code)):
        if shape.area > 0:
            _name_area(axes, room, printable(area.name), shape, points, (*origin, mm))
    if len(content.projects) <= FEW and not content.clusters:
        _name_projects(axes, room, content, 6.5 * growth)


def _room(content: PrintContent) -> Room:
    x0, y0, x1, y1 = content.ground.box
    mm = content.ground.metres_per_mm
    numbers = []
    for one in content.clusters:
        # A name may lie over the ring of a disc, never over its number.
        x, y, r = (one.at[0] - x0) / mm, (one.at[1] - y0) / mm, disc_mm(one.count) * 0.75
        numbers.append((x - r, y - r / 2, x + r, y + r / 2))
    signs = (np.array([one.sign for one in content.projects], dtype=np.float64).reshape(-1, 2) - (x0, y0)) / mm
    boxes = np.array(numbers, dtype=np.float64).reshape(-1, 4)
    return Room((x1 - x0) / mm, (y1 - y0) / mm, boxes, signs)


def _name_area(
    axes: Axes, room: Room, name: str, shape: BaseGeometry, points: float, ground: tuple[float, float, float]
) -> None:
    x0, y0, mm = ground
    circle = shapely.maximum_inscribed_circle(shape, tolerance=mm)
    x, y = (value / mm for value in (circle.coords[0][0] - x0, circle.coords[0][1] - y0))
    wide, high = width_mm(name, points, bold=True), points * MM_PER_POINT
    if wide > 1.3 * (shape.bounds[2] - shape.bounds[0]) / mm:
        return
    best: tuple[float, BOX] | None = None
    for across, up in SHIFTS:
        at = (x + across, y + up)
        if not shape.intersects(shapely.Point(x0 + at[0] * mm, y0 + at[1] * mm)):
            continue
        box = (at[0] - wide / 2, at[1] - high / 2, at[0] + wide / 2, at[1] + high / 2)
        cost = room.cost(box)
        if cost is not None and (best is None or cost < best[0]):
            best = (cost, box)
    if best is None:
        return
    box = best[1]
    room.taken.append(box)
    middle = (x0 + (box[0] + box[2]) / 2 * mm, y0 + (box[1] + box[3]) / 2 * mm)
    write(axes, *middle, name, points, bold=True, halo=True, ha="center", va="center", color=FAINT, zorder=8)


def _name_projects(axes: Axes, room: Room, content: PrintContent, points: float) -> None:
    """Beside the sign, right, left, above or below; where there is no room the name is left out."""
    (x0, y0), mm = content.ground.box[:2], content.ground.metres_per_mm
    high = points * MM_PER_POINT
    for project, (x, y) in zip(content.projects, room.signs.copy(), strict=True):
        name = shortened(printable(project.name), points, NAME_MM)
        wide = width_mm(name, points)
        corners = (
            (x + 1.8, y - high / 2),
            (x - 1.8 - wide, y - high / 2),
            (x - wide / 2, y + 1.8),
            (x - wide / 2, y - 1.8 - high),
        )
        boxes = [(left, low, left + wide, low + high) for left, low in corners]
        costs = [(cost, at) for at, box in enumerate(boxes) if (cost := room.cost(box)) is not None and cost < 20]
        if not costs:
            continue
        left, low, _, _ = box = boxes[min(costs)[1]]
        room.taken.append(box)
        write(axes, x0 + left * mm, y0 + (low + high * 0.2) * mm, name, points, halo=True, color=INK, zorder=9)


def _meet(one: BOX, other: BOX) -> bool:
    return one[0] < other[2] and one[2] > other[0] and one[1] < other[3] and one[3] > other[1]
