"""The sheet Avstämning: the report against itself (difference 0), and the portfolio against ledger and budget."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.exports.tables import Field, Level, Line, Table, kronor
from tracker.reports.counted import Counted

RECONCILES = "Differens 0: rapporten stämmer med underlaget på öret."
DOES_NOT = "RAPPORTEN STÄMMER INTE MED UNDERLAGET."


def reconciliation_sheet(counted: Counted) -> Table:
    """One line for each target, year and flow."""
    fields = (
        Field("Stäms av mot", 30), Field("År", 7), Field("Flöde", 22), Field("Portföljen (kr)", 22, number=True),
        Field("Målet för avstämningen (kr)", 22, number=True),
        Field("Differens = portfölj − mål (kr)", 22, number=True),
        Field("Läge", 22), Field("Förklaring", 22), Field("Förklarat av", 22),
    )  # fmt: skip
    return Table("Mot huvudbok och budget", fields, _lines(counted))


def _lines(counted: Counted) -> Iterator[Line]:
    for one in counted.facts.reconciliation:
        state = "Stämmer" if one.difference_ore == 0 else ("Förklarad differens" if one.settled else "OFÖRKLARAD")
        money = (kronor(one.portfolio_ore), kronor(one.target_ore), kronor(one.difference_ore))
        words = (state, one.explanation, one.explained_by)
        yield Line(Level.DETAIL, (one.target.label, str(one.year), one.flow.label, *money, *words))


def verdict(counted: Counted) -> str:
    """What the sheet says first."""
    return RECONCILES if counted.report.reconciles else DOES_NOT


def target_verdict(counted: Counted) -> str:
    """How many lines against ledger and budget are left unexplained."""
    lines = counted.facts.reconciliation
    if not lines:
        return "Ingen avstämning mot huvudbok eller budget är gjord."
    open_lines = sum(not one.settled for one in lines)
    return (
        f"{open_lines} av {len(lines)} rader har en oförklarad differens."
        if open_lines
        else ("Varje differens mot huvudbok och budget är 0 eller förklarad.")
    )
