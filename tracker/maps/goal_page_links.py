"""What a goal is tied to: the goals before and after it, initiatives, assignments, indicators. And finding a goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.goals.models import Goal, GoalCrosswalk, GoalSet
from tracker.goals.queries import list_assignments, list_goals_of
from tracker.initiatives.queries import InitiativeFilter, list_initiatives
from tracker.messages import message
from tracker.projects.policies import PUBLIC, Viewer
from tracker.steering.queries import list_indicators
from tracker.text import slug

FEW_NEAR = 6
NEAR_ENOUGH = 60
"""Of 100: how alike a name must be to be suggested."""
LONGEST = 100


@dataclass(frozen=True, slots=True)
class GoalLink:
    """A goal of an edition, as a link shows it."""

    set_code: str
    code: str
    name: str
    set_name: str

    @property
    def label(self) -> str:
        """ "G1 Hållbar tillväxt"."""
        return message("%(code)s %(name)s", code=self.code, name=self.name)


@dataclass(frozen=True, slots=True)
class Initiated:
    """An initiative for the goal. `published` ones have a page that everybody reads."""

    code: str
    name: str
    description: str
    areas: tuple[str, ...]
    published: bool


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assignment that names the goal."""

    code: str
    text: str
    board: str
    budget_year: int
    due: date | None
    status: str


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator of the goal."""

    code: str
    name: str
    unit: str


def link_to(goal: Goal) -> GoalLink:
    """A goal as a link."""
    return GoalLink(goal.goal_set.code, goal.code, goal.name_sv, goal.goal_set.name)


def neighbours(session: Session, goal: Goal) -> tuple[tuple[GoalLink, ...], tuple[GoalLink, ...]]:
    """The goals of earlier editions that continue in it, and those of later ones that it continues in."""
    sets = joinedload(Goal.goal_set)
    before = select(Goal).join(GoalCrosswalk, GoalCrosswalk.from_goal_id == Goal.id).options(sets)
    after = select(Goal).join(GoalCrosswalk, GoalCrosswalk.to_goal_id == Goal.id).options(sets)
    earlier = session.scalars(before.where(GoalCrosswalk.to_goal_id == goal.id).order_by(Goal.code))
    later = session.scalars(after.where(GoalCrosswalk.from_goal_id == goal.id).order_by(Goal.code))
    return tuple(map(link_to, earlier)), tuple(map(link_to, later))


def initiated_for(session: Session, goal: Goal, viewer: Viewer) -> tuple[Initiated, ...]:
    """The initiatives for the goal or an aspect of it that the viewer may see."""
    own = {goal.id, *(one.id for one in goal.aspects)}
    found = list_initiatives(session, InitiativeFilter(goal=goal.code), viewer)
    published = {one.id for one in list_initiatives(session, InitiativeFilter(goal=goal.code), PUBLIC)}
    return tuple(
        Initiated(one.code, one.name, one.description, tuple(area.name for area in one.areas), one.id in published)
        for one in found
        if own & {each.id for each in one.goals}
    )


def assigned_to(session: Session, goal: Goal) -> tuple[Assigned, ...]:
    """The assignments that name the goal or an aspect of it; everybody reads them in the catalogue."""
    own = {goal.id, *(one.id for one in goal.aspects)}
    return tuple(
        Assigned(one.code, one.text, one.owner_board, one.budget_year, one.due, one.status.label)
        for one in list_assignments(session, goal.goal_set)
        if own & {each.id for each in one.goals}
    )


def measured_for(session: Session, goal: Goal) -> tuple[Measured, ...]:
    """The indicators of the goal or an aspect of it; their pages are for those inside."""
    own = {goal.id, *(one.id for one in goal.aspects)}
    return tuple(Measured(one.code, one.name, one.unit) for one in list_indicators(session) if one.goal_id in own)


def goals_called(session: Session, text: str, first: GoalSet) -> list[Goal]:
    """Goals of any edition whose code or name is the text, in any way of writing it; those of one edition first."""
    wanted = slug(text[:LONGEST])
    found = [one for one in list_goals_of(session) if wanted and wanted in (slug(one.code), slug(one.name_sv))]
    return sorted(found, key=lambda one: (one.goal_set_id != first.id, -one.goal_set.valid_from_year))


def near_goals(session: Session, text: str) -> Sequence[GoalLink]:
    """Goals and aspects whose names or codes are most like the text, the most alike first."""
    known = {one.id: one for one in list_goals_of(session)}
    plain = {goal_id: slug(one.name_sv) for goal_id, one in known.items()}
    wanted = slug(text[:LONGEST])
    names = process.extract(wanted, plain, scorer=fuzz.WRatio, score_cutoff=NEAR_ENOUGH, limit=FEW_NEAR)
    codes = process.extract(
        wanted,
        {goal_id: slug(one.code) for goal_id, one in known.items()},
        scorer=fuzz.ratio,
        score_cutoff=NEAR_ENOUGH,
        limit=FEW_NEAR,
    )
    ids = dict.fromkeys(goal_id for _, _, goal_id in sorted([*codes, *names], key=lambda one: -one[1]))
    return [link_to(known[goal_id]) for goal_id in list(ids)[:FEW_NEAR]]
