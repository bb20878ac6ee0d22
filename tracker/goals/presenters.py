"""What the pages of the goal catalogue show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.goals.models import Goal, GoalSet, GoalSetKind
from tracker.goals.tree import BudgetGoalNode, GoalNode, QuestionNode


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A strategic question with the goal or aspect that it belongs to."""

    code: str
    question: QuestionNode


@dataclass(frozen=True, slots=True)
class BudgetLink:
    """A budget goal with the goals and aspects that make it concrete."""

    budget_goal: BudgetGoalNode
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoalGroup:
    """The goals of one edition as choices of a form."""

    edition: GoalSet
    goals: tuple[Goal, ...]


def validity(goal_set: GoalSet) -> str:
    """ "från 2005" or "1997–2004"."""
    if goal_set.valid_to_year is None:
        return str(_("från %(year)s", year=goal_set.valid_from_year))
    if goal_set.valid_to_year <= goal_set.valid_from_year:
        return str(goal_set.valid_from_year)
    return f"{goal_set.valid_from_year}–{goal_set.valid_to_year}"


def kind_label(goal_set: GoalSet) -> str:
    """What sort of goals the edition holds."""
    return str(_("Budgetmål") if goal_set.kind is GoalSetKind.BUDGET else _("Integrationsmål"))


def asked_questions(goal: GoalNode) -> list[AskedQuestion]:
    """The goal's own questions and then its aspects', as the policy has them after each goal text."""
    return [AskedQuestion(node.code, question) for node in (goal, *goal.aspects) for question in node.questions]


def budget_links(tree: Sequence[GoalNode]) -> list[BudgetLink]:
    """Every budget goal that the edition is linked to, by code."""
    found: dict[int, tuple[BudgetGoalNode, list[str]]] = {}
    for node in walk(tree):
        for budget_goal in node.budget_goals:
            found.setdefault(budget_goal.id, (budget_goal, []))[1].append(node.code)
    links = [BudgetLink(budget_goal, tuple(codes)) for budget_goal, codes in found.values()]
    return sorted(links, key=lambda link: (link.budget_goal.edition_code, link.budget_goal.code))


def walk(tree: Sequence[GoalNode]) -> Iterator[GoalNode]:
    """Goals and aspects in the order of the page."""
    for node in tree:
        yield node
        yield from walk(node.aspects)


def counts(tree: Sequence[GoalNode]) -> dict[str, int]:
    """How many goals, aspects and questions the edition has."""
    nodes = list(walk(tree))
    return {
        "goals": len(tree),
        "aspects": len(nodes) - len(tree),
        "questions": sum(len(node.questions) for node in nodes),
    }


def goal_groups(editions: Sequence[GoalSet], goals: Sequence[Goal]) -> list[GoalGroup]:
    """The goals by edition, in the order of the editions; an edition without goals is left out."""
    groups = [
        GoalGroup(edition, tuple(goal for goal in goals if goal.goal_set_id == edition.id)) for edition in editions
    ]
    return [group for group in groups if group.goals]
