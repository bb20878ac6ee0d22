"""The lägesrapport of assignments as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TextIO

from sqlalchemy.orm import Session

from tracker.exports.csv import write_lines
from tracker.exports.tables import Field, Level, Line
from tracker.followup.models import Period
from tracker.goals.queries import list_assignments
from tracker.projects.policies import Viewer
from tracker.steering.facts import AssignmentFacts
from tracker.steering.gathering import gather_steering, projects_of_assignments
from tracker.steering.rules import is_late
from tracker.web.content import format_day, format_moment

FIELDS = tuple(
    Field(label, 20)
    for label in (
        "Kod", "Uppdrag", "Ansvarig nämnd", "Budgetår", "Klart senast", "Sent", "Status", "Lägesrapport", "Mål",
        "Projekt", "Avser", "Framställd",
    )
)  # fmt: skip


def write_assignments(
    session: Session, period: Period | None, viewer: Viewer, produced: datetime, day: date, file: TextIO
) -> None:
    """Every assignment of the period, or as they stand on `day`; projects that the viewer may see."""
    facts = gather_steering(session, period, viewer).assignments if period else _present(session, viewer)
    at = period.as_of if period else day
    name = period.key if period else day.isoformat()
    write_lines(FIELDS, _lines(facts, at, name, produced), file)


def _present(session: Session, viewer: Viewer) -> tuple[AssignmentFacts, ...]:
    projects = projects_of_assignments(session, viewer)
    return tuple(
        AssignmentFacts(
            one.code, one.text, one.owner_board, one.budget_year, one.due, one.status, "",
            tuple(sorted({goal.code for goal in one.goals})),
            tuple(sorted(project.code for project in projects.get(one.id, ()))),
        )
        for one in sorted(list_assignments(session), key=lambda one: one.code)
    )  # fmt: skip


def _lines(facts: tuple[AssignmentFacts, ...], at: date, name: str, produced: datetime) -> Iterator[Line]:
    for one in facts:
        due = format_day(one.due) if one.due else ""
        late = "Ja" if is_late(one.due, one.status, at) else "Nej"
        words = (one.status.label, one.report, ", ".join(one.goals), ", ".join(one.projects))
        head = (one.code, one.text, one.owner_board, one.budget_year, due, late)
        yield Line(Level.DETAIL, (*head, *words, name, format_moment(produced)))
