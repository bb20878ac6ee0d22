"""The named rules of a contribution report; the values are the words that a person picks."""

from __future__ import annotations

from enum import StrEnum

from tracker.messages import message


class CountingRule(StrEnum):
    """How an amount that concerns several goals or areas is counted.

    FORDELAD shares it, so that the cells add up to the portfolio. BEROR counts it in full in each cell that
    its project touches, and once in every subtotal.
    """

    FORDELAD = "fordelad"
    BEROR = "beror"

    @property
    def term(self) -> str:
        """The rule's name in running Swedish text."""
        return {"fordelad": message("fördelad"), "beror": message("berör")}[self.value]


class AreaBasis(StrEnum):
    """Where a project's area shares come from; every export names it."""

    BETJANAR = "betjanar"
    LAGE = "lage"
    OLOKALISERAD = "olokaliserad"

    @property
    def term(self) -> str:
        """The basis in running Swedish text."""
        return {
            "betjanar": message("betjänar"), "lage": message("enligt läge"), "olokaliserad": message("oplacerat")
        }[self.value]  # fmt: skip
