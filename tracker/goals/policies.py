"""What may be done with an edition: nothing once it is locked, and it has one successor at most."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.errors import DomainError
from tracker.goals.models import GoalSet
from tracker.messages import message


def hold_unlocked(session: Session, goal_set: GoalSet) -> None:
    """Hold the edition's row until the commit, so that nobody locks it meanwhile; DomainError when locked."""
    session.refresh(goal_set, with_for_update=True)
    refuse_locked(goal_set)


def refuse_locked(goal_set: GoalSet) -> None:
    """DomainError when the edition is locked."""
    if goal_set.locked:
        refusal = message(
            "%(edition)s är fastställd och ändras inte. Gör en ny utgåva från den och ändra där.", edition=goal_set.name
        )
        raise DomainError(refusal)


def refuse_succeeded(session: Session, goal_set: GoalSet) -> None:
    """DomainError when another edition was made from this one: editions follow each other in one line."""
    successor = session.scalar(select(GoalSet).where(GoalSet.predecessor_id == goal_set.id).limit(1))
    if successor is not None:
        refusal = message(
            "%(edition)s har redan efterföljaren %(successor)s. Gör den nya utgåvan från den.",
            edition=goal_set.name,
            successor=successor.name,
        )
        raise DomainError(refusal)
