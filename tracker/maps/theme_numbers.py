"""The figures of a theme in writing: as a sum, per inhabitant, and as a share of the whole city's sum.

A way of telling rounds every figure of the theme to the same number of decimals: as many as the pages have, and more
where some figure would else be written as zero without being it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tracker.maps.theme_asking import Measured, ShownAs
from tracker.messages import message
from tracker.money import MINUS, NO_BREAK_SPACE, ORE_PER_KRONA

NOTHING = "–"
ORE_PER_MNKR = ORE_PER_KRONA * 1_000_000
UNITS = {"st": message("st"), "projekt": message("projekt")}
"""Of what is no money, as it is written."""


@dataclass(frozen=True, slots=True)
class Told:
    """A cell: whole öre or a count (None where no project has any), its projects, and who live there."""

    amount: int | None
    projects: int
    people: int | None
    people_year: int | None


@dataclass(frozen=True, slots=True)
class Way:
    """A way of telling. `whole` is what shares are parts of; None where shares say nothing."""

    shown_as: ShownAs
    unit: str
    scale: Fraction
    decimals: int
    whole: int | None = None

    @property
    def known(self) -> bool:
        """Whether it says anything at all."""
        return self.shown_as is not ShownAs.SHARE or self.whole is not None

    def number(self, told: Told) -> Fraction | None:
        """Exact, in the way's unit."""
        if told.amount is None:
            return None
        if self.shown_as is ShownAs.SUM:
            return told.amount * self.scale
        under = told.people if self.shown_as is ShownAs.PER_PERSON else self.whole
        return told.amount * self.scale / under if under else None

    def value(self, told: Told) -> int | None:
        """Rounded half away from zero, as a whole number of the last decimal; never zero for what is not."""
        number = self.number(told)
        return None if number is None else rounded(number, self.decimals)

    def text(self, told: Told) -> str:
        """The figure without its unit."""
        value = self.value(told)
        return NOTHING if value is None else self.written(value)

    def written(self, value: int) -> str:
        """ "1 842,5": a whole number of the last decimal."""
        body = f"{Decimal(abs(value)).scaleb(-self.decimals):,.{self.decimals}f}"
        body = body.replace(",", NO_BREAK_SPACE).replace(".", ",")
        return f"{MINUS}{body}" if value < 0 else body

    def round_text(self, value: int) -> str:
        """As `written`, without decimals that are zero."""
        step = 10**self.decimals
        return replace(self, decimals=0).written(value // step) if value % step == 0 else self.written(value)

    def span(self, low: int, high: int) -> str:
        """ "0,1–12,4 mnkr", or one number; a dash would be taken for a sign between numbers under zero."""
        told = {"low": self.written(low), "high": self.written(high), "unit": self.unit}
        if low == high:
            return message("%(low)s\u00a0%(unit)s", **told)
        if low < 0:
            return message("%(low)s till %(high)s\u00a0%(unit)s", **told)
        return message("%(low)s–%(high)s\u00a0%(unit)s", **told)


def ways_of(measure: Measured, cells: Sequence[Told], total: Told) -> dict[ShownAs, Way]:
    """The three ways of telling a theme's cells."""
    money = measure.unit == "kr"
    unit = "mnkr" if money else UNITS[measure.unit]
    per_person = message("kr per invånare") if money else message("%(unit)s per 1\u00a0000 invånare", unit=unit)
    whole = _whole([one.amount for one in cells], total.amount)
    given = (
        (ShownAs.SUM, unit, Fraction(1, ORE_PER_MNKR) if money else Fraction(1), (1, 8) if money else (0, 0)),
        (ShownAs.PER_PERSON, per_person, Fraction(1, ORE_PER_KRONA) if money else Fraction(1_000),
         (0, 4) if money else (1, 4)),
        (ShownAs.SHARE, "%", Fraction(100), (1, 4)),
    )  # fmt: skip
    return {
        shown_as: _fitted(Way(shown_as, unit, scale, bounds[0], whole), cells, bounds[1])
        for shown_as, unit, scale, bounds in given
    }


def _whole(amounts: Iterable[int | None], total: int | None) -> int | None:
    """What shares are parts of: nothing where the sum is zero or the parts pull both ways."""
    parts = [one for one in amounts if one]
    mixed = any(one > 0 for one in parts) and any(one < 0 for one in parts)
    return None if mixed else total or None


def _fitted(way: Way, cells: Iterable[Told], most: int) -> Way:
    """The way with as many decimals as its smallest figure needs, at most `most`."""
    smallest = min((abs(number) for one in cells if (number := way.number(one))), default=None)
    decimals = way.decimals
    while smallest is not None and decimals < most and smallest * 10**decimals < Fraction(1, 2):
        decimals += 1
    return replace(way, decimals=decimals)


def rounded(number: Fraction, decimals: int) -> int:
    """Half away from zero; what is not zero becomes at least one of the last decimal."""
    scaled = abs(number) * 10**decimals
    whole = max(int(scaled + Fraction(1, 2)), 1 if number else 0)
    return -whole if number < 0 else whole
