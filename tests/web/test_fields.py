"""Fields that read what people write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import shapely
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from tracker.money import LIMIT_ORE, AmountError
from tracker.web.fields import AmountField, CountField, DayField, ShareField, YearField, amount_text, read_amount
from tracker.web.forms import BaseForm, GeometryField, read_web_text, web_text

NBSP, THIN, MINUS = "\u00a0", "\u202f", "\u2212"


class EveryField(BaseForm):
    """One of each."""

    class Meta(BaseForm.Meta):
        csrf = False

    amount = AmountField("Belopp")
    share = ShareField("Andel")
    count = CountField("Antal")
    year = YearField("År")
    day = DayField("Dag")
    shape = GeometryField("Form")


@pytest.fixture(scope="module", autouse=True)
def context() -> Iterator[None]:
    """Forms ask the application for its settings."""
    app = Flask("fields")
    app.config["SECRET_KEY"] = "only-for-the-tests"
    with app.test_request_context():
        yield


def sent(**values: str) -> EveryField:
    form = EveryField(formdata=MultiDict(values))
    form.validate()
    return form


@pytest.mark.parametrize(
    ("text", "kronor"),
    [
        ("1 842,5 mnkr", "1842500000"),
        (f"1{NBSP}842,5{NBSP}mnkr", "1842500000"),
        (f"1{THIN}842,5", "1842500000"),
        ("12 500 tkr", "12500000"),
        ("34000000000", "34000000000"),
        ("34 000 000 000", "34000000000"),
        ("34 000 000 000 kr", "34000000000"),
        ("100001", "100001"),
        ("100000", "100000000000"),
        ("0,333", "333000"),
        ("0", "0"),
        ("12.5", "12500000"),
        (f"{MINUS}597", "-597000000"),
        ("-34000000000", "-34000000000"),
        ("1,5 mdkr", "1500000000"),
    ],
)
def test_amounts_are_mnkr_unless_they_say_otherwise_or_can_only_be_kronor(text: str, kronor: str) -> None:
    assert Decimal(read_amount(text)) / 100 == Decimal(kronor)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("12.500", "kan läsas på två sätt"),
        ("1.842.500", "kan läsas på två sätt"),
        ("tolv", "är inget belopp"),
        ("12 euro", "Enheten ”euro” är okänd"),
        ("123456,789", "Är ”123456,789” kronor eller mnkr?"),
        ("0,000000001", "delar av ett öre"),
        ("99999999999999999", "är för stort"),
        ("1 84,5", "Skriv tusental med mellanslag"),
    ],
)
def test_amounts_that_are_unclear_are_asked_about(text: str, reason: str) -> None:
    with pytest.raises(AmountError) as refused:
        read_amount(text)
    assert reason in str(refused.value)
    field = sent(amount=text).amount
    assert reason in field.errors[0]
    assert (field.data, field._value()) == (None, text)


@given(st.integers(min_value=-LIMIT_ORE + 1, max_value=LIMIT_ORE - 1))
def test_an_amount_that_is_shown_is_read_as_the_same_amount(ore: int) -> None:
    assert read_amount(amount_text(ore)) == ore


@given(
    st.integers(min_value=0, max_value=10**12),
    st.sampled_from([("kr", 1), ("tkr", 1000), ("mnkr", 10**6)]),
    st.sampled_from([" ", NBSP, THIN]),
    st.sampled_from(["", "-", MINUS]),
)
def test_spaces_units_and_signs_are_read_as_people_write_them(
    number: int, unit: tuple[str, int], space: str, sign: str
) -> None:
    word, kronor = unit
    if number * kronor * 100 >= LIMIT_ORE:
        number //= kronor
    text = f"{sign}{number:,}".replace(",", space) + space + word
    assert read_amount(text) == number * kronor * 100 * (-1 if sign else 1)


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("34000000000", f"= 34{NBSP}000 mnkr"),
        ("12 500 tkr", "= 12,5 mnkr"),
        ("-5", ""),
        ("1842,5", ""),
        ("1 842,5 mnkr", ""),
        ("", ""),
        ("12.500", ""),
    ],
)
def test_an_amount_says_how_it_was_read_when_that_is_not_what_stands_there(text: str, reading: str) -> None:
    assert sent(amount=text).amount.reading == reading


@given(st.integers(min_value=0, max_value=10_000), st.sampled_from(["", " %", f"{NBSP}%", "%"]))
def test_a_share_that_is_shown_is_read_as_the_same_share(share: int, sign: str) -> None:
    text = ShareField.write(sent().share, share)
    assert sent(share=text + sign).share.data == share


@pytest.mark.parametrize(
    ("text", "share"), [("33,33", 3333), ("33.3", 3330), ("100", 10_000), ("0,01 %", 1), (" 5 ", 500)]
)
def test_shares(text: str, share: int) -> None:
    assert sent(share=text).share.data == share


@pytest.mark.parametrize("text", ["33,333", "100,01", "-1", "hälften", "1 2 3 %%"])
def test_refused_shares_stay_as_typed(text: str) -> None:
    field = sent(share=text).share
    assert field.errors
    assert (field.data, field._value(), field.given) == (None, text, True)


def test_counts_years_and_days() -> None:
    form = sent(count=f"1{NBSP}200", year="2005", day="2005-04-30")
    assert (form.count.data, form.year.data, form.day.data) == (1200, 2005, date(2005, 4, 30))
    assert (form.errors, form.count.given) == ({}, True)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("count", "1,5"),
        ("count", "-1"),
        ("count", "²"),
        ("count", "9999999999"),
        ("year", "05"),
        ("year", "２００５"),
        ("day", "2005-02-29"),
        ("day", "30/4"),
    ],
)
def test_refused_numbers_and_days_stay_as_typed(name: str, text: str) -> None:
    field: Any = sent(**{name: text})[name]
    assert field.errors
    assert (field.data, field._value()) == (None, text)


def test_an_empty_field_is_not_given_and_no_error() -> None:
    form = sent(amount=" ", share="", count="")
    assert form.errors == {}
    assert [form.amount.data, form.share.data, form.count.data, form.shape.data] == [None] * 4
    assert not form.amount.given


coordinates = st.tuples(
    st.floats(min_value=136_402, max_value=161_417), st.floats(min_value=6_567_989, max_value=6_591_720)
)


@given(st.lists(coordinates, min_size=2, max_size=6, unique=True))
def test_a_shape_nobody_touched_comes_back_byte_for_byte(points: list[tuple[float, float]]) -> None:
    stored = shapely.LineString(points)
    form = EveryField(formdata=MultiDict({"shape": web_text(stored)}), data={"shape": stored})
    assert form.shape.data is stored


@given(coordinates)
def test_going_to_the_map_and_back_does_not_move_a_point_a_fifth_of_a_millimetre(point: tuple[float, float]) -> None:
    here = shapely.Point(point)
    assert read_web_text(web_text(here)).distance(here) < 0.0002
    once = web_text(read_web_text(web_text(here)))
    assert web_text(read_web_text(once)) == once


def test_a_bow_tie_is_refused_with_its_crossing_point_and_a_repair() -> None:
    tie = shapely.Polygon([(145_900, 6_585_700), (146_100, 6_585_900), (146_100, 6_585_700), (145_900, 6_585_900)])
    field = sent(shape=web_text(tie)).shape
    assert field.errors == ["Gränsen korsar sig själv vid N 6585800, E 146000 (latitud 59.38716, longitud 17.92961)."]
    assert field.fault is not None
    assert field.fault.repaired is not None
    assert field.fault.repaired.is_valid
    assert field.fault.repaired.area == pytest.approx(20_000, rel=1e-4)
    assert field._value() == web_text(tie)


def test_z_is_dropped() -> None:
    field = sent(shape='{"type":"Point","coordinates":[18.05,59.33,12.5]}').shape
    assert list(field.errors) == []
    assert field.data is not None
    assert not field.data.has_z
