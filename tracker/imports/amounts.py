"""Columns of money: which year, flow and kind of figure a header means, and in which unit its cells are."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tracker.errors import DomainError
from tracker.messages import message
from tracker.money import parse_amount
from tracker.projects.rules import YEARS
from tracker.projects.vocabulary import Flow
from tracker.text import slug

_KINDS = {
    "budget": "budget", "budgeten": "budget", "utfall": "outcome", "utfallet": "outcome", "outcome": "outcome",
    "actual": "outcome", "prognos": "forecast", "prognosen": "forecast", "forecast": "forecast",
}  # fmt: skip
_FLOWS = {
    "utgift": Flow.OUTLAY, "utgifter": Flow.OUTLAY, "outlay": Flow.OUTLAY, "expenditure": Flow.OUTLAY,
    "inkomst": Flow.INCOME, "inkomster": Flow.INCOME, "income": Flow.INCOME,
}  # fmt: skip
_UNITS = {"mnkr": "mnkr", "mkr": "mnkr", "tkr": "tkr", "kkr": "tkr", "kr": "kr", "kronor": "kr", "sek": "kr"}
_FILLERS = frozenset({"i", "ar", "for", "year"})
KIND_LABELS = {"budget": message("Budget"), "outcome": message("Utfall"), "forecast": message("Prognos")}
NO_UNIT = message("Rubriken säger inte om beloppen är kr, tkr eller mnkr. Skriv enheten i rubriken eller i cellen.")


@dataclass(frozen=True, slots=True)
class AmountColumn:
    """A kind of figure ("budget", "outcome", "forecast") of one year and flow; the unit is None when not said."""

    kind: str
    flow: Flow
    year: int
    unit: str | None

    @property
    def field(self) -> str:
        """The field's name: "budget_utgift_2005"."""
        return f"{self.kind}_{self.flow.value}_{self.year}"

    @property
    def label(self) -> str:
        """ "Budget 2005", "Budget 2005 (inkomst)"."""
        kind = KIND_LABELS[self.kind]
        if self.flow is Flow.INCOME:
            return message("%(kind)s %(year)s (inkomst)", kind=kind, year=self.year)
        return message("%(kind)s %(year)s", kind=kind, year=self.year)


def amount_column(header: str) -> AmountColumn | None:
    """What a header such as "Budget 2005 (mnkr)" or "Utfall inkomster 2005 tkr" means; None for any other."""
    words = [word for word in slug(header).split("-") if word not in _FILLERS]
    kinds = {_KINDS[word] for word in words if word in _KINDS}
    years = {int(word) for word in words if word.isdecimal() and len(word) == 4 and int(word) in YEARS}
    known = [word for word in words if word in _KINDS or word in _FLOWS or word in _UNITS or word.isdigit()]
    if len(kinds) != 1 or len(years) != 1 or len(known) != len(words):
        return None
    flows = {_FLOWS[word] for word in words if word in _FLOWS} or {Flow.OUTLAY}
    units = {_UNITS[word] for word in words if word in _UNITS}
    if len(flows) != 1 or len(units) > 1:
        return None
    return AmountColumn(kinds.pop(), flows.pop(), years.pop(), units.pop() if units else None)


def of_field(field: str) -> AmountColumn | None:
    """The column that a field's name means, without a unit; None for another field."""
    kind, _, rest = field.partition("_")
    flow, _, year = rest.partition("_")
    if kind not in KIND_LABELS or flow not in {one.value for one in Flow} or not year.isdigit():
        return None
    return AmountColumn(kind, Flow(flow), int(year), None)


def read_amount(cell: Any, unit: str | None) -> int:
    """Whole öre. Raises DomainError for what is no amount, has two meanings or parts of an öre, or no unit."""
    if isinstance(cell, bool):
        raise DomainError(message("Det är inget belopp."))
    if isinstance(cell, int | float):
        if unit is None:
            raise DomainError(NO_UNIT)
        # repr gives the shortest digits that mean this number: 12.75, never 12.7500000001
        return parse_amount(format(Decimal(repr(cell)), "f"), unit) if _exact(cell) else parse_amount(str(cell), unit)
    text = str(cell)
    if unit is None and not any(letter.isalpha() for letter in text):
        raise DomainError(NO_UNIT)
    return parse_amount(text, unit or "kr")


def _exact(cell: float) -> bool:
    return cell == cell and cell not in (float("inf"), float("-inf"))
