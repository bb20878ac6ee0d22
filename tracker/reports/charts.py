"""Charts for the report in words, as PNG: the same numbers give the same bytes with the same matplotlib."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from tracker.money import format_count
from tracker.reports.prose import told

BUDGET, OUTCOME, FORECAST = "#9bb7c9", "#005a8c", "#b84e00"
OUTER, INNER = "#5b2a86", "#8a939c"
ORE_PER_MNKR = 100_000_000
INCHES, DPI, LABEL = 6.3, 200, 34


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of values in whole öre, one for each label; None is a bar that is not there."""

    name: str
    colour: str
    values: tuple[int | None, ...]


def bars(labels: Sequence[str], series: Sequence[Series]) -> bytes:
    """Lying bars in mnkr, the first label at the top, the series beside each other."""
    height = 0.75 + (0.115 * len(series) + 0.1) * len(labels)
    figure, axes = _figure(height)
    thick = 0.8 / len(series)
    for place, one in enumerate(series):
        known = [(at, value) for at, value in enumerate(one.values) if value is not None]
        at = [row + (place - (len(series) - 1) / 2) * thick for row, _ in known]
        axes.barh(at, [value / ORE_PER_MNKR for _, value in known], thick * 0.92, color=one.colour, label=one.name)
    axes.set_yticks(range(len(labels)), [_short(label) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.xaxis.set_major_formatter(FuncFormatter(_number))
    axes.set_xlabel("mnkr", loc="right")
    axes.grid(axis="x", color="#d5dbe1", linewidth=0.6)
    return _png(figure, legend=len(series) > 1)


def coloured_bars(
    labels: Sequence[str], values: Sequence[int], colours: Sequence[str], legend: dict[str, str]
) -> bytes:
    """Lying bars in mnkr, each of its own colour; `legend` says what the colours mean."""
    figure, axes = _figure(0.75 + 0.22 * len(labels))
    axes.barh(range(len(labels)), [value / ORE_PER_MNKR for value in values], 0.7, color=list(colours))
    for name, colour in legend.items():
        axes.barh([0], [0], color=colour, label=name)
    axes.set_yticks(range(len(labels)), [_short(label) for label in labels])
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.xaxis.set_major_formatter(FuncFormatter(_number))
    axes.set_xlabel("mnkr", loc="right")
    axes.grid(axis="x", color="#d5dbe1", linewidth=0.6)
    return _png(figure, legend=True)


def lines(labels: Sequence[str], series: Sequence[Series]) -> bytes:
    """Lines over periods in mnkr, with a mark for each value that is given."""
    figure, axes = _figure(2.2)
    for one, mark in zip(series, "sod", strict=False):
        known = [(at, value / ORE_PER_MNKR) for at, value in enumerate(one.values) if value is not None]
        if known:
            axes.plot(*zip(*known, strict=True), color=one.colour, marker=mark, linewidth=1.8, label=one.name)
    axes.set_xticks(range(len(labels)), list(labels))
    low, high = axes.get_ylim()
    axes.set_ylim(min(0, low), high + (high - min(0, low)) * 0.08)
    axes.yaxis.set_major_formatter(FuncFormatter(_number))
    axes.set_ylabel("mnkr")
    axes.grid(axis="y", color="#d5dbe1", linewidth=0.6)
    return _png(figure, legend=True)


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(INCHES, height), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8, length=0)
    axes.xaxis.label.set_fontsize(8)
    axes.yaxis.label.set_fontsize(8)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#8a939c")
    return figure, axes


def _png(figure: Figure, legend: bool) -> bytes:
    if legend:
        figure.legend(loc="outside lower center", ncols=4, fontsize=8, frameon=False)
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=DPI, metadata={"Software": None})
    return data.getvalue()


def _number(value: float, _: object) -> str:
    """A mark of an axis: whole numbers with spaces, else one decimal with a comma."""
    if float(value).is_integer():
        return format_count(int(value))
    return f"{value:.1f}".replace(".", ",").replace("-", "−")


def _short(label: str) -> str:
    """A label that leaves room for the bars; a dollar sign would begin a formula."""
    text = told(label).replace("$", r"\$")
    return text if len(text) <= LABEL else f"{text[: LABEL - 1].rstrip()}…"
