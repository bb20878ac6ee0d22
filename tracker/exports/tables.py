"""The tables of a contribution report, the same for every format: typed cells, and what kind of line each is.

A cell is text, an int (a number of things), a Decimal (kronor, always two decimals) or a float (percent).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tracker.contribution.amounts import AMOUNTS, Amount, Money
from tracker.contribution.details import Details
from tracker.contribution.places import Column, ColumnKind
from tracker.contribution.reckoning import CountedProject
from tracker.contribution.rows import Row
from tracker.exports.report import ControlLine, Report
from tracker.projects.secrecy import Secret, listed
from tracker.projects.vocabulary import WHOLE

Cell = str | int | Decimal | float
PERCENT_DECIMALS = 4
INDENT = "    "
LINES_AT_A_TIME = 2_000


class Level(StrEnum):
    """What a line is: amounts may be added over DETAIL lines only."""

    DETAIL = "Detalj"
    SUBTOTAL = "Delsumma"
    TOTAL = "Totalt"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a table; `width` in characters; a column of numbers has its label to the right where it is shown."""

    label: str
    width: float
    number: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line: as many cells as the table has fields."""

    level: Level
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its lines in order; `lines` may be read once only."""

    name: str
    fields: tuple[Field, ...]
    lines: Iterable[Line]


AMOUNT_FIELDS = tuple(
    Field(f"{amount.label} ({amount.unit})", 19 if amount.unit == "kr" else 15, number=True) for amount in AMOUNTS
)
PLACE_FIELDS = (Field("Del av staden", 15), Field("Region", 13), Field("Område", 25))


def contribution_table(report: Report) -> Table:
    """Goal row × column with every amount: the cells that any project touches, and always the totals."""
    fields = (Field("Rad", 10), Field("Mål", 38), Field("Aspekt", 36), *PLACE_FIELDS, Field("Antal projekt", 9))
    return Table("Bidrag", (*fields, *AMOUNT_FIELDS), _contribution_lines(report))


def _contribution_lines(report: Report) -> Iterator[Line]:
    cube, places = report.reckoning.cube, report.reckoning.places
    for node, row in enumerate(report.reckoning.rows.rows):
        for at, column in enumerate(places.columns):
            number = cube.project_count(node, at)
            if number or (node == cube.rows.root and at == cube.columns.root):
                amounts = (cell(amount, number) for amount, number in zip(AMOUNTS, cube.amounts[node, at], strict=True))
                words = (level_of(row, column).value, *row_words(row), *column_words(column))
                yield Line(level_of(row, column), (*words, number, *amounts))


def level_of(row: Row, column: Column) -> Level:
    """What kind of line a row × column is."""
    if row.depth == 0 and column.kind is ColumnKind.ALL:
        return Level.TOTAL
    return Level.DETAIL if row.detail and column.detail else Level.SUBTOTAL


def row_words(row: Row) -> tuple[str, str]:
    """Mål and Aspekt of a row; a sum says so in the lower of them."""
    return row.goal, row.aspect or ("" if row.detail or row.depth == 0 else "Alla aspekter")


def column_words(column: Column) -> tuple[str, str, str]:
    """Del av staden, Region and Område of a column."""
    return column.part, column.region, column.label


def cell(amount: object, number: int) -> Cell:
    """A number of an amount of a report: kronor from whole öre, or a count."""
    return kronor(int(number)) if getattr(amount, "unit", "") == "kr" else int(number)


def kronor(ore: int) -> Decimal:
    """Whole öre as kronor with two decimals."""
    return Decimal(ore).scaleb(-2)


def control_table(report: Report) -> Table:
    """The report against the register, one line for each amount."""
    fields = (
        Field("Mått", 30), Field("Enhet", 7), Field("I registret, alla finansiärer", 22), Field("Portföljen", 22),
        Field("Rapportens totalsumma", 22), Field("Summa över mål", 22), Field("Summa över områden", 22),
        Field("Summa av projektraderna", 22), Field("Differens", 14), Field("Räknat flera gånger, mål", 22),
        Field("Räknat flera gånger, områden", 22),
    )  # fmt: skip
    return Table("Avstämning", fields, (_control_line(line) for line in report.control))


def _control_line(line: ControlLine) -> Line:
    numbers = (
        line.registered, line.portfolio, line.total, line.over_goals, line.over_areas, line.over_details,
        line.difference, line.over_goals - line.total, line.over_areas - line.total,
    )  # fmt: skip
    return Line(Level.DETAIL, (line.label, line.unit, *(cell(line, number) for number in numbers)))


def project_table(report: Report) -> Table:
    """The projects behind each detail line of Bidrag; the last line is the total of the report."""
    fields = (
        Field("Kod", 12), Field("Projekt", 40), Field("Slag", 12), Field("Skede", 16), Field("Mål", 34),
        Field("Aspekt", 34), *PLACE_FIELDS, Field("Andelsgrund", 14), Field("Andel (%)", 10), *AMOUNT_FIELDS,
        Field("Stadens andel (%)", 10), Field("Publicering", 12), Field("Sekretess", 10), Field("Exempelvärden", 10),
        Field("Sekretessbelagda uppgifter", 24),
    )  # fmt: skip
    return Table("Projekt", fields, _project_lines(report))


def _project_lines(report: Report) -> Iterator[Line]:
    reckoning = report.reckoning
    details, rows, columns = reckoning.details, reckoning.rows.rows, reckoning.places.columns
    for project, row, column, part, amounts in _plain_lines(details):
        one = reckoning.projects[project]
        head = (one.code, one.name, one.kind.label, one.phase.label)
        tail = (
            "" if Secret.FIGURES in one.hidden else percent(one.city_share / WHOLE), one.publication.label,
            "Ja" if one.confidential else "Nej", "Ja" if one.example_values else "Nej",
            listed({**one.hidden, **one.marks}),
        )  # fmt: skip
        where = (*row_words(rows[row]), *column_words(columns[column]), reckoning.basis[project].term)
        numbers = (
            "" if hides(amount, one) else cell(amount, number) for amount, number in zip(AMOUNTS, amounts, strict=True)
        )
        yield Line(Level.DETAIL, (*head, *where, percent(part), *numbers, *tail))
    cube = reckoning.cube
    total = cube.amounts[cube.rows.root, cube.columns.root].tolist()
    numbers = (cell(amount, number) for amount, number in zip(AMOUNTS, total, strict=True))
    yield Line(Level.TOTAL, ("Totalt", f"{len(reckoning.projects)} projekt", *[""] * 8, "", *numbers, *[""] * 5))


def _plain_lines(details: Details) -> Iterator[tuple[int, int, int, float, list[int]]]:
    """Project, row, column, part and amounts of each line as plain numbers, of which few are there at a time."""
    for first in range(0, len(details), LINES_AT_A_TIME):
        lines = slice(first, first + LINES_AT_A_TIME)
        columns = (details.project, details.row, details.column, details.part, details.amounts)
        yield from zip(*(one[lines].tolist() for one in columns), strict=True)


def hides(amount: Amount, project: CountedProject) -> bool:
    """Whether the amount of the project is confidential for the report's audience: its cell is empty, never 0."""
    return (Secret.FIGURES if isinstance(amount, Money) else Secret.VOLUMES) in project.hidden


def percent(part: float) -> float:
    """A part of one in percent."""
    return round(part * 100, PERCENT_DECIMALS)


def matrix_tables(report: Report) -> Iterator[Table]:
    """Goal rows × columns of one amount each, for those amounts that are anywhere."""
    cube, columns = report.reckoning.cube, report.reckoning.places.columns
    everywhere = cube.projects[cube.rows.root]
    shown = [at for at, one in enumerate(columns) if one.kind is not ColumnKind.UNDIVIDED or everywhere[at]]
    fields = (Field("Mål", 44), *(Field(columns[at].label, 17) for at in shown))
    for place, amount in enumerate(AMOUNTS):
        if cube.amounts[:, :, place].any():
            yield Table(f"{amount.label} ({amount.unit})", fields, _matrix_lines(report, shown, place))


def _matrix_lines(report: Report, shown: Sequence[int], place: int) -> Iterator[Line]:
    cube = report.reckoning.cube
    for node, row in enumerate(report.reckoning.rows.rows):
        level = Level.TOTAL if row.depth == 0 else Level.DETAIL if row.detail else Level.SUBTOTAL
        numbers = (cell(AMOUNTS[place], cube.amount(node, at, place)) for at in shown)
        yield Line(level, (f"{INDENT * (row.depth - 1)}{row.label}", *numbers))
