"""What a contribution report counts: the columns of money and of volumes, with their Swedish words."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.measures.models import MeasureGroup
from tracker.messages import message
from tracker.projects.vocabulary import Flow


@dataclass(frozen=True, slots=True)
class Money:
    """The city's share of an amount of the year, in whole öre. `column` is a column of Figure."""

    key: str
    label: str
    flow: Flow
    column: str

    unit = "kr"


@dataclass(frozen=True, slots=True)
class Count:
    """A number of dwellings or workplaces. `column` is a column of Volume."""

    key: str
    label: str
    group: MeasureGroup
    column: str

    unit = "st"


Amount = Money | Count

LABELS = {
    "utgift-budget": message("Utgift budget"),
    "utgift-utfall": message("Utgift utfall"),
    "utgift-prognos": message("Utgift prognos"),
    "inkomst-budget": message("Inkomst budget"),
    "inkomst-utfall": message("Inkomst utfall"),
    "inkomst-prognos": message("Inkomst prognos"),
    "bostader-planerade": message("Bostäder planerade"),
    "bostader-paborjade": message("Bostäder påbörjade"),
    "bostader-fardiga": message("Bostäder färdigställda"),
    "arbetsplatser-planerade": message("Arbetsplatser planerade"),
    "arbetsplatser-paborjade": message("Arbetsplatser påbörjade"),
    "arbetsplatser-fardiga": message("Arbetsplatser färdigställda"),
}
"""By key."""
MONEY: tuple[Money, ...] = tuple(
    Money(f"{flow.value}-{word}", LABELS[f"{flow.value}-{word}"], flow, column)
    for flow in (Flow.OUTLAY, Flow.INCOME)
    for word, column in (("budget", "budget_ore"), ("utfall", "outcome_ore"), ("prognos", "forecast_ore"))
)
COUNTS: tuple[Count, ...] = tuple(
    Count(f"{group.value}-{key}", LABELS[f"{group.value}-{key}"], group, column)
    for group in (MeasureGroup.DWELLINGS, MeasureGroup.WORKPLACES)
    for key, column in (("planerade", "planned"), ("paborjade", "started"), ("fardiga", "completed"))
)
AMOUNTS: tuple[Amount, ...] = (*MONEY, *COUNTS)
"""Every amount of a report, in the order of its columns."""
