"""Writes inside an unlocked edition: goals, aspects, strategic questions, concepts. The caller commits.

Each raises DomainError when the edition is locked and InvalidInputError for the input.
"""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.errors import DomainError, InvalidInputError, Problem
from tracker.goals.inputs import ConceptInput, GoalInput, QuestionInput
from tracker.goals.models import Concept, Goal, GoalCrosswalk, GoalLink, GoalSet, GoalSetKind, StrategicQuestion
from tracker.goals.policies import hold_unlocked
from tracker.goals.queries import get_goal
from tracker.history.changes import assign, created
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message

SUBJECT = "goal"
_GOAL_TEXTS = ("name_sv", "name_en", "text_sv", "text_en")


def add_goal(session: Session, goal_set: GoalSet, given: GoalInput, actor: Actor) -> Goal:
    """A new goal, or an aspect of the goal that `parent_code` names."""
    hold_unlocked(session, goal_set)
    taken = select(Goal.id).where(Goal.goal_set_id == goal_set.id, Goal.code == given.code)
    if session.scalar(taken) is not None:
        reason = message("Koden %(code)s används redan i utgåvan.", code=given.code)
        raise InvalidInputError([Problem("code", reason, given.code)])
    parent = get_goal(session, goal_set, given.parent_code) if given.parent_code else None
    if parent is not None and parent.parent_id is not None:
        reason = message("%(goal)s är själv en aspekt. Välj ett mål.", goal=parent.code)
        raise InvalidInputError([Problem("parent_code", reason, given.parent_code)])
    values = {field: getattr(given, field) for field in _GOAL_TEXTS}
    values["outer_city_measures"] = parent.outer_city_measures if parent else given.outer_city_measures
    goal = Goal(goal_set_id=goal_set.id, parent_id=parent.id if parent else None, code=given.code, **values)
    session.add(goal)
    session.flush()
    changes = created({"edition": goal_set.code, "code": goal.code, "parent": given.parent_code, **values})
    record(session, actor, (SUBJECT, goal.id, 1), Action.CREATED, changes | _link(session, goal, given))
    return goal


def change_goal(session: Session, goal: Goal, given: GoalInput, actor: Actor) -> None:
    """Change texts, links and the outer-city mark; the aspects of a goal take its mark over."""
    hold_unlocked(session, goal.goal_set)
    values: dict[str, object] = {field: getattr(given, field) for field in _GOAL_TEXTS}
    if goal.parent_id is None:
        values["outer_city_measures"] = given.outer_city_measures
        for aspect in goal.aspects:
            aspect.outer_city_measures = given.outer_city_measures
    changes = assign(goal, values) | _link(session, goal, given)
    if changes:
        record(session, actor, (SUBJECT, goal.id, 1), Action.CHANGED, changes)


def _link(session: Session, goal: Goal, given: GoalInput) -> dict[str, list[object]]:
    """Make the links to budget goals those given; only integration goals have any."""
    before = {budget.id: budget.code for budget in goal.budget_goals}
    if goal.goal_set.kind is GoalSetKind.BUDGET or set(before) == given.budget_goal_ids:
        return {}
    chosen = select(Goal).where(
        Goal.id.in_(given.budget_goal_ids), Goal.goal_set.has(GoalSet.kind == GoalSetKind.BUDGET)
    )
    after = {budget.id: budget.code for budget in session.scalars(chosen)}
    session.execute(delete(GoalLink).where(GoalLink.goal_id == goal.id))
    session.add_all(GoalLink(goal_id=goal.id, budget_goal_id=number) for number in after)
    session.flush()
    session.expire(goal, ["budget_goals"])
    return {"budget_goals": [sorted(before.values()), sorted(after.values())]}


def remove_goal(session: Session, goal: Goal, actor: Actor) -> None:
    """Remove a goal with its questions and links. DomainError when it has aspects or something refers to it."""
    goal_set = goal.goal_set
    hold_unlocked(session, goal_set)
    if goal.aspects:
        raise DomainError(message("%(goal)s har aspekter. Ta bort dem först.", goal=goal.code))
    changes: dict[str, list[object]] = {f"goal {goal.code}": [goal.name_sv, None]}
    code, goal_id = goal.code, goal.id
    try:
        with session.begin_nested():
            session.execute(delete(GoalCrosswalk).where(GoalCrosswalk.to_goal_id == goal_id))
            session.execute(delete(GoalLink).where(GoalLink.goal_id == goal_id))
            session.execute(delete(StrategicQuestion).where(StrategicQuestion.goal_id == goal_id))
            session.execute(delete(Goal).where(Goal.id == goal_id))
    except IntegrityError as error:
        refusal = message(
            "%(goal)s används av ett projekt, ett uppdrag eller ett annat mål och kan inte tas bort.", goal=code
        )
        raise DomainError(refusal) from error
    record(session, actor, ("goal_set", goal_set.id, 1), Action.CHANGED, changes)


def add_question(session: Session, goal: Goal, given: QuestionInput, actor: Actor) -> StrategicQuestion:
    """A new strategic question, last among the goal's."""
    hold_unlocked(session, goal.goal_set)
    last = session.scalar(select(func.max(StrategicQuestion.position)).where(StrategicQuestion.goal_id == goal.id))
    question = StrategicQuestion(
        goal_id=goal.id,
        position=(last or 0) + 1,
        text_sv=given.text_sv,
        text_en=given.text_en,
        proposed=given.proposed,
    )
    session.add(question)
    session.flush()
    session.expire(goal, ["questions"])
    record(session, actor, (SUBJECT, goal.id, 1), Action.CHANGED, {"question": [None, given.text_sv]})
    return question


def change_question(
    session: Session, goal: Goal, question: StrategicQuestion, given: QuestionInput, actor: Actor
) -> None:
    """Change a strategic question of this goal."""
    hold_unlocked(session, goal.goal_set)
    values = {"text_sv": given.text_sv, "text_en": given.text_en, "proposed": given.proposed}
    changes = {f"question.{field}": pair for field, pair in assign(question, values).items()}
    if changes:
        record(session, actor, (SUBJECT, goal.id, 1), Action.CHANGED, changes)


def remove_question(session: Session, goal: Goal, question: StrategicQuestion, actor: Actor) -> None:
    """Remove a strategic question. DomainError when a project has answered it."""
    hold_unlocked(session, goal.goal_set)
    text = question.text_sv
    try:
        with session.begin_nested():
            session.delete(question)
    except IntegrityError as error:
        raise DomainError(message("Frågan har besvarats av ett projekt och kan inte tas bort.")) from error
    session.expire(goal, ["questions"])
    record(session, actor, (SUBJECT, goal.id, 1), Action.CHANGED, {"question": [text, None]})


def add_concept(session: Session, goal_set: GoalSet, given: ConceptInput, actor: Actor) -> Concept:
    """A new defined term, last in the edition."""
    hold_unlocked(session, goal_set)
    _refuse_term(session, goal_set, given.term, None)
    last = session.scalar(select(func.max(Concept.position)).where(Concept.goal_set_id == goal_set.id))
    values = {"term": given.term, "definition": given.definition, "proposed": given.proposed}
    concept = Concept(goal_set_id=goal_set.id, position=(last or 0) + 1, **values)
    session.add(concept)
    session.flush()
    changes: dict[str, list[object]] = {f"concept {given.term}": [None, given.definition]}
    record(session, actor, ("goal_set", goal_set.id, 1), Action.CHANGED, changes)
    return concept


def change_concept(session: Session, goal_set: GoalSet, concept: Concept, given: ConceptInput, actor: Actor) -> None:
    """Change a defined term of this edition."""
    hold_unlocked(session, goal_set)
    _refuse_term(session, goal_set, given.term, concept)
    name = concept.term
    values = {"term": given.term, "definition": given.definition, "proposed": given.proposed}
    changes = {f"concept {name}.{field}": pair for field, pair in assign(concept, values).items()}
    if changes:
        record(session, actor, ("goal_set", goal_set.id, 1), Action.CHANGED, changes)


def remove_concept(session: Session, goal_set: GoalSet, concept: Concept, actor: Actor) -> None:
    """Remove a defined term from this edition."""
    hold_unlocked(session, goal_set)
    changes: dict[str, list[object]] = {f"concept {concept.term}": [concept.definition, None]}
    session.delete(concept)
    session.flush()
    record(session, actor, ("goal_set", goal_set.id, 1), Action.CHANGED, changes)


def _refuse_term(session: Session, goal_set: GoalSet, term: str, own: Concept | None) -> None:
    statement = select(Concept.id).where(Concept.goal_set_id == goal_set.id, Concept.term == term)
    taken = session.scalar(statement)
    if taken is not None and (own is None or taken != own.id):
        reason = message("Begreppet %(term)s finns redan i utgåvan.", term=term)
        raise InvalidInputError([Problem("term", reason, term)])
