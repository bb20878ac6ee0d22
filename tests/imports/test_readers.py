"""Single cells of dates, lists, shares and amounts: what is read, what is asked about."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import DomainError
from tracker.imports.amounts import AmountColumn, amount_column, of_field, read_amount
from tracker.imports.dates import Span, read_span
from tracker.imports.lists import read_goals, read_kinds, read_served, read_share, read_subtype
from tracker.imports.values import UnreadableError
from tracker.measures.models import MainKind


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2005-04-30", date(2005, 4, 30), date(2005, 4, 30)),
        ("2005-04-30T00:00:00", date(2005, 4, 30), date(2005, 4, 30)),
        ("20050430", date(2005, 4, 30), date(2005, 4, 30)),
        (datetime(2005, 4, 30), date(2005, 4, 30), date(2005, 4, 30)),  # noqa: DTZ001 - as a spreadsheet gives it
        (date(2005, 4, 30), date(2005, 4, 30), date(2005, 4, 30)),
        ("30/4 2005", date(2005, 4, 30), date(2005, 4, 30)),
        ("4/30/2005", date(2005, 4, 30), date(2005, 4, 30)),
        ("7.7.2005", date(2005, 7, 7), date(2005, 7, 7)),
        ("30 april 2005", date(2005, 4, 30), date(2005, 4, 30)),
        ("2005-04", date(2005, 4, 1), date(2005, 4, 30)),
        ("feb 2004", date(2004, 2, 1), date(2004, 2, 29)),
        ("kv 2 2005", date(2005, 4, 1), date(2005, 6, 30)),
        ("2005 kvartal 4", date(2005, 10, 1), date(2005, 12, 31)),
        ("Q1 2005", date(2005, 1, 1), date(2005, 3, 31)),
        ("2005", date(2005, 1, 1), date(2005, 12, 31)),
        (2005.0, date(2005, 1, 1), date(2005, 12, 31)),
    ],
)
def test_dates_and_what_a_month_or_a_quarter_spans(cell: Any, first: date, last: date) -> None:
    assert read_span(cell) == Span(first, last)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("04/05/2005", "kan läsas på två sätt: 2005-05-04 eller 2005-04-05"),
        (38472, "eget dagnummer"),
        ("38472", "eget dagnummer"),
        ("2005-02-30", "finns inte"),
        ("kv 5 2005", "inget datum"),
        ("våren 2005", "inget datum"),
        ("hösten", "inget datum"),
        ("1905-01-01", "mellan 1950 och 2100"),
        (True, "inget datum"),
    ],
)
def test_dates_that_are_asked_about(cell: Any, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read_span(cell)


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    assert read_span(day.isoformat()) == Span(day, day)


@pytest.mark.parametrize(
    ("header", "field", "unit"),
    [
        ("Budget 2005 (mnkr)", "budget_utgift_2005", "mnkr"),
        ("Utfall 2005 tkr", "outcome_utgift_2005", "tkr"),
        ("Utfall inkomster 2004, kr", "outcome_inkomst_2004", "kr"),
        ("Prognos 2006", "forecast_utgift_2006", None),
        ("2005 Budget utgift Mkr", "budget_utgift_2005", "mnkr"),
        ("Forecast 2007 (SEK)", "forecast_utgift_2007", "kr"),
    ],
)
def test_headers_of_amounts(header: str, field: str, unit: str | None) -> None:
    found = amount_column(header)
    assert found is not None
    assert (found.field, found.unit) == (field, unit)
    assert of_field(field) == AmountColumn(found.kind, found.flow, found.year, None)


@pytest.mark.parametrize("header", ["Budget", "Budget 2005 2006", "Budget utfall 2005", "Budgetansvarig 2005", "2005"])
def test_headers_that_are_no_amounts(header: str) -> None:
    assert amount_column(header) is None


@pytest.mark.parametrize(
    ("cell", "unit", "ore"),
    [
        ("12,75", "mnkr", 1_275_000_000),
        ("1234,5", "tkr", 123_450_000),
        (12.75, "mnkr", 1_275_000_000),
        (0.1, "mnkr", 10_000_000),
        ("1\u00a0234,5", "tkr", 123_450_000),
        ("\u22123,5", "mnkr", -350_000_000),
        ("12 mnkr", None, 1_200_000_000),
        ("34000000000", "kr", 3_400_000_000_000),
    ],
)
def test_case_25_decimal_commas_are_exact(cell: Any, unit: str | None, ore: int) -> None:
    assert read_amount(cell, unit) == ore


@given(st.integers(-(10**12), 10**12))
def test_case_25_every_amount_of_whole_ore_survives_its_comma(ore: int) -> None:
    whole, rest = divmod(abs(ore), 100)
    assert read_amount(f"{'-' if ore < 0 else ''}{whole},{rest:02}", "kr") == ore


@pytest.mark.parametrize(("cell", "unit"), [("12.500", "tkr"), ("12", None), (12, None), ("0,001", "kr"), ("a", "kr")])
def test_case_26_amounts_with_two_meanings_or_no_unit_are_asked_about(cell: Any, unit: str | None) -> None:
    with pytest.raises(DomainError):
        read_amount(cell, unit)


def test_lists() -> None:
    assert read_goals("G1a:3; G2d") == (("G1a", 3), ("G2d", None))
    assert read_goals("G1a (3), G2d G2f=1") == (("G1a", 3), ("G2d", None), ("G2f", 1))
    assert read_served("Rinkeby 60 %; Kista 40 %") == (("Rinkeby", 6_000), ("Kista", 4_000))
    assert read_served("Rinkeby: 33,33; Kista (66,67 %)") == (("Rinkeby", 3_333), ("Kista", 6_667))
    assert read_served("Rinkeby och Hässelby-Vällingby") == (("Rinkeby", None), ("Hässelby-Vällingby", None))
    assert read_kinds("Trafik, Bostad") == (MainKind.TRAFFIC, MainKind.HOUSING)
    assert read_subtype("Gata och väg") == read_subtype("GATA") == "gata"
    assert (read_share("80 %"), read_share(80), read_share("12,5%"), read_share(0)) == (8_000, 8_000, 1_250, 0)


@pytest.mark.parametrize(
    ("read", "cell", "reason"),
    [
        (read_goals, "G1a:4", "1, 2 eller 3"),
        (read_goals, "G1a; g1a", "två gånger"),
        (read_goals, "minskade skillnader!", "inget mål"),
        (read_served, "Rinkeby 60; Kista 50", "110 %"),
        (read_served, "Rinkeby 60; Kista", "alla områden eller för inget"),
        (read_share, 0.8, "två sätt"),
        (read_share, "1", "två sätt"),
        (read_share, "101 %", "mellan 0 och 100"),
        (read_kinds, "Trafik, Övrigt", "inget slag"),
        (read_subtype, "Rymdhamn", "Undertypen är okänd"),
    ],
)
def test_lists_that_are_asked_about(read: Any, cell: Any, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        read(cell)
