"""Case 33: a printed total that is not the sum of printed rows. Every exit says how it rounds, and agrees exactly."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.contribution.register import add_project
from tests.exports.reading import csv_rows, ore, sheet_rows, sheets
from tracker.accounts.roles import Role
from tracker.followup.codes import PeriodCode
from tracker.followup.opening import open_period
from tracker.history.services import Actor

SignIn = Callable[[Role], FlaskClient]
BUDGET = "Utgift budget (kr)"


@pytest.fixture
def browser(app: Flask, session: Session, actor: Actor, sign_in: SignIn) -> FlaskClient:
    """Three projects of 0,333 mnkr in a period, each for a goal of its own in the same area."""
    for number, goal in enumerate(("G1a", "G1b", "G1c"), start=1):
        add_project(session, f"A-{number}", goals={goal: 3}, serves=[("Rinkeby/1999", 100)], outlay={2005: 333_000})
    open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    session.commit()
    return sign_in(Role.CONTROLLER)


@pytest.mark.parametrize("page", ["/uppfoljning/bidrag", "/uppfoljning/perioder/2005-T1/bidrag"])
@pytest.mark.parametrize("rule", ["fordelad", "beror"])
def test_case_33_the_page_rounds_each_number_by_itself_and_says_so(browser: FlaskClient, page: str, rule: str) -> None:
    text = browser.get(f"{page}?year=2005&counting={rule}&shown=utgift-budget").text
    assert "Avrundat till en decimal, så summor kan avvika" in text
    rows = text.partition("<tbody>")[2]
    # 0,3 + 0,3 + 0,3 is printed above 1,0, never 0,9.
    assert [rows.count(f">{number}</a>") > 0 for number in ("0,3", "1,0", "0,9")] == [True, True, False]
    exact = browser.get(f"{page}/projekt?year=2005&counting={rule}&shown=utgift-budget&row=G1&column=rinkeby").text
    assert exact.count("333\u00a0000,00") == 3
    assert "999\u00a0000,00" in exact
    why = browser.get(f"{page}/projekt/A-1?year=2005&counting={rule}&shown=utgift-budget&row=G1&column=rinkeby").text
    assert "0,333 mnkr" in why


@pytest.mark.parametrize("rule", ["fordelad", "beror"])
def test_case_33_the_files_have_the_same_total_exactly_to_the_ore(browser: FlaskClient, rule: str) -> None:
    address = f"/uppfoljning/bidrag/export?year=2005&counting={rule}"
    csv = csv_rows(browser.get(f"{address}&format=csv").data)
    book = sheet_rows(sheets(browser.get(f"{address}&format=xlsx").data)["Bidrag"], "Rad")
    assert ore(csv[-1][BUDGET]) == ore(book[-1][BUDGET]) == 99_900_000
    for goal in ("G1a", "G1b", "G1c"):
        found = [row for row in csv if any(str(cell).startswith(f"{goal} ") for cell in row.values())]
        assert {ore(row[BUDGET]) for row in found if row[BUDGET]} <= {0, 33_300_000}
        assert any(row[BUDGET] and ore(row[BUDGET]) == 33_300_000 for row in found)


def test_case_33_the_comparison_too(browser: FlaskClient, session: Session, actor: Actor) -> None:
    session.rollback()
    open_period(session, PeriodCode.read("2005-T2"), actor, percent=15)
    session.commit()
    text = browser.get("/uppfoljning/perioder/2005-T2/jamfor?med=2005-T1&shown=utgift-budget").text
    assert "varje visat tal är avrundat för sig" in text
    assert ">1,0</td>" in text
