"""What a theme of the map asks for: a figure of the contribution report, and how it is shown on the areas.

What each audience may ask follows the contribution report and the public exports. Everyone gets budgets, numbers of
dwellings and workplaces, and numbers of projects. Only those who may open the report get outcomes, forecasts and
periods. Without a login a single goal is counted as *berör* only: shared by weight, the figure of one project would
tell its weights, which are not public.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from tracker.contribution.amounts import AMOUNTS, COUNTS, MONEY, Amount, Count
from tracker.contribution.rows import RowKind
from tracker.contribution.rules import CountingRule
from tracker.exports.asking import PROJECT_COUNT
from tracker.exports.audience import Audience
from tracker.maps.choices import MapChoices
from tracker.messages import message
from tracker.projects.filters import ProjectFilter
from tracker.projects.rules import YEARS
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow

Word = TypeVar("Word", bound=StrEnum)
ALL_YEARS = "alla"
NETS = {
    "budget": message("Netto budget"),
    "utfall": message("Netto utfall"),
    "prognos": message("Netto prognos"),
}
"""Outlay less income, by what of it."""
NOT_PUBLIC = ("outcome_ore", "forecast_ore")
ALL_ROWS = RowKind.ALL.value


class ShownAs(StrEnum):
    """How an area's figure is told."""

    SUM = "summa"
    PER_PERSON = "per-invanare"
    SHARE = "andel"


class ThemeForm(StrEnum):
    """How an area's figure is drawn."""

    FILL = "yta"
    SYMBOL = "cirkel"


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure: the sum of amounts of AMOUNTS with their signs; none of them for the number of projects."""

    key: str
    label: str
    unit: str
    parts: tuple[tuple[int, int], ...] = ()

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """The amounts that it is made of."""
        return tuple(AMOUNTS[place] for _, place in self.parts)

    @property
    def is_position(self) -> bool:
        """Whether it is the state at a time, so that years of it are never added."""
        return any(isinstance(one, Count) and one.column == "planned" for one in self.amounts)

    @property
    def is_public(self) -> bool:
        """Whether anybody may have it: budgets and numbers, never outcomes or forecasts."""
        return not any(one.column in NOT_PUBLIC for one in self.amounts)


def _measures() -> tuple[Measured, ...]:
    places = {amount.key: place for place, amount in enumerate(AMOUNTS)}
    money = [Measured(one.key, one.label, one.unit, ((1, places[one.key]),)) for one in MONEY]
    counts = [Measured(one.key, one.label, one.unit, ((1, places[one.key]),)) for one in COUNTS]
    nets = []
    for word, label in NETS.items():
        parts = ((1, places[f"{Flow.OUTLAY}-{word}"]), (-1, places[f"{Flow.INCOME}-{word}"]))
        nets.append(Measured(f"netto-{word}", label, "kr", parts))
    return (*money, *nets, *counts, Measured(PROJECT_COUNT, message("Antal projekt"), "projekt"))


MEASURES = {one.key: one for one in _measures()}
"""Every figure, by its word in the address; netto is outlay less income."""


@dataclass(frozen=True, slots=True)
class ThemeAsked:
    """A theme as it is asked for. `year` None is all years; editions are empty where the year or period decides."""

    measure: Measured
    row: str
    year: int | None
    period: str
    rule: CountingRule
    goal_set: str
    area_set: str
    shown_as: ShownAs
    form: ThemeForm
    audience: Audience
    wanted: ProjectFilter

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from every other theme of the whole register, with who may have the answer."""
        return (
            self.measure.key, self.row, str(self.year), self.period, self.rule.value, self.goal_set, self.area_set,
            self.shown_as.value, self.audience.value,
        )  # fmt: skip


def measures_for(audience: Audience) -> list[Measured]:
    """The figures that an audience may ask for, in order."""
    return [one for one in MEASURES.values() if audience is not Audience.PUBLIC or one.is_public]


def measure_of(choices: MapChoices, audience: Audience) -> Measured | None:
    """The figure that is asked for; None without one, or for one that this audience may not have."""
    measure = MEASURES.get(choices.theme)
    return measure if measure in measures_for(audience) else None


def theme_from(choices: MapChoices, wanted: ProjectFilter, audience: Audience, default_year: int) -> ThemeAsked | None:
    """Read a theme; unknown words give the default. None as for `measure_of`.

    The filter's area edition is the theme's; its year narrows the projects, and is not the figure's year.
    """
    measure = measure_of(choices, audience)
    if measure is None:
        return None
    asked = ThemeAsked(
        measure=measure,
        row=choices.theme_goal or ALL_ROWS,
        year=_year(choices.theme_year, measure, default_year),
        period=choices.theme_period or RUNNING_PERIOD,
        rule=_word(choices.theme_counting, CountingRule.FORDELAD),
        goal_set=choices.theme_edition,
        area_set=wanted.areas,
        shown_as=_word(choices.theme_as, ShownAs.SUM),
        form=_word(choices.theme_form, ThemeForm.FILL),
        audience=audience,
        wanted=wanted,
    )
    return allowed(asked)


def allowed(asked: ThemeAsked) -> ThemeAsked:
    """The theme as its audience may have it."""
    if asked.audience is not Audience.PUBLIC:
        return asked
    narrow = asked.row != ALL_ROWS
    return replace(asked, period=RUNNING_PERIOD, rule=CountingRule.BEROR if narrow else asked.rule)


def _word(text: str, default: Word) -> Word:
    """The word of an enumeration, or the default."""
    return next((one for one in type(default) if one.value == text), default)


def _year(text: str, measure: Measured, default: int) -> int | None:
    if text == ALL_YEARS and not measure.is_position:
        return None
    known = text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS
    return int(text) if known else default
