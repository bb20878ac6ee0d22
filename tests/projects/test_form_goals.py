"""Goals in the form: one edition at a time, and what was said of another is neither lost nor changed."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import find_area, make_goal_set, make_project
from tests.projects.form_page import open_form, send
from tests.projects.test_form import SignIn, goal, stored, weigh
from tracker.accounts.roles import Role
from tracker.goals.models import Goal, GoalSet, StrategicQuestion
from tracker.projects.models import GoalAssessment, GoalTag, ServedArea, StrategicAnswer

EDIT = "/projekt/A1/redigera"


@pytest.fixture
def earlier(session: Session) -> GoalSet:
    """An earlier edition with a goal X1 and a question, and a project that was judged in it."""
    edition = make_goal_set(session, "tidigare", "X1", "X2")
    edition.valid_from_year = 1990
    question = StrategicQuestion(goal_id=edition.goals[0].id, position=1, text_sv="Vilka nås?")
    session.add(question)
    project = make_project(session, "A1")
    session.flush()
    project.goal_tags = [GoalTag(goal_id=edition.goals[0].id, weight=2, motivation="sedan förr")]
    project.answers = [StrategicAnswer(question_id=question.id, answer="de boende")]
    session.commit()
    return edition


def tags() -> dict[str, tuple[int, str]]:
    return {tag.goal.code: (tag.weight, tag.motivation) for tag in stored("A1").goal_tags}


def test_saving_in_one_edition_leaves_the_other_as_it_was(session: Session, earlier: GoalSet, sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    policy = session.scalars(select(GoalSet).where(GoalSet.code == "policy-2004")).one()
    assert page.fields["goal_set"] == str(policy.id)
    assert page.fields["assessment"] == "ej-bedomt"
    question = session.scalars(select(StrategicQuestion).where(StrategicQuestion.goal_id == goal("G1").id)).first()
    assert question is not None
    answer = page.row("answers", "question_id", str(question.id))
    given = weigh(page, "G1a", "3", "bostäder") | {f"{answer}-answer": "Rinkeby"}
    assert send(browser, EDIT, page, assessment="bidrar", **given).status == 302
    assert tags() == {"X1": (2, "sedan förr"), "G1a": (3, "bostäder")}
    assert sorted(row.answer for row in stored("A1").answers) == ["Rinkeby", "de boende"]


def test_switching_edition_keeps_what_is_typed_and_saves_only_what_is_shown(
    session: Session, earlier: GoalSet, sign_in: SignIn
) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    typed = weigh(page, "G1a", "1", "kanske")
    switched = send(browser, EDIT, page, action="edition", goal_set_choice=str(earlier.id), name="Nytt namn", **typed)
    assert (switched.status, switched.fields["goal_set"], switched.fields["name"]) == (
        200,
        str(earlier.id),
        "Nytt namn",
    )
    prefix = switched.row("goals", "goal_id", str(earlier.goals[0].id))
    assert (switched.fields[f"{prefix}-weight"], switched.fields[f"{prefix}-motivation"]) == ("2", "sedan förr")
    back = switched.row("goals", "goal_id", str(goal("G1a").id))
    assert (switched.fields[f"{back}-weight"], switched.fields[f"{back}-motivation"]) == ("1", "kanske")
    saved = send(browser, EDIT, switched, assessment="bidrar", action="save", **{f"{prefix}-weight": "3"})
    assert saved.status == 302, saved.errors
    assert tags() == {"X1": (3, "sedan förr")}
    assert [row.answer for row in stored("A1").answers] == ["de boende"]


def test_no_contribution_in_one_edition_leaves_the_tags_of_the_other(
    session: Session, earlier: GoalSet, sign_in: SignIn
) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    saved = send(browser, EDIT, page, assessment="inget-bidrag", no_contribution_reason="Underhåll.")
    assert saved.status == 302, saved.errors
    assert tags() == {"X1": (2, "sedan förr")}
    assert [row.reason for row in session.scalars(select(GoalAssessment))] == ["Underhåll."]


def test_goals_and_no_contribution_together_are_refused(session: Session, sign_in: SignIn) -> None:
    make_project(session, "A1")
    session.commit()
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    both = {"assessment": "inget-bidrag", "no_contribution_reason": "Underhåll.", **weigh(page, "G1a", "3")}
    refused = send(browser, EDIT, page, **both)
    assert refused.errors == {"goals": "Välj antingen mål eller ”inget bidrag”, inte båda."}


def test_a_motivation_without_a_weight_is_asked_about_and_not_dropped(session: Session, sign_in: SignIn) -> None:
    make_project(session, "A1")
    session.commit()
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    prefix = page.row("goals", "goal_id", str(goal("G2d").id))
    refused = send(browser, EDIT, page, **{f"{prefix}-motivation": "tryggare torg"})
    assert refused.errors == {f"{prefix}-weight": "Välj hur starkt bidraget är, eller töm motiveringen."}
    assert refused.fields[f"{prefix}-motivation"] == "tryggare torg"


def test_weights_that_do_not_exist_and_goals_of_no_edition_are_not_saved(session: Session, sign_in: SignIn) -> None:
    make_project(session, "A1")
    session.commit()
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    refused = send(browser, EDIT, page, assessment="bidrar", **weigh(page, "G1a", "7"))
    assert refused.errors == {"goals": "Bidragets styrka ska vara 1, 2 eller 3."}
    budget = session.scalars(select(Goal).where(Goal.code == "B1")).one()
    foreign = {"goals-99-goal_id": str(budget.id), "goals-99-weight": "3"}
    assert send(browser, EDIT, page, **weigh(page, "G1a", "1"), **foreign).status == 302
    assert tags() == {"G1a": (1, "")}


@pytest.mark.parametrize(("place", "warned"), [("Rinkeby", False), ("Norrmalm", True)])
def test_an_opened_form_warns_of_an_outer_city_goal_only_where_no_such_area_is_served(
    session: Session, sign_in: SignIn, place: str, warned: bool
) -> None:
    project = make_project(session, "A1")
    project.goal_tags = [GoalTag(goal_id=goal("G1a").id, weight=3)]
    project.serves = [ServedArea(position=1, area_id=find_area(session, place).id, share=10_000)]
    session.commit()
    page = open_form(sign_in(Role.MANAGER), EDIT)
    assert ("betjänar inget område där" in page.text) is warned
