"""Whose amounts are whose: budget and outcome are the controller's, forecast and a first budget the manager's."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.orm import Session

from tests.factories import make_project
from tests.projects.form_page import open_form, send
from tests.projects.test_form import SignIn, stored
from tracker.accounts.roles import Role
from tracker.projects.figures import Figure
from tracker.projects.vocabulary import Flow

EDIT = "/projekt/A1/redigera"


@pytest.fixture
def project(session: Session) -> None:
    """A project whose controller has set budget and outcome for 2005; 2006 has the manager's own budget."""
    made = make_project(session, "A1")
    made.figures = [
        Figure(period="lopande", year=2005, flow=Flow.OUTLAY, budget_ore=10**11, outcome_ore=5 * 10**10),
        Figure(period="lopande", year=2006, flow=Flow.OUTLAY, budget_ore=2 * 10**11, budget_preliminary=True),
    ]
    session.commit()


def figures() -> dict[tuple[int, Flow], tuple[int | None, int | None, int | None, bool]]:
    return {
        (row.year, row.flow): (row.budget_ore, row.outcome_ore, row.forecast_ore, row.budget_preliminary)
        for row in stored("A1").figures
    }


@pytest.mark.usefixtures("project")
def test_a_manager_reads_the_controllers_amounts_and_writes_the_forecast(sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    for name, locked in (
        ("figures-0-year", True),
        ("figures-0-outlay_budget", True),
        ("figures-0-outlay_outcome", True),
        ("figures-0-outlay_forecast", False),
        ("figures-0-income_budget", False),
        ("figures-0-income_outcome", True),
        ("figures-1-year", False),
        ("figures-1-outlay_budget", False),
    ):
        tag = page.text.split(f'id="{name}"')[1].split(">")[0]
        assert ("readonly" in tag) is locked, name
    assert page.text.count("preliminär</div>") == 1
    saved = send(browser, EDIT, page, figures__0__outlay_forecast="990", figures__1__outlay_budget="2 100")
    assert saved.status == 302, saved.errors
    assert figures() == {
        (2005, Flow.OUTLAY): (10**11, 5 * 10**10, 99 * 10**9, False),
        (2006, Flow.OUTLAY): (21 * 10**10, None, None, True),
    }


@pytest.mark.usefixtures("project")
def test_a_first_budget_of_a_manager_is_preliminary(sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    send(browser, EDIT, page, figures__2__year="2007", figures__2__income_budget="3")
    assert figures()[2007, Flow.INCOME] == (300_000_000, None, None, True)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("figures__0__outlay_budget", "Budgeten (Utgift 2005) ändras bara av controller."),
        ("figures__0__outlay_outcome", "Utfallet (Utgift 2005) ändras bara av controller."),
        ("figures__1__outlay_outcome", "Utfallet (Utgift 2006) ändras bara av controller."),
    ],
)
def test_a_manager_who_sends_the_controllers_amounts_all_the_same_is_refused(
    sign_in: SignIn, field: str, reason: str
) -> None:
    browser = sign_in(Role.MANAGER)
    before = figures()
    page = send(browser, EDIT, open_form(browser, EDIT), **{field: "1"}, description_public="Min text")
    assert (page.status, page.errors) == (422, {"figures": reason})
    assert (page.fields[field.replace("__", "-")], page.fields["description_public"]) == ("1", "Min text")
    assert figures() == before
    assert stored("A1").description_public == ""


@pytest.mark.usefixtures("project")
def test_a_manager_cannot_remove_a_year_of_the_controllers(sign_in: SignIn) -> None:
    browser = sign_in(Role.MANAGER)
    page = open_form(browser, EDIT)
    gone = dict.fromkeys((key for key in page.fields if key.startswith("figures-0-")), None)
    refused = send(browser, EDIT, page, **gone)
    reason = "Utgift 2005 har budget eller utfall från controller och kan inte tas bort."
    assert (refused.status, refused.errors) == (422, {"figures": reason})


@pytest.mark.usefixtures("project")
def test_a_controller_sets_budget_and_outcome_and_settles_a_preliminary_budget(sign_in: SignIn) -> None:
    browser = sign_in(Role.CONTROLLER)
    page = open_form(browser, EDIT)
    assert "readonly" not in page.text
    saved = send(browser, EDIT, page, figures__0__outlay_budget="1 200,5", figures__0__outlay_outcome="−3 tkr")
    assert saved.status == 302, saved.errors
    assert figures() == {
        (2005, Flow.OUTLAY): (120_050_000_000, -300_000, None, False),
        (2006, Flow.OUTLAY): (2 * 10**11, None, None, False),
    }


@pytest.mark.usefixtures("project")
def test_netto_and_sums_stand_on_the_page(sign_in: SignIn) -> None:
    browser = sign_in(Role.CONTROLLER)
    given = {"name": "", "figures__0__income_budget": "400,25", "figures__1__income_budget": "2 000"}
    page = send(browser, EDIT, open_form(browser, EDIT), **given)
    sums = dict(re.findall(r'data-sum="(\w+)">([^<]*)<', page.text))
    assert sums == {
        "outlay_budget": "3\u00a0000",
        "outlay_outcome": "500",
        "outlay_forecast": "–",
        "income_budget": "2\u00a0400,25",
        "income_outcome": "–",
        "income_forecast": "–",
        "net_budget": "599,75",
        "net_outcome": "500",
        "net_forecast": "–",
    }
    assert re.findall(r'data-net="budget">([^<]*)<', page.text)[:2] == ["599,75", "0"]
