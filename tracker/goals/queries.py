"""Reads of the goal catalogue. The number of statements never grows with the number of goals."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tracker.errors import NotFoundError
from tracker.goals.models import (
    Assignment,
    Concept,
    Goal,
    GoalLink,
    GoalSet,
    GoalSetKind,
    StrategicQuestion,
)
from tracker.goals.tree import GoalNode, build_tree
from tracker.messages import message
from tracker.text import sort_key

KIND_WORDS = {GoalSetKind.INTEGRATION: message("integrationsmål"), GoalSetKind.BUDGET: message("budgetmål")}


def list_goal_sets(session: Session, kind: GoalSetKind | None = None) -> list[GoalSet]:
    """All editions: integration goals before budget goals, and the newest first within each."""
    statement = select(GoalSet).order_by(GoalSet.kind.desc(), GoalSet.valid_from_year.desc(), GoalSet.code)
    if kind is not None:
        statement = statement.where(GoalSet.kind == kind)
    return list(session.scalars(statement))


def get_goal_set(session: Session, code: str) -> GoalSet:
    """The edition with this code; raises NotFoundError."""
    found = session.scalar(select(GoalSet).where(GoalSet.code == code))
    if found is None:
        raise NotFoundError(message("Det finns ingen målutgåva med koden %(code)s.", code=code))
    return found


def goal_set_for_year(session: Session, year: int, kind: GoalSetKind = GoalSetKind.INTEGRATION) -> GoalSet:
    """The newest edition whose validity holds the year; raises NotFoundError."""
    holds = or_(GoalSet.valid_to_year.is_(None), GoalSet.valid_to_year >= year)
    statement = (
        select(GoalSet)
        .where(GoalSet.kind == kind, GoalSet.valid_from_year <= year, holds)
        .order_by(GoalSet.valid_from_year.desc(), GoalSet.code)
        .limit(1)
    )
    found = session.scalar(statement)
    if found is None:
        refusal = message("Ingen utgåva av %(goals)s gäller för år %(year)s.", goals=KIND_WORDS[kind], year=year)
        raise NotFoundError(refusal)
    return found


def list_successors(session: Session, goal_set: GoalSet) -> list[GoalSet]:
    """The editions that were made from this one, the earliest first."""
    statement = select(GoalSet).where(GoalSet.predecessor_id == goal_set.id)
    return list(session.scalars(statement.order_by(GoalSet.valid_from_year, GoalSet.code)))


def goal_tree(session: Session, goal_set: GoalSet) -> tuple[GoalNode, ...]:
    """The edition's goals with aspects, questions and linked budget goals, by code; three statements."""
    statement = (
        select(Goal)
        .where(Goal.goal_set_id == goal_set.id)
        .options(selectinload(Goal.questions), selectinload(Goal.budget_goals).joinedload(Goal.goal_set))
    )
    return build_tree(sorted(session.scalars(statement), key=lambda goal: sort_key(goal.code)))


def get_goal(session: Session, goal_set: GoalSet, code: str) -> Goal:
    """A goal or an aspect of this edition; raises NotFoundError."""
    found = session.scalar(select(Goal).where(Goal.goal_set_id == goal_set.id, Goal.code == code))
    if found is None:
        raise NotFoundError(message("%(edition)s har inget mål med koden %(code)s.", edition=goal_set.name, code=code))
    return found


def list_goals_of(session: Session, kind: GoalSetKind | None = None) -> list[Goal]:
    """The goals and aspects of all editions, or of all of one kind, by code."""
    statement = select(Goal).options(joinedload(Goal.goal_set))
    if kind is not None:
        statement = statement.where(Goal.goal_set.has(GoalSet.kind == kind))
    return sorted(session.scalars(statement), key=lambda goal: (sort_key(goal.code), goal.goal_set.code))


def list_linking_goals(session: Session, goal_set: GoalSet) -> dict[str, list[Goal]]:
    """Code of each goal of this budget edition → the goals that make it concrete, by edition and code."""
    budget_goal = aliased(Goal)
    statement = (
        select(budget_goal.code, Goal)
        .join(GoalLink, GoalLink.goal_id == Goal.id)
        .join(budget_goal, budget_goal.id == GoalLink.budget_goal_id)
        .where(budget_goal.goal_set_id == goal_set.id)
        .options(joinedload(Goal.goal_set))
        .order_by(Goal.code)
    )
    linking: dict[str, list[Goal]] = {}
    for code, goal in session.execute(statement):
        linking.setdefault(code, []).append(goal)
    return linking


def get_question(session: Session, goal: Goal, number: int) -> StrategicQuestion:
    """A strategic question of this goal by its id; raises NotFoundError."""
    found = session.get(StrategicQuestion, number)
    if found is None or found.goal_id != goal.id:
        raise NotFoundError(message("%(goal)s har ingen sådan strategisk fråga.", goal=goal.code))
    return found


def list_concepts(session: Session, goal_set: GoalSet) -> list[Concept]:
    """The defined terms of an edition in their order."""
    return list(session.scalars(select(Concept).where(Concept.goal_set_id == goal_set.id).order_by(Concept.position)))


def get_concept(session: Session, goal_set: GoalSet, number: int) -> Concept:
    """A defined term of this edition by its id; raises NotFoundError."""
    found = session.get(Concept, number)
    if found is None or found.goal_set_id != goal_set.id:
        raise NotFoundError(message("%(edition)s har inget sådant begrepp.", edition=goal_set.name))
    return found


def list_assignments(session: Session, goal_set: GoalSet | None = None) -> list[Assignment]:
    """Assignments with their goals, by budget year and code.

    With an edition: those of a budget year that it is valid for, and those that name one of its goals.
    """
    statement = select(Assignment).options(selectinload(Assignment.goals).joinedload(Goal.goal_set))
    if goal_set is not None:
        in_years = Assignment.budget_year >= goal_set.valid_from_year
        if goal_set.valid_to_year is not None:
            in_years = in_years & (Assignment.budget_year <= goal_set.valid_to_year)
        statement = statement.where(or_(in_years, Assignment.goals.any(Goal.goal_set_id == goal_set.id)))
    return list(session.scalars(statement.order_by(Assignment.budget_year, Assignment.code)))


def get_assignment(session: Session, code: str) -> Assignment:
    """The assignment with this code; raises NotFoundError."""
    found = session.scalar(select(Assignment).where(Assignment.code == code))
    if found is None:
        raise NotFoundError(message("Det finns inget uppdrag med koden %(code)s.", code=code))
    return found
