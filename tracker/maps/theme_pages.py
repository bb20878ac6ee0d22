"""A theme ready to be shown, as plain frozen data: what is kept, in a reader's language, while nothing changes."""

from __future__ import annotations

from dataclasses import dataclass

MISSING, ZERO, VALUE = "saknas", "noll", "varde"


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """An area, a row outside the map, or a sum. `amount` in whole öre or a count; None where nothing is registered.

    `texts` by the words of ShownAs; `value` is the shown one as a whole number of its last decimal. `status` is
    "varde", "noll" or "saknas"; `tone` the tone of the class, 0 for zero and where nothing is known; `radius` of the
    symbol in tenths of a pixel.
    """

    key: str
    label: str
    amount: int | None
    projects: int
    people: int | None
    people_year: int | None
    texts: dict[str, str]
    value: int | None = None
    status: str = MISSING
    tone: int = 0
    radius: int = 0
    outer_city: bool = False


@dataclass(frozen=True, slots=True)
class LegendClass:
    """A class with its bounds as whole numbers of the last decimal, and in words; `count` areas are in it."""

    tone: int
    low: int
    high: int
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class ThemePage:
    """A theme, ready to be shown. `units` by the words of ShownAs; `decimals` of the shown values.

    `on_map` is the sum of the areas where the areas and the rows `outside` add up to `total`; under the rule berör
    they do not, and it is None. `sizes` are the legend's circles: radius in tenths of a pixel, and the value in words.
    """

    heading: str
    label: str
    year: int | None
    rule: str
    units: dict[str, str]
    shown_as: str
    decimals: int
    area_set: str
    area_set_name: str
    schematic: bool
    areas: tuple[ThemeLine, ...]
    outside: tuple[ThemeLine, ...]
    on_map: ThemeLine | None
    total: ThemeLine
    classes: tuple[LegendClass, ...]
    zeros: int
    missing: int
    sizes: tuple[tuple[int, str], ...]
    people_text: str
    notes: tuple[str, ...]

    @property
    def unit(self) -> str:
        """The unit of the shown values."""
        return self.units[self.shown_as]

    @property
    def empty(self) -> bool:
        """Whether nothing at all is registered of it."""
        return all(one.amount is None for one in (*self.areas, *self.outside))
