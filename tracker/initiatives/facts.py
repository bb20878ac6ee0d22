"""An initiative as a report tells it: plain words, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class InitiativeFacts:
    """Codes of goals, assignments and projects; names of areas (none is the whole city); answers (perspective, text).

    `done` and `for_whom` are what was reported in the period, or what the initiative says of itself before that.
    """

    code: str
    name: str
    description: str
    done: str
    for_whom: str
    start: date | None
    end: date | None
    goals: tuple[str, ...]
    assignments: tuple[str, ...]
    areas: tuple[str, ...]
    projects: tuple[str, ...]
    perspectives: tuple[tuple[str, str], ...]
    confidential: bool
