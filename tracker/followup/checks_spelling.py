"""Amounts as the sentences of the checks spell them."""

from __future__ import annotations

from tracker.followup.facts import YearMoney
from tracker.messages import Message, message
from tracker.money import NO_BREAK_SPACE, format_kronor, format_mnkr
from tracker.projects.vocabulary import Flow

IN_MNKR_FROM = 10_000_000
"""A hundred thousand kronor: less than that would be 0,0 or 0,1 mnkr, and is written in kronor."""
KINDS = {
    "budget_ore": message("Budgeten"), "outcome_ore": message("Utfallet"), "forecast_ore": message("Prognosen"),
}  # fmt: skip
FLOWS = {Flow.OUTLAY: message("utgifter"), Flow.INCOME: message("inkomster")}


def spelled(ore: int) -> str:
    """ "12,5 mnkr", or "12 500 kr" where mnkr would say little."""
    if abs(ore) < IN_MNKR_FROM:
        return f"{format_kronor(ore, 2 if ore % 100 else 0)}{NO_BREAK_SPACE}kr"
    return f"{format_mnkr(ore)}{NO_BREAK_SPACE}mnkr"


def amount_name(kind: str, row: YearMoney) -> Message:
    """ "Prognosen för utgifter 2005"."""
    return message("%(kind)s för %(flow)s %(year)s", kind=KINDS[kind], flow=FLOWS[row.flow], year=row.year)
