"""Pages of indicators: the list, one with its gaps, forms, and the grid of values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.factories import find_area
from tests.steering.making import make_indicator
from tracker.accounts.roles import Role
from tracker.goals.queries import get_goal, get_goal_set
from tracker.history.services import Actor
from tracker.steering.grid import cell_name, save_grid
from tracker.steering.models import Indicator, IndicatorValue
from tracker.steering.queries import get_indicator

SignIn = Callable[[Role], FlaskClient]
LIST = "/uppfoljning/indikatorer"
GRID = f"{LIST}/SYS/varden"


def put(session: Session, **values: Any) -> Indicator:
    """Rinkeby and Bromma beside the city in two years."""
    rinkeby, bromma = find_area(session, "Rinkeby", "1999"), find_area(session, "Bromma", "1999")
    rows = [
        IndicatorValue(year=year, area=area, outcome=outcome)
        for year, area, outcome in (
            (2004, None, 763), (2004, rinkeby, 450), (2004, bromma, 801),
            (2005, None, 770), (2005, rinkeby, 481), (2005, bromma, 801),
        )
    ]  # fmt: skip
    made = make_indicator(session, "SYS", *rows, name="Sysselsättning", **values)
    session.commit()
    return made


def said(session: Session) -> dict[tuple[int, str], tuple[int | None, ...]]:
    session.rollback()
    session.expire_all()
    rows = session.scalars(select(IndicatorValue)).all()
    return {(row.year, row.area.name if row.area else ""): (row.target, row.forecast, row.outcome) for row in rows}


def test_without_indicators_the_page_says_what_to_do(sign_in: SignIn) -> None:
    assert "Inga indikatorer är registrerade än." in sign_in(Role.READER).get(LIST).text
    assert "Lägg till den första indikatorn" in sign_in(Role.CONTROLLER).get(LIST).text
    assert f"{LIST}/ny" not in sign_in(Role.MANAGER).get(LIST).text


def test_the_gap_to_the_city_and_how_it_changes_is_told(session: Session, sign_in: SignIn) -> None:
    put(session)
    page = sign_in(Role.READER).get(f"{LIST}/SYS").text
    for text in (
        "2005: bäst Bromma med 80,1 %, sämst Rinkeby med 48,1 %.",
        "Avståndet mellan bäst och sämst är 32,0 procentenheter.",
        "Det har minskat sedan 2004, då det var 35,1.",
        "−28,9", "+3,1", "minskat 2,4 sedan 2004", "minskat 0,7 sedan 2004",
    ):  # fmt: skip
        assert text in page
    assert "bäst Bromma" in sign_in(Role.READER).get(LIST).text


def test_where_lower_is_better_best_and_worst_change_places(session: Session, sign_in: SignIn) -> None:
    put(session, direction="lagre")
    page = sign_in(Role.READER).get(f"{LIST}/SYS").text
    assert "bäst Rinkeby med 48,1 %, sämst Bromma med 80,1 %" in page


def test_an_indicator_is_added_and_refused_with_what_was_typed(session: Session, sign_in: SignIn) -> None:
    goal = get_goal(session, get_goal_set(session, "policy-2004"), "G2a").id
    session.rollback()
    data = {"code": "SYS", "name": "Sysselsättning", "unit": "%", "decimals": "1", "direction": "hogre",
            "goal_id": str(goal), "description": "Andel 20–64 år.", "source": "USK"}  # fmt: skip
    controller = sign_in(Role.CONTROLLER)
    refused = controller.post(f"{LIST}/ny", data=data | {"unit": ""})
    assert refused.status_code == 422
    assert "Ange enheten" in refused.text
    assert "Andel 20–64 år." in refused.text
    assert controller.post(f"{LIST}/ny", data=data).headers["Location"] == f"{LIST}/SYS"
    again = controller.post(f"{LIST}/ny", data=data)
    assert again.status_code == 422
    assert "Koden SYS används redan" in again.text
    assert "Indikatorn har inga värden än." in controller.get(f"{LIST}/SYS").text
    assert sign_in(Role.MANAGER).post(f"{LIST}/ny", data=data).status_code == 403


def test_other_decimals_keep_the_numbers_or_are_refused(session: Session, sign_in: SignIn) -> None:
    made = put(session)
    data = {"name": made.name, "unit": "%", "decimals": "2", "direction": "hogre", "goal_id": str(made.goal_id)}
    controller = sign_in(Role.CONTROLLER)
    assert controller.post(f"{LIST}/SYS/andra", data=data).status_code == 302
    assert said(session)[2005, "Rinkeby"] == (None, None, 4810)
    refused = controller.post(f"{LIST}/SYS/andra", data=data | {"decimals": "0"})
    assert refused.status_code == 422
    assert "går inte att skriva med så få decimaler" in refused.text
    assert said(session)[2005, "Rinkeby"] == (None, None, 4810)
    assert get_indicator(session, "SYS").decimals == 2


def typed(session: Session, **cells: str) -> dict[str, str]:
    """The grid of 2005 over 1999 as the page sends it; cells by "field_area", city without an area."""
    ids = {
        "": 0,
        "Rinkeby": find_area(session, "Rinkeby", "1999").id,
        "Bromma": find_area(session, "Bromma", "1999").id,
    }
    was = {"": "77,0", "Rinkeby": "48,1", "Bromma": "80,1"}
    data = {"year": "2005", "areas": "1999"}
    for name, number in ids.items():
        for field in ("target", "forecast", "outcome"):
            stood = was[name] if field == "outcome" else ""
            data[f"was-{field}-{number}"] = stood
            data[f"{field}-{number}"] = cells.get(f"{field}_{name}", stood)
    session.rollback()
    return data


def test_values_are_entered_in_a_grid(session: Session, sign_in: SignIn) -> None:
    put(session)
    data = typed(session, target_="78", forecast_Rinkeby="48,5 %", outcome_Bromma="")
    controller = sign_in(Role.CONTROLLER)
    assert 'value="48,1"' in controller.get(f"{GRID}?year=2005").text
    assert controller.post(GRID, data=data).status_code == 302
    now = said(session)
    assert now[2005, ""] == (780, None, 770)
    assert now[2005, "Rinkeby"] == (None, 485, 481)
    assert (2005, "Bromma") not in now
    assert now[2004, "Bromma"] == (None, None, 801)


def test_a_value_that_cannot_be_read_saves_nothing_and_loses_nothing(session: Session, sign_in: SignIn) -> None:
    put(session)
    data = typed(session, outcome_Rinkeby="48,15", target_="78", outcome_Bromma="många")
    answer = sign_in(Role.CONTROLLER).post(GRID, data=data)
    assert answer.status_code == 422
    for text in ("48,15", "många", 'value="78"', "fler decimaler än indikatorn", "är inget tal"):
        assert text in answer.text
    assert said(session)[2005, ""] == (None, None, 770)


def test_two_tabs_keep_apart_cells_together_and_show_the_one_they_both_changed(
    session: Session, sign_in: SignIn
) -> None:
    put(session)
    controller = sign_in(Role.CONTROLLER)
    first, second = typed(session, outcome_Rinkeby="50"), typed(session, outcome_Bromma="81")
    third = typed(session, outcome_Rinkeby="49", target_="78")
    controller.post(GRID, data=first)
    assert controller.post(GRID, data=second).status_code == 302
    assert said(session)[2005, "Rinkeby"] == (None, None, 500)
    assert said(session)[2005, "Bromma"] == (None, None, 810)
    crossed = controller.post(GRID, data=third)
    assert crossed.status_code == 409
    assert "sparat nu 50,0, ditt 49" in crossed.text
    assert 'value="78"' in crossed.text
    assert said(session)[2005, ""] == (None, None, 770)


def test_what_another_wrote_after_the_page_was_read_is_seen_before_saving(session: Session, actor: Actor) -> None:
    made = put(session)
    area = find_area(session, "Rinkeby", "1999")
    assert len(made.values) == 6  # read before the other writes
    row = IndicatorValue.indicator_id == made.id, IndicatorValue.year == 2005, IndicatorValue.area_id == area.id
    written = update(IndicatorValue).where(*row).values(outcome=500)
    session.execute(written, execution_options={"synchronize_session": False})
    name = cell_name("outcome", area)
    grid = save_grid(session, made, [area], 2005, {name: "49", f"was-{name}": "48,1"}, actor)
    assert [(cell.text, cell.now) for cell in grid.crossed] == [("49", "50,0")]


@pytest.mark.parametrize("query", ["?year=9", "?year=abc", "?year=2005&areas=finns-inte"])
def test_odd_addresses_of_the_grid_do_not_break(session: Session, sign_in: SignIn, query: str) -> None:
    put(session)
    assert sign_in(Role.CONTROLLER).get(GRID + query).status_code in (200, 404)
