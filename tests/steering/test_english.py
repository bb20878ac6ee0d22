"""Steering and initiatives in English: levels, refusals with what was typed, numbers of indicators."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.english import in_english
from tests.initiatives.making import make_initiative
from tests.steering.making import make_indicator
from tracker.accounts.roles import Role
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.goals.queries import get_goal, get_goal_set
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.initiatives.models import Initiative

SignIn = Callable[[Role], FlaskClient]
T1 = "/uppfoljning/perioder/2005-T1"


@pytest.fixture
def browser(session: Session, actor: Actor, sign_in: SignIn) -> FlaskClient:
    open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    session.commit()
    return in_english(sign_in(Role.CONTROLLER))


def test_a_judgement_is_refused_in_english_and_kept(session: Session, browser: FlaskClient) -> None:
    goals = get_goal_set(session, "policy-2004")
    one, two = get_goal(session, goals, "G1").id, get_goal(session, goals, "G2").id
    session.rollback()
    assert "Met partly" in browser.get(f"{T1}/maluppfyllelse").text
    sent = {f"level-{one}": "helt", f"motivation-{one}": "", f"level-{two}": "", f"motivation-{two}": "Text kvar."}
    answer = browser.post(f"{T1}/maluppfyllelse", data=sent)
    assert answer.status_code == 422
    assert "Give the reasons for the assessment." in answer.text
    assert "Choose whether the goal is met fully, partly or not." in answer.text
    assert "Text kvar." in answer.text


def test_an_initiative_is_reported_and_its_history_told_in_english(session: Session, browser: FlaskClient) -> None:
    made = make_initiative(session, "I-1")
    session.commit()
    number = made.id
    answer = browser.post(
        f"{T1}/insatser", data={f"done-{number}": "", f"for_whom-{number}": "Alla", f"seen-{number}": ""}
    )
    assert answer.status_code == 422
    assert "Write what was done." in answer.text
    saved = browser.post(f"{T1}/insatser", data={f"done-{number}": "Möten.", f"seen-{number}": ""})
    assert saved.status_code == 302
    assert "One initiative is reported." in browser.get(f"{T1}/insatser").text
    page = browser.get("/uppfoljning/insatser/I-1").text
    assert "Changed" in page
    assert "Ändrad" not in page
    session.rollback()
    assert {row.note for row in session.scalars(select(HistoryEntry))} >= {"Rapport 2005-T1"}
    assert session.scalars(select(Initiative)).one().code == "I-1"
    missing = browser.get("/uppfoljning/insatser/finns-inte")
    assert (missing.status_code, "There is no initiative with the code finns-inte" in missing.text) == (404, True)


def test_a_number_with_too_many_decimals_is_refused_in_english(session: Session, browser: FlaskClient) -> None:
    make_indicator(session, "SYS-1")
    session.commit()
    page = browser.get("/uppfoljning/indikatorer/SYS-1/varden?year=2004").text
    assert "Higher is better" in browser.get("/uppfoljning/indikatorer/SYS-1").text
    field = "outcome-0"
    assert f'name="{field}"' in page
    answer = browser.post("/uppfoljning/indikatorer/SYS-1/varden?year=2004", data={"year": "2004", field: "7,123"})
    assert answer.status_code == 422
    assert "“7,123” has more decimals than the indicator: one decimal at most." in answer.text
