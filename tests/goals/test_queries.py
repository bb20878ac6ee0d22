"""Which edition is valid in a year, the tree in a constant number of statements, and whose assignments are shown."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.factories import make_goal_set
from tests.goals.counting import statements_of
from tracker.errors import NotFoundError
from tracker.goals.models import Assignment, AssignmentStatus, Goal, GoalSet, GoalSetKind, StrategicQuestion
from tracker.goals.queries import (
    get_goal,
    get_goal_set,
    goal_set_for_year,
    goal_tree,
    list_assignments,
    list_goal_sets,
    list_linking_goals,
)


@pytest.mark.parametrize(
    ("year", "code"), [(1997, "program-1997"), (2004, "program-1997"), (2005, "policy-2004"), (2026, "policy-2004")]
)
def test_the_edition_of_a_year(session: Session, year: int, code: str) -> None:
    assert goal_set_for_year(session, year).code == code


def test_budget_goals_have_editions_of_their_own(session: Session) -> None:
    assert goal_set_for_year(session, 2005, GoalSetKind.BUDGET).code == "budget-2005"


def test_a_year_without_an_edition_is_said_in_swedish(session: Session) -> None:
    with pytest.raises(NotFoundError, match="Ingen utgåva av integrationsmål gäller för år 1996"):
        goal_set_for_year(session, 1996)
    with pytest.raises(NotFoundError, match="Ingen utgåva av budgetmål gäller för år 2004"):
        goal_set_for_year(session, 2004, GoalSetKind.BUDGET)


def test_of_two_editions_that_hold_the_year_the_newest_counts(session: Session) -> None:
    session.add(GoalSet(code="policy-2010", name="Policy 2010", valid_from_year=2010, valid_to_year=2012))
    session.flush()
    assert [goal_set_for_year(session, year).code for year in (2009, 2010, 2012, 2013)] == [
        "policy-2004", "policy-2010", "policy-2010", "policy-2004",
    ]  # fmt: skip


def test_editions_are_listed_integration_first_and_newest_first(session: Session) -> None:
    assert [one.code for one in list_goal_sets(session)] == ["policy-2004", "program-1997", "budget-2005"]
    assert [one.code for one in list_goal_sets(session, GoalSetKind.BUDGET)] == ["budget-2005"]


def test_an_unknown_code_is_not_found(session: Session) -> None:
    with pytest.raises(NotFoundError, match="ingen målutgåva med koden policy-1900"):
        get_goal_set(session, "policy-1900")
    with pytest.raises(NotFoundError, match="inget mål med koden B1"):
        get_goal(session, get_goal_set(session, "policy-2004"), "B1")


def test_the_tree_takes_as_many_statements_for_ninety_aspects_as_for_three(session: Session) -> None:
    small = make_goal_set(session, "liten", "A")
    large = make_goal_set(session, "stor", *(f"A{number}" for number in range(1, 11)))
    budget = get_goal(session, get_goal_set(session, "budget-2005"), "B1")
    for goal_set, aspects in ((small, 3), (large, 9)):
        for goal in list(goal_set.goals):
            for number in range(aspects):
                code = f"{goal.code}.{number}"
                aspect = Goal(goal_set_id=goal_set.id, parent_id=goal.id, code=code, name_sv=code)
                aspect.questions = [StrategicQuestion(position=1, text_sv="Vad bidrar?")]
                session.add(aspect)
    session.flush()
    sent = {}
    for goal_set in (small, large):
        session.expire_all()
        key = session.get_one(GoalSet, goal_set.id)
        with statements_of(session) as statements:
            tree = goal_tree(session, key)
        sent[key.code] = len(statements)
        assert all(aspect.questions[0].text_sv == "Vad bidrar?" for goal in tree for aspect in goal.aspects)
    assert [len(goal.aspects) for goal in tree] == [9] * 10
    assert sent["liten"] == sent["stor"] == 3
    assert budget.code == "B1"


def test_goal_codes_are_ordered_by_number(session: Session) -> None:
    goal_set = make_goal_set(session, "manga", "G10", "G2", "G1")
    assert [goal.code for goal in goal_tree(session, goal_set)] == ["G1", "G2", "G10"]


def test_assignments_follow_the_budget_year_and_the_goals(session: Session) -> None:
    later = Assignment(code="2003-x", text="Ett uppdrag", owner_board="En nämnd", budget_year=2003)
    later.status = AssignmentStatus.DONE
    session.add(later)
    session.flush()
    shown = {code: [one.code for one in list_assignments(session, get_goal_set(session, code))]
             for code in ("program-1997", "policy-2004", "budget-2005")}  # fmt: skip
    assert shown == {
        "program-1997": ["2003-x"],
        "policy-2004": ["2005-alla", "2005-gfn"],
        "budget-2005": ["2005-alla", "2005-gfn"],
    }
    later.goals = [get_goal(session, get_goal_set(session, "policy-2004"), "G2")]
    session.flush()
    policy = get_goal_set(session, "policy-2004")
    assert [one.code for one in list_assignments(session, policy)] == ["2003-x", "2005-alla", "2005-gfn"]


def test_who_makes_a_budget_goal_concrete(session: Session) -> None:
    linking = list_linking_goals(session, get_goal_set(session, "budget-2005"))
    codes = {code: [goal.code for goal in goals] for code, goals in linking.items()}
    assert codes == {"B1": ["G1", "G2", "G3"], "B2": ["G1", "G1a"], "B2a": ["G1b"], "B2b": ["G1c"], "B2c": ["G1d"]}
