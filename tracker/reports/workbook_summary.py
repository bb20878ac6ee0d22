"""The sheet Sammanfattning: what was counted and how, key figures by period, goals and parts of the city, charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.contribution.places import ColumnKind
from tracker.exports.tables import Cell, Field, Level, Line, Table
from tracker.reports.counted import Counted
from tracker.reports.keyfigures import Unit, key_figures
from tracker.reports.rounding import DEVIATION_RULE, NOTE
from tracker.reports.workbook_book import BoardBook, fit_width
from tracker.reports.workbook_charts import Charts, Range
from tracker.reports.workbook_matrix import ALWAYS
from tracker.reports.workbook_projects import as_mnkr

NAME = "Sammanfattning"
COLUMNS = 7
PARTS = (
    "vasterort", "soderort", "ytterstaden", "innerstad", ColumnKind.WHOLE_CITY.value, ColumnKind.OUTSIDE.value,
    ColumnKind.UNLOCATED.value, ColumnKind.ALL.value,
)  # fmt: skip


def add_summary(book: BoardBook, counted: Counted) -> None:
    """Write the sheet from the top; the charts come last, from the cells above."""
    widths = [46, *[14] * COLUMNS]
    sheet = book.sheet(NAME, widths)
    row = book.write_heading(sheet, (*counted.report.heading, ("Avrundning", NOTE), ("Tecken", DEVIATION_RULE)))
    figures = _figures(book, sheet, row, counted)
    goals = _goals(book, sheet, figures.last + 2, counted)
    parts = _parts(book, sheet, goals.last + 2, counted)
    # So that the key figures and the goals stand on one page, the parts of the city and the charts on the next.
    fit_width(sheet, widths, 68)
    sheet.set_h_pagebreaks([goals.last + 2])
    charts, below = Charts(book, sheet, NAME), parts.last + 2
    charts.amounts("Utgifter per mål (mnkr)", goals, below, 0, lying=True)
    charts.amounts("Utgifter per del av staden (mnkr)", Range(parts.top, parts.top + 3), below, 3)
    if len(counted.periods) > 1 and has_outlays(counted):
        charts.periods(len(counted.periods), figures, below + 15, 0)


def has_outlays(counted: Counted) -> bool:
    """Whether the key figures hold budget, outcome and forecast of outlays, so that a chart can show them."""
    labels = [one.label for one in key_figures(counted)]
    return labels[1:4] == ["Utgifter, budget", "Utgifter, utfall", "Utgifter, prognos"]


def _figures(book: BoardBook, sheet: Any, row: int, counted: Counted) -> Range:
    """The key figures with a column for each period."""
    lines = [
        Line(
            Level.DETAIL,
            (
                f"{one.label} ({one.unit})",
                *(as_mnkr(n) if one.unit is Unit.MNKR else ("" if n is None else n) for n in one.values),
            ),
        )
        for one in key_figures(counted)
    ]
    return _section(book, sheet, row, "Nyckeltal", [one.period.key for one in counted.periods], lines)


def _section(book: BoardBook, sheet: Any, row: int, title: str, labels: Sequence[str], lines: Sequence[Line]) -> Range:
    """A table under its title; answers where its lines are."""
    fields = (Field("", 46), *(Field(label, 14, number=True) for label in labels))
    after = book.write_section(sheet, row, Table(title, fields, lines))
    return Range(after - len(lines), after - 1)


LABELS = (
    "Antal projekt", "Utgift budget (mnkr)", "Utgift utfall (mnkr)", "Utgift prognos (mnkr)",
    "Avvikelse utgift (mnkr)", "Bostäder planerade", "Bostäder färdigställda",
)  # fmt: skip


def _cells(counted: Counted, row: int, column: int) -> tuple[Cell, ...]:
    keys = ("utgift-budget", "utgift-utfall", "utgift-prognos")
    money = [as_mnkr(counted.amount(row, column, key)) for key in keys]
    counts = [counted.amount(row, column, key) for key in ("bostader-planerade", "bostader-fardiga")]
    dwellings = ["" if number is None else number for number in counts]
    return (counted.project_count(row, column), *money, as_mnkr(counted.deviation(row, column)), *dwellings)


def _goals(book: BoardBook, sheet: Any, row: int, counted: Counted) -> Range:
    """The goals and the rows that no goal covers, with the total."""
    nodes = [at for at, one in enumerate(counted.reckoning.rows.rows) if one.depth == 1]
    wanted = [(Level.DETAIL, at) for at in nodes] + [(Level.TOTAL, counted.every_row)]
    lines = [
        Line(level, (counted.row(at).label, *_cells(counted, at, counted.every_column)))
        for level, at in wanted
        if counted.row(at).kind in ALWAYS or counted.project_count(at, counted.every_column)
    ]
    return _section(book, sheet, row, f"Per mål, räkneregel {counted.rule.term}", LABELS, lines)


def _parts(book: BoardBook, sheet: Any, row: int, counted: Counted) -> Range:
    """Inner city against outer city, and what lies in neither."""
    labels = {"vasterort": "Västerort", "soderort": "Söderort", "innerstad": "Innerstaden"}
    lines = []
    for key in PARTS:
        at = counted.column_of(key)
        level = {"ytterstaden": Level.SUBTOTAL, ColumnKind.ALL.value: Level.TOTAL}.get(key, Level.DETAIL)
        label = labels.get(key) or counted.reckoning.places.columns[at].label
        lines.append(Line(level, (label, *_cells(counted, counted.every_row, at))))
    return _section(book, sheet, row, f"Per del av staden, räkneregel {counted.rule.term}", LABELS, lines)
