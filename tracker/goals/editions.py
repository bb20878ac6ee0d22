"""Writes of whole editions: a new one from an old, its own fields, locking, discarding. The caller commits."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from tracker.errors import DomainError, InvalidInputError, Problem
from tracker.goals.inputs import EditionInput
from tracker.goals.models import (
    Concept,
    Goal,
    GoalCrosswalk,
    GoalLink,
    GoalSet,
    StrategicQuestion,
)
from tracker.goals.policies import hold_unlocked, refuse_succeeded
from tracker.goals.queries import list_concepts, list_successors
from tracker.history.changes import assign, created
from tracker.history.models import Action
from tracker.history.services import Actor, record
from tracker.messages import message

SUBJECT = "goal_set"


def copy_edition(session: Session, source: GoalSet, given: EditionInput, actor: Actor) -> GoalSet:
    """A new unlocked edition with the same tree, questions, concepts and links, and a crosswalk one to one.

    The old edition ends the year before the new one begins; nothing else of it changes. Raises DomainError when
    it has a successor already, InvalidInputError for the input.
    """
    session.refresh(source, with_for_update=True)
    refuse_succeeded(session, source)
    _refuse_code(session, given.code)
    _refuse_year(given, source, None)
    values = {"name": given.name, "valid_from_year": given.valid_from_year, "note": given.note}
    copy = GoalSet(code=given.code, kind=source.kind, predecessor_id=source.id, locked=False, **values)
    copy.concepts = [
        Concept(position=c.position, term=c.term, definition=c.definition, proposed=c.proposed)
        for c in list_concepts(session, source)
    ]
    session.add(copy)
    session.flush()
    _copy_goals(session, source, copy)
    changes = created({"code": copy.code, "predecessor": source.code, **values})
    record(session, actor, (SUBJECT, copy.id, 1), Action.CREATED, changes)
    _fit_end(session, source, actor)
    return copy


def _copy_goals(session: Session, source: GoalSet, copy: GoalSet) -> None:
    statement = select(Goal).where(Goal.goal_set_id == source.id).options(selectinload(Goal.questions))
    old = list(session.scalars(statement.order_by(Goal.parent_id.is_not(None), Goal.code)))
    new: dict[int, Goal] = {}
    for goal in old:
        new[goal.id] = _copy_goal(goal, copy.id, new.get(goal.parent_id or 0))
        session.add(new[goal.id])
    session.flush()
    session.add_all(GoalCrosswalk(from_goal_id=before, to_goal_id=goal.id) for before, goal in new.items())
    links = session.scalars(select(GoalLink).where(GoalLink.goal_id.in_(new)))
    session.add_all(GoalLink(goal_id=new[link.goal_id].id, budget_goal_id=link.budget_goal_id) for link in links.all())
    session.flush()


def _copy_goal(goal: Goal, goal_set_id: int, parent: Goal | None) -> Goal:
    copy = Goal(
        goal_set_id=goal_set_id,
        parent=parent,
        code=goal.code,
        name_sv=goal.name_sv,
        name_en=goal.name_en,
        text_sv=goal.text_sv,
        text_en=goal.text_en,
        outer_city_measures=goal.outer_city_measures,
    )
    copy.questions = [
        StrategicQuestion(position=q.position, text_sv=q.text_sv, text_en=q.text_en, proposed=q.proposed)
        for q in goal.questions
    ]
    return copy


def change_edition(session: Session, goal_set: GoalSet, given: EditionInput, actor: Actor) -> None:
    """Change name, first year and note of an unlocked edition; the predecessor's last year follows."""
    hold_unlocked(session, goal_set)
    _refuse_year(given, goal_set.predecessor, next(iter(list_successors(session, goal_set)), None))
    values = {"name": given.name, "valid_from_year": given.valid_from_year, "note": given.note}
    changes = assign(goal_set, values)
    if changes:
        record(session, actor, (SUBJECT, goal_set.id, 1), Action.CHANGED, changes)
    if goal_set.predecessor is not None:
        _fit_end(session, goal_set.predecessor, actor)


def lock_edition(session: Session, goal_set: GoalSet, actor: Actor) -> None:
    """Lock the edition for good. Raises DomainError when it is locked already or has no goals."""
    hold_unlocked(session, goal_set)
    if session.scalar(select(Goal.id).where(Goal.goal_set_id == goal_set.id).limit(1)) is None:
        refusal = message(
            "%(edition)s har inga mål än. Lägg till minst ett mål innan du fastställer.", edition=goal_set.name
        )
        raise DomainError(refusal)
    changes = assign(goal_set, {"locked": True})
    record(session, actor, (SUBJECT, goal_set.id, 1), Action.CHANGED, changes)


def discard_edition(session: Session, goal_set: GoalSet, actor: Actor) -> None:
    """Remove an unlocked edition that nothing refers to; the predecessor is open-ended again.

    Raises DomainError when it is locked, has a successor, or is used by a project, an assignment or another goal.
    """
    hold_unlocked(session, goal_set)
    refuse_succeeded(session, goal_set)
    predecessor = goal_set.predecessor
    changes: dict[str, list[object]] = {"code": [goal_set.code, None], "name": [goal_set.name, None]}
    record(session, actor, (SUBJECT, goal_set.id, 1), Action.CHANGED, changes)
    try:
        with session.begin_nested():
            _delete_edition(session, goal_set)
    except IntegrityError as error:
        refusal = message(
            "%(edition)s används av ett projekt, ett uppdrag eller en annan utgåva och kan inte tas bort.",
            edition=goal_set.name,
        )
        raise DomainError(refusal) from error
    if predecessor is not None:
        _fit_end(session, predecessor, actor)


def _delete_edition(session: Session, goal_set: GoalSet) -> None:
    goals = select(Goal.id).where(Goal.goal_set_id == goal_set.id)
    session.execute(delete(GoalCrosswalk).where(GoalCrosswalk.to_goal_id.in_(goals)))
    session.execute(delete(GoalLink).where(GoalLink.goal_id.in_(goals)))
    session.execute(delete(StrategicQuestion).where(StrategicQuestion.goal_id.in_(goals)))
    session.execute(delete(Concept).where(Concept.goal_set_id == goal_set.id))
    session.execute(delete(Goal).where(Goal.goal_set_id == goal_set.id, Goal.parent_id.is_not(None)))
    session.execute(delete(Goal).where(Goal.goal_set_id == goal_set.id))
    session.execute(delete(GoalSet).where(GoalSet.id == goal_set.id))


def _fit_end(session: Session, goal_set: GoalSet, actor: Actor) -> None:
    """An edition ends the year before its successor begins; without a successor it is open-ended."""
    first_years = [successor.valid_from_year for successor in list_successors(session, goal_set)]
    changes = assign(goal_set, {"valid_to_year": min(first_years) - 1 if first_years else None})
    if changes:
        record(session, actor, (SUBJECT, goal_set.id, 1), Action.CHANGED, changes)


def _refuse_code(session: Session, code: str) -> None:
    if session.scalar(select(GoalSet.id).where(GoalSet.code == code)) is not None:
        reason = message("Koden %(code)s används redan av en annan utgåva.", code=code)
        raise InvalidInputError([Problem("code", reason, code)])


def _refuse_year(given: EditionInput, before: GoalSet | None, after: GoalSet | None) -> None:
    year = given.valid_from_year
    if before is not None and year <= before.valid_from_year:
        reason = message(
            "%(edition)s gäller från %(year)s. Ange ett senare år.", edition=before.name, year=before.valid_from_year
        )
        raise InvalidInputError([Problem("valid_from_year", reason, str(year))])
    if after is not None and year >= after.valid_from_year:
        reason = message(
            "%(edition)s gäller från %(year)s. Ange ett tidigare år.", edition=after.name, year=after.valid_from_year
        )
        raise InvalidInputError([Problem("valid_from_year", reason, str(year))])
