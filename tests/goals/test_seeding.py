"""What the goal catalogue holds from the start, and that seeding again changes nothing."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.database import Base
from tracker.goals.models import (
    Assignment,
    AssignmentGoal,
    AssignmentStatus,
    Concept,
    Goal,
    GoalCrosswalk,
    GoalLink,
    GoalSet,
    GoalSetKind,
    StrategicQuestion,
)
from tracker.goals.queries import get_goal_set, goal_tree, list_assignments, list_concepts
from tracker.goals.seeding import seed_goals

TABLES: tuple[type[Base], ...] = (
    GoalSet, Goal, GoalLink, GoalCrosswalk, StrategicQuestion, Concept, Assignment, AssignmentGoal,
)  # fmt: skip


def rows_by_table(session: Session) -> dict[str, int]:
    return {table.__name__: session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES}


def test_the_policy_has_three_goals_with_five_eight_and_three_aspects(session: Session) -> None:
    tree = goal_tree(session, get_goal_set(session, "policy-2004"))
    assert [(goal.code, len(goal.aspects)) for goal in tree] == [("G1", 5), ("G2", 8), ("G3", 3)]
    assert [aspect.code for aspect in tree[1].aspects] == [f"G2{letter}" for letter in "abcdefgh"]
    assert tree[0].aspects[0].name_sv == "Boende och bostadsförsörjning"
    assert tree[0].aspects[0].name_en == "Housing and housing supply"
    assert tree[2].text_sv == (
        "Utveckla metoder i syfte att synliggöra, motverka och bryta fördomar, rasism och diskriminerande strukturer."
    )
    assert all(node.text_sv and node.text_en for node in tree)


def test_only_g1_and_its_aspects_are_about_measures_in_the_outer_city(session: Session) -> None:
    tree = goal_tree(session, get_goal_set(session, "policy-2004"))
    marked = {node.code for goal in tree for node in (goal, *goal.aspects) if node.outer_city_measures}
    assert marked == {"G1", "G1a", "G1b", "G1c", "G1d", "G1e"}


def test_the_six_strategic_questions_stand_by_their_goals_as_proposed_wording(session: Session) -> None:
    tree = goal_tree(session, get_goal_set(session, "policy-2004"))
    questions = [
        (node.code, question) for goal in tree for node in (goal, *goal.aspects) for question in node.questions
    ]
    assert [code for code, _ in questions] == ["G1", "G1a", "G1b", "G1d", "G2f", "G3"]
    assert all(question.proposed and question.text_en for _, question in questions)
    assert questions[3][1].text_sv == "Vilka barriärer (led, järnväg, nivåskillnad) bryts?"


def test_seven_concepts_are_defined_as_proposed_wording(session: Session) -> None:
    concepts = list_concepts(session, get_goal_set(session, "policy-2004"))
    assert [concept.term for concept in concepts] == [
        "Integration", "Segregation", "Boendesegregation", "Mångfald", "Diskriminering", "Delaktighet", "Ytterstad",
    ]  # fmt: skip
    assert all(concept.proposed for concept in concepts)
    assert all(word in concepts[1].definition for word in ("Etnisk", "socioekonomisk", "demografisk"))


def test_the_budget_has_two_goals_with_aspects_and_the_policy_is_linked_to_them(session: Session) -> None:
    budget = get_goal_set(session, "budget-2005")
    assert budget.kind is GoalSetKind.BUDGET
    shape = [(goal.code, [aspect.code for aspect in goal.aspects]) for goal in goal_tree(session, budget)]
    assert shape == [("B1", []), ("B2", ["B2a", "B2b", "B2c", "B2d"])]
    policy = goal_tree(session, get_goal_set(session, "policy-2004"))
    links = {
        node.code: [budget_goal.code for budget_goal in node.budget_goals]
        for goal in policy
        for node in (goal, *goal.aspects)
        if node.budget_goals
    }
    assert links == {
        "G1": ["B1", "B2"], "G1a": ["B2"], "G1b": ["B2a"], "G1c": ["B2b"], "G1d": ["B2c"], "G2": ["B1"], "G3": ["B1"],
    }  # fmt: skip


def test_the_program_of_1997_is_a_named_predecessor_without_goals(session: Session) -> None:
    policy = get_goal_set(session, "policy-2004")
    program = get_goal_set(session, "program-1997")
    assert policy.predecessor is program
    assert (program.valid_from_year, program.valid_to_year, program.locked) == (1997, 2004, True)
    assert (policy.valid_from_year, policy.valid_to_year, policy.locked) == (2005, None, True)
    assert goal_tree(session, program) == ()
    assert "inte registrerade" in program.note


def test_the_two_assignments_of_the_budget(session: Session) -> None:
    assignments = list_assignments(session)
    assert [(one.code, one.owner_board, one.budget_year) for one in assignments] == [
        ("2005-alla", "Samtliga nämnder och bolagsstyrelser", 2005),
        ("2005-gfn", "Gatu- och fastighetsnämnden", 2005),
    ]
    assert {one.status for one in assignments} == {AssignmentStatus.NOT_STARTED}
    assert [[goal.code for goal in one.goals] for one in assignments] == [["G1", "G2", "G3"], ["G1a", "G1b", "G1d"]]


def test_seeding_again_changes_nothing_and_keeps_what_an_administrator_changed(session: Session) -> None:
    before = rows_by_table(session)
    policy = get_goal_set(session, "policy-2004")
    policy.note = "Ändrad anmärkning"
    seed_goals(session)
    session.flush()
    session.expire_all()
    assert rows_by_table(session) == before
    assert before["GoalSet"] == 3
    assert before["Goal"] == 3 + 16 + 2 + 4
    assert get_goal_set(session, "policy-2004").note == "Ändrad anmärkning"
