"""Where a goal of any edition stands in a chosen one, along the crosswalks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.goals.models import Goal, GoalCrosswalk, GoalSet, GoalSetKind

__all__ = ["GoalCodes", "codes_in"]


@dataclass(frozen=True, slots=True)
class GoalCodes:
    """Goal id → codes in the chosen edition. A goal of the budget keeps its own; one that was dropped has none."""

    by_id: Mapping[int, tuple[str, ...]]

    def of(self, goal_ids: Iterable[int]) -> tuple[str, ...]:
        """The codes of some goals, each once, sorted."""
        return tuple(sorted({code for one in goal_ids for code in self.by_id.get(one, ())}))


def codes_in(session: Session, goal_set: GoalSet) -> GoalCodes:
    """What every goal of every edition is called in this one; two statements.

    Goals of earlier editions go forward along the crosswalk, those of later ones back.
    """
    columns = select(Goal.id, Goal.code, Goal.goal_set_id, GoalSet.kind, GoalSet.valid_from_year).join(GoalSet)
    rows = session.execute(columns).all()
    years = {goal_id: year for goal_id, _, _, _, year in rows}
    codes: dict[int, set[str]] = {
        goal_id: {code}
        for goal_id, code, set_id, kind, _ in rows
        if set_id == goal_set.id or kind is GoalSetKind.BUDGET
    }
    steps = session.execute(select(GoalCrosswalk.from_goal_id, GoalCrosswalk.to_goal_id)).all()
    # The editions nearest to the chosen one first, so that each step finds what it leads to.
    forward = sorted((pair for pair in steps if years[pair[0]] < goal_set.valid_from_year), key=lambda p: -years[p[1]])
    backward = sorted((pair for pair in steps if years[pair[1]] > goal_set.valid_from_year), key=lambda p: years[p[0]])
    for here, there in [*forward, *((after, before) for before, after in backward)]:
        codes.setdefault(here, set()).update(codes.get(there, ()))
    return GoalCodes({goal_id: tuple(sorted(found)) for goal_id, found in codes.items()})
