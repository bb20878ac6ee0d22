"""Amounts as people write them, to the öre."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.money import AmountError, format_exact_mnkr, format_kronor, format_mnkr, kronor_text, parse_amount


@pytest.mark.parametrize(
    ("text", "ore"),
    [
        ("1 842,5 mnkr", 184_250_000_000),
        ("1\u00a0842,5 mnkr", 184_250_000_000),
        ("1\u202f842,5\u00a0Mkr", 184_250_000_000),
        ("12 500 tkr", 1_250_000_000),
        ("34000000000", 3_400_000_000_000),
        ("\u22123,50", -350),
        ("-3,50 kr", -350),
        ("12.75 mnkr", 1_275_000_000),
        ("0,333 mnkr", 33_300_000),
        ("12,75", 1_275),
        ("5 miljoner", 500_000_000),
    ],
)
def test_reads_what_people_write(text: str, ore: int) -> None:
    assert parse_amount(text) == ore


@pytest.mark.parametrize("text", ["12.500", "1.000", "1.000.000"])
def test_asks_about_a_point_that_could_be_thousands(text: str) -> None:
    with pytest.raises(AmountError, match="kan läsas på två sätt"):
        parse_amount(text)


@pytest.mark.parametrize(
    "text", ["", "abc", "12 kr och 5", "1 23 456", "1,2,3", "12 hg", "1,234 kr", "99999999999999999"]
)
def test_refuses_what_is_no_amount(text: str) -> None:
    with pytest.raises(AmountError):
        parse_amount(text)


@given(st.integers(-(10**14), 10**14))
def test_what_is_written_is_read_back(ore: int) -> None:
    assert parse_amount(format_exact_mnkr(ore), "mnkr") == ore
    assert parse_amount(kronor_text(ore)) == ore
    assert parse_amount(format_kronor(ore, 2)) == ore


def test_rounds_half_away_from_zero_with_a_real_minus() -> None:
    assert format_mnkr(-5_000_000) == "\u22120,1"
    assert format_mnkr(184_250_000_000) == "1\u00a0842,5"
    assert format_mnkr(-4_999_999) == "0,0"
