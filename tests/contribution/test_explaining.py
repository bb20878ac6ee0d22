"""The arithmetic behind a project: its product rounds to each leaf within one öre, and the leaves are its amount."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.contribution.portfolios import shared_by_fractions
from tests.contribution.register import add_figure, add_project
from tests.reports.making import MNKR, Made, make_material
from tracker.areas.queries import get_area_set
from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.explaining import Explained, explain
from tracker.contribution.gathering import gather
from tracker.contribution.reckoning import reckon_material
from tracker.contribution.rules import AreaBasis, CountingRule
from tracker.contribution.selection import Scope
from tracker.errors import NotFoundError
from tracker.goals.queries import get_goal_set
from tracker.projects.policies import INTERNAL

BUDGET = 0
GOALS = st.dictionaries(st.sampled_from(("G1a", "G1b", "G2d", "G2f", "G3a")), st.integers(1, 3))
PLACES = ("Farsta", "Kista", "Norrmalm", "Rinkeby", "Skärholmen", "Hela staden", "Utanför staden")


def explained(made: Made, row: str = "alla", column: str = "alla", amount: int = BUDGET) -> Explained:
    return explain(make_material((made,)), made.code, amount, row, column)


def test_a_hundred_million_by_goal_three_fifths_and_area_forty_percent_is_twenty_four() -> None:
    made = Made(
        "A-1", "Rinkebystråket", goals={"G1a": 3, "G2d": 2}, serves={"Rinkeby": 4_000, "Kista": 6_000},
        outlay=(100 * MNKR, None, None),
    )  # fmt: skip
    found = explained(made, "G1a", "rinkeby")
    (leaf,) = (one for one in found.leaves if one.here)
    assert (leaf.goal, leaf.goal_share, leaf.place, leaf.area_share) == (
        "G1a Boende och bostadsförsörjning", Fraction(3, 5), "Rinkeby", Fraction(2, 5)
    )  # fmt: skip
    assert leaf.amount == found.here == 24 * MNKR
    assert leaf.exact == 24 * MNKR
    assert not leaf.moved
    assert (found.basis, found.counted, len(found.leaves)) == (AreaBasis.BETJANAR, 100 * MNKR, 4)


def test_thirds_say_which_part_took_the_ore_that_was_left() -> None:
    made = Made(
        "A-1", "Tre", goals={"G1a": 1, "G1b": 1, "G2d": 1}, serves={"Rinkeby": 10_000}, outlay=(100, None, None)
    )
    found = explained(made)
    assert [leaf.amount for leaf in found.leaves] == [34, 33, 33]
    assert [leaf.moved for leaf in found.leaves] == [True, False, False]


def test_growth_without_outer_city_is_explained_on_its_row() -> None:
    found = explained(Made("A-1", "Norrmalm", goals={"G1a": 3}, serves={"Norrmalm": 10_000}, outlay=(5, None, None)))
    assert (found.leaves[0].goal, found.leaves[0].row.key) == ("G1a Boende och bostadsförsörjning", "G1-utan-ytterstad")


def test_a_project_without_answers_is_explained_too() -> None:
    found = explained(Made("A-1", "Tomt", outlay=(5, None, None)))
    assert [(leaf.goal, leaf.place, leaf.amount) for leaf in found.leaves] == [("Ej bedömt", "Oplacerat", 5)]
    assert found.basis is AreaBasis.OLOKALISERAD


@pytest.mark.parametrize(("code", "row", "column"), [("B", "alla", "alla"), ("A-1", "G9", "alla"), ("A-1", "G1", "x")])
def test_what_is_not_there_is_named(code: str, row: str, column: str) -> None:
    with pytest.raises(NotFoundError, match="Rapporten har inget"):
        explain(make_material((Made("A-1", "Ett"),)), code, BUDGET, row, column)


@st.composite
def made_projects(draw: st.DrawFn) -> list[Made]:
    """Any few projects."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        names = draw(st.lists(st.sampled_from(PLACES), unique=True, max_size=4))
        pull = draw(st.lists(st.integers(1, 50), min_size=len(names), max_size=len(names)))
        shares = [1 + part for part in shared_by_fractions(10_000 - len(names), pull)] if names else []
        amounts = st.none() | st.integers(-50, 50) | st.integers(-(10**13), 10**13)
        found.append(
            Made(
                f"P-{number}", f"Projekt {number}", goals=draw(GOALS), serves=dict(zip(names, shares, strict=True)),
                outlay=draw(st.tuples(amounts, amounts, amounts)), city_share=draw(st.integers(0, 10_000)),
                dwellings=(draw(st.integers(0, 900)), None, None),
            )
        )  # fmt: skip
    return found


@given(made_projects(), st.integers(0, len(AMOUNTS) - 1), st.data())
def test_products_round_to_the_leaves_and_the_leaves_are_the_amount_and_the_cell(
    made: list[Made], amount: int, data: st.DataObject
) -> None:
    material = make_material(tuple(made))
    reckoned = reckon_material(material, CountingRule.FORDELAD)
    touched = reckon_material(material, CountingRule.BEROR)
    row = data.draw(st.integers(0, reckoned.rows.tree.node_count - 1))
    column = data.draw(st.integers(0, reckoned.places.tree.node_count - 1))
    keys = reckoned.rows.rows[row].key, reckoned.places.columns[column].key
    found = [explain(material, one.code, amount, *keys) for one in made]
    for one in found:
        assert sum(leaf.amount for leaf in one.leaves) == one.counted
        assert sum(leaf.goal_share * leaf.area_share for leaf in one.leaves) == 1
        for leaf in one.leaves:
            assert leaf.exact == one.counted * leaf.goal_share * leaf.area_share
            assert abs(leaf.amount - leaf.exact) < 1
            assert leaf.moved == (abs(leaf.amount) > abs(leaf.exact))
    assert sum(one.here for one in found) == reckoned.cube.amount(row, column, amount)
    assert sum(one.counted for one in found if one.touches) == touched.cube.amount(row, column, amount)


def test_the_register_gives_the_whole_amount_and_the_citys_share(session: Session) -> None:
    project = add_project(session, "A-1", goals={"G1a": 3}, lies_in={"Kista": 76, "Rinkeby": 24}, city_share=6_000)
    add_figure(session, project, 2005, budget=100_01)
    scope = Scope(INTERNAL, 2005)
    material = gather(session, scope, get_goal_set(session, "policy-2004"), get_area_set(session, "1999"))
    found = explain(material, "A-1", BUDGET, "G1a", "rinkeby")
    assert (found.registered, found.counted, found.here) == (100_01, 60_01, 14_40)
    assert [leaf.place for leaf in found.leaves] == ["Kista (stadsdelar)", "Rinkeby (stadsdelar)"]
    assert found.basis is AreaBasis.LAGE
    assert np.array_equal(material.registered, [100_01])
