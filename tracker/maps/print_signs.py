"""How kinds look on paper: the map's own colours and shapes; the shape alone tells them apart on a grey printer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Circle, Wedge

from tracker.maps.print_texts import write

KINDS = ("bostad", "arbetsplats", "trafik")
COLOURS = {"bostad": "#b84e00", "arbetsplats": "#0072b2", "trafik": "#007a5a"}
MARKERS = {"bostad": "s", "arbetsplats": "D", "trafik": "o"}
SIZES_MM = {"bostad": 2.0, "arbetsplats": 1.9, "trafik": 2.1}
OUTER, INNER = "#5b2a86", "#55606b"
OUTER_FILL, INNER_FILL = "#f5f1f9", "#e9ebed"
POINTS_PER_MM = 72 / 25.4


def draw_signs(axes: Axes, kind: str, places: Sequence[tuple[float, float]], scale: float, zorder: float) -> None:
    """Signs of a kind at places in the axes' own units; `scale` 1 is the usual size."""
    xy = np.array(places, dtype=np.float64).reshape(-1, 2)
    side = SIZES_MM.get(kind, 2.0) * scale * POINTS_PER_MM
    axes.scatter(
        xy[:, 0], xy[:, 1], s=side**2, marker=MARKERS.get(kind, "o"), c=COLOURS.get(kind, INNER),
        edgecolors="white", linewidths=0.5, zorder=zorder,
    )  # fmt: skip


def disc_mm(count: int) -> float:
    """The radius of the disc of a cluster."""
    return float(2.5 + 0.75 * np.log10(count))


def draw_discs(
    axes: Axes, discs: Sequence[tuple[tuple[float, float], dict[str, int]]], mm: float, zorder: float
) -> None:
    """White discs with a number, in a ring of the kinds' shares; `mm` is a millimetre in the axes' units."""
    for kind in KINDS:
        wedges = [
            Wedge(at, disc_mm(sum(kinds.values())) * mm, *_share(kinds, kind), width=0.75 * mm)
            for at, kinds in discs
            if kinds.get(kind)
        ]
        axes.add_collection(PatchCollection(wedges, facecolor=COLOURS[kind], linewidth=0, zorder=zorder + 0.1))
    plates = [Circle(at, disc_mm(sum(kinds.values())) * mm) for at, kinds in discs]
    axes.add_collection(PatchCollection(plates, facecolor="white", edgecolor="#1b1f24", linewidth=0.3, zorder=zorder))
    for at, kinds in discs:
        number = f"{sum(kinds.values()):,}".replace(",", "\u00a0")
        write(
            axes, *at, number, 5.2 if len(number) < 4 else 4.4, bold=True, ha="center", va="center", zorder=zorder + 1
        )


def _share(kinds: dict[str, int], kind: str) -> tuple[float, float]:
    """The part of the ring that a kind has, in degrees clockwise from the top."""
    total = sum(kinds.values())
    before = sum(kinds.get(one, 0) for one in KINDS[: KINDS.index(kind)])
    return (90 - 360 * (before + kinds[kind]) / total, 90 - 360 * before / total)
