"""What the map's page shows: the rows of its table twin, and the words that its script says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.goals.models import Goal, GoalSet
from tracker.measures.models import MainKind
from tracker.projects.models import ProjectDisplay
from tracker.projects.policies import Viewer, open_to
from tracker.projects.queries import ProjectRow
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Phase

TWIN_SIZE = 100
"""Rows on a page of the table beside the map."""


@dataclass(frozen=True, slots=True)
class TwinRow:
    """A project in the table beside the map; `place` is where its sign stands, "lon,lat", empty without one."""

    project: ProjectRow
    place: str


def twin_rows(session: Session, rows: Sequence[ProjectRow], viewer: Viewer) -> list[TwinRow]:
    """The rows with their places, in one statement more."""
    statement = select(ProjectDisplay.project_id, ProjectDisplay.lon, ProjectDisplay.lat)
    shown = open_to(viewer, Secret.GEOMETRY, ProjectDisplay.project_id)
    found = session.execute(statement.where(ProjectDisplay.project_id.in_([row.id for row in rows]), *shown))
    places = {project_id: f"{lon},{lat}" for project_id, lon, lat in found}
    return [TwinRow(row, places.get(row.id, "")) for row in rows]


def goal_names(session: Session) -> dict[str, str]:
    """Goal code → name; where editions share a code, the latest edition's."""
    statement = select(Goal.code, Goal.name_sv).join(GoalSet, Goal.goal_set_id == GoalSet.id)
    rows = session.execute(statement.order_by(GoalSet.valid_from_year, GoalSet.code))
    return {row.code: row.name_sv for row in rows}


def script_words(goals: dict[str, str]) -> dict[str, str | dict[str, str]]:
    """Every text that the script puts on the screen, in the reader's language; `{…}` is filled in there."""
    return {
        "goals": goals,
        "kinds": {kind.value: kind.label for kind in MainKind},
        "phases": {phase.value: phase.label for phase in Phase},
        "map": _("Karta över projekten. Samma projekt står i tabellen."),
        "zoomIn": _("Zooma in"),
        "zoomOut": _("Zooma ut"),
        "fit": _("Visa alla träffar"),
        "close": _("Stäng"),
        "none": _("inga angivna"),
        "cluster": _("{count} projekt ({parts}). Zooma in."),
        "waiting": _("Hämtar projekten …"),
        "failed": _("Projekten gick inte att hämta. Kontrollera nätet och försök igen."),
        "again": _("Försök igen"),
        "hidden": _("Dolt på kartan och i listan: {layers}."),
        "copied": _("Länken är kopierad"),
    }
