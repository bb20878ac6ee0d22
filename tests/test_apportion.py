"""Sharing one amount, and many at once, against fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contribution.portfolios import AMOUNTS, array, shared_by_fractions
from tracker.apportion import WHOLE, apportion, apportion_groups, counted_amounts

WEIGHTS = st.lists(st.one_of(st.integers(0, 3), st.integers(0, 30_000)), min_size=1, max_size=12).filter(any)
HUGE = st.integers(-(10**40), 10**40)


def test_a_road_mostly_in_farsta_is_shared_ninety_to_ten() -> None:
    assert apportion(100_000_000_00, [9_000, 1_000]) == [90_000_000_00, 10_000_000_00]


def test_missing_units_go_to_the_largest_remainders() -> None:
    # Exactly 1.43, 2.86 and 5.71: the missing unit goes to 0.86 first, then to 0.71.
    assert apportion(10, [1, 2, 4]) == [1, 3, 6]


def test_equal_remainders_favour_the_earlier_part() -> None:
    assert apportion(100, [1, 1, 1]) == [34, 33, 33]
    assert apportion(101, [1, 1, 1]) == [34, 34, 33]
    assert apportion_groups(array([100, 101]), array([[1, 1, 1]] * 2)).tolist() == [
        [34, 33, 33],
        [34, 34, 33],
    ]


def test_a_negative_amount_mirrors_the_positive_one() -> None:
    assert apportion(-100, [1, 1, 1]) == [-34, -33, -33]
    assert apportion_groups(array([-100]), array([[1, 1, 1]])).tolist() == [[-34, -33, -33]]


def test_the_budget_of_all_amounts_at_the_limit_is_exact() -> None:
    weights = [3 * 9_999, 1, 2, 3]
    parts = apportion_groups(array([10**15, -(10**15)]), array([weights] * 2))
    assert parts.tolist() == [apportion(10**15, weights), apportion(-(10**15), weights)]
    assert parts.sum(axis=1).tolist() == [10**15, -(10**15)]


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [2, -1], [-1]])
def test_weights_that_share_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        apportion(5, weights)


@pytest.mark.parametrize("weights", [[0, 0], [2, -1], [2**31, 0]])
def test_groups_that_share_nothing_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        apportion_groups(array([5]), array([weights]))


def test_no_groups_give_no_parts() -> None:
    assert apportion_groups(array([]), np.zeros((0, 3), dtype=np.int64)).shape == (0, 3)


@given(st.one_of(AMOUNTS, HUGE), WEIGHTS)
@settings(deadline=None)
def test_parts_sum_to_the_amount_and_lie_within_one_of_the_exact_share(amount: int, weights: list[int]) -> None:
    parts = apportion(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(amount * weight, sum(weights))) < 1


@given(st.one_of(AMOUNTS, HUGE), WEIGHTS)
@settings(deadline=None)
def test_parts_are_those_of_the_textbook(amount: int, weights: list[int]) -> None:
    assert apportion(amount, weights) == shared_by_fractions(amount, weights)


@given(st.lists(st.tuples(AMOUNTS, WEIGHTS), min_size=1, max_size=20), st.integers(0, 3))
@settings(deadline=None)
def test_many_groups_at_once_are_shared_as_one_by_one(groups: list[tuple[int, list[int]]], padding: int) -> None:
    width = max(len(weights) for _, weights in groups) + padding
    padded = [weights + [0] * (width - len(weights)) for _, weights in groups]
    parts = apportion_groups(array([amount for amount, _ in groups]), array(padded).reshape(-1, width))
    assert parts.tolist() == [
        shared_by_fractions(amount, weights) for (amount, _), weights in zip(groups, padded, strict=True)
    ]


@given(
    st.integers(-(2**62), 2**62),
    st.lists(st.integers(0, 2**31 // 12 - 1), min_size=1, max_size=12).filter(any),
)
@settings(deadline=None)
def test_groups_are_exact_up_to_their_stated_limits(amount: int, weights: list[int]) -> None:
    assert apportion_groups(array([amount]), array([weights])).tolist() == [apportion(amount, weights)]


@given(st.lists(st.tuples(AMOUNTS, st.integers(0, WHOLE)), max_size=20))
@settings(deadline=None)
def test_the_citys_part_is_the_first_of_two(facts: list[tuple[int, int]]) -> None:
    counted = counted_amounts(array([amount for amount, _ in facts]), array([share for _, share in facts]))
    assert counted.tolist() == [apportion(amount, [share, WHOLE - share])[0] for amount, share in facts]


def test_the_citys_part_of_the_largest_amounts_is_exact() -> None:
    counted = counted_amounts(array([10**15, -(10**15)]), array([9_999, 9_999]))
    assert counted.tolist() == [999_900_000_000_000, -999_900_000_000_000]


def test_half_an_ore_goes_to_the_city() -> None:
    assert counted_amounts(array([1, -1, 3, 7]), array([5_000, 5_000, 5_000, WHOLE])).tolist() == [
        1,
        -1,
        2,
        7,
    ]


@pytest.mark.parametrize("share", [-1, 10_001])
def test_a_financing_share_outside_the_whole_is_refused(share: int) -> None:
    with pytest.raises(ValueError, match="financing share"):
        counted_amounts(array([1]), array([share]))
