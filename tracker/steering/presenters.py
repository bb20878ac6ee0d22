"""What the pages of indicators show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from tracker.areas.models import LOWEST
from tracker.areas.queries import get_area_set
from tracker.steering.facts import IndicatorFacts, IndicatorValueFacts
from tracker.steering.gaps import Gap, Spread, gaps_of, spreads_of
from tracker.steering.numbers import number_text

CHART_WIDTH = 200
"""The bar of a gap is drawn in so many units, zero in the middle."""


@dataclass(frozen=True, slots=True)
class GapCell:
    """An area's outcome and gap of a year in words and numbers, as text."""

    outcome: str
    gap: str
    change: str
    nearer: bool | None
    """Whether the area has come nearer to the city; None when it cannot be said or is the same."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the middle: where it begins and how long it is."""

    left: float
    length: float
    behind: bool
    """Whether the area does worse than the city."""


@dataclass(frozen=True, slots=True)
class AreaLine:
    """An area: its cells by the years of the table (None without an outcome), and the bar of the newest gap."""

    name: str
    cells: tuple[GapCell | None, ...]
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class AreaTable:
    """The areas of one edition."""

    edition: str
    years: tuple[int, ...]
    lines: tuple[AreaLine, ...]
    words: tuple[str, ...]


def years_shown(indicator: IndicatorFacts, most: int = 6) -> tuple[int, ...]:
    """The newest years that any area has an outcome of."""
    years = {one.year for one in indicator.values if one.area and one.outcome is not None}
    return tuple(sorted(years)[-most:])


def city_values(indicator: IndicatorFacts) -> list[IndicatorValueFacts]:
    """The whole city by year."""
    return [one for one in indicator.values if not one.area]


def difference_unit(unit: str) -> str:
    """What a difference is counted in: percent differ by percentage points."""
    return str(_("procentenheter")) if unit.strip() in ("%", "procent") else unit


def area_tables(session: Session, indicator: IndicatorFacts) -> list[AreaTable]:
    """One table for each edition that has outcomes, the newest edition first, the stadsdelar last."""
    codes = {one.area_set for one in indicator.values if one.area and one.outcome is not None}
    sets = [get_area_set(session, code) for code in codes]
    sets.sort(key=lambda one: (one.code != LOWEST, one.valid_from), reverse=True)
    return [_table(indicator, one.code, one.name) for one in sets]


def _table(indicator: IndicatorFacts, code: str, name: str) -> AreaTable:
    years = years_shown(indicator)
    gaps = {place[0]: found for place, found in gaps_of(indicator).items() if place[1] == code}
    differences = [gap.difference for found in gaps.values() for gap in found if gap.difference is not None]
    largest = max((abs(one) for one in differences), default=0)
    lines = tuple(_line(indicator, area, found, years, largest) for area, found in gaps.items())
    words = tuple(_spread_words(indicator, spreads_of(indicator, code)))
    return AreaTable(name, years, lines, words)


def _line(indicator: IndicatorFacts, area: str, gaps: Sequence[Gap], years: Sequence[int], largest: int) -> AreaLine:
    by_year = {gap.year: gap for gap in gaps}
    cells = tuple(_cell(indicator, by_year[year]) if year in by_year else None for year in years)
    newest = gaps[-1].difference
    return AreaLine(area, cells, _bar(indicator, newest, largest) if newest is not None else None)


def _cell(indicator: IndicatorFacts, gap: Gap) -> GapCell:
    decimals, change = indicator.decimals, gap.change
    words = ""
    if change is not None:
        amount = number_text(abs(change), decimals)
        if change < 0:
            words = str(_("minskat %(amount)s sedan %(year)s", amount=amount, year=gap.before_year))
        elif change > 0:
            words = str(_("ökat %(amount)s sedan %(year)s", amount=amount, year=gap.before_year))
        else:
            words = str(_("lika stort som %(year)s", year=gap.before_year))
    return GapCell(
        outcome=number_text(gap.outcome, decimals),
        gap=number_text(gap.difference, decimals, signed=True),
        change=words,
        nearer=None if not change else change < 0,
    )


def _bar(indicator: IndicatorFacts, difference: int, largest: int) -> Bar:
    half = CHART_WIDTH / 2
    length = round(half * abs(difference) / largest, 1) if largest else 0.0
    worse = difference < 0 if indicator.direction.value == "hogre" else difference > 0
    return Bar(round(half - length, 1) if difference < 0 else half, length, worse)


def _spread_words(indicator: IndicatorFacts, spreads: Sequence[Spread]) -> list[str]:
    """Best and worst of the newest year, and how the distance between them has changed."""
    if not spreads:
        return []
    now, decimals = spreads[-1], indicator.decimals
    said = [
        str(
            _(
                "%(year)s: bäst %(best)s med %(best_number)s %(unit)s, sämst %(worst)s med %(worst_number)s %(unit)s.",
                year=now.year,
                best=", ".join(now.best),
                best_number=number_text(now.best_outcome, decimals),
                worst=", ".join(now.worst),
                worst_number=number_text(now.worst_outcome, decimals),
                unit=indicator.unit,
            )
        )
    ]
    unit = difference_unit(indicator.unit)
    distance = number_text(now.distance, decimals)
    said.append(str(_("Avståndet mellan bäst och sämst är %(distance)s %(unit)s.", distance=distance, unit=unit)))
    if len(spreads) > 1:
        said.append(_changed_words(now, spreads[-2], decimals))
    return said


def _changed_words(now: Spread, before: Spread, decimals: int) -> str:
    distance, year = number_text(before.distance, decimals), before.year
    if now.distance == before.distance:
        return str(_("Det är lika stort som %(year)s.", year=year))
    if now.distance < before.distance:
        return str(_("Det har minskat sedan %(year)s, då det var %(distance)s.", year=year, distance=distance))
    return str(_("Det har ökat sedan %(year)s, då det var %(distance)s.", year=year, distance=distance))
