"""The generator: shares of kinds and shapes, validity, the same seed gives the same portfolio."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.geometries import square
from tracker.projects.generator import Place, Portfolio, generate

PLACES = [
    Place("Ett", shapely.MultiPolygon([square(150_000, 6_580_000, 1_000)])),
    Place("Två", shapely.MultiPolygon([square(151_000, 6_580_000, 1_000), square(155_000, 6_585_000, 300)])),
    Place("Tre", shapely.MultiPolygon([square(152_000, 6_580_000, 1_000)])),
]


@pytest.fixture(scope="module")
def portfolio() -> Portfolio:
    return generate(4_000, PLACES, goals=5)


def test_shapes_are_valid_and_in_the_stated_proportions(portfolio: Portfolio) -> None:
    assert shapely.is_valid(portfolio.geometries).all()
    kinds, counts = np.unique(shapely.get_type_id(portfolio.geometries), return_counts=True)
    assert dict(zip(kinds.tolist(), (counts / 40).round().tolist(), strict=True)) == pytest.approx(
        {0: 25, 1: 35, 3: 40}, abs=3
    )
    lines = portfolio.geometries[shapely.get_type_id(portfolio.geometries) == 1]
    length = shapely.length(lines)
    assert 190 < length.min() < length.max() < 6_050
    whole = shapely.union_all([place.outline for place in PLACES])
    assert shapely.distance(shapely.centroid(portfolio.geometries), whole).max() < 3_100


def test_points_lie_in_the_places(portfolio: Portfolio) -> None:
    points = portfolio.geometries[shapely.get_type_id(portfolio.geometries) == 0]
    assert shapely.covers(shapely.union_all([place.outline for place in PLACES]), points).all()


def test_children_are_in_order_and_in_number(portfolio: Portfolio) -> None:
    for project, most in ((portfolio.tags.project, 3), (portfolio.served.project, 3), (portfolio.years.project, 5)):
        assert (np.diff(project) >= 0).all()
        counts = np.bincount(project, minlength=len(portfolio))
        assert counts.min() >= 1
        assert counts.max() == most
    assert np.bincount(portfolio.years.project).min() == 2


def test_shares_of_served_areas_are_whole_and_areas_differ(portfolio: Portfolio) -> None:
    served = portfolio.served
    assert (np.bincount(served.project, served.share) == 10_000).all()
    pairs = served.project * 10 + served.place
    assert len(np.unique(pairs)) == len(pairs)
    assert served.position.min() == 1


def test_goals_differ_and_weigh_one_to_three(portfolio: Portfolio) -> None:
    tags = portfolio.tags
    pairs = tags.project * 10 + tags.goal
    assert len(np.unique(pairs)) == len(pairs)
    assert set(tags.goal.tolist()) == set(range(5))
    assert set(tags.weight.tolist()) == {1, 2, 3}


def test_money_is_whole_ore_and_years_follow_each_other(portfolio: Portfolio) -> None:
    years = portfolio.years
    assert years.outlay_ore.dtype == np.int64
    assert (years.outlay_ore > years.income_ore).all()
    same = years.project[1:] == years.project[:-1]
    assert (np.diff(years.year)[same] == 1).all()
    assert years.year.min() >= 2003
    assert years.year.max() <= 2011


def test_the_same_seed_gives_the_same_and_another_something_else() -> None:
    first, again, other = generate(50, PLACES, 3), generate(50, PLACES, 3), generate(50, PLACES, 3, seed=1)
    assert first.names == again.names
    assert (shapely.to_wkb(first.geometries) == shapely.to_wkb(again.geometries)).all()
    assert first.years.outlay_ore.tolist() == again.years.outlay_ore.tolist()
    assert (shapely.to_wkb(first.geometries) != shapely.to_wkb(other.geometries)).any()


def test_names_say_kind_and_place(portfolio: Portfolio) -> None:
    assert all(" i " in name and ", etapp " in name for name in portfolio.names)
    assert len(portfolio.names) == len(portfolio.kinds) == len(portfolio.phases) == len(portfolio)
