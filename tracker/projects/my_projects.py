"""A person's own projects with what asks for their attention, and the queue of those who review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from tracker.history.models import Action, HistoryEntry
from tracker.measures.queries import list_measures
from tracker.messages import message
from tracker.projects.completeness import Completeness, completeness
from tracker.projects.completeness_sql import read_facts
from tracker.projects.courses import course_of
from tracker.projects.decisions import Limits, in_time
from tracker.projects.doubts import Doubt, doubts
from tracker.projects.models import GoalTag, Location, Project, ServedArea
from tracker.projects.policies import Viewer, visible_to
from tracker.projects.presenters import G1_OUTSIDE, g1_without_outer_city
from tracker.projects.recording import SUBJECT
from tracker.projects.reviewing import changed_since_review
from tracker.projects.vocabulary import Phase, Publication

MOST = 200
"""Projects on the page; a person with more finds the rest in the list."""
QUEUE = 25


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed the contents last, and when."""

    who: str
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class MyProject:
    """A line of the page."""

    code: str
    name: str
    phase: Phase
    publication: Publication
    changed: bool
    """Published, and changed after it was reviewed."""
    deputy: bool
    score: Completeness
    doubts: tuple[Doubt, ...]
    last: LastChange | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Ahead:
    """A decision that is planned for a day to come."""

    code: str
    name: str
    gate: str
    day: date
    days: int


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything of one person's page; `total` also counts what is beyond MOST."""

    projects: tuple[MyProject, ...]
    total: int
    ahead: tuple[Ahead, ...]


def read_mine(session: Session, user_id: int, viewer: Viewer, today: date, limits: Limits) -> Mine:
    """The projects that the person is manager or deputy of, in Swedish order."""
    own = or_(Project.manager_id == user_id, Project.deputy_id == user_id)
    total = session.scalar(select(func.count(Project.id)).where(own, *visible_to(viewer))) or 0
    statement = (
        select(Project)
        .where(own, *visible_to(viewer))
        .options(
            selectinload(Project.decisions), selectinload(Project.figures), selectinload(Project.volumes),
            selectinload(Project.goal_tags).joinedload(GoalTag.goal),
            selectinload(Project.serves).joinedload(ServedArea.area),
            selectinload(Project.locations).joinedload(Location.area),
        )
        .order_by(Project.sort_key, Project.id)
        .limit(MOST)
    )  # fmt: skip
    projects = list(session.scalars(statement))
    ids = [project.id for project in projects]
    facts, last = read_facts(session, ids, viewer), last_changes(session, ids, user_id)
    names = {measure.id: measure.name_sv for measure in list_measures(session, active_only=False)}
    lines = [
        _line(project, completeness(facts[project.id]), _doubts(project, names, today, limits), last, user_id)
        for project in projects
    ]
    return Mine(tuple(lines), total, tuple(_ahead(projects, today)))


def _doubts(project: Project, names: dict[int, str], today: date, limits: Limits) -> tuple[Doubt, ...]:
    found = doubts(course_of(project, names), today, limits)
    if g1_without_outer_city(project):
        found.insert(0, Doubt(G1_OUTSIDE, "omraden"))
    return tuple(found)


def _line(
    project: Project, score: Completeness, found: tuple[Doubt, ...], last: dict[int, LastChange], user_id: int
) -> MyProject:
    return MyProject(
        project.code,
        project.name,
        project.phase,
        project.publication,
        changed_since_review(project),
        project.manager_id != user_id,
        score,
        found,
        last.get(project.id),
        project.updated_at,
    )


def _ahead(projects: Sequence[Project], today: date) -> list[Ahead]:
    found = [
        Ahead(project.code, project.name, one.gate.label, one.date, (one.date - today).days)
        for project in projects
        for one in in_time(course_of(project, {}).decisions)
        if one.date is not None and one.date > today
    ]
    return sorted(found, key=lambda one: (one.day, one.code))


def last_changes(session: Session, ids: Sequence[int], user_id: int | None) -> dict[int, LastChange]:
    """Project id → its last change of contents, in one statement."""
    mine = (HistoryEntry.subject_kind == SUBJECT, HistoryEntry.action != Action.PUBLISHED)
    newest = select(func.max(HistoryEntry.id)).where(*mine, HistoryEntry.subject_id.in_(ids))
    statement = select(HistoryEntry).where(HistoryEntry.id.in_(newest.group_by(HistoryEntry.subject_id)))
    return {
        entry.subject_id: LastChange(entry.actor_name, entry.at, user_id is not None and entry.actor_id == user_id)
        for entry in session.scalars(statement)
    }


@dataclass(frozen=True, slots=True)
class Waiting:
    """A project that waits for a review or for being published."""

    code: str
    name: str
    why: str
    percent: int
    last: LastChange | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, the longest waiting first; `counts` is worklist word → how many there are in all."""

    waiting: tuple[Waiting, ...]
    counts: dict[str, int]


WHYS = {
    "andrad": message("Ändrad efter granskning"),
    "granskad": message("Granskad, ska publiceras"),
    "utkast": message("Utkast"),
}


def read_queue(session: Session, user_id: int, viewer: Viewer) -> Queue:
    """The reviewer's queue: first what everybody sees unreviewed, then what is ready, then the drafts."""
    conditions: dict[str, ColumnElement[bool]] = {
        "andrad": and_(
            Project.publication == Publication.PUBLISHED,
            Project.published_at.is_not(None),
            Project.reviewed_at.is_(None),
        ),
        "granskad": Project.publication == Publication.REVIEWED,
        "utkast": Project.publication == Publication.DRAFT,
    }
    counts, waiting = {}, []
    for word, condition in conditions.items():
        where = (condition, *visible_to(viewer))
        counts[word] = session.scalar(select(func.count(Project.id)).where(*where)) or 0
        statement = select(Project.id, Project.code, Project.name, Project.updated_at).where(*where)
        rows = session.execute(statement.order_by(Project.updated_at, Project.id).limit(QUEUE)).all()
        waiting += [(word, row) for row in rows]
    waiting = waiting[:QUEUE]
    ids = [row.id for _, row in waiting]
    facts, last = read_facts(session, ids, viewer), last_changes(session, ids, user_id)
    return Queue(
        tuple(
            Waiting(
                row.code, row.name, WHYS[word], completeness(facts[row.id]).percent, last.get(row.id), row.updated_at
            )
            for word, row in waiting
        ),
        counts,
    )
