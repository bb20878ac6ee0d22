"""The classes of a theme: which values share a colour, and how large a symbol is. Pure; whole numbers only.

Method: quantiles over the values as they are written (inverted distribution function), so that about as many areas
stand in each class, equal numbers are never parted, and every bound is a value that some area has. Zero is no class,
for it has a sign of its own. Values under zero are classed by themselves, in a hue of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

import numpy as np

MOST = 5
"""Classes of one hue; three of each where values stand on both sides of zero."""
BOTH_SIDES = 3
LARGEST_RADIUS = 300
"""Of the largest symbol, in tenths of a pixel."""
_TONES = {1: (3,), 2: (2, 4), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}
"""The tones of so many classes: far apart when they are few."""


@dataclass(frozen=True, slots=True)
class ThemeClass:
    """Values from `low` to `high`, both included. `tone` 1 … 5 from faint to strong, negative under zero."""

    tone: int
    low: int
    high: int


def make_classes(values: Sequence[int]) -> tuple[ThemeClass, ...]:
    """The classes of values, the lowest first; none for nothing but zeros.

    Every value but zero is in exactly one of them, and each of them holds a value.
    """
    above, below = [one for one in values if one > 0], [-one for one in values if one < 0]
    most = BOTH_SIDES if above and below else MOST
    negative = [ThemeClass(-tone, -high, -low) for tone, low, high in _parted(below, most)]
    return (*reversed(negative), *(ThemeClass(*one) for one in _parted(above, most)))


def class_of(classes: Sequence[ThemeClass], value: int) -> ThemeClass | None:
    """The class that holds a value; None for zero."""
    return next((one for one in classes if one.low <= value <= one.high), None)


def _parted(values: Sequence[int], most: int) -> list[tuple[int, int, int]]:
    """(tone, low, high) of values above zero."""
    if not values:
        return []
    distinct = np.unique(np.array(values, dtype=np.int64))
    uppers = distinct
    if distinct.size > most:
        cuts = np.arange(1, most) / most
        uppers = np.unique(np.append(np.quantile(np.array(values), cuts, method="inverted_cdf"), distinct[-1]))
    lowers = [distinct[0], *(distinct[np.searchsorted(distinct, upper, side="right")] for upper in uppers[:-1])]
    tones = _TONES[len(uppers)]
    return [(tone, int(low), int(high)) for tone, low, high in zip(tones, lowers, uppers, strict=True)]


def radius(value: int, largest: int) -> int:
    """In tenths of a pixel, so that the circle's area is to the value as the largest circle's is to `largest`."""
    if not largest:
        return 0
    return isqrt(LARGEST_RADIUS * LARGEST_RADIUS * abs(value) // largest)


def legend_sizes(largest: int) -> tuple[int, ...]:
    """At most three round numbers up to the largest value, the greatest first: 237 gives 200, 50, 10."""
    sizes = [_round_below(largest // part) for part in (1, 4, 20) if largest // part]
    return tuple(dict.fromkeys(sizes))


def _round_below(number: int) -> int:
    """The largest of 1, 2, 5, 10, 20, 50 … that is not above a number ≥ 1."""
    power = int(10 ** (len(str(number)) - 1))
    return max(step * power for step in (1, 2, 5) if step * power <= number)
