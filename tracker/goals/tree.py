"""The tree of an edition as other features read it: goal → aspect, with questions and budget goals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.goals.models import Goal, StrategicQuestion


@dataclass(frozen=True, slots=True)
class QuestionNode:
    """A strategic question; `proposed`: the wording is ours."""

    id: int
    position: int
    text_sv: str
    text_en: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class BudgetGoalNode:
    """A goal of the budget that an integration goal makes concrete."""

    id: int
    edition_code: str
    code: str
    name_sv: str
    text_sv: str


@dataclass(frozen=True, slots=True)
class GoalNode:
    """A goal with its aspects, or an aspect (then `aspects` is empty)."""

    id: int
    code: str
    name_sv: str
    name_en: str
    text_sv: str
    text_en: str
    outer_city_measures: bool
    questions: tuple[QuestionNode, ...]
    budget_goals: tuple[BudgetGoalNode, ...]
    aspects: tuple[GoalNode, ...]


def build_tree(goals: Sequence[Goal]) -> tuple[GoalNode, ...]:
    """The top goals in the order given. Reads `questions` and `budget_goals`, which should be loaded."""
    below: dict[int | None, list[Goal]] = {}
    for goal in goals:
        below.setdefault(goal.parent_id, []).append(goal)

    def node(goal: Goal) -> GoalNode:
        return GoalNode(
            id=goal.id,
            code=goal.code,
            name_sv=goal.name_sv,
            name_en=goal.name_en,
            text_sv=goal.text_sv,
            text_en=goal.text_en,
            outer_city_measures=goal.outer_city_measures,
            questions=tuple(_question(question) for question in goal.questions),
            budget_goals=tuple(_budget_goal(budget_goal) for budget_goal in goal.budget_goals),
            aspects=tuple(node(aspect) for aspect in below.get(goal.id, [])),
        )

    return tuple(node(goal) for goal in below.get(None, []))


def _budget_goal(goal: Goal) -> BudgetGoalNode:
    return BudgetGoalNode(goal.id, goal.goal_set.code, goal.code, goal.name_sv, goal.text_sv)


def _question(question: StrategicQuestion) -> QuestionNode:
    return QuestionNode(question.id, question.position, question.text_sv, question.text_en, question.proposed)
