"""The page of a goal: found by code or name, its sums those of the report, its gaps, and what it is tied to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.initiatives.making import make_initiative
from tests.maps.conftest import Write
from tests.maps.projects import RINKEBY, put, square
from tracker.accounts.roles import Role
from tracker.areas.queries import get_area_set
from tracker.contribution.amounts import AMOUNTS, MONEY
from tracker.contribution.rules import CountingRule
from tracker.exports.audience import Audience
from tracker.exports.report import Question, make_report
from tracker.goals.models import Goal, GoalCrosswalk
from tracker.goals.queries import get_goal, get_goal_set
from tracker.history.services import Actor
from tracker.maps.area_page import Who
from tracker.maps.goal_page import GoalPage, goal_page, shown_lines
from tracker.maps.goal_page_links import goals_called, near_goals
from tracker.projects.examples import seed_examples
from tracker.projects.models import GoalTag, SecretField
from tracker.projects.vocabulary import Publication

SignIn = Callable[[Role], FlaskClient]
NOW = datetime(2005, 5, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def examples(session: Session, actor: Actor) -> None:
    seed_examples(session, actor)
    session.commit()


def page_for(
    session: Session, code: str, edition: str = "policy-2004", audience: Audience = Audience.PUBLIC
) -> GoalPage:
    goal_set = get_goal_set(session, edition)
    who = Who(audience.viewer, audience, goal_set, MONEY[0], NOW, date(2005, 5, 2))
    page = goal_page(session, get_goal(session, goal_set, code), get_area_set(session, "2023"), who)
    # A kept page was written by another connection: SQLite writes no more after what was read before that.
    session.rollback()
    return page


@pytest.mark.usefixtures("examples")
@pytest.mark.parametrize(
    ("audience", "rule"), [(Audience.PUBLIC, CountingRule.BEROR), (Audience.OPEN, CountingRule.FORDELAD)]
)
def test_every_cell_is_the_contribution_reports(session: Session, audience: Audience, rule: CountingRule) -> None:
    for code in ("G1", "G1a", "G2d", "G3"):
        page = page_for(session, code, audience=audience)
        for at, year in enumerate(page.years):
            question = Question(year, rule, audience, "policy-2004", "2023")
            reckoning = make_report(session, question, NOW).reckoning
            row = [one.key for one in reckoning.rows.rows].index(code)
            reported = [reckoning.cube.amount(row, column, 0) for column in range(len(page.lines))]
            assert [line.amounts[at] for line in page.lines] == reported
    assert AMOUNTS[0] is MONEY[0]


@pytest.mark.usefixtures("examples")
def test_what_reaches_no_ytterstad_stands_by_itself(session: Session, client: FlaskClient) -> None:
    page = page_for(session, "G1")
    assert page.total is not None
    tagged = page.projects.total
    assert page.without_outer_projects == 6
    assert tagged == page.total.projects + page.without_outer_projects
    text = client.get("/mal/G1").text
    assert "6 projekt är märkta med målet men betjänar inget område i ytterstaden." in text
    assert [one.label for one in page.gaps] == ["Kungsholmen", "Norra innerstaden"]
    assert {one.column.key for one in shown_lines(page)}.isdisjoint({one.key for one in page.gaps})


@pytest.mark.usefixtures("examples")
def test_an_aspect_with_nothing_says_so(client: FlaskClient, session: Session) -> None:
    text = client.get("/mal/G3b").text
    assert "G3b är en aspekt av målet G3 Motverka diskriminering" in text
    assert "Inget publicerat projekt är märkt med målet." in text
    assert "Inget projekts belopp räknas till målet." in text
    page = page_for(session, "G3b")
    assert len(page.gaps) == 11
    assert page.projects.total == 0


@pytest.mark.parametrize(
    ("asked", "location"),
    [
        ("g1", "/mal/G1"),
        ("G1A", "/mal/G1a"),
        ("trygghet", "/mal/G2d"),
        ("Motverka diskriminering", "/mal/G3"),
        ("motverka-diskriminering", "/mal/G3"),
        ("B1", "/mal/B1?edition=budget-2005"),
        ("b2c", "/mal/B2c?edition=budget-2005"),
    ],
)
def test_other_ways_of_writing_lead_to_the_goal(client: FlaskClient, asked: str, location: str) -> None:
    answer = client.get(f"/mal/{asked}")
    assert (answer.status_code, answer.location) == (302, location)
    assert client.get(location).status_code == 200


def test_an_unknown_goal_suggests_those_that_are_like_it(client: FlaskClient, session: Session) -> None:
    for asked, near in (("tryghet", "G2d Trygghet"), ("G1x", "G1"), ("<script>alert(1)</script>", None)):
        answer = client.get("/mal/" + asked.replace("/", "%2F"))
        assert answer.status_code == 404
        assert near is None or near in answer.text
        assert "<script>alert" not in answer.text
    assert near_goals(session, "") == []
    assert client.get("/mal/G1?edition=finns-inte").status_code == 404
    assert goals_called(session, "", get_goal_set(session, "policy-2004")) == []


def test_text_questions_concepts_and_budget_goals_stand_there(client: FlaskClient) -> None:
    text = client.get("/mal/G1").text
    assert "insatser i ytterstaden som rör boende och bostadsförsörjning" in text
    assert "Vilka ytterstadsområden berörs och hur?" in text
    assert "föreslagen formulering" in text
    assert "7 begrepp förklaras" in text
    assert 'href="/mal/B1?edition=budget-2005"' in text
    budget = client.get("/mal/B1?edition=budget-2005").text
    assert 'href="/mal/G1?edition=policy-2004"' in budget
    assert "Bidrag per område" not in budget


def test_the_goals_before_and_after_are_linked(session: Session, client: FlaskClient) -> None:
    older = get_goal_set(session, "program-1997")
    old = Goal(goal_set_id=older.id, code="P1", name_sv="Programmets första")
    session.add(old)
    session.flush()
    session.add(
        GoalCrosswalk(from_goal_id=old.id, to_goal_id=get_goal(session, get_goal_set(session, "policy-2004"), "G1").id)
    )
    session.commit()
    assert [one.label for one in page_for(session, "G1").earlier] == ["P1 Programmets första"]
    assert [one.code for one in page_for(session, "P1", "program-1997").later] == ["G1"]
    assert 'href="/mal/P1?edition=program-1997"' in client.get("/mal/G1").text
    assert client.get("/mal/P1").location == "/mal/P1?edition=program-1997"


def test_only_published_initiatives_are_told_to_everybody(
    session: Session, client: FlaskClient, sign_in: SignIn
) -> None:
    goal = get_goal(session, get_goal_set(session, "policy-2004"), "G3a")
    for code, name, values in (
        ("I-1", "Öppna samråd", {}),
        ("I-2", "Utkastet", {"publication": Publication.DRAFT}),
        ("I-3", "Hemligheten", {"confidential": True}),
    ):
        make_initiative(session, code, name=name, **values).goals = [goal]
    session.commit()
    public, reader = client.get("/mal/G3").text, sign_in(Role.READER).get("/mal/G3").text
    assert ("Öppna samråd" in public, "Utkastet" in public, "Hemligheten" in public) == (True, False, False)
    assert ("Utkastet" in reader, "Hemligheten" in reader) == (True, False)
    assert "Hemligheten" in sign_in(Role.CONTROLLER).get("/mal/G3").text
    assert "Indikatorer" not in public


def test_a_hidden_goal_is_not_told(session: Session, actor: Actor) -> None:
    project = put(session, actor, "H-1", square(RINKEBY))
    goal_set = get_goal_set(session, "policy-2004")
    project.goal_tags = [GoalTag(goal_id=get_goal(session, goal_set, "G2c").id, weight=3, motivation="Zebra")]
    session.commit()
    assert page_for(session, "G2c").projects.total == 1
    session.add(SecretField(project_id=project.id, field="goals", ground="OSL 19 kap. 3 §"))
    session.commit()
    page = page_for(session, "G2c")
    assert page.projects.total == 0
    assert page.total is not None
    assert page.total.projects == 0
    assert page_for(session, "G2c", audience=Audience.INTERNAL).projects.total == 1


def test_the_summary_is_of_facts(write: Write, client: FlaskClient) -> None:
    write(lambda session, actor: seed_examples(session, actor))
    block = re.search(r'<div class="place-summary">(.*?)</div>', client.get("/mal/G1").text, re.DOTALL)
    assert block is not None
    text = " ".join(block[1].split())
    assert "med 5 aspekter." in text
    assert "39 projekt bidrar till det: 21 bostadsprojekt, 6 arbetsplatsprojekt och 12 trafikprojekt." in text
    assert "2 av 11 områden saknar projekt för målet." in text
