"""A report as pages show it: one amount as a matrix, the projects behind a cell, the sums of every year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.apportion import IntArray
from tracker.contribution.amounts import AMOUNTS, Amount, Money
from tracker.contribution.details import projects_behind
from tracker.contribution.places import Column, ColumnKind
from tracker.contribution.reckoning import CountedProject, YearSums
from tracker.contribution.rows import Row
from tracker.contribution.rules import AreaBasis
from tracker.errors import NotFoundError
from tracker.exports.asking import PROJECT_COUNT
from tracker.exports.report import Report
from tracker.messages import message
from tracker.money import format_count, format_kronor, format_mnkr
from tracker.projects.secrecy import Secret, sign

NOTHING = "–"
UNIT_WORDS = {"mnkr": "mnkr", "kr": "kr", "st": message("st"), "projekt": message("projekt")}
"""What a unit is called on a page."""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row with its cells as text; "–" where no project is."""

    row: Row
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """One amount of a report. `unit` is "mnkr", "st" or "projekt"."""

    label: str
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[MatrixRow, ...]
    total: MatrixRow

    @property
    def unit_word(self) -> str:
        """The unit as the page says it."""
        return UNIT_WORDS[self.unit]


@dataclass(frozen=True, slots=True)
class BehindLine:
    """A project behind a cell with what it brings, exact."""

    project: CountedProject
    basis: AreaBasis
    part: float
    amount: str


@dataclass(frozen=True, slots=True)
class BehindPage:
    """The projects behind a cell: they add up to `total`, which is the cell."""

    row: Row
    column: Column
    label: str
    unit: str
    lines: tuple[BehindLine, ...]
    total: str


def amount_index(shown: str) -> int | None:
    """The place of an amount in AMOUNTS, or None for the number of projects."""
    return None if shown == PROJECT_COUNT else next(at for at, one in enumerate(AMOUNTS) if one.key == shown)


def matrix(report: Report, shown: str, only_sums: bool) -> Matrix:
    """The chosen amount over rows and columns; areas that cannot be split are shown where there are any."""
    reckoning = report.reckoning
    cube, place = reckoning.cube, amount_index(shown)
    everywhere = cube.projects[cube.rows.root]
    inner = [at for at, one in enumerate(reckoning.places.columns) if _is_shown(one, int(everywhere[at]), only_sums)]
    # A wide table scrolls: the total stands first, beside the names of the rows.
    shown_at = [inner[-1], *inner[:-1]]
    rows = [
        MatrixRow(row, tuple(_cell(report, node, at, place) for at in shown_at))
        for node, row in enumerate(reckoning.rows.rows)
    ]
    return Matrix(
        label=message("Antal projekt") if place is None else AMOUNTS[place].label,
        unit=_unit(place),
        columns=tuple(reckoning.places.columns[at] for at in shown_at),
        rows=tuple(rows[:-1]),
        total=rows[-1],
    )


def _is_shown(column: Column, projects: int, only_sums: bool) -> bool:
    if column.kind is ColumnKind.UNDIVIDED and not projects:
        return False
    return not (only_sums and column.kind in (ColumnKind.AREA, ColumnKind.UNDIVIDED))


def _unit(place: int | None) -> str:
    if place is None:
        return "projekt"
    return "mnkr" if isinstance(AMOUNTS[place], Money) else "st"


def _cell(report: Report, row: int, column: int, place: int | None) -> str:
    cube = report.reckoning.cube
    projects = cube.project_count(row, column)
    if not projects:
        return NOTHING
    if place is None:
        return format_count(projects)
    return rounded(AMOUNTS[place], cube.amount(row, column, place))


def rounded(amount: Amount, number: int) -> str:
    """Million kronor with one decimal, or a count."""
    return format_mnkr(number) if isinstance(amount, Money) else format_count(number)


def exact(amount: Amount, number: int) -> str:
    """Kronor with two decimals, or a count."""
    return format_kronor(number, 2) if isinstance(amount, Money) else format_count(number)


def behind(report: Report, shown: str, row_key: str, column_key: str) -> BehindPage:
    """The projects behind a cell. Raises NotFoundError for a row or column that the editions do not have."""
    reckoning = report.reckoning
    rows, columns, cube = reckoning.rows.rows, reckoning.places.columns, reckoning.cube
    row = _place_of([one.key for one in rows], row_key)
    column = _place_of([one.key for one in columns], column_key)
    found = projects_behind(reckoning.details, cube.rows, cube.columns, report.rule, row, column)
    place = amount_index(shown)
    amount = AMOUNTS[place or 0]
    numbers = found.amounts[:, place or 0].tolist()
    lines = tuple(
        BehindLine(
            reckoning.projects[at],
            reckoning.basis[at],
            part * 100,
            "" if place is None else _brought(amount, reckoning.projects[at], number),
        )
        for at, part, number in zip(found.project.tolist(), found.part.tolist(), numbers, strict=True)
    )
    total = format_count(len(lines)) if place is None else exact(amount, sum(numbers))
    unit = UNIT_WORDS[{"projekt": "projekt", "mnkr": "kr", "st": "st"}[_unit(place)]]
    return BehindPage(rows[row], columns[column], "" if place is None else amount.label, unit, lines, total)


def _brought(amount: Amount, project: CountedProject, number: int) -> str:
    """What a project brings to a cell, or what stands in its place."""
    ground = project.hidden.get(Secret.FIGURES if isinstance(amount, Money) else Secret.VOLUMES)
    return sign(ground) if ground else exact(amount, number)


def _place_of(keys: list[str], key: str) -> int:
    if key not in keys:
        raise NotFoundError(message("Rapporten har ingen rad eller kolumn ”%(key)s”.", key=key))
    return keys.index(key)


@dataclass(frozen=True, slots=True)
class YearTable:
    """Goal rows × years of one amount in all areas, in million kronor; the last row is the total."""

    years: tuple[int, ...]
    rows: tuple[MatrixRow, ...]


def year_table(sums: YearSums, place: int) -> YearTable:
    """The sums of every year over all areas."""
    table: IntArray = np.asarray(sums.amounts[:, sums.places.tree.root, :, place])
    rows = (
        MatrixRow(row, tuple(format_mnkr(number) if number else NOTHING for number in table[node].tolist()))
        for node, row in enumerate(sums.rows.rows)
    )
    return YearTable(sums.years, tuple(rows))


@dataclass(frozen=True, slots=True)
class ControlRow:
    """A line of the reconciliation, exact, as text."""

    label: str
    unit: str
    portfolio: str
    over_goals: str
    over_areas: str
    difference: str


def control(report: Report) -> tuple[ControlRow, ...]:
    """The reconciliation of every amount with the register."""
    rows = []
    for line in report.control:
        write = (lambda number: format_kronor(number, 2)) if line.unit == "kr" else format_count
        numbers = (line.portfolio, line.over_goals, line.over_areas, line.difference)
        rows.append(ControlRow(line.label, UNIT_WORDS[line.unit], *(write(number) for number in numbers)))
    return tuple(rows)
