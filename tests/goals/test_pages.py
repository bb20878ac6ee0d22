"""What the public page of the goal catalogue shows."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.goals.counting import statements_of
from tracker.accounts.roles import Role
from tracker.extensions import db
from tracker.goals.models import Goal, StrategicQuestion
from tracker.goals.queries import get_goal, get_goal_set


def page(browser: FlaskClient, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.text


def test_the_valid_edition_is_shown_in_full_to_everybody(client: FlaskClient) -> None:
    text = page(client, "/mal")
    assert "<title>Mål – Förslag till integrationspolicy (remiss 2004) · Portföljkartan</title>" in text
    anchors = re.findall(r'id="([GB]\d[a-h]?)"', text)
    assert anchors == [
        "G1", "G1a", "G1b", "G1c", "G1d", "G1e",
        "G2", "G2a", "G2b", "G2c", "G2d", "G2e", "G2f", "G2g", "G2h",
        "G3", "G3a", "G3b", "G3c",
    ]  # fmt: skip
    assert "genom insatser i ytterstaden som rör boende och bostadsförsörjning" in text
    assert 'lang="en">Reduce the differences between different parts of the city' in text
    assert "Insatser i ytterstaden" in text
    assert "Hur nås service till fots och med kollektivtrafik efter projektet?" in text
    assert text.count("föreslagen formulering") == 6 + 7
    assert "Bryta segregationen och fördjupa demokratin" in text
    assert "Samtliga nämnder och bolagsstyrelser" in text
    assert text.count("Ej påbörjad") == 2
    assert "Fastställd" in text


def test_the_predecessor_is_named_and_says_that_it_is_empty_and_why(client: FlaskClient) -> None:
    assert 'ersätter <a href="/mal?edition=program-1997">Integrationsprogram 1997</a> (1997–2004)' in page(
        client, "/mal"
    )
    text = page(client, "/mal?edition=program-1997")
    assert "Utgåvan har inga registrerade mål." in text
    assert "eftersom deras lydelse inte är bekräftad" in text
    assert 'ersätts av <a href="/mal?edition=policy-2004">' in text


def test_the_budget_goals_name_the_goals_that_make_them_concrete(client: FlaskClient) -> None:
    text = page(client, "/mal?edition=budget-2005")
    assert "Ej fastställd, kan ändras" in text
    assert "Staden skall verka för en väl fungerande arbetsmarknad" in text
    assert '<a href="/mal?edition=policy-2004#G1b"' in text


def test_an_unknown_edition_is_not_found(client: FlaskClient) -> None:
    answer = client.get("/mal?edition=finns-inte")
    assert answer.status_code == 404
    assert "ingen målutgåva med koden finns-inte" in answer.text


@pytest.mark.parametrize("role", [None, Role.READER, Role.MANAGER, Role.CONTROLLER])
def test_only_an_administrator_is_offered_to_edit(
    client: FlaskClient, sign_in: Callable[[Role], FlaskClient], role: Role | None
) -> None:
    browser = sign_in(role) if role else client
    for address in ("/mal", "/mal?edition=budget-2005", "/matt"):
        text = page(browser, address)
        assert "Ändra" not in text
        assert "Lägg till" not in text
        assert "Ny utgåva" not in text


def test_a_locked_edition_offers_a_new_edition_but_no_change(sign_in: Callable[[Role], FlaskClient]) -> None:
    admin = sign_in(Role.ADMIN)
    locked, unlocked = page(admin, "/mal?edition=policy-2004"), page(admin, "/mal?edition=budget-2005")
    assert 'href="/mal/utgava/policy-2004/ny"' in locked
    assert "/mal/utgava/policy-2004/mal/" not in locked
    assert "/faststall" not in locked
    assert 'href="/mal/utgava/budget-2005/faststall"' in unlocked
    assert 'href="/mal/utgava/budget-2005/mal/B2a"' in unlocked
    assert 'href="/uppdrag/2005-gfn"' in locked
    assert 'href="/mal/utgava/program-1997/ny"' not in page(admin, "/mal?edition=program-1997")


def test_the_page_takes_no_more_statements_for_more_goals(app: Flask, client: FlaskClient) -> None:
    def sent() -> int:
        with app.app_context(), statements_of(db.session()) as statements:
            page(client, "/mal?edition=budget-2005")
        return len(statements)

    before = sent()
    with app.app_context():
        session = db.session()
        budget = get_goal_set(session, "budget-2005")
        top = get_goal(session, budget, "B1")
        for number in range(20):
            aspect = Goal(goal_set_id=budget.id, parent_id=top.id, code=f"B1{number}", name_sv="Mål")
            aspect.questions = [StrategicQuestion(position=1, text_sv="Fråga?")]
            session.add(aspect)
        session.commit()
    assert sent() == before
