"""The goal catalogue as data, with the identifiers of its goals."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tracker.goals.models import Goal, GoalSet
from tracker.goals.queries import list_goal_sets
from tracker.web.addresses import whole_address


def goal_address(goal: Goal) -> str:
    """The identifier of a goal."""
    return whole_address("opendata.goal_id", edition=goal.goal_set.code, kod=goal.code)


def describe_goal(goal: Goal) -> dict[str, Any]:
    """A goal in the catalogue's own words."""
    return {
        "id": goal_address(goal),
        "edition": goal.goal_set.code,
        "code": goal.code,
        "name": {"sv": goal.name_sv, "en": goal.name_en},
        "text": {"sv": goal.text_sv, "en": goal.text_en},
        "parent": goal_address(goal.parent) if goal.parent else None,
        "page": whole_address("maps.goal_page", kod=goal.code, edition=goal.goal_set.code),
    }


def describe_goal_sets(session: Session) -> list[dict[str, Any]]:
    """Every edition, the newest integration goals first."""
    return [_describe(one) for one in list_goal_sets(session)]


def _describe(goal_set: GoalSet) -> dict[str, Any]:
    return {
        "edition": goal_set.code,
        "name": goal_set.name,
        "kind": goal_set.kind.value,
        "valid_from_year": goal_set.valid_from_year,
        "valid_to_year": goal_set.valid_to_year,
        "goals": [describe_goal(one) for one in goal_set.goals],
    }
