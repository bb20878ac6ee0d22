"""Reports from the register, on both databases: the rows, the places, the amounts, and who is counted."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from sqlalchemy.orm import Session

from tests.contribution.register import add_figure, add_no_contribution, add_project, add_volume
from tracker.areas.queries import get_area_set
from tracker.contribution.amounts import AMOUNTS, MONEY
from tracker.contribution.reckoning import Reckoning, reckon, sum_years
from tracker.contribution.rules import AreaBasis, CountingRule
from tracker.contribution.selection import Scope as Portfolio
from tracker.goals.queries import get_goal_set
from tracker.projects.filters import ProjectFilter
from tracker.projects.policies import INTERNAL, PUBLIC, SHELL, Viewer
from tracker.projects.vocabulary import Flow, Publication, Scope

YEAR = 2005


def report(
    session: Session,
    areas: str = "1999",
    rule: CountingRule = CountingRule.FORDELAD,
    viewer: Viewer = INTERNAL,
    wanted: ProjectFilter | None = None,
    year: int = YEAR,
) -> Reckoning:
    scope = Portfolio(viewer, year, wanted or ProjectFilter())
    found = reckon(session, scope, get_goal_set(session, "policy-2004"), get_area_set(session, areas), rule)
    assert found.cube.differences().tolist() == [0] * len(AMOUNTS)
    assert found.control.portfolio == tuple(found.cube.portfolio.tolist())
    assert found.control.projects == len(found.projects)
    return found


def amount(found: Reckoning, row: str = "alla", column: str = "alla", key: str = "utgift-budget") -> int:
    rows = [one.key for one in found.rows.rows]
    columns = [one.key for one in found.places.columns]
    keys = [one.key for one in AMOUNTS]
    return found.cube.amount(rows.index(row), columns.index(column), keys.index(key))


def projects(found: Reckoning, row: str = "alla", column: str = "alla") -> int:
    rows = [one.key for one in found.rows.rows]
    columns = [one.key for one in found.places.columns]
    return found.cube.project_count(rows.index(row), columns.index(column))


def test_case_34_a_road_in_two_districts_is_shared_by_length_and_the_city_counts_it_once(session: Session) -> None:
    add_project(session, "V-1", goals={"G1d": 3}, lies_in={"Farsta": 90, "Bagarmossen": 10}, outlay={YEAR: 100_000_000})
    shared = report(session)
    assert amount(shared, column="farsta") == 90_000_000_00
    assert amount(shared, column="skarpnack") == 10_000_000_00
    assert amount(shared, column="soderort") == amount(shared) == 100_000_000_00
    assert shared.basis == (AreaBasis.LAGE,)
    touched = report(session, rule=CountingRule.BEROR)
    assert amount(touched, column="farsta") == amount(touched, column="skarpnack") == 100_000_000_00
    assert amount(touched, column="soderort") == amount(touched) == 100_000_000_00


def test_case_35_what_lies_in_the_water_over_the_limit_or_nowhere_keeps_its_whole_sum(session: Session) -> None:
    add_project(session, "V-1", lies_in={None: 100}, outlay={YEAR: 10})
    add_project(session, "V-2", lies_in={"Hjorthagen": 67, None: 33}, outlay={YEAR: 100})
    add_project(session, "V-3", outlay={YEAR: 1_000})
    found = report(session)
    assert amount(found, column="utanfor-staden") == 10_00 + 33_00
    assert amount(found, column="ostermalm") == 67_00
    assert amount(found, column="oplacerat") == 1_000_00
    assert amount(found) == 1_110_00
    assert amount(found, row="ej-bedomt") == 1_110_00


def test_what_is_served_goes_before_where_it_lies(session: Session) -> None:
    """Rinkebyterrassen lies mostly in Kista and serves Rinkeby."""
    add_project(
        session, "T-1", goals={"G1a": 3}, serves=[("Rinkeby/1999", 100)], lies_in={"Kista": 76, "Rinkeby": 24},
        outlay={YEAR: 50},
    )  # fmt: skip
    found = report(session)
    assert amount(found, column="rinkeby") == amount(found, column="ytterstaden") == 50_00
    assert amount(found, column="kista") == 0
    assert found.basis == (AreaBasis.BETJANAR,)


def test_editions_group_the_same_leaves(session: Session) -> None:
    add_project(
        session, "A", goals={"G1a": 3, "G2d": 1}, serves=[("Kista/1999", 33), ("Rinkeby/1999", 67)], outlay={YEAR: 1}
    )
    add_project(session, "B", goals={"G2d": 2}, lies_in={"Husby": 51, "Rinkeby": 49}, outlay={YEAR: 777})
    old, new = report(session, "1999"), report(session, "2007")
    for row in ("G1", "G1a", "G2", "G2d", "alla"):
        parts = amount(old, row, "kista") + amount(old, row, "rinkeby")
        assert parts == amount(new, row, "rinkeby-kista") > 0
    assert amount(old) == amount(new) == amount(report(session, "2023"), column="jarva")


def test_what_cannot_be_split_downward_has_a_column_of_its_own(session: Session) -> None:
    add_project(session, "A", goals={"G1a": 3}, serves=[("Järva/2023", 100)], outlay={YEAR: 5})
    found = report(session, "1999")
    assert amount(found, column="ej-uppdelat:vasterort:jarva") == 5_00
    assert amount(found, column="vasterort") == amount(found, column="ytterstaden") == 5_00
    label = next(one.label for one in found.places.columns if one.key == "ej-uppdelat:vasterort:jarva")
    assert label == "Ej uppdelat: Järva"
    assert amount(report(session, "2023"), column="jarva") == 5_00


def test_whole_city_and_outside_can_be_served(session: Session) -> None:
    add_project(session, "A", serves=[(Scope.WHOLE_CITY, 75), (Scope.OUTSIDE, 25)], outlay={YEAR: 4})
    found = report(session)
    assert amount(found, column="hela-staden") == 3_00
    assert amount(found, column="utanfor-staden") == 1_00
    assert amount(found, column="ytterstaden") == 0


def test_growth_that_reaches_no_outer_city_is_no_outer_city_contribution(session: Session) -> None:
    add_project(session, "A", goals={"G1a": 3, "G2c": 1}, serves=[("Norrmalm/1999", 100)], outlay={YEAR: 4})
    add_project(session, "B", goals={"G1a": 3}, serves=[("Norrmalm/1999", 50), ("Kista/1999", 50)], outlay={YEAR: 2})
    found = report(session)
    assert amount(found, row="G1-utan-ytterstad") == 3_00
    assert amount(found, row="G1") == amount(found, row="G1a") == 2_00
    assert amount(found, row="G2c") == 1_00


def test_rows_for_what_no_goal_covers(session: Session) -> None:
    add_project(session, "A", outlay={YEAR: 1})
    add_no_contribution(session, add_project(session, "B", outlay={YEAR: 10}))
    add_project(session, "C", goals={"G2": 1}, outlay={YEAR: 100})
    add_no_contribution(session, add_project(session, "D", outlay={YEAR: 1_000}), "program-1997")
    found = report(session)
    assert amount(found, row="ej-bedomt") == 1_001_00
    assert amount(found, row="inget-bidrag") == 10_00
    assert amount(found, row="G2-utan-aspekt") == amount(found, row="G2") == 100_00


def test_only_the_citys_share_counts_rounded_half_away_from_zero(session: Session) -> None:
    one = add_project(session, "A", goals={"G1a": 1}, city_share=5_000)
    add_figure(session, one, YEAR, Flow.OUTLAY, budget=3, outcome=-3, forecast=10**14 + 1)
    add_figure(session, one, YEAR, Flow.INCOME, budget=1)
    add_volume(session, one, "bostader-hyresratt", YEAR, planned=7)
    found = report(session)
    assert amount(found, key="utgift-budget") == 2
    assert amount(found, key="utgift-utfall") == -2
    assert amount(found, key="utgift-prognos") == 5 * 10**13 + 1
    assert amount(found, key="inkomst-budget") == 1
    assert amount(found, key="bostader-planerade") == 7
    assert found.control.registered[:3] == (3, -3, 10**14 + 1)


def test_planned_is_the_newest_up_to_the_year_and_started_and_completed_are_the_years(session: Session) -> None:
    one = add_project(session, "A", goals={"G1a": 1}, outlay={YEAR: 0})
    add_volume(session, one, "bostader-hyresratt", 2003, planned=100, started=40)
    add_volume(session, one, "bostader-hyresratt", 2004, planned=120)
    add_volume(session, one, "bostader-hyresratt", YEAR, started=60, completed=5)
    add_volume(session, one, "bostader-hyresratt", 2006, planned=999, started=999)
    add_volume(session, one, "bostader-bostadsratt", 2004, planned=30)
    add_volume(session, one, "arbetsplatser", YEAR, planned=8)
    add_volume(session, one, "ljus-bta-m2", YEAR, planned=5_000)
    found = report(session)
    numbers = {key: amount(found, key=key) for key in [one.key for one in AMOUNTS[6:]]}
    assert list(numbers.values()) == [150, 60, 5, 8, 0, 0]


def test_a_programme_is_counted_through_its_children(session: Session) -> None:
    programme = add_project(session, "P", outlay={YEAR: 100})
    add_project(session, "P-1", outlay={YEAR: 60}, parent_id=programme.id)
    add_project(session, "P-2", outlay={YEAR: 50}, parent_id=programme.id, confidential=True)
    assert amount(report(session)) == 110_00
    assert amount(report(session, viewer=SHELL)) == 60_00


def test_a_child_that_a_reader_may_not_know_of_does_not_show_in_the_sums(session: Session) -> None:
    """Left out, the parent's amount would be on its page and in no sum: there must be a hidden child."""
    programme = add_project(session, "P", outlay={YEAR: 100})
    add_project(session, "P-1", outlay={YEAR: 60}, parent_id=programme.id, confidential=True)
    assert amount(report(session, viewer=PUBLIC)) == 100_00
    assert amount(report(session, viewer=INTERNAL)) == 60_00


def test_the_portfolio_of_a_reader_is_what_the_reader_may_see(session: Session) -> None:
    add_project(session, "A", goals={"G1a": 1}, serves=[("Kista/1999", 100)], outlay={YEAR: 1})
    add_project(session, "B", goals={"G1a": 1}, outlay={YEAR: 10}, publication=Publication.DRAFT)
    add_project(session, "C", goals={"G3": 1}, serves=[("Rinkeby/1999", 100)], outlay={YEAR: 100}, confidential=True)
    seen = {viewer: amount(report(session, viewer=viewer)) for viewer in (PUBLIC, SHELL, INTERNAL)}
    assert seen == {PUBLIC: 1_00, SHELL: 11_00, INTERNAL: 111_00}
    public = report(session, viewer=PUBLIC)
    assert projects(public, row="G3") == projects(public, column="rinkeby") == 0
    assert [one.code for one in public.projects] == ["A"]


def test_a_filter_limits_the_portfolio(session: Session) -> None:
    add_project(session, "A", outlay={YEAR: 1}, name="Ett 'citat' 100 % \\ _")
    add_project(session, "B", outlay={YEAR: 10})
    assert amount(report(session, wanted=ProjectFilter(q="'citat' 100 % \\ _"))) == 1_00


def test_which_projects_belong_to_a_year(session: Session) -> None:
    """Those known to lie in other years are left out, and nobody else."""
    day = date(2005, 6, 1)
    add_project(session, "figure", outlay={YEAR: 0})
    add_project(session, "other-figure", outlay={2004: 5})
    add_project(session, "goes-on", start_decided=date(2004, 1, 1), end_forecast=date(2006, 1, 1))
    add_project(session, "open-end", start_decided=day)
    add_project(session, "over", start_decided=date(2001, 1, 1), end_decided=date(2004, 12, 31))
    add_project(session, "moved", start_decided=date(2001, 1, 1), end_decided=date(2004, 1, 1), end_forecast=day)
    add_project(session, "timeless")
    add_volume(session, add_project(session, "planned"), "arbetsplatser", 2004, planned=1)
    add_volume(session, add_project(session, "started"), "arbetsplatser", 2004, started=1)
    add_volume(session, add_project(session, "later"), "arbetsplatser", 2006, planned=1)
    found = report(session)
    assert [one.code for one in found.projects] == ["figure", "goes-on", "moved", "open-end", "planned", "timeless"]


def test_the_years_together_are_each_year_by_itself(session: Session) -> None:
    add_project(session, "A", goals={"G1a": 2, "G2d": 1}, lies_in={"Farsta": 50, None: 50}, outlay={2004: 7, 2006: 11})
    add_project(session, "B", outlay={2005: 13}, serves=[("Kista/1999", 100)])
    goal_set, area_set = get_goal_set(session, "policy-2004"), get_area_set(session, "1999")
    sums = sum_years(session, Portfolio(INTERNAL, None), goal_set, area_set)
    assert sums.years == (2004, 2005, 2006)
    for place, year in enumerate(sums.years):
        one = report(session, year=year)
        np.testing.assert_array_equal(sums.amounts[:, :, place], one.cube.amounts[:, :, : len(MONEY)])


def test_an_empty_register_gives_an_empty_report(session: Session) -> None:
    found = report(session)
    assert (found.projects, len(found.details), amount(found)) == ((), 0, 0)
    goal_set, area_set = get_goal_set(session, "policy-2004"), get_area_set(session, "1999")
    assert sum_years(session, Portfolio(INTERNAL, None), goal_set, area_set).years == ()


def test_a_report_is_of_one_year(session: Session) -> None:
    goal_set, area_set = get_goal_set(session, "policy-2004"), get_area_set(session, "1999")
    with pytest.raises(ValueError, match="one year"):
        reckon(session, Portfolio(INTERNAL, None), goal_set, area_set, CountingRule.BEROR)
