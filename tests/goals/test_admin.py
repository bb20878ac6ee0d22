"""The forms of the goal catalogue: what they accept, what they refuse, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.goals.models import Assignment, AssignmentStatus
from tracker.goals.queries import get_assignment, get_goal, get_goal_set, goal_tree, list_concepts
from tracker.history.models import HistoryEntry

COPY = {"name": "Integrationspolicy 2006", "code": "policy-2006", "valid_from_year": "2006", "note": "Antagen"}


@pytest.fixture
def admin(sign_in: Callable[[Role], FlaskClient]) -> FlaskClient:
    return sign_in(Role.ADMIN)


@pytest.fixture
def draft(admin: FlaskClient) -> str:
    answer = admin.post("/mal/utgava/policy-2004/ny", data=COPY)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/mal?edition=policy-2006")
    return "/mal/utgava/policy-2006"


def test_a_new_edition_is_made_edited_and_locked(app: Flask, admin: FlaskClient, draft: str) -> None:
    assert "Ej fastställd, kan ändras" in admin.get("/mal?edition=policy-2006").text
    goal = {"name_sv": "Tillit", "code": "G4", "parent_code": "", "text_sv": "Öka tilliten."}
    assert admin.post(f"{draft}/nytt-mal", data=goal).headers["Location"] == "/mal?edition=policy-2006#G4"
    aspect = {"name_sv": "Mötesplatser", "code": "G4a", "parent_code": "G4"}
    assert admin.post(f"{draft}/nytt-mal", data=aspect).status_code == 302
    question = {"text_sv": "Var möts människor?", "proposed": "y"}
    assert admin.post(f"{draft}/mal/G4a/fraga/ny", data=question).status_code == 302
    concept = {"term": "Tillit", "definition": "Att lita på varandra."}
    assert admin.post(f"{draft}/begrepp/nytt", data=concept).status_code == 302
    assert admin.post(f"{draft}/mal/G3a/ta-bort").headers["Location"] == "/mal?edition=policy-2006#G3"

    refused = admin.post(f"{draft}/faststall", data={})
    assert refused.status_code == 422
    assert "Kryssa i rutan för att fastställa utgåvan." in refused.text
    assert admin.post(f"{draft}/faststall", data={"understood": "y"}).status_code == 302
    assert admin.get(f"{draft}/nytt-mal").status_code == 422
    assert "är fastställd och ändras inte" in admin.post(f"{draft}/mal/G4", data={"name_sv": "X"}).text

    with app.app_context():
        edition = get_goal_set(db.session(), "policy-2006")
        tree = goal_tree(db.session(), edition)
        assert [(one.code, len(one.aspects)) for one in tree] == [("G1", 5), ("G2", 8), ("G3", 2), ("G4", 1)]
        assert [(q.text_sv, q.proposed) for q in tree[3].aspects[0].questions] == [("Var möts människor?", True)]
        assert [(c.term, c.proposed) for c in list_concepts(db.session(), edition)][-1] == ("Tillit", False)
        kinds = set(db.session.scalars(select(HistoryEntry.subject_kind)))
        assert kinds == {"goal_set", "goal"}
        assert set(db.session.scalars(select(HistoryEntry.actor_name))) == {"Administratör Prov"}


def test_a_rejected_copy_keeps_everything_and_names_each_field(admin: FlaskClient) -> None:
    answer = admin.post(
        "/mal/utgava/policy-2004/ny",
        data={"name": "", "code": "Policy 2006", "valid_from_year": "tjugohundrasex", "note": "Min anmärkning"},
    )
    assert answer.status_code == 422
    assert "3 uppgifter behöver rättas" in answer.text
    assert "Ange ett namn." in answer.text
    assert "Använd bara små bokstäver a–z, siffror och bindestreck" in answer.text
    assert "”tjugohundrasex” är inget år." in answer.text
    assert 'value="Policy 2006"' in answer.text
    assert 'value="tjugohundrasex"' in answer.text
    assert "Min anmärkning</textarea>" in answer.text


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"code": "budget-2005"}, "Koden budget-2005 används redan av en annan utgåva."),
        ({"valid_from_year": "2004"}, "gäller från 2005. Ange ett senare år."),
        ({"valid_from_year": "1200"}, "Ange ett år mellan 1990 och 2100."),
        ({"valid_from_year": "  "}, "Ange ett år."),
        ({"name": "x" * 201}, "Texten får ha högst 200 tecken."),
        ({"code": "nytt"}, "Använd bara små bokstäver"),
    ],
)
def test_why_a_copy_is_refused(admin: FlaskClient, change: dict[str, str], reason: str) -> None:
    answer = admin.post("/mal/utgava/policy-2004/ny", data=COPY | change)
    assert answer.status_code == 422
    assert reason in answer.text
    assert "1 uppgift behöver rättas" in answer.text
    assert "Antagen</textarea>" in answer.text


def test_a_goal_form_shows_what_is_stored_and_changes_it(app: Flask, admin: FlaskClient, draft: str) -> None:
    with app.app_context():
        budget = get_goal_set(db.session(), "budget-2005")
        first, second = (get_goal(db.session(), budget, code).id for code in ("B1", "B2d"))
    shown = admin.get(f"{draft}/mal/G2").text
    assert "Minska skillnaderna mellan olika delar av staden" in shown
    assert f'value="{first}" checked' in shown
    assert f'value="{second}" checked' not in shown
    sent = {"name_sv": "Mindre skillnader", "name_en": "", "text_sv": "Ny text", "outer_city_measures": "y"}
    sent["budget_goals"] = str(second)
    assert admin.post(f"{draft}/mal/G2", data=sent).status_code == 302
    with app.app_context():
        goal = get_goal(db.session(), get_goal_set(db.session(), "policy-2006"), "G2")
        assert (goal.name_sv, goal.text_sv, goal.name_en) == ("Mindre skillnader", "Ny text", "")
        assert [linked.code for linked in goal.budget_goals] == ["B2d"]
        assert all(aspect.outer_city_measures for aspect in goal.aspects)
        entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "goal")).one()
        assert entry.changes["budget_goals"] == [["B1"], ["B2d"]]
        assert entry.changes["name_sv"] == ["Minskade skillnader", "Mindre skillnader"]


def test_a_taken_goal_code_is_said_beside_the_field(admin: FlaskClient, draft: str) -> None:
    answer = admin.post(f"{draft}/nytt-mal", data={"name_sv": "Tillit", "code": "G1", "parent_code": "G2"})
    assert answer.status_code == 422
    assert "Koden G1 används redan i utgåvan." in answer.text
    assert 'value="Tillit"' in answer.text
    assert '<option selected value="G2">' in answer.text


def test_questions_and_concepts_are_changed_and_removed(app: Flask, admin: FlaskClient, draft: str) -> None:
    with app.app_context():
        edition = get_goal_set(db.session(), "policy-2006")
        question = get_goal(db.session(), edition, "G3").questions[0].id
        concept = list_concepts(db.session(), edition)[0].id
    asked = f"{draft}/mal/G3/fraga/{question}"
    assert "Hur har de boende fått inflytande?" in admin.get(asked).text
    assert "Skriv frågan." in admin.post(asked, data={"text_sv": " "}).text
    assert admin.post(asked, data={"text_sv": "Hur deltar de boende?"}).status_code == 302
    assert admin.get(f"{draft}/mal/G2/fraga/{question}").status_code == 404
    term = f"{draft}/begrepp/{concept}"
    assert admin.post(term, data={"term": "Integration", "definition": "Ny"}).status_code == 302
    assert "finns redan" in admin.post(term, data={"term": "Mångfald", "definition": "Ny"}).text
    text = admin.get("/mal?edition=policy-2006").text
    assert "Hur deltar de boende?" in text
    assert text.count("föreslagen formulering") == 5 + 6
    assert admin.post(f"{asked}/ta-bort").status_code == 302
    assert admin.post(f"{term}/ta-bort").status_code == 302
    text = admin.get("/mal?edition=policy-2006").text
    assert "Hur deltar de boende?" not in text
    assert text.count("<dt>") == 6


def test_an_unlocked_edition_is_renamed_moved_and_discarded(app: Flask, admin: FlaskClient, draft: str) -> None:
    sent = {"name": "Policy 2007", "valid_from_year": "2007", "note": ""}
    assert admin.post(f"{draft}/andra", data=sent).status_code == 302
    with app.app_context():
        assert get_goal_set(db.session(), "policy-2004").valid_to_year == 2006
    answer = admin.post(f"{draft}/ta-bort")
    assert answer.headers["Location"] == "/mal?edition=policy-2004"
    assert admin.get("/mal?edition=policy-2006").status_code == 404
    with app.app_context():
        assert get_goal_set(db.session(), "policy-2004").valid_to_year is None


def test_the_budget_goals_of_2005_can_be_completed_but_not_discarded(admin: FlaskClient) -> None:
    goal = {"name_sv": "Ett tredje mål", "code": "B3", "parent_code": ""}
    assert admin.post("/mal/utgava/budget-2005/nytt-mal", data=goal).status_code == 302
    assert "B3" in admin.get("/mal?edition=budget-2005").text
    refused = admin.post("/mal/utgava/budget-2005/ta-bort")
    assert refused.status_code == 422
    assert "används av ett projekt, ett uppdrag eller en annan utgåva" in refused.text


def test_an_assignment_is_added_and_its_status_followed(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        goal = get_goal(db.session(), get_goal_set(db.session(), "policy-2004"), "G2d").id
    sent = {
        "code": "2006-1", "text": "Redovisa trygghetsarbetet.", "owner_board": "Trafiknämnden", "budget_year": "2006",
        "due": "2006-10-31", "status": "pagaende", "source": "Budget 2006", "goals": str(goal),
    }  # fmt: skip
    answer = admin.post("/uppdrag/nytt", data=sent)
    assert answer.headers["Location"] == "/mal?edition=policy-2004#uppdrag"
    text = admin.get("/mal").text
    assert "Redovisa trygghetsarbetet." in text
    assert "klart senast 2006-10-31" in text
    assert f'value="{goal}" checked' in admin.get("/uppdrag/2006-1").text
    assert admin.post("/uppdrag/2006-1", data=sent | {"status": "genomford", "due": ""}).status_code == 302
    with app.app_context():
        assignment = get_assignment(db.session(), "2006-1")
        assert (assignment.status, assignment.due) == (AssignmentStatus.DONE, None)
        assert [one.code for one in assignment.goals] == ["G2d"]
        entries = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)).all()
        assert [entry.subject_kind for entry in entries] == ["assignment", "assignment"]
        assert entries[0].changes["goals"] == [None, ["policy-2004:G2d"]]
        assert entries[1].changes == {"status": ["pagaende", "genomford"], "due": ["2006-10-31", None]}


def test_a_rejected_assignment_keeps_everything(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        goal = get_goal(db.session(), get_goal_set(db.session(), "budget-2005"), "B2a").id
    answer = admin.post(
        "/uppdrag/nytt",
        data={"code": "2005-gfn", "text": "Något", "owner_board": "", "budget_year": "05", "due": "31/10",
              "status": "forsenad", "goals": str(goal)},
    )  # fmt: skip
    assert answer.status_code == 422
    for reason in ("Ange vem som ansvarar.", "”05” är inget år.", "”31/10” är inget datum."):
        assert reason in answer.text
    assert "Något</textarea>" in answer.text
    assert '<option selected value="forsenad">' in answer.text
    assert f'value="{goal}" checked' in answer.text
    taken = {"code": "2005-gfn", "text": "Något", "owner_board": "A", "budget_year": "2005", "status": "forsenad"}
    assert "Koden 2005-gfn används redan" in admin.post("/uppdrag/nytt", data=taken).text
    with app.app_context():
        assert set(db.session.scalars(select(Assignment.code))) == {"2005-alla", "2005-gfn"}


@pytest.mark.parametrize("role", [Role.READER, Role.MANAGER, Role.CONTROLLER])
def test_nobody_but_an_administrator_edits(sign_in: Callable[[Role], FlaskClient], role: Role) -> None:
    browser = sign_in(role)
    for address in ("/mal/utgava/policy-2004/ny", "/mal/utgava/budget-2005/mal/B1", "/uppdrag/2005-gfn"):
        assert browser.get(address).status_code == 403
        assert browser.post(address, data=COPY).status_code == 403


def test_without_a_login_a_form_leads_to_the_login_page(client: FlaskClient) -> None:
    answer = client.get("/mal/utgava/policy-2004/ny")
    assert answer.headers["Location"].startswith("/logga-in?next=")
    assert client.post("/mal/utgava/policy-2004/ny", data=COPY).status_code == 401
