"""The timeline as data and on the page: gates in order, revisions kept, budgets never compared across price levels."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.projects.test_decisions import BOARD, DIRECTION, FIRST, MNKR, REVISED, TODAY, decided
from tests.projects.test_form import SignIn
from tracker.accounts.roles import Role
from tracker.projects.decisions import Course
from tracker.projects.figures import Decision, Figure
from tracker.projects.inputs import FigureInput
from tracker.projects.timeline import State, timeline
from tracker.projects.vocabulary import Flow, Gate, Phase


def test_steps_tell_what_is_taken_missing_and_ahead() -> None:
    line = timeline(Course(Phase.IMPLEMENTATION, (DIRECTION,)), TODAY, with_forecast=True)
    assert [(step.name, step.state, step.day) for step in line.steps] == [
        ("Inriktning", State.TAKEN, date(2002, 9, 10)),
        ("Genomförande", State.MISSING, None),
        ("Slutredovisning", State.AHEAD, None),
    ]


def test_original_latest_and_deviation_at_one_price_level() -> None:
    figures = (FigureInput(2005, Flow.OUTLAY, None, None, 130 * MNKR), FigureInput(2006, Flow.OUTLAY, 5 * MNKR))
    line = timeline(Course(Phase.IMPLEMENTATION, (FIRST, REVISED), figures), TODAY, with_forecast=True)
    assert [(row.label, row.outlay_ore, row.price_level) for row in line.sums] == [
        ("Ursprungligen beslutat", 100 * MNKR, "prisnivå 2004"),
        ("Senast beslutat", 120 * MNKR, "prisnivå 2004"),
        ("Slutprognos", 135 * MNKR, "löpande priser"),
    ]
    assert [(row.label, row.outlay_ore, row.income_ore) for row in line.differences] == [
        ("Ursprungligt minus senaste", -20 * MNKR, None),
        ("Avvikelse: beslutat minus prognos", -15 * MNKR, None),
    ]
    assert [event.change_ore for event in line.events] == [None, 20 * MNKR]
    assert line.notes == (
        "Avvikelsen jämför beslutet (2004) med prognosen i löpande priser. Minus är överskridande.",
        "Budget räknas där prognos saknas: 2006.",
    )


def test_a_side_that_only_one_budget_gives_is_in_no_netto() -> None:
    first = replace(FIRST, income_ore=40 * MNKR)
    (row,) = timeline(Course(Phase.IMPLEMENTATION, (first, REVISED)), TODAY, with_forecast=True).differences
    assert (row.outlay_ore, row.income_ore, row.net_ore) == (-20 * MNKR, None, None)
    both = replace(REVISED, income_ore=30 * MNKR)
    (row,) = timeline(Course(Phase.IMPLEMENTATION, (first, both)), TODAY, with_forecast=True).differences
    assert (row.outlay_ore, row.income_ore, row.net_ore) == (-20 * MNKR, 10 * MNKR, -30 * MNKR)


def test_other_price_levels_are_said_and_not_compared() -> None:
    later = decided(Gate.IMPLEMENTATION_REVISED, "2004-11-23", 120, level="2005")
    line = timeline(Course(Phase.IMPLEMENTATION, (FIRST, later)), TODAY, with_forecast=True)
    assert line.differences == ()
    assert [event.change_ore for event in line.events] == [None, None]
    assert line.notes == ("Besluten har olika prisnivå (2004 och 2005) och räknas inte mot varandra.",)


@pytest.fixture
def project(session: Session) -> None:
    made = make_project(session, "A1", phase=Phase.IMPLEMENTATION)
    made.decisions = [
        Decision(
            gate=one.gate, date=one.date, body=BOARD, outlay_ore=one.outlay_ore, price_level="2004",
            case_number="04-311-1", paragraph="§ 9",
        )
        for one in (REVISED, FIRST)
    ]  # fmt: skip
    made.figures = [Figure(period="lopande", year=2004, flow=Flow.OUTLAY, outcome_ore=777 * MNKR)]
    session.commit()


@pytest.mark.usefixtures("project")
def test_the_page_shows_every_revision_and_the_forecast_to_those_inside(client: FlaskClient, sign_in: SignIn) -> None:
    inside = sign_in(Role.READER).get("/projekt/A1").text
    outside = client.get("/projekt/A1").text
    for text in (inside, outside):
        assert text.index("2003-06-10</time>") < text.index("2004-11-23</time>")
        assert "Ursprungligen beslutat" in text
        assert "utgiften +20,0 mnkr mot förra beslutet" in text
        assert "§ 9" in text
        assert "04-311-1" in text
    assert "777,0" in inside
    assert "−657,0" in inside
    assert "minst 15 % över" in inside
    assert "777" not in outside
    assert "657" not in outside
    assert "Slutprognos" not in outside
