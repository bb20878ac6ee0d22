"""Reading initiatives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.elements import ColumnElement

from tracker.areas.models import Area
from tracker.errors import NotFoundError
from tracker.goals.models import Goal
from tracker.initiatives.models import Initiative, Perspective
from tracker.initiatives.policies import visible_to
from tracker.messages import message
from tracker.projects.models import Project
from tracker.projects.policies import Viewer
from tracker.projects.policies import visible_to as project_visible_to
from tracker.text import search_text


@dataclass(frozen=True, slots=True)
class InitiativeFilter:
    """Codes of a goal (with its aspects) and an area in any edition, a year that it goes on in, and words."""

    goal: str = ""
    area: str = ""
    year: int | None = None
    q: str = ""

    @property
    def in_force(self) -> bool:
        """Whether it leaves anything out."""
        return self != InitiativeFilter()


def list_perspectives(session: Session) -> list[Perspective]:
    """The standing perspectives in their order."""
    return list(session.scalars(select(Perspective).order_by(Perspective.position, Perspective.code)))


def get_initiative(session: Session, code: str, viewer: Viewer) -> Initiative:
    """One that this viewer may see; raises NotFoundError."""
    found = session.scalar(select(Initiative).where(Initiative.code == code, *visible_to(viewer)))
    if found is None:
        raise NotFoundError(
            message("Det finns ingen insats med koden %(code)s, eller så är den inte publicerad.", code=code)
        )
    return found


def list_initiatives(session: Session, wanted: InitiativeFilter, viewer: Viewer) -> list[Initiative]:
    """By name, with goals, areas, assignments and owner; a fixed number of statements."""
    statement = (
        select(Initiative)
        .where(*visible_to(viewer), *_conditions(wanted))
        .options(selectinload(Initiative.goals).joinedload(Goal.goal_set))
        .options(selectinload(Initiative.areas).defer(Area.geom), selectinload(Initiative.owner))
        .options(selectinload(Initiative.assignments))
        .order_by(Initiative.sort_key, Initiative.code)
    )
    found = list(session.scalars(statement))
    # Words are looked for here: the two databases fold å, ä and ö in different ways.
    words = search_text(wanted.q).split()
    return [one for one in found if all(word in _searched(one) for word in words)]


def _searched(one: Initiative) -> str:
    return search_text(one.code, one.name, one.description, one.for_whom)


def _conditions(wanted: InitiativeFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.goal:
        aspect = Goal.parent.has(Goal.code == wanted.goal)
        conditions.append(Initiative.goals.any(or_(Goal.code == wanted.goal, aspect)))
    if wanted.area:
        conditions.append(or_(Initiative.areas.any(Area.code == wanted.area), ~Initiative.areas.any()))
    if wanted.year is not None:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        conditions.append(or_(Initiative.start_date.is_(None), Initiative.start_date <= last))
        conditions.append(or_(Initiative.end_date.is_(None), Initiative.end_date >= first))
    return conditions


def count_initiatives(session: Session, viewer: Viewer) -> int:
    """How many this viewer may see."""
    return session.scalar(select(func.count()).select_from(Initiative).where(*visible_to(viewer))) or 0


def list_linked_projects(session: Session, initiative: Initiative, viewer: Viewer) -> list[Project]:
    """The projects that it goes with and that this viewer may see."""
    linked = select(Project).where(Project.id.in_([one.id for one in initiative.projects]))
    ordered = linked.where(*project_visible_to(viewer)).order_by(Project.sort_key, Project.code)
    return list(session.scalars(ordered))


def propose_code(session: Session) -> str:
    """The next free code INS-001, INS-002 …"""
    taken = session.scalars(select(Initiative.code).where(Initiative.code.like("INS-%")))
    numbers = [int(code[4:]) for code in taken if code[4:].isascii() and code[4:].isdigit()]
    return f"INS-{max(numbers, default=0) + 1:03d}"
