"""The gap that the goal Minskade skillnader is about: an area's outcome less the whole city's, in the same year. Pure.

Numbers are whole numbers of 10^-decimals of the indicator's unit, so every difference is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.steering.facts import IndicatorFacts, IndicatorValueFacts
from tracker.steering.vocabulary import Direction

PlaceName = tuple[str, str]
"""Name and edition of an area."""


@dataclass(frozen=True, slots=True)
class Gap:
    """An area's outcome of a year beside the city's, and its gap in the last earlier year that has one."""

    year: int
    outcome: int
    city: int | None
    before: int | None
    before_year: int | None

    @property
    def difference(self) -> int | None:
        """Area less city; None when the city has no outcome of the year."""
        return None if self.city is None else self.outcome - self.city

    @property
    def change(self) -> int | None:
        """How much the distance to the city has changed: negative when the area has come nearer."""
        if self.difference is None or self.before is None:
            return None
        return abs(self.difference) - abs(self.before)


@dataclass(frozen=True, slots=True)
class Spread:
    """Best and worst area of one edition in a year, by the direction of the indicator; ties name all."""

    year: int
    best: tuple[str, ...]
    best_outcome: int
    worst: tuple[str, ...]
    worst_outcome: int

    @property
    def distance(self) -> int:
        """Between the best and the worst, never negative."""
        return abs(self.best_outcome - self.worst_outcome)


def gaps_of(indicator: IndicatorFacts) -> dict[PlaceName, tuple[Gap, ...]]:
    """Each area's gaps by year, for the years in which it has an outcome."""
    city = {one.year: one.outcome for one in indicator.values if not one.area}
    found: dict[PlaceName, list[Gap]] = {}
    for one in _outcomes(indicator):
        gaps = found.setdefault((one.area, one.area_set), [])
        last = next((gap for gap in reversed(gaps) if gap.difference is not None), None)
        before = last.difference if last else None
        gaps.append(Gap(one.year, one.outcome or 0, city.get(one.year), before, last.year if last else None))
    return {place: tuple(gaps) for place, gaps in found.items()}


def newest_gaps(indicator: IndicatorFacts, up_to: int) -> dict[PlaceName, Gap]:
    """Each area's newest gap to the city that is not later than a year, in the order of the values."""
    gaps = gaps_of(indicator)
    places = dict.fromkeys((one.area, one.area_set) for one in indicator.values if one.area)
    found = {
        place: [gap for gap in gaps.get(place, ()) if gap.year <= up_to and gap.difference is not None]
        for place in places
    }
    return {place: known[-1] for place, known in found.items() if known}


def spreads_of(indicator: IndicatorFacts, area_set: str) -> tuple[Spread, ...]:
    """By year, for the years in which at least two areas of the edition have an outcome."""
    years: dict[int, list[IndicatorValueFacts]] = {}
    for one in _outcomes(indicator):
        if one.area_set == area_set:
            years.setdefault(one.year, []).append(one)
    return tuple(_spread(year, rows, indicator.direction) for year, rows in sorted(years.items()) if len(rows) > 1)


def _spread(year: int, rows: Sequence[IndicatorValueFacts], direction: Direction) -> Spread:
    numbers = [one.outcome or 0 for one in rows]
    high, low = max(numbers), min(numbers)
    best, worst = (high, low) if direction is Direction.HIGHER else (low, high)
    named = {number: tuple(one.area for one in rows if one.outcome == number) for number in (best, worst)}
    return Spread(year, named[best], best, named[worst], worst)


def _outcomes(indicator: IndicatorFacts) -> list[IndicatorValueFacts]:
    """The areas' values that have an outcome, in order of year."""
    return sorted((one for one in indicator.values if one.area and one.outcome is not None), key=lambda one: one.year)
