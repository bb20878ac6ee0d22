"""How the figures of a theme are written."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tracker.maps.theme_asking import MEASURES, ShownAs
from tracker.maps.theme_numbers import Told, ways_of

MNKR = 100_000_000
BUDGET, DWELLINGS = MEASURES["utgift-budget"], MEASURES["bostader-planerade"]


def told(amount: int | None, people: int | None = None) -> Told:
    return Told(amount, 1, people, 2004 if people else None)


def test_money_is_written_as_the_report_writes_it() -> None:
    cells = [told(1_842_450_000_00, 15_000), told(10_000_000, None)]
    ways = ways_of(BUDGET, cells, told(1_842_450_000_00 + 10_000_000))
    assert ways[ShownAs.SUM].text(cells[0]) == "1\u00a0842,5"
    assert ways[ShownAs.SUM].span(1, 124) == "0,1–12,4\u00a0mnkr"
    assert ways[ShownAs.PER_PERSON].text(cells[0]) == "122\u00a0830"
    assert ways[ShownAs.PER_PERSON].text(cells[1]) == "–"
    assert ways[ShownAs.SHARE].text(cells[0]) == "99,99"


def test_counts_are_whole_and_told_per_thousand_inhabitants() -> None:
    cells = [told(120, 16_000), told(0, 9_000)]
    ways = ways_of(DWELLINGS, cells, told(120))
    assert [ways[one].text(cells[0]) for one in ShownAs] == ["120", "7,5", "100,0"]
    assert ways[ShownAs.SUM].span(3, 120) == "3–120\u00a0st"
    assert ways[ShownAs.SUM].text(cells[1]) == "0"


def test_a_span_under_zero_has_words_between_its_bounds() -> None:
    ways = ways_of(BUDGET, [told(-5 * MNKR)], told(-5 * MNKR))
    assert ways[ShownAs.SUM].span(-50, -12) == "−5,0 till −1,2\u00a0mnkr"


def test_shares_say_nothing_of_a_sum_of_zero_or_of_parts_that_pull_both_ways() -> None:
    for cells, total in (([told(5), told(-5)], told(0)), ([told(7), told(-5)], told(2)), ([told(0)], told(0))):
        way = ways_of(BUDGET, cells, total)[ShownAs.SHARE]
        assert not way.known
        assert [way.text(one) for one in cells] == ["–"] * len(cells)


def test_small_amounts_get_the_decimals_that_they_need() -> None:
    way = ways_of(BUDGET, [told(1)], told(1))[ShownAs.SUM]
    assert way.text(told(1)) == "0,00000001"
    way = ways_of(BUDGET, [told(4_000_000)], told(4_000_000))[ShownAs.SUM]
    assert way.text(told(4_000_000)) == "0,04"


@given(st.lists(st.integers(-(10**15), 10**15) | st.none(), min_size=1, max_size=20), st.sampled_from(ShownAs))
def test_zero_is_written_of_zero_only_and_rounding_keeps_the_order(
    amounts: list[int | None], shown_as: ShownAs
) -> None:
    cells = [told(one, 12_345) for one in amounts]
    total = sum(one or 0 for one in amounts)
    way = ways_of(BUDGET, cells, told(total))[shown_as]
    values = [way.value(one) for one in cells]
    for cell, value in zip(cells, values, strict=True):
        number = way.number(cell)
        assert (value is None) == (number is None)
        if value is not None and number is not None:
            assert (value == 0) == (number == 0)
            assert abs(Fraction(value, 10**way.decimals) - number) <= Fraction(1, 10**way.decimals)
    known = sorted((number, value) for cell, value in zip(cells, values, strict=True)
                   if (number := way.number(cell)) is not None and value is not None)  # fmt: skip
    assert [value for _, value in known] == sorted(value for _, value in known)
