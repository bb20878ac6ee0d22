"""The grid in which values of one year are entered: what stood there, what was typed, and what stands now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.areas.models import Area
from tracker.errors import InvalidInputError
from tracker.history.services import Actor
from tracker.steering.indicators import hold, save_values
from tracker.steering.inputs import FIELDS, Numbers, Place
from tracker.steering.models import Indicator
from tracker.steering.numbers import number_text, read_cell


@dataclass(frozen=True, slots=True)
class Cell:
    """One number. `was` is what stood when the page was opened, `now` what stands when another came between."""

    name: str
    text: str
    was: str
    fault: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class GridRow:
    """The whole city (no area) or an area with its three cells."""

    area: Area | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A year of an indicator over the areas of an edition."""

    year: int
    rows: tuple[GridRow, ...]
    saved: int = 0

    @property
    def faults(self) -> list[Cell]:
        """The cells that cannot be read."""
        return [cell for row in self.rows for cell in row.cells if cell.fault]

    @property
    def crossed(self) -> list[Cell]:
        """The cells that somebody else changed in between."""
        return [cell for row in self.rows for cell in row.cells if cell.now]


def open_grid(indicator: Indicator, areas: Sequence[Area], year: int) -> Grid:
    """The numbers that stand."""
    stored = _stored(indicator)
    rows = []
    for area in (None, *areas):
        numbers = stored.get((year, area.id if area else None), (None, None, None))
        texts = [_text(number, indicator) for number in numbers]
        names = [cell_name(field, area) for field in FIELDS]
        rows.append(GridRow(area, tuple(Cell(name, text, text) for name, text in zip(names, texts, strict=True))))
    return Grid(year, tuple(rows))


def cell_name(field: str, area: Area | None) -> str:
    """What a cell is called in the form."""
    return f"{field}-{area.id if area else 0}"


def save_grid(
    session: Session, indicator: Indicator, areas: Sequence[Area], year: int, sent: Mapping[str, str], actor: Actor
) -> Grid:
    """Save the cells that were changed on the page; all of them, or none when one cannot be read or was crossed.

    `sent` has each cell's text by its name and what stood there by "was-" and the name.
    """
    hold(session, indicator)
    stored, wanted, rows = _stored(indicator), {}, []
    for area in (None, *areas):
        place: Place = (year, area.id if area else None)
        now = stored.get(place, (None, None, None))
        cells, numbers = zip(
            *(_judge(indicator, cell_name(field, area), sent, now[at]) for at, field in enumerate(FIELDS)), strict=True
        )
        rows.append(GridRow(area, cells))
        if numbers != now:
            wanted[place] = numbers
    grid = Grid(year, tuple(rows))
    if grid.faults or grid.crossed:
        return grid
    return Grid(year, grid.rows, save_values(session, indicator, wanted, actor))


def _judge(indicator: Indicator, name: str, sent: Mapping[str, str], now: int | None) -> tuple[Cell, int | None]:
    """The cell as it is shown again, and the number that should stand."""
    stands = _text(now, indicator)
    text, was = sent.get(name, stands).strip(), sent.get(f"was-{name}", stands)
    if text == was:
        return Cell(name, stands, stands), now
    try:
        number = read_cell(text, indicator.decimals)
    except InvalidInputError as error:
        return Cell(name, text, was, fault=str(error)), now
    if was not in (stands, _text(number, indicator)) and number != now:
        return Cell(name, text, stands, now=stands or "–"), number
    return Cell(name, text, was), number


def _stored(indicator: Indicator) -> dict[Place, Numbers]:
    return {(row.year, row.area_id): (row.target, row.forecast, row.outcome) for row in indicator.values}


def _text(number: int | None, indicator: Indicator) -> str:
    return "" if number is None else number_text(number, indicator.decimals)
