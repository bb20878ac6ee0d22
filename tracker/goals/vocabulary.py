"""The words of the goal catalogue: stored values in Swedish ASCII, labels for the screen."""

from __future__ import annotations

from enum import StrEnum


class GoalSetKind(StrEnum):
    """Integration goals are shared over; budget goals are linked and never enter the shares."""

    INTEGRATION = "integration"
    BUDGET = "budget"


class AssignmentStatus(StrEnum):
    """The scale of the city's follow-up of assignments."""

    NOT_STARTED = "ej-paborjad"
    ONGOING = "pagaende"
    DONE = "genomford"
    LATE = "forsenad"

    @property
    def label(self) -> str:
        return {
            "ej-paborjad": "Ej påbörjad",
            "pagaende": "Pågående",
            "genomford": "Genomförd",
            "forsenad": "Försenad",
        }[self.value]
