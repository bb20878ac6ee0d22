"""The goal editions, budget goals and assignments that every installation starts with (catalogue.toml)."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.goals.models import (
    Assignment,
    AssignmentStatus,
    Concept,
    Goal,
    GoalLink,
    GoalSet,
    GoalSetKind,
    StrategicQuestion,
)


def seed_goals(session: Session) -> None:
    """Add the editions and assignments that are missing, by code; what is there already is left as it is."""
    content = tomllib.loads(resources.files("tracker.goals").joinpath("catalogue.toml").read_text("utf-8"))
    present = set(session.scalars(select(GoalSet.code)))
    for edition in content["edition"]:
        if edition["code"] not in present:
            _add_edition(session, edition)
    known = set(session.scalars(select(Assignment.code)))
    for assignment in content["assignment"]:
        if assignment["code"] not in known:
            _add_assignment(session, assignment)


def _add_edition(session: Session, given: dict[str, Any]) -> None:
    """A predecessor ends the year before; the budget goals that are linked to stand earlier in the file."""
    goal_set = GoalSet(
        code=given["code"],
        name=given["name"],
        kind=GoalSetKind(given["kind"]),
        valid_from_year=given["valid_from_year"],
        locked=given["locked"],
        note=given["note"],
    )
    if "predecessor" in given:
        predecessor = session.scalars(select(GoalSet).where(GoalSet.code == given["predecessor"])).one()
        predecessor.valid_to_year = goal_set.valid_from_year - 1
        goal_set.predecessor = predecessor
    goal_set.concepts = [
        Concept(position=number, **concept) for number, concept in enumerate(given.get("concept", []), start=1)
    ]
    session.add(goal_set)
    session.flush()
    for goal in given.get("goal", []):
        _add_goal(session, goal_set, None, goal)


def _add_goal(session: Session, goal_set: GoalSet, parent: Goal | None, given: dict[str, Any]) -> None:
    goal = Goal(
        goal_set=goal_set,
        parent=parent,
        code=given["code"],
        name_sv=given["name_sv"],
        name_en=given["name_en"],
        text_sv=given.get("text_sv", ""),
        text_en=given.get("text_en", ""),
        outer_city_measures=parent.outer_city_measures if parent else given.get("outer_city_measures", False),
    )
    goal.questions = [
        StrategicQuestion(position=number, text_sv=question["sv"], text_en=question["en"])
        for number, question in enumerate(given.get("question", []), start=1)
    ]
    session.add(goal)
    session.flush()
    for code in given.get("budget_goals", []):
        session.add(GoalLink(goal_id=goal.id, budget_goal_id=_budget_goal_id(session, code)))
    for aspect in given.get("aspect", []):
        _add_goal(session, goal_set, goal, aspect)


def _budget_goal_id(session: Session, code: str) -> int:
    budget_2005 = Goal.goal_set.has(GoalSet.code == "budget-2005")
    return session.scalars(select(Goal.id).where(budget_2005, Goal.code == code)).one()


def _add_assignment(session: Session, given: dict[str, Any]) -> None:
    """`goals` are written edition:code; a goal that an administrator has removed is passed over."""
    values = given | {"status": AssignmentStatus(given["status"]), "goals": []}
    assignment = Assignment(**values)
    for reference in given["goals"]:
        edition, code = reference.split(":")
        named = select(Goal).where(Goal.goal_set.has(GoalSet.code == edition), Goal.code == code)
        assignment.goals.extend(session.scalars(named))
    session.add(assignment)
    session.flush()
