"""How an assignment stands in a period, from its reports in order of time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tracker.goals.vocabulary import AssignmentStatus


class Reported(Protocol):
    """A report: the status and what was written."""

    status: AssignmentStatus
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Status and text in the period; `earlier` is what the last period before it said, None where none did.

    What the period does not say, the status says as it was last; the text is then empty.
    """

    status: AssignmentStatus
    text: str
    reported: bool
    earlier_status: AssignmentStatus | None
    earlier_text: str
    done_before: bool
    """It was done when the year of the period began."""


def standing_in(code: str, own: AssignmentStatus, reports: Sequence[tuple[str, Reported]]) -> Standing:
    """`reports` are (period code, report) up to the period with `code`, the oldest first; `own` is the assignment's.

    Period codes begin with the year.
    """
    now = next((report for at, report in reversed(reports) if at == code), None)
    before = next((report for at, report in reversed(reports) if at != code), None)
    last = now or before
    return Standing(
        status=last.status if last else own,
        text=now.text if now else "",
        reported=now is not None,
        earlier_status=before.status if before else None,
        earlier_text=before.text if before else "",
        done_before=_done_before(code[:4], own, reports),
    )


def _done_before(year: str, own: AssignmentStatus, reports: Sequence[tuple[str, Reported]]) -> bool:
    last = next((report for at, report in reversed(reports) if at[:4] < year), None)
    if last is None:
        return not reports and own is AssignmentStatus.DONE
    return last.status is AssignmentStatus.DONE


def belongs(budget_year: int, year: int, standing: Standing) -> bool:
    """Whether a period of `year` follows up an assignment of `budget_year`: its own year's, and what was not done."""
    return budget_year == year or (budget_year < year and (standing.reported or not standing.done_before))


def is_late(due: date | None, status: AssignmentStatus, day: date) -> bool:
    """Whether the last day has passed and it is not done."""
    return due is not None and due < day and status is not AssignmentStatus.DONE
