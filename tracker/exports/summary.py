"""Inner city against ytterstad for one amount of a report, per inhabitant where the statistics say, and the gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from tracker.contribution.amounts import AMOUNTS, Amount, Money
from tracker.contribution.people import RegionPeople
from tracker.contribution.places import OUTER_CITY, ColumnKind
from tracker.contribution.reckoning import Reckoning
from tracker.contribution.rows import RowKind
from tracker.exports.presenters import UNIT_WORDS
from tracker.messages import joined, message
from tracker.money import format_count, format_kronor, format_mnkr

NOTHING = "–"
PARTS = (
    ("innerstad", message("Innerstaden"), 0),
    ("ytterstaden", message("Ytterstaden"), 0),
    ("vasterort", message("därav Västerort"), 1),
    ("soderort", message("därav Söderort"), 1),
    ("hela-staden", message("Hela staden"), 0),
    ("utanfor-staden", message("Utanför staden"), 0),
    ("oplacerat", message("Oplacerat"), 0),
    ("alla", message("Alla områden"), 0),
)
"""Key of the column, label, depth."""
BAR_WIDTH = 1_000
PER_PERSON, PER_THOUSAND = message("kr per invånare"), message("per 1 000 invånare")


@dataclass(frozen=True, slots=True)
class PartLine:
    """A part of the city. `bar` is (start, width) in thousandths of the drawing, from zero to the amount."""

    key: str
    label: str
    depth: int
    amount: str
    projects: str
    per_person: str
    people: str
    bar: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CitySummary:
    """`share` is Y of Y + I in percent, `ratio` Y/I; "–" where they say nothing. `gaps` are sentences."""

    label: str
    unit: str
    per_unit: str
    lines: tuple[PartLine, ...]
    share: str
    ratio: str
    gaps: tuple[str, ...]

    @property
    def unit_word(self) -> str:
        """The unit as the page says it."""
        return UNIT_WORDS[self.unit]


def summarise(reckoning: Reckoning, place: int | None) -> CitySummary:
    """The amount AMOUNTS[place] over the parts of the city; None is the number of projects."""
    nodes = {column.key: node for node, column in enumerate(reckoning.places.columns)}
    cube, root = reckoning.cube, reckoning.cube.rows.root
    counts = {key: cube.project_count(root, nodes[key]) for key, _, _ in PARTS}
    numbers = counts if place is None else {key: cube.amount(root, nodes[key], place) for key in counts}
    amount = None if place is None else AMOUNTS[place]
    spread = [numbers[key] for key in numbers if key != "alla"]
    people = {one.key: one for one in reckoning.material.people}
    lines = [
        _part_line(part, amount, (numbers[part[0]], counts[part[0]]), people.get(part[0]), spread) for part in PARTS
    ]
    return CitySummary(
        label=message("Antal projekt") if amount is None else amount.label,
        unit="projekt" if amount is None else "mnkr" if isinstance(amount, Money) else "st",
        per_unit="" if amount is None else PER_PERSON if isinstance(amount, Money) else PER_THOUSAND,
        lines=tuple(lines),
        share=_share(numbers["ytterstaden"], numbers["innerstad"]),
        ratio=_ratio(numbers["ytterstaden"], numbers["innerstad"]),
        gaps=tuple(gaps_of(reckoning)),
    )


def _part_line(
    part: tuple[str, str, int],
    amount: Amount | None,
    counted: tuple[int, int],
    people: RegionPeople | None,
    spread: list[int],
) -> PartLine:
    """`counted` is the amount and the number of projects; `spread` all amounts of the drawing."""
    key, label, depth = part
    number, projects = counted
    persons, year = (people.inhabitants, people.year) if people else (None, None)
    return PartLine(
        key=key,
        label=label,
        depth=depth,
        amount=_written(amount, number) if projects else NOTHING,
        projects=format_count(projects),
        per_person=per_person(amount, number, persons),
        people=f"{format_count(persons)} ({year})" if persons else NOTHING,
        bar=_bar(number, spread),
    )


def _written(amount: Amount | None, number: int) -> str:
    return format_mnkr(number) if isinstance(amount, Money) else format_count(number)


def per_person(amount: Amount | None, number: int, persons: int | None) -> str:
    """Kronor per inhabitant, or a count per 1 000 inhabitants; "–" where there is nothing to say."""
    if amount is None or not persons:
        return NOTHING
    if isinstance(amount, Money):
        return format_kronor(int((Decimal(number) / persons).to_integral_value("ROUND_HALF_UP")))
    return _decimals(Decimal(number) * 1000 / persons, 1)


def _decimals(number: Decimal, places: int) -> str:
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding="ROUND_HALF_UP")
    return f"{abs(rounded):f}".replace(".", ",") if rounded >= 0 else f"−{abs(rounded):f}".replace(".", ",")


def _bar(number: int, numbers: list[int]) -> tuple[int, int]:
    low, high = min(0, *numbers), max(0, *numbers)
    span = max(1, high - low)
    start = (min(0, number) - low) * BAR_WIDTH // span
    return start, min(abs(number) * BAR_WIDTH // span, BAR_WIDTH - start)


def _share(outer: int, inner: int) -> str:
    """Says nothing of amounts with different signs."""
    if outer + inner == 0 or outer * inner < 0:
        return NOTHING
    return f"{_decimals(Decimal(outer) * 100 / (outer + inner), 1)} %"


def _ratio(outer: int, inner: int) -> str:
    return NOTHING if inner == 0 or outer * inner < 0 else _decimals(Decimal(outer) / inner, 2)


def gaps_of(reckoning: Reckoning) -> Iterator[str]:
    """Goals, aspects and ytterstad areas without projects, and those whose projects have no budgeted outlay."""
    rows, columns, cube = reckoning.rows.rows, reckoning.places.columns, reckoning.cube
    for kind in (RowKind.GOAL, RowKind.ASPECT):
        nodes = [node for node, row in enumerate(rows) if row.kind is kind and not _below_an_empty(reckoning, node)]
        found = [
            (rows[at].label, cube.project_count(at, cube.columns.root), _budget(reckoning, at, None)) for at in nodes
        ]
        yield from _sentences(kind, found)
    outer = [at for at, one in enumerate(columns) if one.kind is ColumnKind.AREA and one.part == OUTER_CITY]
    found = [(columns[at].label, cube.project_count(cube.rows.root, at), _budget(reckoning, None, at)) for at in outer]
    yield from _sentences(None, found)


def _sentences(kind: RowKind | None, found: list[tuple[str, int, int]]) -> Iterator[str]:
    """Goals, aspects or (None) areas, each with name, number of projects, budget in whole öre."""
    without = [label for label, projects, _ in found if not projects]
    unfunded = [label for label, projects, budget in found if projects and not budget]
    if without:
        yield _without(kind, joined(", ", without))
    if unfunded:
        yield _unfunded(kind, joined(", ", unfunded))


def _without(kind: RowKind | None, names: str) -> str:
    if kind is RowKind.GOAL:
        return message("Mål utan projekt: %(names)s.", names=names)
    if kind is RowKind.ASPECT:
        return message("Aspekter utan projekt: %(names)s.", names=names)
    return message("Områden i ytterstaden utan projekt: %(names)s.", names=names)


def _unfunded(kind: RowKind | None, names: str) -> str:
    if kind is RowKind.GOAL:
        return message("Mål med projekt men utan budgeterad utgift: %(names)s.", names=names)
    if kind is RowKind.ASPECT:
        return message("Aspekter med projekt men utan budgeterad utgift: %(names)s.", names=names)
    return message("Områden i ytterstaden med projekt men utan budgeterad utgift: %(names)s.", names=names)


def _below_an_empty(reckoning: Reckoning, node: int) -> bool:
    """An aspect of a goal without any project is not listed beside it."""
    parent = int(reckoning.rows.tree.parent[node])
    cube = reckoning.cube
    return parent != cube.rows.root and cube.project_count(parent, cube.columns.root) == 0


def _budget(reckoning: Reckoning, row: int | None, column: int | None) -> int:
    cube = reckoning.cube
    return cube.amount(cube.rows.root if row is None else row, cube.columns.root if column is None else column, 0)
