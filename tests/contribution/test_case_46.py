"""Case 46: the districts, what lies outside them and what several share come to the city, in report and list alike."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from tests.contribution.register import add_project
from tracker.areas.queries import get_area_set, list_areas
from tracker.contribution.places import ColumnKind
from tracker.contribution.reckoning import reckon
from tracker.contribution.rules import CountingRule
from tracker.contribution.selection import Scope
from tracker.goals.queries import get_goal_set
from tracker.projects.filters import ProjectFilter
from tracker.projects.policies import INTERNAL
from tracker.projects.queries import count_projects
from tracker.projects.sums import count_by_region
from tracker.projects.vocabulary import Scope as Reach

NOW = datetime(2005, 7, 1, tzinfo=UTC)
EDITIONS = ("1999", "2007", "2020", "2023")


@pytest.fixture
def portfolio(session: Session) -> Session:
    """In one district, across two and three, half and wholly outside, everywhere, nowhere."""
    add_project(session, "EN", lies_in={"Rinkeby": 100}, goals={"G1a": 1}, outlay={2005: 10})
    add_project(session, "TVA", lies_in={"Rinkeby": 50, "Farsta": 50}, outlay={2005: 20})
    add_project(
        session, "TRE", serves=[("Farsta/1999", 40), ("Kista/1999", 30), ("Bromma/1999", 30)], outlay={2005: 30}
    )
    add_project(session, "GRANS", lies_in={"Akalla": 60, None: 40}, outlay={2005: 40})
    add_project(session, "SOLNA", lies_in={None: 100}, outlay={2005: 50})
    add_project(session, "UTE", serves=[(Reach.OUTSIDE, 100)], outlay={2005: 60})
    add_project(session, "STADEN", serves=[(Reach.WHOLE_CITY, 100)], outlay={2005: 70})
    add_project(session, "OKAND", outlay={2005: 80})
    add_project(session, "UTANPENGAR", lies_in={"Tensta": 100})
    session.commit()
    return session


@pytest.mark.parametrize("edition", EDITIONS)
def test_case_46_districts_and_outside_less_shared_is_the_city(portfolio: Session, edition: str) -> None:
    area_set = get_area_set(portfolio, edition)
    goal_set = get_goal_set(portfolio, "policy-2004")
    reckoning = reckon(portfolio, Scope(INTERNAL, 2005), goal_set, area_set, CountingRule.BEROR)
    columns = reckoning.places.columns
    every_goal = len(reckoning.cube.projects) - 1
    counts = {column.key: int(reckoning.cube.projects[every_goal, place]) for place, column in enumerate(columns)}
    detail = [column.key for column in columns if column.detail]
    shared = sum(counts[key] for key in detail) - counts[ColumnKind.ALL.value]
    touched: dict[int, set[int]] = {}
    for project, column in zip(reckoning.details.project, reckoning.details.column, strict=True):
        touched.setdefault(int(project), set()).add(int(column))
    assert counts[ColumnKind.ALL.value] == 9
    assert shared == sum(len(places) - 1 for places in touched.values())
    amounts = reckoning.cube.amounts[every_goal, -1]
    assert int(amounts[0]) == 100 * (10 + 20 + 30 + 40 + 50 + 60 + 70 + 80)


@pytest.mark.parametrize("edition", EDITIONS)
def test_case_46_the_lists_of_the_districts_hold_the_same_projects_as_the_city(
    portfolio: Session, edition: str
) -> None:
    everything = count_projects(portfolio, ProjectFilter(), INTERNAL)
    areas = [area.code for area in list_areas(portfolio, get_area_set(portfolio, edition))]
    each = [count_projects(portfolio, ProjectFilter(area=(code,), areas=edition), INTERNAL) for code in areas]
    together = count_projects(portfolio, ProjectFilter(area=tuple(areas), areas=edition), INTERNAL)
    assert (everything, together) == (9, 5)
    assert sum(each) >= together
    regions = count_by_region(portfolio, INTERNAL)
    assert regions[-1].count == everything - together
