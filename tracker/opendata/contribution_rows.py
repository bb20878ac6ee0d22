"""The cells of a contribution report as tidy rows: one value each, with everything that names it in columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tracker.contribution.amounts import AMOUNTS, Money
from tracker.contribution.material import Material
from tracker.contribution.places import Column
from tracker.contribution.reckoning import Reckoning, reckon_material
from tracker.contribution.rows import Row as GoalRow
from tracker.contribution.rules import CountingRule
from tracker.exports.tables import column_words, level_of, row_words

NOT_PUBLIC = ("outcome_ore", "forecast_ore")
PROJECT_COUNT = "antal-projekt"
MEASURES = {
    PROJECT_COUNT: ("Antal projekt", "projekt"),
    **{one.key: (one.label, "öre" if isinstance(one, Money) else "st") for one in AMOUNTS},
}
"""Every measure: its word, label and unit."""
PUBLIC_MEASURES = (PROJECT_COUNT, *(one.key for one in AMOUNTS if one.column not in NOT_PUBLIC))
"""Those that anybody may have."""


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a report: whole öre, or a count. `goal` and `area` are the keys of the report's row and column.

    `level` is "detalj", "delsumma" or "totalt": by the rule fördelad, the details of a measure add up to its total.
    """

    level: str
    goal: str
    goal_name: str
    aspect_name: str
    area: str
    part: str
    region: str
    area_name: str
    measure: str
    value: int


@dataclass(frozen=True, eq=False, slots=True)
class Counted:
    """A report and what of it is told: with `every` also outcomes and forecasts."""

    reckoning: Reckoning
    rule: CountingRule
    every: bool

    @classmethod
    def of(cls, material: Material, rule: CountingRule, *, every: bool) -> Counted:
        """Reckon frozen facts by a rule."""
        return cls(reckon_material(material, rule), rule, every)


def rows_of(counted: Counted) -> Iterator[Row]:
    """Each number of the cells that any project touches, in order of reading; zeros only in the grand total."""
    cube, places = counted.reckoning.cube, counted.reckoning.places
    for node, row in enumerate(counted.reckoning.rows.rows):
        for at, column in enumerate(places.columns):
            total = node == cube.rows.root and at == cube.columns.root
            number = cube.project_count(node, at)
            if number or total:
                values = {PROJECT_COUNT: number, **_amounts(counted, node, at)}
                yield from _told(row, column, {key: one for key, one in values.items() if one or total})


def _amounts(counted: Counted, node: int, at: int) -> dict[str, int]:
    told = [one.key if counted.every or one.column not in NOT_PUBLIC else "" for one in AMOUNTS]
    numbers = counted.reckoning.cube.amounts[node, at].tolist()
    return {key: int(number) for key, number in zip(told, numbers, strict=True) if key}


def _told(row: GoalRow, column: Column, values: dict[str, int]) -> Iterator[Row]:
    level = level_of(row, column).value.lower()
    goal_name, aspect_name = row_words(row)
    part, region, area_name = column_words(column)
    for measure, value in values.items():
        yield Row(level, row.key, goal_name, aspect_name, column.key, part, region, area_name, measure, value)
