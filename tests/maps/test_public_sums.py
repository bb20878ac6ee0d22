"""What anybody gets of sums follows decided budgets alone: no weight, preliminary budget or forecast has any part."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.contribution.register import add_figure, add_project
from tests.maps.conftest import Write
from tests.maps.theme_portfolio import put_portfolio
from tracker.accounts.roles import Role
from tracker.areas.queries import get_area_set
from tracker.contribution.amounts import MONEY
from tracker.contribution.queries import read_money
from tracker.contribution.rules import CountingRule
from tracker.contribution.selection import Scope, select_projects
from tracker.exports.audience import Audience
from tracker.goals.queries import get_goal_set
from tracker.history.services import Actor
from tracker.maps.page_sums import SumBook, sum_book
from tracker.maps.theme_asking import MEASURES
from tracker.maps.theme_years import find_years
from tracker.projects.figures import Figure
from tracker.projects.models import GoalTag
from tracker.projects.policies import PUBLIC
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow

SignIn = Callable[[Role], FlaskClient]
NOW = datetime(2005, 7, 1, 12, 0, tzinfo=UTC)
ADDRESSES = (
    "/karta/tema?theme=utgift-budget&theme_year=2005&areas=1999&theme_counting=fordelad",
    "/karta/tema?theme=netto-budget&theme_year=alla&areas=1999&theme_as=andel",
    "/karta/tema?theme=utgift-budget&theme_year=2005&theme_goal=G2d&areas=1999&theme_counting=fordelad",
    "/karta/tema?theme=antal-projekt&theme_year=2006&areas=1999",
    "/karta/tema?theme=antal-projekt&theme_year=alla&areas=1999&q=P-0",
    "/karta?theme=utgift-budget&areas=1999",
    "/karta/inbaddad?theme=utgift-budget&areas=1999",
    "/karta/inbaddad?sized=budget&areas=1999",
    "/omraden/rinkeby?areas=1999",
    "/omraden/kista?areas=1999&shown=inkomst-budget",
    "/mal/G1",
    "/mal/G2d?areas=1999",
)


def answers(client: FlaskClient) -> dict[str, str]:
    found = {address: client.get(address) for address in ADDRESSES}
    assert {address: one.status_code for address, one in found.items()} == dict.fromkeys(ADDRESSES, 200)
    return {address: re.sub(r'nonce="[^"]*"', "", one.text) for address, one in found.items()}


def put(session: Session, _actor: Actor) -> None:
    """Every fourth budget is a manager's own; a project beside has nothing but a forecast in a year of its own."""
    put_portfolio(session, 24)
    for number, figure in enumerate(session.scalars(select(Figure).order_by(Figure.project_id, Figure.year))):
        figure.budget_preliminary = number % 4 == 1
    lone = add_project(session, "L-1", goals={"G1a": 3, "G2d": 1}, serves=[("Rinkeby", 50), ("Kista", 50)])
    lone.start_decided = date(2004, 1, 1)
    lone.end_decided = date(2004, 12, 31)
    add_figure(session, lone, 2006, forecast=5_000_000_00)


def change_weights(session: Session, _actor: Actor) -> None:
    for tag in session.scalars(select(GoalTag)):
        tag.weight = tag.weight % 3 + 1


def change_what_is_not_decided(session: Session, _actor: Actor) -> None:
    for figure in session.scalars(select(Figure)):
        figure.forecast_ore = (figure.forecast_ore or 0) + 777_77
        figure.outcome_ore = 888_88
        if figure.budget_preliminary:
            figure.budget_ore = (figure.budget_ore or 0) * 3 + 1


def take_away_what_is_not_decided(session: Session, _actor: Actor) -> None:
    for figure in session.scalars(select(Figure)):
        if figure.budget_preliminary or figure.budget_ore is None:
            session.delete(figure)
        else:
            figure.forecast_ore = figure.outcome_ore = None


@pytest.mark.parametrize("change", [change_weights, change_what_is_not_decided, take_away_what_is_not_decided])
def test_no_public_sum_depends_on_what_is_not_decided_or_on_weights(
    write: Write, client: FlaskClient, sign_in: SignIn, change: Callable[[Session, Actor], None]
) -> None:
    write(put)
    before, inside = answers(client), answers(sign_in(Role.CONTROLLER))
    write(change)
    after = answers(client)
    assert [address for address in ADDRESSES if after[address] != before[address]] == []
    assert answers(sign_in(Role.CONTROLLER)) != inside


def book(session: Session, audience: Audience) -> SumBook:
    goal_set, area_set = get_goal_set(session, "policy-2004"), get_area_set(session, "1999")
    return sum_book(session, audience, goal_set, area_set, MONEY[0], NOW)


def cell(found: SumBook, goal: str, area: str) -> tuple[int, ...]:
    row, column = found.row(goal), found.column(area)
    assert row is not None
    assert column is not None
    return found.amounts[row][column]


def put_lone(session: Session) -> None:
    """One project alone: its shares would be its weights."""
    lone = add_project(
        session, "L-1", goals={"G1a": 3, "G2d": 1}, serves=[("Rinkeby", 25), ("Kista", 75)], outlay={2004: 100}
    )
    add_figure(session, lone, 2005, budget=900_00)
    lone.figures[-1].budget_preliminary = True
    session.commit()


def test_the_public_gets_a_lone_project_s_decided_budget_in_full_everywhere_it_belongs(session: Session) -> None:
    put_lone(session)
    public, inside = book(session, Audience.PUBLIC), book(session, Audience.OPEN)
    assert (public.rule, public.years) == (CountingRule.BEROR, (2004,))
    for goal in ("G1a", "G1", "G2d"):
        assert cell(public, goal, "rinkeby") == cell(public, goal, "kista") == (100_00,)
    assert public.amounts[-1][-1] == (100_00,)
    assert (inside.rule, inside.years) == (CountingRule.FORDELAD, (2004, 2005))
    assert cell(inside, "G1a", "rinkeby") == (18_75, 168_75)
    assert inside.amounts[-1][-1] == (100_00, 900_00)


def test_the_page_says_by_which_rule(session: Session, client: FlaskClient, sign_in: SignIn) -> None:
    put_lone(session)
    for address in ("/omraden/rinkeby?areas=1999", "/mal/G1a?areas=1999"):
        public, inside = client.get(address).text, sign_in(Role.READER).get(address).text
        assert "räkneregeln berör" in public
        assert "räkneregeln fördelad" not in public
        assert "räkneregeln fördelad" in inside


def test_the_years_of_the_public_are_those_of_decided_budgets_and_numbers(session: Session) -> None:
    put_lone(session)
    for key in ("utgift-budget", "antal-projekt"):
        assert find_years(session, MEASURES[key], Audience.PUBLIC, RUNNING_PERIOD) == (2004,)
        assert find_years(session, MEASURES[key], Audience.OPEN, RUNNING_PERIOD) == (2004, 2005)


def test_an_amount_that_is_not_decided_places_no_project_in_a_year(session: Session) -> None:
    put_lone(session)
    public = Scope(PUBLIC, 2005, public=True)
    assert select_projects(session, public).count == 0
    assert select_projects(session, Scope(PUBLIC, 2005)).count == 1
    assert select_projects(session, Scope(PUBLIC, 2004, public=True)).count == 1


def test_the_public_can_be_asked_about_budgets_alone(session: Session) -> None:
    put_lone(session)
    scope = Scope(PUBLIC, None, public=True)
    selection = select_projects(session, scope)
    forecast = next(one for one in MONEY if one.column == "forecast_ore" and one.flow is Flow.OUTLAY)
    with pytest.raises(ValueError, match="budgets alone"):
        read_money(session, selection, scope, [forecast])
