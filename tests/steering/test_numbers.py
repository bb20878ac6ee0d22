"""Numbers of indicators and their gaps: exact whatever they are."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import InvalidInputError
from tracker.steering.facts import IndicatorFacts, IndicatorValueFacts
from tracker.steering.gaps import gaps_of, spreads_of
from tracker.steering.numbers import LARGEST, MAX_DECIMALS, number_text, read_cell, read_number
from tracker.steering.vocabulary import Direction

NUMBERS = st.integers(-LARGEST, LARGEST)
DECIMALS = st.integers(0, MAX_DECIMALS)


@given(NUMBERS, DECIMALS)
def test_a_number_always_reads_back_as_itself(number: int, decimals: int) -> None:
    text = number_text(number, decimals)
    assert read_number(text, decimals) == number
    assert Decimal(text.replace("\u00a0", "").replace("−", "-").replace(",", ".")) == Decimal(number).scaleb(-decimals)
    assert read_number(number_text(number, decimals, signed=True).removeprefix("+"), decimals) == number


@given(st.integers(-(10**12), 10**12), DECIMALS)
def test_a_cell_of_a_workbook_always_means_the_number_that_it_shows(number: int, decimals: int) -> None:
    shown = Decimal(number).scaleb(-decimals)
    assert read_cell(float(shown) if len(str(abs(number))) <= 15 else shown, decimals) == number
    assert read_cell(f"{shown:f}", decimals) == number


@given(NUMBERS, DECIMALS, st.integers(1, 9), st.integers(0, 3))
def test_more_decimals_than_the_indicator_has_are_always_refused(
    number: int, decimals: int, last: int, zeros: int
) -> None:
    text = f"{abs(number)}," + "0" * decimals + "0" * zeros + str(last)
    with pytest.raises(InvalidInputError, match="fler decimaler"):
        read_number(text, decimals)


@pytest.mark.parametrize(
    ("text", "decimals", "expected"),
    [("76,3", 1, 763), ("76.30", 1, 763), ("76,3 %", 1, 763), ("−4", 2, -400), ("1 234 567", 0, 1234567), ("0", 3, 0)],
)
def test_the_ways_that_people_write_numbers(text: str, decimals: int, expected: int) -> None:
    assert read_number(text, decimals) == expected


@pytest.mark.parametrize("text", ["", "sjuttio", "1e5", "1,2,3", "NaN", "٣", "9" * 17, "inf", "=1+1"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        read_number(text, 1)


def test_empty_cells_are_nothing_and_true_is_no_number() -> None:
    assert read_cell(None, 1) is None
    assert read_cell("  ", 1) is None
    with pytest.raises(InvalidInputError):
        read_cell(True, 1)


def facts(direction: Direction, rows: dict[tuple[int, str], int]) -> IndicatorFacts:
    values = tuple(
        IndicatorValueFacts(year, area, "1999" if area else "", None, None, number)
        for (year, area), number in sorted(rows.items())
    )
    return IndicatorFacts("X", "X", "%", 1, direction, "G2a", "", values)


ROWS = st.dictionaries(st.tuples(st.integers(2000, 2005), st.sampled_from(["", "A", "B", "C"])), NUMBERS, min_size=1)


@given(ROWS)
def test_a_gap_is_always_area_less_city_and_its_change_is_of_the_distance(rows: dict[tuple[int, str], int]) -> None:
    for (area, _), gaps in gaps_of(facts(Direction.HIGHER, rows)).items():
        assert [gap.year for gap in gaps] == sorted(year for year, name in rows if name == area)
        before = None
        for gap in gaps:
            city = rows.get((gap.year, ""))
            assert gap.difference == (None if city is None else rows[gap.year, area] - city)
            if gap.difference is not None:
                assert gap.before == before
                assert gap.change == (None if before is None else abs(gap.difference) - abs(before))
                before = gap.difference


@given(ROWS, st.sampled_from(Direction))
def test_best_and_worst_always_follow_the_direction(rows: dict[tuple[int, str], int], direction: Direction) -> None:
    for spread in spreads_of(facts(direction, rows), "1999"):
        numbers = {name: number for (year, name), number in rows.items() if year == spread.year and name}
        better = max if direction is Direction.HIGHER else min
        assert spread.best_outcome == better(numbers.values())
        assert set(spread.best) == {name for name, number in numbers.items() if number == spread.best_outcome}
        assert spread.distance == max(numbers.values()) - min(numbers.values())
