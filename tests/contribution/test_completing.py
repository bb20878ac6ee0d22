"""A project that lacks goals or places keeps its whole sum, in a row of its own."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contribution.portfolios import Made, areas_of, array, facts_of, portfolio_of, portfolios, tags_of
from tracker.contribution.completing import BASES, choose_areas, complete_tags, move_tags_without_ytterstad
from tracker.contribution.leaves import sum_leaves
from tracker.contribution.portfolio import GoalTags, arrange
from tracker.contribution.rules import AreaBasis

UNASSESSED, NOTHING, UNLOCATED = 6, 7, 7
G1A, G1B, G2A, WITHOUT = 0, 1, 2, 5
RINKEBY, NORRMALM = 0, 1
OUTER = np.array([True, False, False, False, False, False, False])


def test_untagged_is_not_the_same_as_no_contribution() -> None:
    made = [Made({2: 3}, {}, {}), Made({}, {}, {}), Made({}, {}, {})]
    tags = complete_tags(
        tags_of(made),
        np.array([True, False, True]),
        unassessed_row=UNASSESSED,
        no_contribution_row=NOTHING,
    )
    assert tags.project.tolist() == [0, 1, 2]
    assert tags.row.tolist() == tags.goal.tolist() == [2, UNASSESSED, NOTHING]
    assert tags.weight.tolist() == [3, 1, 1]


def test_served_areas_go_before_the_location_and_the_location_before_nothing() -> None:
    serves = areas_of([Made({}, {RINKEBY: 10_000}, {}), Made({}, {}, {}), Made({}, {}, {})])
    lies_in = areas_of([Made({}, {2: 7_600, RINKEBY: 2_400}, {}), Made({}, {3: 4_000, 4: 6_000}, {}), Made({}, {}, {})])
    rows, basis = choose_areas(serves, lies_in, project_count=3, unlocated_place=UNLOCATED)
    assert rows.project.tolist() == [0, 1, 1, 2]
    assert rows.place.tolist() == [RINKEBY, 3, 4, UNLOCATED]
    assert rows.share.tolist() == [10_000, 4_000, 6_000, 10_000]
    assert [BASES[number] for number in basis] == [AreaBasis.BETJANAR, AreaBasis.LAGE, AreaBasis.OLOKALISERAD]


@given(portfolios(), st.data())
@settings(deadline=None)
def test_nothing_is_dropped_whatever_is_unanswered(made: list[Made], data: st.DataObject) -> None:
    answered = data.draw(st.lists(st.booleans(), min_size=len(made), max_size=len(made)))
    placed = data.draw(st.lists(st.booleans(), min_size=len(made), max_size=len(made)))
    known = [Made(one.goals if a else {}, one.shares if p else {}, one.amounts)
             for one, a, p in zip(made, answered, placed, strict=True)]  # fmt: skip
    tags = complete_tags(
        tags_of(known), np.array(placed, dtype=bool), unassessed_row=UNASSESSED, no_contribution_row=NOTHING
    )
    areas, _ = choose_areas(areas_of([]), areas_of(known), project_count=len(made), unlocated_place=UNLOCATED)
    portfolio = arrange(
        facts_of(known), tags, areas, project_count=len(made), row_count=8, place_count=8, column_count=3
    )
    sums = sum_leaves(portfolio)
    assert sums.sum(axis=(0, 1)).tolist() == [sum(one.amounts.get(c, 0) for one in made) for c in range(3)]
    assert sums[:, UNLOCATED].sum() == sum(
        sum(one.amounts.values()) for one, p in zip(made, placed, strict=True) if not p
    )


def test_growth_in_the_outer_city_that_reaches_none_is_set_apart() -> None:
    made = [
        Made({G1A: 1, G1B: 1, G2A: 1}, {NORRMALM: 10_000}, {0: 100}),
        Made({G1A: 1}, {NORRMALM: 9_000, RINKEBY: 1_000}, {0: 100}),
    ]
    moved_row = array([WITHOUT, WITHOUT, 2, 3, 4, 5])
    tags = move_tags_without_ytterstad(tags_of(made), areas_of(made), in_ytterstad=OUTER, moved_row=moved_row)
    assert tags.row.tolist() == [WITHOUT, WITHOUT, G2A, G1A]
    assert tags.goal.tolist() == [G1A, G1B, G2A, G1A]
    sums = sum_leaves(portfolio_of(made, tags))[:, :, 0]
    assert sums[WITHOUT, NORRMALM] == 67
    assert sums[G2A, NORRMALM] == 33
    assert sums[G1A, [RINKEBY, NORRMALM]].tolist() == [10, 90]


@given(portfolios())
@settings(deadline=None)
def test_setting_apart_moves_whole_parts_and_no_ore_between_goals(made: list[Made]) -> None:
    tags = tags_of(made)
    moved = move_tags_without_ytterstad(
        GoalTags(tags.project, tags.goal, tags.weight, tags.goal),
        areas_of(made),
        in_ytterstad=OUTER,
        moved_row=array([WITHOUT, WITHOUT, 2, 3, 4, 5]),
    )
    before, after = sum_leaves(portfolio_of(made)), sum_leaves(portfolio_of(made, moved))
    assert (after[[2, 3, 4]] == before[[2, 3, 4]]).all()
    assert (after[[G1A, G1B, WITHOUT]].sum(axis=0) == before[[G1A, G1B, WITHOUT]].sum(axis=0)).all()
