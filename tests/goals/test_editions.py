"""Editions are never overwritten: copying, locking, discarding, and what a locked edition refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tracker.errors import DomainError, InvalidInputError
from tracker.goals import editions, services
from tracker.goals.inputs import ConceptInput, EditionInput, GoalInput, QuestionInput
from tracker.goals.models import GoalCrosswalk, GoalSet
from tracker.goals.queries import (
    get_goal,
    get_goal_set,
    goal_set_for_year,
    goal_tree,
    list_concepts,
)
from tracker.goals.tree import GoalNode
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.projects.models import GoalTag

NEW = EditionInput("policy-2006", "Integrationspolicy 2006", 2006, "Antagen")
GOAL = GoalInput("G4", "", "Ett mål till", "One more goal", "Text", "Text", False, frozenset())
QUESTION = QuestionInput("Vem berörs?", "Who is affected?", False)
CONCEPT = ConceptInput("Tillit", "Att lita på varandra.", True)


def copied(session: Session, actor: Actor) -> GoalSet:
    return editions.copy_edition(session, get_goal_set(session, "policy-2004"), NEW, actor)


def content(session: Session, code: str) -> object:
    """Everything of an edition that a copy should have too; no row ids."""

    def node(goal: GoalNode) -> object:
        questions = [(q.position, q.text_sv, q.text_en, q.proposed) for q in goal.questions]
        budget_goals = [budget_goal.code for budget_goal in goal.budget_goals]
        texts = (goal.code, goal.name_sv, goal.name_en, goal.text_sv, goal.text_en, goal.outer_city_measures)
        return texts, questions, budget_goals, [node(aspect) for aspect in goal.aspects]

    session.flush()
    session.expire_all()
    goal_set = get_goal_set(session, code)
    concepts = [(c.position, c.term, c.definition, c.proposed) for c in list_concepts(session, goal_set)]
    return [node(goal) for goal in goal_tree(session, goal_set)], concepts


def test_a_copy_has_the_same_tree_and_leaves_the_old_edition_as_it_was(session: Session, actor: Actor) -> None:
    before = content(session, "policy-2004")
    old_ids = {goal.id for goal in get_goal_set(session, "policy-2004").goals}
    copy = copied(session, actor)
    assert (copy.locked, copy.valid_from_year, copy.valid_to_year, copy.note) == (False, 2006, None, "Antagen")
    assert content(session, "policy-2006") == before
    assert content(session, "policy-2004") == before
    old = get_goal_set(session, "policy-2004")
    assert {goal.id for goal in old.goals} == old_ids
    assert (old.valid_from_year, old.valid_to_year, old.locked) == (2005, 2005, True)
    assert get_goal_set(session, "policy-2006").predecessor is old
    assert goal_set_for_year(session, 2005) is old
    assert goal_set_for_year(session, 2006).code == "policy-2006"


def test_the_crosswalk_leads_each_goal_to_its_copy(session: Session, actor: Actor) -> None:
    copied(session, actor)
    code_of = {goal.id: (edition.code, goal.code)
               for edition in session.scalars(select(GoalSet)) for goal in edition.goals}  # fmt: skip
    rows = session.scalars(select(GoalCrosswalk)).all()
    pairs = sorted((code_of[row.from_goal_id], code_of[row.to_goal_id], row.weight) for row in rows)
    codes = sorted(goal.code for goal in get_goal_set(session, "policy-2004").goals)
    assert pairs == [(("policy-2004", code), ("policy-2006", code), 1) for code in codes]
    assert len(pairs) == 19


def test_the_history_says_who_made_the_edition_and_what_became_of_the_old(session: Session, actor: Actor) -> None:
    copy = copied(session, actor)
    session.flush()
    entries = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "goal_set")).all()
    by_subject = {entry.subject_id: entry for entry in entries}
    made = by_subject[copy.id]
    assert (made.actor_name, made.action.value) == ("Prov", "skapad")
    assert made.changes["predecessor"] == [None, "policy-2004"]
    assert by_subject[copy.predecessor_id or 0].changes == {"valid_to_year": [None, 2005]}


def test_an_edition_has_one_successor(session: Session, actor: Actor) -> None:
    copied(session, actor)
    with pytest.raises(DomainError, match="har redan efterföljaren Integrationspolicy 2006"):
        editions.copy_edition(
            session, get_goal_set(session, "policy-2004"), replace(NEW, code="annan", valid_from_year=2008), actor
        )


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        (replace(NEW, code="budget-2005"), "code", "används redan av en annan utgåva"),
        (replace(NEW, valid_from_year=2005), "valid_from_year", "gäller från 2005. Ange ett senare år."),
    ],
)
def test_a_copy_is_refused_field_by_field(
    session: Session, actor: Actor, given: EditionInput, field: str, reason: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        editions.copy_edition(session, get_goal_set(session, "policy-2004"), given, actor)
    assert [(problem.field, reason in problem.reason) for problem in refused.value.problems] == [(field, True)]


Write = Callable[[Session, GoalSet, Actor], object]
WRITES: dict[str, Write] = {
    "edition": lambda s, e, a: editions.change_edition(s, e, NEW, a),
    "lock": lambda s, e, a: editions.lock_edition(s, e, a),
    "discard": lambda s, e, a: editions.discard_edition(s, e, a),
    "new goal": lambda s, e, a: services.add_goal(s, e, GOAL, a),
    "goal": lambda s, e, a: services.change_goal(s, get_goal(s, e, "G1"), GOAL, a),
    "remove goal": lambda s, e, a: services.remove_goal(s, get_goal(s, e, "G1a"), a),
    "new question": lambda s, e, a: services.add_question(s, get_goal(s, e, "G1"), QUESTION, a),
    "question": lambda s, e, a: services.change_question(
        s, get_goal(s, e, "G1"), get_goal(s, e, "G1").questions[0], QUESTION, a
    ),
    "remove question": lambda s, e, a: services.remove_question(
        s, get_goal(s, e, "G1"), get_goal(s, e, "G1").questions[0], a
    ),
    "new concept": lambda s, e, a: services.add_concept(s, e, CONCEPT, a),
    "concept": lambda s, e, a: services.change_concept(s, e, list_concepts(s, e)[0], CONCEPT, a),
    "remove concept": lambda s, e, a: services.remove_concept(s, e, list_concepts(s, e)[0], a),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_locked_edition_refuses_every_write(session: Session, actor: Actor, write: Write) -> None:
    before = content(session, "policy-2004")
    with pytest.raises(DomainError, match="är fastställd och ändras inte"):
        write(session, get_goal_set(session, "policy-2004"), actor)
    assert content(session, "policy-2004") == before


def test_a_copy_can_be_changed_and_then_locked_for_good(session: Session, actor: Actor) -> None:
    before = content(session, "policy-2004")
    copy = copied(session, actor)
    services.change_goal(session, get_goal(session, copy, "G1"), replace(GOAL, code="G1"), actor)
    assert not get_goal(session, copy, "G1e").outer_city_measures
    services.add_goal(session, copy, replace(GOAL, code="G3d", parent_code="G3"), actor)
    services.remove_goal(session, get_goal(session, copy, "G2h"), actor)
    services.add_question(session, get_goal(session, copy, "G2"), QUESTION, actor)
    services.change_concept(session, copy, list_concepts(session, copy)[0], CONCEPT, actor)
    editions.lock_edition(session, copy, actor)
    session.flush()
    session.expire_all()
    tree = goal_tree(session, copy)
    assert [(goal.code, len(goal.aspects)) for goal in tree] == [("G1", 5), ("G2", 7), ("G3", 4)]
    assert (tree[0].name_sv, tree[0].budget_goals) == ("Ett mål till", ())
    assert [question.text_sv for question in tree[1].questions] == ["Vem berörs?"]
    assert list_concepts(session, copy)[0].term == "Tillit"
    assert content(session, "policy-2004") == before
    with pytest.raises(DomainError, match="är fastställd"):
        services.add_goal(session, copy, GOAL, actor)


def test_an_edition_without_goals_is_not_locked(session: Session, actor: Actor) -> None:
    budget = get_goal_set(session, "budget-2005")
    empty = GoalSet(code="tom", name="Tom", kind=budget.kind, valid_from_year=2030)
    session.add(empty)
    session.flush()
    with pytest.raises(DomainError, match="Tom har inga mål än"):
        editions.lock_edition(session, empty, actor)
    assert not empty.locked


def test_moving_the_first_year_moves_the_end_of_the_predecessor(session: Session, actor: Actor) -> None:
    copy = copied(session, actor)
    editions.change_edition(session, copy, replace(NEW, valid_from_year=2008), actor)
    session.flush()
    assert get_goal_set(session, "policy-2004").valid_to_year == 2007
    with pytest.raises(InvalidInputError, match="Ange ett senare år"):
        editions.change_edition(session, copy, replace(NEW, valid_from_year=2005), actor)


def test_a_discarded_edition_leaves_its_predecessor_open_ended(session: Session, actor: Actor) -> None:
    before = content(session, "policy-2004")
    editions.discard_edition(session, copied(session, actor), actor)
    session.flush()
    session.expire_all()
    assert session.scalars(select(GoalSet.code).order_by(GoalSet.code)).all() == [
        "budget-2005", "policy-2004", "program-1997",
    ]  # fmt: skip
    assert get_goal_set(session, "policy-2004").valid_to_year is None
    assert session.scalars(select(GoalCrosswalk)).all() == []
    assert content(session, "policy-2004") == before


def test_what_a_project_uses_is_not_removed(session: Session, actor: Actor) -> None:
    copy = copied(session, actor)
    project = make_project(session, "P1")
    session.add(GoalTag(project_id=project.id, goal_id=get_goal(session, copy, "G2a").id, weight=2))
    session.flush()
    with pytest.raises(DomainError, match="G2a används av ett projekt"):
        services.remove_goal(session, get_goal(session, copy, "G2a"), actor)
    with pytest.raises(DomainError, match="Integrationspolicy 2006 används av ett projekt"):
        editions.discard_edition(session, copy, actor)
    assert get_goal(session, copy, "G2a").name_sv == "Sysselsättningsnivå"


def test_a_goal_with_aspects_is_not_removed(session: Session, actor: Actor) -> None:
    copy = copied(session, actor)
    with pytest.raises(DomainError, match="G3 har aspekter"):
        services.remove_goal(session, get_goal(session, copy, "G3"), actor)


def test_codes_and_terms_are_unique_in_an_edition(session: Session, actor: Actor) -> None:
    copy = copied(session, actor)
    with pytest.raises(InvalidInputError, match="Koden G1 används redan i utgåvan"):
        services.add_goal(session, copy, replace(GOAL, code="G1"), actor)
    with pytest.raises(InvalidInputError, match="G1a är själv en aspekt"):
        services.add_goal(session, copy, replace(GOAL, code="G1a1", parent_code="G1a"), actor)
    with pytest.raises(InvalidInputError, match="Begreppet Integration finns redan"):
        services.add_concept(session, copy, replace(CONCEPT, term="Integration"), actor)
