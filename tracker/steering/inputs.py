"""What forms and files of indicators hand to their services."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.steering.vocabulary import Direction

FIELDS = ("target", "forecast", "outcome")
Numbers = tuple[int | None, int | None, int | None]
"""Target, forecast and outcome as whole numbers of 10^-decimals of the unit."""
Place = tuple[int, int | None]
"""Year, and the area's id or None for the whole city."""


@dataclass(frozen=True, slots=True)
class IndicatorInput:
    """An indicator as it should stand; `code` is fixed once it is made."""

    code: str
    name: str
    unit: str
    decimals: int
    direction: Direction
    goal_id: int
    description: str
    source: str
