"""What the pages of initiatives show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.areas.models import Area, AreaSet
from tracker.areas.queries import list_area_sets, list_areas, lowest_set
from tracker.goals.models import Assignment
from tracker.goals.presenters import GoalGroup, goal_groups
from tracker.goals.queries import list_assignments, list_goal_sets, list_goals_of
from tracker.history.models import HistoryEntry
from tracker.initiatives.contents import LABELS, SUBJECT, seen_codes
from tracker.initiatives.models import Initiative
from tracker.messages import message
from tracker.projects.policies import Viewer


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """The areas of one edition as choices."""

    edition: AreaSet
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers."""

    goals: Sequence[GoalGroup]
    areas: Sequence[AreaGroup]
    assignments: Sequence[Assignment]


@dataclass(frozen=True, slots=True)
class Told:
    """One change: rows are (label, before, after)."""

    at: datetime
    who: str
    action: str
    rows: tuple[tuple[str, str, str], ...]


ACTIONS = {
    "skapad": message("Skapad"), "andrad": message("Ändrad"), "publicerad": message("Publicering ändrad"),
    "aterstalld": message("Återställd"),
}  # fmt: skip
WORDS = {
    True: message("Ja"), False: message("Nej"), None: "–", "": "–", "utkast": message("Utkast"),
    "publicerad": message("Publicerad"),
}  # fmt: skip


def choices_of(session: Session) -> Choices:
    """Goals by edition, areas by edition (the newest first, the stadsdelar last), assignments."""
    editions = [*reversed(list_area_sets(session)), lowest_set(session)]
    return Choices(
        goals=goal_groups(list_goal_sets(session), list_goals_of(session)),
        areas=[AreaGroup(one, tuple(list_areas(session, one))) for one in editions],
        assignments=list_assignments(session),
    )


def word(value: object) -> str:
    """A plain value of the history in words; a list line by line."""
    if isinstance(value, list):
        return "\n".join(str(one) for one in value) or "–"
    if isinstance(value, str | bool) or value is None:
        return WORDS[value] if value in WORDS else str(value)
    return str(value)


def field_label(field: str) -> str:
    """What a field is called on screen."""
    return LABELS.get(field, field)


def tell_history(session: Session, initiative: Initiative, viewer: Viewer) -> list[Told]:
    """Every change, the latest first; of projects only those that the viewer may see."""
    statement = (
        select(HistoryEntry)
        .where(HistoryEntry.subject_kind == SUBJECT, HistoryEntry.subject_id == initiative.id)
        .order_by(HistoryEntry.id.desc())
    )
    entries = list(session.scalars(statement))
    codes = [code for one in entries for side in one.changes.get("projects", []) for code in as_list(side)]
    seen = seen_codes(session, codes, viewer)
    return [Told(one.at, one.actor_name, ACTIONS[one.action.value], tuple(_rows(one, seen))) for one in entries]


def as_list(value: object) -> list[object]:
    """A list as it is; anything else holds nothing."""
    return value if isinstance(value, list) else []


def _rows(entry: HistoryEntry, seen: set[object]) -> Iterable[tuple[str, str, str]]:
    for field, (old, new) in entry.changes.items():
        if field == "projects":
            before, after = ([code for code in as_list(side) if code in seen] for side in (old, new))
            if before != after:
                yield field_label(field), word(before), word(after)
        else:
            yield field_label(field), word(old), word(new)
