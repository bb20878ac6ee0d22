"""A row of a ledger as it is given to follow-up: read, not yet matched to a project."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.projects.vocabulary import Flow


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """An outcome of one year and flow in whole öre, cumulative for the year; outlay and income both positive.

    `row` is as a person counts in the file.
    """

    row: int
    reference: str
    """The project code, or the case number where the file has no code; empty when the row has neither."""
    case_number: str
    """The case number where the file has a code too."""
    text: str
    year: int
    flow: Flow
    amount_ore: int
