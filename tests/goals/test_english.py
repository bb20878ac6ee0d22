"""The goal catalogue in English: labels, tables and refusals; stored words stay Swedish."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.english import in_english
from tracker.accounts.roles import Role
from tracker.errors import NotFoundError
from tracker.goals.models import Assignment, AssignmentStatus
from tracker.goals.queries import get_goal_set, goal_set_for_year

GIVEN = {
    "code": "2005-prov", "text": "Uppdraget", "owner_board": "Nämnden", "budget_year": "2005", "status": "pagaende",
}  # fmt: skip


@pytest.fixture
def admin(sign_in: Callable[[Role], FlaskClient]) -> FlaskClient:
    return in_english(sign_in(Role.ADMIN))


def test_an_assignment_in_english_is_stored_in_swedish(session: Session, admin: FlaskClient) -> None:
    assert '<option value="ej-paborjad">Not started</option>' in admin.get("/uppdrag/nytt").text
    assert admin.post("/uppdrag/nytt", data=GIVEN).status_code == 302
    page = admin.get("/mal").text
    assert "Under way</span>" in page
    assert "Pågående" not in page
    assert session.scalar(select(Assignment.status).where(Assignment.code == "2005-prov")) is AssignmentStatus.ONGOING
    assert AssignmentStatus.ONGOING.label == "Pågående"


def test_a_refused_assignment_says_why_in_english(admin: FlaskClient) -> None:
    assert admin.post("/uppdrag/nytt", data=GIVEN).status_code == 302
    answer = admin.post("/uppdrag/nytt", data=GIVEN)
    assert (answer.status_code, "The code 2005-prov is already used by another assignment." in answer.text) == (
        422,
        True,
    )
    wrong = GIVEN | {"code": "ny", "text": "", "budget_year": "tvåtusenfem", "due": "i går", "status": "klar"}
    text = admin.post("/uppdrag/nytt", data=wrong).text
    assert "“tvåtusenfem” is not a year. Write four digits, for example 2005." in text
    assert "“i går” is not a date. Write year-month-day, for example 2005-04-30." in text
    assert "Not a valid choice." in text
    assert 'value="tvåtusenfem"' in text


def test_a_locked_edition_is_refused_in_english(admin: FlaskClient) -> None:
    answer = admin.get("/mal/utgava/policy-2004/andra")
    assert answer.status_code == 422
    assert "<h1>What was entered cannot be used</h1>" in answer.text
    assert "is adopted and is not changed. Make a new edition from it and change that." in answer.text


def test_an_error_is_swedish_but_where_a_page_says_it(app: Flask, session: Session) -> None:
    with app.test_request_context(headers={"Cookie": "sprak=en"}):
        with pytest.raises(NotFoundError) as caught:
            get_goal_set(session, "x")
        assert str(caught.value) == "Det finns ingen målutgåva med koden x."
        assert f"{caught.value}" == "Det finns ingen målutgåva med koden x."
        assert escape(str(caught.value)) == "There is no edition of goals with the code x."
        with pytest.raises(NotFoundError, match="Ingen utgåva av integrationsmål gäller för år 1900") as caught:
            goal_set_for_year(session, 1900)
        assert escape(str(caught.value)) == "No edition of integration goals applies to the year 1900."
