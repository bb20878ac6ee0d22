"""Native charts of the workbook: they read the cells of the sheet, so that they follow what stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tracker.exports.xlsx import MNKR
from tracker.reports.workbook_book import BoardBook

SERIES = (("Budget", 2, "#9bb7c9"), ("Utfall", 3, "#005a8c"), ("Prognos", 4, "#b84e00"))
"""A name, its column in the tables of goals and parts, and its colour: the same as in the text's charts."""
WIDTH, HEIGHT = 500, 280


@dataclass(frozen=True, slots=True)
class Range:
    """Rows of a sheet, the last included."""

    top: int
    last: int


@dataclass(frozen=True, slots=True)
class Charts:
    """The charts of one sheet."""

    book: BoardBook
    sheet: Any
    name: str

    def amounts(self, title: str, rows: Range, row: int, column: int, lying: bool = False) -> None:
        """Budget, outcome and forecast for each row, the total left out; long names need bars that lie."""
        chart = self.book.book.add_chart({"type": "bar" if lying else "column"})
        last = rows.last - 1 if rows.last - rows.top > 3 else rows.last
        for label, place, colour in SERIES:
            chart.add_series(
                {
                    "name": label,
                    "categories": [self.name, rows.top, 0, last, 0],
                    "values": [self.name, rows.top, place, last, place],
                    "fill": {"color": colour},
                    "gap": 60,
                }
            )
        axis = {"num_format": MNKR, "major_gridlines": {"visible": True, "line": {"color": "#d5dbe1"}}}
        if lying:
            chart.set_y_axis({"reverse": True})
            # The axis of amounts crosses at the end that is below when the names are read from the top.
            chart.set_x_axis(axis | {"label_position": "high"})
        else:
            chart.set_y_axis(axis)
        self._insert(chart, title, row, column)

    def periods(self, count: int, figures: Range, row: int, column: int) -> None:
        """How the year went: budget, outcome and forecast by period, from the key figures."""
        chart = self.book.book.add_chart({"type": "line"})
        for place, (label, _, colour) in enumerate(SERIES):
            # The first figure is the number of projects; the three of outlay follow it.
            at = figures.top + 1 + place
            chart.add_series(
                {
                    "name": label,
                    "categories": [self.name, figures.top - 1, 1, figures.top - 1, count],
                    "values": [self.name, at, 1, at, count],
                    "line": {"color": colour, "width": 2.25},
                    "marker": {"type": ("square", "circle", "diamond")[place], "size": 7, "fill": {"color": colour}},
                }
            )
        chart.set_y_axis({"num_format": MNKR, "major_gridlines": {"visible": True, "line": {"color": "#d5dbe1"}}})
        self._insert(chart, "Utgifter från plan till utfall (mnkr)", row, column)

    def _insert(self, chart: Any, title: str, row: int, column: int) -> None:
        chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": WIDTH, "height": HEIGHT})
        self.sheet.insert_chart(row, column, chart, {"description": title, "object_position": 1})
