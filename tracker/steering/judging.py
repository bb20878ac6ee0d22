"""How far the board judges its goals to be met in a period. The caller commits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import Problem
from tracker.followup.models import Period
from tracker.followup.versions import is_before, refuse_closed
from tracker.goals.models import Goal
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message
from tracker.steering.gathering import fulfilments_in
from tracker.steering.models import GoalFulfilment
from tracker.steering.outcomes import Outcome
from tracker.steering.vocabulary import Fulfilment
from tracker.text import sort_key

SUBJECT = "goal"
LONGEST = 8000


@dataclass(frozen=True, slots=True)
class Judged:
    """What a row of the page says; no level and no text is no judgement."""

    level: Fulfilment | None
    motivation: str
    seen: str


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A goal or an aspect, what is judged of it in the period, and what was judged before."""

    goal: Goal
    stored: GoalFulfilment | None
    earlier: GoalFulfilment | None

    @property
    def level(self) -> Fulfilment | None:
        """The level that stands."""
        return self.stored.level if self.stored else None

    @property
    def motivation(self) -> str:
        """The motivation that stands."""
        return self.stored.motivation if self.stored else ""

    @property
    def seen(self) -> str:
        """The mark of what is stored."""
        return self.stored.judged_at.isoformat() if self.stored else ""


def list_judged_rows(session: Session, period: Period) -> list[JudgedRow]:
    """The goals and aspects of the period's edition by code."""
    stored = {one.goal_id: one for one in fulfilments_in(session, period)}
    before = (
        select(GoalFulfilment)
        .join(Period, Period.id == GoalFulfilment.period_id)
        .where(is_before(period))
        .order_by(Period.as_of, Period.code, Period.version)
    )
    earlier = {one.goal_id: one for one in session.scalars(before)}
    goals = session.scalars(select(Goal).where(Goal.goal_set_id == period.goal_set_id)).all()
    ordered = sorted(goals, key=lambda goal: sort_key(goal.code))
    return [JudgedRow(one, stored.get(one.id), earlier.get(one.id)) for one in ordered]


def judge_goals(session: Session, period: Period, said: Mapping[int, Judged], actor: Actor) -> Outcome:
    """Save what differs from what stands; all of it or nothing. Raises ConflictError when the period is closed."""
    # One writer of the period's reports at a time; whoever closes it waits too.
    session.refresh(period, with_for_update={"key_share": True})
    refuse_closed(period)
    rows = [
        (row, said[row.goal.id])
        for row in list_judged_rows(session, period)
        if row.goal.id in said and _differs(row, said[row.goal.id])
    ]
    problems = {row.goal.id: problem for row, one in rows if (problem := _problem(row, one)) is not None}
    crossed = frozenset(row.goal.id for row, one in rows if row.seen != one.seen)
    refused = Outcome(0, problems, crossed)
    if refused.refused:
        return refused
    for row, one in rows:
        _save(session, period, row, one, actor)
    return Outcome(len(rows), {}, frozenset())


def _differs(row: JudgedRow, said: Judged) -> bool:
    return (row.level, row.motivation) != (said.level, said.motivation)


def _problem(row: JudgedRow, said: Judged) -> Problem | None:
    if said.level is not None and not said.motivation:
        return Problem("motivation", message("Motivera bedömningen."))
    if said.level is None and (said.motivation or row.stored is not None):
        return Problem("level", message("Välj om målet uppfylls helt, delvis eller inte."), said.motivation)
    if len(said.motivation) > LONGEST:
        return Problem("motivation", message("Texten får ha högst %(most)s tecken.", most=LONGEST))
    return None


def _save(session: Session, period: Period, row: JudgedRow, said: Judged, actor: Actor) -> None:
    if said.level is None:
        return
    judged = row.stored if row.stored and row.stored.period_id == period.id else None
    changes: dict[str, list[object]] = {
        "fulfilment": [judged.level.value if judged else None, said.level.value],
        "motivation": [judged.motivation if judged else None, said.motivation],
    }
    if judged is None:
        judged = GoalFulfilment(goal_id=row.goal.id, period_id=period.id)
        session.add(judged)
    judged.level, judged.motivation = said.level, said.motivation
    judged.judged_by, judged.judged_at = actor.name, actor.at
    session.flush()
    differing = {field: pair for field, pair in changes.items() if pair[0] != pair[1]}
    record(session, actor, (SUBJECT, row.goal.id, 1), Action.CHANGED, differing, f"Måluppfyllelse {period.key}")
