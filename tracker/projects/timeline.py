"""The gates of a project in time and its decided budget against the forecast, ready for a page. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.messages import joined, message
from tracker.projects.decisions import (
    DIRECTION,
    IMPLEMENTATION,
    Budgets,
    Course,
    FinalForecast,
    decided_budgets,
    final_forecast,
    in_time,
    same_price_level,
)
from tracker.projects.doubts import lacks_decision
from tracker.projects.inputs import DecisionInput
from tracker.projects.vocabulary import Gate

FINAL_FORECAST = message("Slutprognos")
CURRENT_PRICES = message("löpande priser")
NO_LEVEL = message("prisnivå ej angiven")
STEPS = (
    (message("Markanvisning"), (Gate.LAND_RESERVATION,)),
    (message("Utredning"), (Gate.STUDY,)),
    (message("Inriktning"), DIRECTION),
    (message("Plan"), (Gate.PLAN,)),
    (message("Genomförande"), (*IMPLEMENTATION, Gate.IMPLEMENTATION_PART)),
    (message("Slutredovisning"), (Gate.FINAL_REPORT,)),
)
"""The gates as steps; those that not every project passes are left out where there is nothing on them."""
ALWAYS = ("Inriktning", "Genomförande", "Slutredovisning")


class State(StrEnum):
    """How a step or a decision stands; always told in words as well as by its sign."""

    TAKEN = "fattat"
    PLANNED = "planerat"
    UNDATED = "odaterat"
    MISSING = "saknas"
    AHEAD = "kommande"

    @property
    def label(self) -> str:
        """In words on the page."""
        return _STATES[self]


_STATES = {
    State.TAKEN: message("fattat"),
    State.PLANNED: message("planerat"),
    State.UNDATED: message("datum saknas"),
    State.MISSING: message("beslut saknas"),
    State.AHEAD: message("kommande"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the gates: how it stands and the day of its latest decision."""

    name: str
    state: State
    day: date | None


@dataclass(frozen=True, slots=True)
class Event:
    """A decision on the line. `change_ore` is its outlay less that of the decision it follows, at one price level."""

    decision: DecisionInput
    state: State
    change_ore: int | None = None


@dataclass(frozen=True, slots=True)
class Sums:
    """A row of the budget table: outlay and income in whole öre, the price level, and where they come from."""

    label: str
    source: str
    price_level: str
    outlay_ore: int | None
    income_ore: int | None
    whole: bool = True
    """False where one side cannot be told, so that no netto can be told either."""

    @property
    def net_ore(self) -> int | None:
        """Outlay less income; None when neither is given."""
        if not self.whole or (self.outlay_ore is None and self.income_ore is None):
            return None
        return (self.outlay_ore or 0) - (self.income_ore or 0)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything that the page shows of decisions. `differences` are budget less forecast: a minus is an overrun."""

    steps: tuple[Step, ...]
    events: tuple[Event, ...]
    sums: tuple[Sums, ...]
    differences: tuple[Sums, ...]
    notes: tuple[str, ...]


def timeline(course: Course, today: date, *, with_forecast: bool) -> Timeline:
    """The timeline as of a day. Without `with_forecast` nothing of the project's own money is in it."""
    budgets = decided_budgets(course.decisions, today)
    forecast = final_forecast(course.figures, today.year) if with_forecast else None
    return Timeline(
        steps=tuple(_steps(course, today)),
        events=tuple(_events(course.decisions, today)),
        sums=tuple(_sums(budgets, forecast)),
        differences=tuple(_differences(budgets, forecast)),
        notes=tuple(_notes(course.decisions, budgets, forecast)),
    )


def state_of(decision: DecisionInput, today: date) -> State:
    """Taken, planned, or without a date."""
    if decision.date is None:
        return State.UNDATED
    return State.TAKEN if decision.date <= today else State.PLANNED


def _steps(course: Course, today: date) -> list[Step]:
    missing = lacks_decision(course.phase, course.decisions, today)
    steps = []
    for name, gates in STEPS:
        rows = [one for one in in_time(course.decisions) if one.gate in gates]
        taken = [one for one in rows if state_of(one, today) is State.TAKEN]
        if taken:
            steps.append(Step(name, State.TAKEN, taken[-1].date))
        elif missing in gates:
            steps.append(Step(name, State.MISSING, None))
        elif rows:
            steps.append(Step(name, state_of(rows[0], today), rows[0].date))
        elif name in ALWAYS:
            steps.append(Step(name, State.AHEAD, None))
    return steps


def _events(decisions: Sequence[DecisionInput], today: date) -> list[Event]:
    events: list[Event] = []
    for one in in_time(decisions):
        family = next((gates for gates in (DIRECTION, IMPLEMENTATION) if one.gate in gates), ())
        before = [event.decision for event in events if event.decision.gate in family and event.decision.has_sums]
        events.append(Event(one, state_of(one, today), _change(before[-1], one) if before else None))
    return events


def _change(before: DecisionInput, after: DecisionInput) -> int | None:
    if before.outlay_ore is None or after.outlay_ore is None or not same_price_level(before, after):
        return None
    return after.outlay_ore - before.outlay_ore


def _sums(budgets: Budgets | None, forecast: FinalForecast | None) -> list[Sums]:
    rows = []
    if budgets is not None:
        if budgets.revised:
            rows.append(_decided(message("Ursprungligen beslutat"), budgets.original))
        rows.append(_decided(message("Senast beslutat") if budgets.revised else message("Beslutat"), budgets.latest))
    if forecast is not None:
        years = message("åren %(years)s", years=_span(forecast.years))
        rows.append(Sums(FINAL_FORECAST, years, CURRENT_PRICES, forecast.outlay_ore, forecast.income_ore))
    return rows


def _decided(label: str, one: DecisionInput) -> Sums:
    return Sums(label, joined(" ", (one.gate.label, str(one.date))), _level(one), one.outlay_ore, one.income_ore)


def _level(one: DecisionInput) -> str:
    """A bare year as "prisnivå 2004"; other words as they were written."""
    if one.price_level.isdigit():
        return message("prisnivå %(level)s", level=one.price_level)
    return one.price_level or NO_LEVEL


def _differences(budgets: Budgets | None, forecast: FinalForecast | None) -> list[Sums]:
    """Original less latest where the price levels are one, and latest less forecast."""
    if budgets is None:
        return []
    rows, latest = [], budgets.latest
    if budgets.revised and budgets.comparable:
        rows.append(_difference(message("Ursprungligt minus senaste"), _level(latest), budgets.original, latest))
    if forecast is not None:
        rows.append(_difference(message("Avvikelse: beslutat minus prognos"), "", latest, forecast))
    return rows


def _difference(label: str, level: str, one: DecisionInput, other: DecisionInput | FinalForecast) -> Sums:
    """One less the other; a side that only one of them gives cannot be compared, and then nor can netto."""
    sides = ((one.outlay_ore, other.outlay_ore), (one.income_ore, other.income_ore))
    outlay, income = (_less(*side) for side in sides)
    return Sums(label, "", level, outlay, income, whole=all((a is None) == (b is None) for a, b in sides))


def _less(whole: int | None, part: int | None) -> int | None:
    return None if whole is None or part is None else whole - part


def _notes(decisions: Sequence[DecisionInput], budgets: Budgets | None, forecast: FinalForecast | None) -> list[str]:
    """What must be said beside the sums, so that nothing at different price levels is compared in silence."""
    notes: list[str] = []
    if budgets is not None and budgets.revised and not budgets.comparable:
        one, other = (each.price_level or NO_LEVEL for each in (budgets.original, budgets.latest))
        notes.append(
            message(
                "Besluten har olika prisnivå (%(one)s och %(other)s) och räknas inte mot varandra.",
                one=one, other=other,
            )
        )  # fmt: skip
    if budgets is not None and forecast is not None:
        level = budgets.latest.price_level or NO_LEVEL
        notes.append(
            message(
                "Avvikelsen jämför beslutet (%(level)s) med prognosen i %(prices)s. Minus är överskridande.",
                level=level, prices=CURRENT_PRICES,
            )
        )  # fmt: skip
    if forecast is not None and forecast.by_budget:
        notes.append(message("Budget räknas där prognos saknas: %(years)s.", years=_span(forecast.by_budget)))
    if any(one.gate is Gate.IMPLEMENTATION_PART and one.has_sums for one in decisions):
        notes.append(message("Ett delgenomförandebeslut gäller en del av projektet och räknas inte som dess budget."))
    return notes


def _span(years: Sequence[int]) -> str:
    """ "2004–2007", or "2004, 2006" when years between are missing."""
    if len(years) > 1 and years[-1] - years[0] == len(years) - 1:
        return f"{years[0]}–{years[-1]}"
    return ", ".join(str(year) for year in years)
