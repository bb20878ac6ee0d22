"""What the map's page shows: the rows of its table twin, and the words that its script says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.goals.models import Goal, GoalSet
from tracker.maps.times import State
from tracker.measures.models import MainKind
from tracker.messages import Message, message, told
from tracker.money import NO_BREAK_SPACE, format_count
from tracker.projects.models import ProjectDisplay
from tracker.projects.policies import Viewer, open_to
from tracker.projects.queries import ProjectRow
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Phase, Scope

TWIN_SIZE = 100
"""Rows on a page of the table beside the map."""
YEAR = 9999
"""Stands for any year in the script's words."""
NEAREST_METRES = 5
"""Nearer than this is at the place itself."""


@dataclass(frozen=True, slots=True)
class TwinRow:
    """A project in the table beside the map; `place` is where its sign stands, "lon,lat", empty without one.

    `state` is that of the year in the address with the years that it comes from, `changes` are lines on what changed
    since the day in the address, `distance` is from the place in the address; empty where the address has none.
    """

    project: ProjectRow
    place: str
    state: str = ""
    state_label: str = ""
    years: str = ""
    changes: Sequence[str] = ()
    distance: str = ""


StateYears = tuple[State, int | None, int | None]
"""A state, and the years in which the project begins and ends."""


@dataclass(frozen=True, slots=True)
class TwinFacts:
    """What the address asks of each project beyond its row, by project id."""

    year: int | None = None
    states: Mapping[int, StateYears] = field(default_factory=dict)
    changes: Mapping[int, Sequence[str]] = field(default_factory=dict)
    distances: Mapping[int, float] = field(default_factory=dict)


NO_FACTS = TwinFacts()


def twin_rows(
    session: Session, rows: Sequence[ProjectRow], viewer: Viewer, facts: TwinFacts = NO_FACTS
) -> list[TwinRow]:
    """The rows with their places, in one statement more."""
    statement = select(ProjectDisplay.project_id, ProjectDisplay.lon, ProjectDisplay.lat)
    shown = open_to(viewer, Secret.GEOMETRY, ProjectDisplay.project_id)
    found = session.execute(statement.where(ProjectDisplay.project_id.in_([row.id for row in rows]), *shown))
    places = {project_id: f"{lon},{lat}" for project_id, lon, lat in found}
    return [
        TwinRow(
            row,
            places.get(row.id, ""),
            *_told_state(facts, row.id),
            changes=facts.changes.get(row.id, ()),
            distance=distance_words(facts.distances[row.id]) if row.id in facts.distances else "",
        )
        for row in rows
    ]


def _told_state(facts: TwinFacts, project_id: int) -> tuple[str, str, str]:
    found = facts.states.get(project_id)
    if found is None or facts.year is None:
        return "", "", ""
    state, start, end = found
    return state.value, state_words(facts.year)[state.value], years_words(start, end)


def years_words(start: int | None, end: int | None) -> str:
    """ "2003–2008", "från 2003", "till 2008", "2005"; empty when nothing is known."""
    if start is None:
        return "" if end is None else _("till %(year)s", year=end)
    if end is None:
        return str(_("från %(year)s", year=start))
    return str(start) if start == end else f"{start}–{end}"


def state_words(year: int) -> dict[str, Message]:
    """What the states of a year are called."""
    return {
        State.PLANNED.value: message("Planerat"),
        State.UNDER_WAY.value: message("Pågår"),
        State.COMPLETED.value: message("Blir klart %(year)s", year=year),
        State.EARLIER.value: message("Klart före %(year)s", year=year),
        State.UNKNOWN.value: message("Utan känd tid"),
    }


def distance_words(metres: float) -> str:
    """ "på platsen", "40 m", "1,2 km"."""
    if metres < NEAREST_METRES:
        return str(_("på platsen"))
    if metres < 1_000:
        return f"{format_count(int(round(metres, -1)))}{NO_BREAK_SPACE}m"
    return f"{metres / 1_000:.1f}{NO_BREAK_SPACE}km".replace(".", ",")


def goal_names(session: Session) -> dict[str, str]:
    """Goal code → name; where editions share a code, the latest edition's."""
    statement = select(Goal.code, Goal.name_sv).join(GoalSet, Goal.goal_set_id == GoalSet.id)
    rows = session.execute(statement.order_by(GoalSet.valid_from_year, GoalSet.code))
    return {row.code: row.name_sv for row in rows}


def script_words(goals: dict[str, str]) -> dict[str, str | dict[str, str]]:
    """Every text that the script puts on the screen, in the reader's language; `{…}` is filled in there.

    `scopes`: what the map's data, which is Swedish for everybody, calls places without a page of their own.
    """
    return {
        "goals": goals,
        "kinds": {kind.value: told(kind.label) for kind in MainKind},
        "phases": {phase.value: told(phase.label) for phase in Phase},
        "scopes": {f"{one.label}": told(one.label) for one in Scope if one is not Scope.AREA},
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
        "states": {word: told(text).replace(str(YEAR), "{year}") for word, text in state_words(YEAR).items()},
        "yearSaid": _("{year}: {counts}"),
        "sorts": {"omrade": _("Område"), "plats": _("Plats")},
        "findNone": _("Inga förslag. Retur söker i namn, kod och diarienummer."),
        "findSome": _("{count} förslag. Pil ned går till dem."),
        "findPlaces": _("{count} projekt"),
        "findNoPlace": _("{name} saknar läge på kartan och står i listan."),
        "herePick": _("Klicka på kartan, eller flytta den med pilarna och tryck Retur. Esc avbryter."),
        "hereSeeking": _("Söker din plats …"),
        "hereAsking": _("Hämtar vad som händer här …"),
        "hereRefused": _(
            "Webbläsaren fick inte läsa din plats. Tillåt det i dess inställningar, eller klicka på kartan."
        ),
        "hereLost": _("Din plats gick inte att bestämma. Klicka på kartan i stället."),
    }
