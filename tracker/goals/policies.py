"""What may be done with an edition: nothing once it is locked, and it has one successor at most."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import DomainError
from tracker.goals.models import GoalSet


def hold_unlocked(session: Session, goal_set: GoalSet) -> None:
    """Hold the edition's row until the commit, so that nobody locks it meanwhile; DomainError when locked."""
    session.refresh(goal_set, with_for_update=True)
    refuse_locked(goal_set)


def refuse_locked(goal_set: GoalSet) -> None:
    """DomainError when the edition is locked."""
    if goal_set.locked:
        raise DomainError(f"{goal_set.name} är fastställd och ändras inte. Gör en ny utgåva från den och ändra där.")


def refuse_succeeded(session: Session, goal_set: GoalSet) -> None:
    """DomainError when another edition was made from this one: editions follow each other in one line."""
    successor = session.scalar(select(GoalSet).where(GoalSet.predecessor_id == goal_set.id).limit(1))
    if successor is not None:
        raise DomainError(f"{goal_set.name} har redan efterföljaren {successor.name}. Gör den nya utgåvan från den.")
