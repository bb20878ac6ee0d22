"""The classes of a theme and the sizes of its circles, for any values."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.maps.theme_classes import LARGEST_RADIUS, ThemeClass, class_of, legend_sizes, make_classes, radius

STYLES = Path(__file__).resolve().parent.parent.parent / "static" / "css" / "map-theme.css"
VALUES = st.lists(st.integers(-(10**15), 10**15) | st.integers(-9, 9), max_size=130)


@given(VALUES)
def test_every_value_is_in_exactly_one_class_and_the_bounds_hold_least_to_greatest(values: list[int]) -> None:
    classes = make_classes(values)
    for value in values:
        holding = [one for one in classes if one.low <= value <= one.high]
        assert holding == ([] if value == 0 else [class_of(classes, value)])
    other = [value for value in values if value]
    if other:
        assert (classes[0].low, classes[-1].high) == (min(other), max(other))
    assert all(one.low <= one.high < two.low for one, two in pairwise(classes))
    assert all({one.low, one.high} <= set(values) for one in classes)


@given(VALUES)
def test_tones_grow_with_the_value_and_their_sign_is_the_value_s(values: list[int]) -> None:
    classes = make_classes(values)
    tones = [one.tone for one in classes]
    assert tones == sorted(set(tones))
    assert all((one.tone < 0) == (one.low < 0) and 1 <= abs(one.tone) <= 5 for one in classes)
    assert len([tone for tone in tones if tone > 0]) <= 5
    if tones and tones[0] < 0 < tones[-1]:
        assert len(tones) <= 6


@given(st.lists(st.integers(1, 10**9), min_size=5, max_size=130, unique=True))
def test_different_values_are_spread_evenly_over_five_classes(values: list[int]) -> None:
    classes = make_classes(values)
    counts = [sum(one.low <= value <= one.high for value in values) for one in classes]
    assert len(counts) == 5
    assert max(counts) - min(counts) <= 1


def test_all_equal_is_one_class_in_the_middle_tone() -> None:
    assert make_classes([7] * 14) == (ThemeClass(3, 7, 7),)


def test_fewer_than_five_values_have_a_class_each_far_apart() -> None:
    assert make_classes([30, 10, 20, 0, 0]) == (ThemeClass(1, 10, 10), ThemeClass(3, 20, 20), ThemeClass(5, 30, 30))
    assert make_classes([10, 20]) == (ThemeClass(2, 10, 10), ThemeClass(4, 20, 20))


def test_nothing_but_zeros_and_nothing_at_all_have_no_class() -> None:
    assert make_classes([0, 0]) == make_classes([]) == ()


def test_values_under_zero_have_tones_of_their_own() -> None:
    assert [one.tone for one in make_classes([-9, -5, -1, 4, 8])] == [-5, -3, -1, 2, 4]
    assert [one.tone for one in make_classes([-1, -2, -3, -4, -5, -6])] == [-5, -4, -3, -2, -1]


def test_most_values_equal_shares_no_class_with_another() -> None:
    classes = make_classes([1] * 90 + [2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    assert classes[0] == ThemeClass(2, 1, 1)
    assert classes[-1].high == 11


@given(st.integers(1, 10**15), st.integers(1, 10**15))
def test_a_circle_s_area_is_in_proportion_to_its_value(one: int, other: int) -> None:
    largest = max(one, other)
    assert radius(largest, largest) == LARGEST_RADIUS
    exact = LARGEST_RADIUS * (min(one, other) / largest) ** 0.5
    assert radius(-min(one, other), largest) == radius(min(one, other), largest)
    assert exact - 1.01 <= radius(min(one, other), largest) <= exact + 0.01


@pytest.mark.parametrize(
    ("largest", "sizes"),
    [(237, (200, 50, 10)), (1_000, (1_000, 200, 50)), (3, (2,)), (1, (1,)), (0, ()), (19, (10, 2))],
)
def test_the_legend_has_at_most_three_round_sizes(largest: int, sizes: tuple[int, ...]) -> None:
    assert legend_sizes(largest) == sizes


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", as WCAG 2.1 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("block", [r":root \{(.*?)\}", r'\[data-bs-theme="dark"\] \{(.*?)\}'])
@pytest.mark.parametrize("sign", ["", "-"])
def test_neighbouring_tones_differ_in_light_and_dark_and_from_zero(block: str, sign: str) -> None:
    """By brightness alone, so that print in black and white and every kind of colour vision tell them apart."""
    found = re.search(block, STYLES.read_text(), re.DOTALL)
    assert found
    colours = dict(re.findall(r"--pk-theme-(-?\d): (#[0-9a-f]{6})", found[1]))
    ramp = [colours["0"], *(colours[f"{sign}{tone}"] for tone in range(1, 6))]
    assert all(contrast(one, other) >= 1.4 for one, other in pairwise(ramp))
    assert all(contrast(one, other) >= 1.5 for one, other in pairwise(ramp[1:]))
    brightness = [luminance(one) for one in ramp]
    assert brightness in (sorted(brightness), sorted(brightness, reverse=True))
    assert contrast(ramp[0], ramp[5]) >= 10
