"""The words of the goal catalogue: stored values in Swedish ASCII, labels for the screen."""

from __future__ import annotations

from enum import StrEnum

from tracker.messages import message


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
        return _STATUSES[self.value]


_STATUSES = {
    "ej-paborjad": message("Ej påbörjad"),
    "pagaende": message("Pågående"),
    "genomford": message("Genomförd"),
    "forsenad": message("Försenad"),
}
