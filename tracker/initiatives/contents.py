"""An initiative in plain values, as the history keeps it and as two versions are compared."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.areas.models import Area, AreaSet
from tracker.goals.models import Assignment, Goal, GoalSet
from tracker.history.models import HistoryEntry
from tracker.initiatives.inputs import InitiativeInput
from tracker.initiatives.models import Initiative, Perspective
from tracker.messages import message
from tracker.projects.models import Project
from tracker.projects.policies import Viewer, visible_to

SUBJECT = "initiative"
PLAIN = ("name", "description", "for_whom", "start_date", "end_date", "confidential", "confidentiality_ground")
LABELS = {
    "code": message("Kod"),
    "name": message("Namn"),
    "description": message("Vad som görs"),
    "for_whom": message("För vem"),
    "start_date": message("Start"),
    "end_date": message("Slut"),
    "owner": message("Ansvarig"),
    "confidential": message("Sekretessmarkerad"),
    "confidentiality_ground": message("Lagrum enligt OSL"),
    "goals": message("Mål"),
    "assignments": message("Uppdrag"),
    "areas": message("Områden"),
    "projects": message("Projekt"),
    "answers": message("Perspektiv"),
    "publication": message("Publicering"),
}


def input_of(initiative: Initiative) -> InitiativeInput:
    """The initiative as it stands, with every project that it goes with."""
    return InitiativeInput(
        code=initiative.code,
        name=initiative.name,
        description=initiative.description,
        for_whom=initiative.for_whom,
        start_date=initiative.start_date,
        end_date=initiative.end_date,
        owner_id=initiative.owner_id,
        confidential=initiative.confidential,
        confidentiality_ground=initiative.confidentiality_ground,
        goal_ids=frozenset(one.id for one in initiative.goals),
        assignment_ids=frozenset(one.id for one in initiative.assignments),
        area_ids=frozenset(one.id for one in initiative.areas),
        project_ids=frozenset(one.id for one in initiative.projects),
        answers={one.perspective_id: one.answer for one in initiative.answers},
    )


def describe(session: Session, given: InitiativeInput) -> dict[str, object]:
    """Field → plain value: dates as text, what hangs on it as sorted codes and names."""
    plain: dict[str, object] = {field: getattr(given, field) for field in PLAIN}
    for field in ("start_date", "end_date"):
        day = getattr(given, field)
        plain[field] = day.isoformat() if day else None
    owner = session.get(User, given.owner_id) if given.owner_id else None
    goals = select(GoalSet.code + ":" + Goal.code).join(Goal, Goal.goal_set_id == GoalSet.id)
    areas = select(AreaSet.code + ":" + Area.name).join(Area, Area.area_set_id == AreaSet.id)
    names = dict(session.execute(select(Perspective.id, Perspective.name)).all())
    return plain | {
        "owner": (owner.name or owner.email) if owner else None,
        "goals": sorted(session.scalars(goals.where(Goal.id.in_(given.goal_ids)))),
        "assignments": sorted(session.scalars(select(Assignment.code).where(Assignment.id.in_(given.assignment_ids)))),
        "areas": sorted(session.scalars(areas.where(Area.id.in_(given.area_ids)))),
        "projects": sorted(session.scalars(select(Project.code).where(Project.id.in_(given.project_ids)))),
        "answers": sorted(f"{names[one]}: {text}" for one, text in given.answers.items() if text),
    }


def differences(before: dict[str, object], after: dict[str, object]) -> dict[str, list[object]]:
    """Field → [old, new] of what differs, ready for the history."""
    return {field: [before[field], after[field]] for field in after if before[field] != after[field]}


def base_of(session: Session, initiative: Initiative, opened: int) -> dict[str, object]:
    """What the fields that have changed since version `opened` said then."""
    statement = (
        select(HistoryEntry.changes)
        .where(HistoryEntry.subject_kind == SUBJECT, HistoryEntry.subject_id == initiative.id)
        .where(HistoryEntry.subject_version > opened)
        .order_by(HistoryEntry.id)
    )
    base: dict[str, object] = {}
    for changes in session.scalars(statement):
        for field, (old, _new) in changes.items():
            base.setdefault(field, old)
    return base


def seen_codes(session: Session, codes: Iterable[object], viewer: Viewer) -> set[object]:
    """Those of the project codes that this viewer may see; of all others the history tells nothing."""
    wanted = {str(code) for code in codes}
    return set(session.scalars(select(Project.code).where(Project.code.in_(wanted), *visible_to(viewer))))
