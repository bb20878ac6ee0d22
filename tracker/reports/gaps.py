"""The gap that the goal Minskade skillnader is about: an area's outcome less the whole city's, in the same year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.steering.facts import IndicatorFacts


@dataclass(frozen=True, slots=True)
class Gap:
    """Whole numbers of 10^-decimals of the indicator's unit; `before` is the same gap an earlier year, if known."""

    area: str
    area_set: str
    year: int
    outcome: int
    city: int
    before: int | None
    before_year: int | None

    @property
    def difference(self) -> int:
        """Area less city."""
        return self.outcome - self.city


def list_gaps(indicator: IndicatorFacts) -> tuple[Gap, ...]:
    """Every year and area that has an outcome beside the city's, in the order of the values."""
    city = {one.year: one.outcome for one in indicator.values if not one.area and one.outcome is not None}
    known = [
        (one.area, one.area_set, one.year, one.outcome, city[one.year])
        for one in indicator.values
        if one.area and one.outcome is not None and one.year in city
    ]
    return tuple(Gap(*one, *_before(known, one)) for one in known)


def newest_gaps(indicator: IndicatorFacts, up_to: int) -> tuple[Gap, ...]:
    """Each area's newest gap that is not later than a year, in the order of the values."""
    found: dict[tuple[str, str], Gap] = {}
    for one in list_gaps(indicator):
        held = found.get((one.area, one.area_set))
        if one.year <= up_to and (held is None or one.year > held.year):
            found[one.area, one.area_set] = one
    return tuple(found.values())


_Known = tuple[str, str, int, int, int]


def _before(known: Sequence[_Known], one: _Known) -> tuple[int | None, int | None]:
    earlier = [other for other in known if other[:2] == one[:2] and other[2] < one[2]]
    if not earlier:
        return None, None
    last = max(earlier, key=lambda other: other[2])
    return last[3] - last[4], last[2]
