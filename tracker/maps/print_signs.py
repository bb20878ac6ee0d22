"""How kinds look on paper: the map's own colours and shapes; the shape alone tells them apart on a grey printer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_rgba
from matplotlib.patches import Circle, Wedge

from tracker.maps.print_texts import write

KINDS = ("bostad", "arbetsplats", "trafik")
COLOURS = {"bostad": "#b84e00", "arbetsplats": "#0072b2", "trafik": "#007a5a"}
MARKERS = {"bostad": "s", "arbetsplats": "D", "trafik": "o"}
SIZES_MM = {"bostad": 2.0, "arbetsplats": 1.9, "trafik": 2.1}
OUTER, INNER = "#5b2a86", "#55606b"
OUTER_FILL, INNER_FILL = "#f5f1f9", "#e9ebed"
POINTS_PER_MM = 72 / 25.4


TONES = {
    0: "#ffffff", 1: "#a8ddfc", 2: "#51b5ea", 3: "#1d8cbe", 4: "#026790", 5: "#004361",
    -1: "#fed1b4", -2: "#ed9658", -3: "#c16e2d", -4: "#974c00", -5: "#653000",
}  # fmt: skip
"""Of the theme's classes; those below zero are dotted too."""
HATCH = "#8a939c"


@dataclass(frozen=True, slots=True)
class Dress:
    """How the signs of a state in a year differ from the usual ones: never by colour alone."""

    size: float = 1.0
    hollow: bool = False
    dotted: bool = False
    alpha: float = 1.0
    fill: float = 0.3
    known: bool = True


DRESSES = {
    "": Dress(),
    "pagar": Dress(),
    "planerat": Dress(hollow=True, fill=0.04),
    "klart": Dress(size=1.15, dotted=True, fill=0.55),
    "tidigare": Dress(size=0.75, alpha=0.5, fill=0.1),
    "okant": Dress(size=0.6, hollow=True, fill=0.02, known=False),
}
"""By the words of times.State."""


def draw_signs(
    axes: Axes,
    kind: str,
    places: Sequence[tuple[float, float]],
    scale: float,
    zorder: float,
    state: str = "",
    colour: str = "",
) -> None:
    """Signs of a kind, in a state, at places in the axes' own units; `scale` 1 is the usual size."""
    dress = DRESSES[state]
    xy = np.array(places, dtype=np.float64).reshape(-1, 2)
    side = SIZES_MM.get(kind, 2.0) * scale * dress.size * POINTS_PER_MM
    ink = colour or COLOURS.get(kind, INNER)
    edge = (ink if dress.known else INNER) if dress.hollow else "white"
    axes.scatter(
        xy[:, 0], xy[:, 1], s=side**2, marker=MARKERS.get(kind, "o"), c="white" if dress.hollow else ink,
        edgecolors=edge, linewidths=side * (0.16 if dress.hollow else 0.09), alpha=dress.alpha, zorder=zorder,
    )  # fmt: skip
    if dress.dotted:
        axes.scatter(
            xy[:, 0], xy[:, 1], s=(side * 0.36) ** 2, marker="o", c="white", linewidths=0, zorder=zorder + 0.05
        )


def tone_style(tone: int | None) -> dict[str, Any]:
    """How a class of a theme is filled; None is what is not known, and is hatched as on the screen."""
    if tone is None:
        return {"facecolor": "white", "edgecolor": HATCH, "hatch": "////"}
    below = {"hatch": "..", "edgecolor": TONES[-1]} if tone < 0 else {"edgecolor": "none"}
    return {"facecolor": TONES[tone], **below}


def circle(middle: tuple[float, float], radius: float, *, below: bool) -> Circle:
    """A circle of a theme; dashed for a value below zero."""
    hue = -1 if below else 1
    rgba = to_rgba(TONES[3 * hue], 0.55)
    return Circle(
        middle, radius, facecolor=rgba, edgecolor=TONES[5 * hue], linewidth=0.9, linestyle="--" if below else "-",
        zorder=2.5,
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
