"""What becomes of a page of rows that is sent in a period: assignments that are reported, goals that are judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.errors import Problem


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sent page. Nothing is saved when there are problems or somebody came between."""

    saved: int
    problems: Mapping[int, Problem]
    crossed: frozenset[int]

    @property
    def refused(self) -> bool:
        """Whether nothing was saved for a reason."""
        return bool(self.problems or self.crossed)


UNTRIED = Outcome(0, {}, frozenset())
