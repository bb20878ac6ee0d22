"""What decisions say together: budgets, price levels, forecast, deviation, and what is doubted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.projects.decisions import (
    Course,
    Limits,
    decided_budgets,
    final_forecast,
    in_time,
    is_board,
    overrun,
    price_key,
    same_price_level,
)
from tracker.projects.doubts import doubts
from tracker.projects.inputs import DecisionInput, FigureInput, VolumeInput
from tracker.projects.vocabulary import Flow, Gate, Phase

TODAY = date(2005, 4, 30)
MNKR = 100_000_000
BOARD = "Gatu- och fastighetsnämnden"


def decided(gate: Gate, day: str, outlay: int | None = None, level: str = "2004", body: str = BOARD) -> DecisionInput:
    ore = None if outlay is None else outlay * MNKR
    return DecisionInput(gate, body, date.fromisoformat(day), outlay_ore=ore, price_level=level if outlay else "")


DIRECTION = decided(Gate.DIRECTION, "2002-09-10", 80)
FIRST = decided(Gate.IMPLEMENTATION, "2003-06-10", 100)
REVISED = decided(Gate.IMPLEMENTATION_REVISED, "2004-11-23", 120)


def said(course: Course, limits: Limits = Limits()) -> list[str]:  # noqa: B008 - frozen
    return [doubt.text for doubt in doubts(course, TODAY, limits)]


def test_the_original_is_the_first_implementation_decision_and_the_latest_the_last() -> None:
    budgets = decided_budgets([REVISED, FIRST, DIRECTION], TODAY)
    assert budgets is not None
    assert (budgets.original, budgets.latest, budgets.comparable) == (FIRST, REVISED, True)


def test_direction_decisions_are_the_budget_until_implementation_is_decided() -> None:
    budgets = decided_budgets([DIRECTION], TODAY)
    assert budgets is not None
    assert (budgets.latest, budgets.revised) == (DIRECTION, False)


@pytest.mark.parametrize(
    "row",
    [
        decided(Gate.IMPLEMENTATION, "2005-05-01", 999),
        DecisionInput(Gate.IMPLEMENTATION, outlay_ore=999 * MNKR),
        decided(Gate.IMPLEMENTATION_PART, "2004-01-01", 999),
        decided(Gate.STUDY, "2004-01-01", 999),
        decided(Gate.IMPLEMENTATION, "2005-01-01"),
    ],
)
def test_what_is_ahead_undated_partial_or_without_sums_is_no_budget(row: DecisionInput) -> None:
    budgets = decided_budgets([FIRST, row], TODAY)
    assert budgets is not None
    assert (budgets.original, budgets.latest) == (FIRST, FIRST)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2004", "Prisnivå 2004", True),
        ("2004 års priser", "2004", True),
        ("januari 2004", "2004", False),
        ("2004", "2005", False),
        ("", "2004", False),
    ],
)
def test_price_levels_are_told_apart_by_meaning(one: str, other: str, same: bool) -> None:
    rows = [DecisionInput(Gate.IMPLEMENTATION, price_level=level, outlay_ore=1) for level in (one, other)]
    assert (price_key(one) == price_key(other), same_price_level(*rows)) == (same, same)


def test_the_forecast_takes_outcome_of_past_years_and_forecast_of_coming_ones() -> None:
    figures = [
        FigureInput(2004, Flow.OUTLAY, 10, 11, 12),
        FigureInput(2005, Flow.OUTLAY, 20, 5, 22),
        FigureInput(2006, Flow.OUTLAY, 30, None, None),
        FigureInput(2006, Flow.INCOME, None, None, 4),
        FigureInput(2007, Flow.OUTLAY, None, None, None),
    ]
    forecast = final_forecast(figures, 2005)
    assert forecast is not None
    assert (forecast.outlay_ore, forecast.income_ore) == (11 + 22 + 30, 4)
    assert (forecast.years, forecast.by_budget) == ((2004, 2005, 2006), (2006,))


@pytest.mark.parametrize(("forecast", "over"), [(11_499, False), (11_500, True), (5_000, False)])
def test_the_limit_is_reached_at_fifteen_percent_to_the_ore(forecast: int, over: bool) -> None:
    budget = DecisionInput(Gate.IMPLEMENTATION, outlay_ore=10_000)
    figures = [FigureInput(2005, Flow.OUTLAY, None, None, forecast)]
    assert overrun(budget, final_forecast(figures, 2005), 15) is over


@pytest.mark.parametrize(
    ("body", "board"),
    [
        ("Trafiknämnden", True),
        ("Kommunfullmäktige", True),
        ("KS", True),
        ("Kontoret (delegation)", False),
        ("Nämndens delegation", False),
        ("", False),
    ],
)
def test_boards_are_known_by_their_words(body: str, board: bool) -> None:
    assert is_board(body) is board


def test_a_course_in_order_is_not_doubted() -> None:
    figures = (FigureInput(2005, Flow.OUTLAY, None, None, 125 * MNKR),)
    assert said(Course(Phase.IMPLEMENTATION, (DIRECTION, FIRST, REVISED), figures)) == []


def test_the_settings_say_where_the_limits_are() -> None:
    figures = (FigureInput(2005, Flow.OUTLAY, None, None, 125 * MNKR),)
    course = Course(Phase.IMPLEMENTATION, (DIRECTION, FIRST, REVISED), figures)
    assert said(course, Limits(deviation_percent=4)) == [
        "Prognosen för utgifterna är 125,0 mnkr mot senast beslutade 120,0 mnkr: minst 4 % över. "
        "Ett reviderat beslut behövs."
    ]
    small = Course(Phase.IMPLEMENTATION, (decided(Gate.IMPLEMENTATION, "2004-01-01", 40, body="Kontoret"),))
    assert said(small) == []
    assert said(small, Limits(board_ore=30 * MNKR)) == [
        "Genomförandebeslut 2004-01-01 är över 30 mnkr och ska fattas av nämnd eller högre, "
        "men instansen är ”Kontoret”."
    ]


@pytest.mark.parametrize(
    ("course", "text"),
    [
        (Course(Phase.IMPLEMENTATION, (DIRECTION,)), "Skedet är genomförande, men genomförandebeslut saknas."),
        (Course(Phase.PLANNING), "Skedet är planering, men inriktningsbeslut saknas."),
        (Course(Phase.CLOSED, (FIRST,)), "Skedet är avslutat, men slutredovisning saknas."),
        (
            Course(Phase.IMPLEMENTATION, (FIRST, decided(Gate.DIRECTION, "2004-01-01", 80))),
            "Genomförandebeslut (2003-06-10) ligger före inriktningsbeslut (2004-01-01).",
        ),
        (
            Course(Phase.IMPLEMENTATION, (REVISED,)),
            "Reviderat genomförandebeslut finns, men det genomförandebeslut som revideras saknas.",
        ),
        (
            Course(Phase.IDEA, (decided(Gate.DIRECTION, "2006-01-01", 1),)),
            "Inriktningsbeslut 2006-01-01 ligger i framtiden: det räknas som planerat, inte som fattat.",
        ),
        (
            Course(Phase.IDEA, (decided(Gate.DIRECTION, "2004-01-01"),)),
            "Inriktningsbeslut 2004-01-01 saknar beslutad utgift och inkomst.",
        ),
        (
            Course(Phase.IDEA, (DecisionInput(Gate.PLAN),)),
            "Planärende saknar datum och räknas inte som fattat.",
        ),
        (
            Course(Phase.IDEA, (DecisionInput(Gate.DIRECTION, date=date(2004, 1, 1), outlay_ore=1),)),
            "Inriktningsbeslut 2004-01-01 har belopp men ingen prisnivå.",
        ),
        (
            Course(Phase.IDEA, (decided(Gate.IMPLEMENTATION, "2004-01-01", 60, body=""),)),
            "Genomförandebeslut 2004-01-01 är över 50 mnkr och ska fattas av nämnd eller högre, "
            "men ingen instans är angiven.",
        ),
        (
            Course(Phase.IDEA, volumes=(VolumeInput(1, 2004, 100, 40, 50),), measure_names={1: "Hyresrätter"}),
            "Hyresrätter: till och med 2004 är fler färdigställda (50) än påbörjade (40).",
        ),
        (
            Course(Phase.IDEA, volumes=(VolumeInput(1, 2004, 100, 60), VolumeInput(1, 2005, 110, 60))),
            "Fler är påbörjade (120) än planerade (110).",
        ),
    ],
)
def test_each_doubt_says_its_reason(course: Course, text: str) -> None:
    assert text in said(course)


@given(
    st.lists(
        st.builds(
            DecisionInput,
            gate=st.sampled_from(list(Gate)),
            date=st.none() | st.dates(date(1990, 1, 1), date(2020, 1, 1)),
            outlay_ore=st.none() | st.integers(0, 10**13),
            income_ore=st.none() | st.integers(0, 10**13),
            price_level=st.sampled_from(["", "2004", "2005"]),
            body=st.sampled_from(["", "Kontoret", BOARD]),
        ),
        max_size=8,
    ),
    st.sampled_from(list(Phase)),
)
def test_any_decisions_can_be_ordered_and_doubted(rows: list[DecisionInput], phase: Phase) -> None:
    ordered = in_time(rows)
    days = [one.date for one in ordered if one.date is not None]
    assert days == sorted(days)
    assert sorted(map(id, ordered)) == sorted(map(id, rows))
    assert all(text.endswith(".") for text in said(Course(phase, tuple(rows))))
    budgets = decided_budgets(rows, TODAY)
    if budgets is not None:
        assert budgets.original.date is not None
        assert budgets.latest.date is not None
        assert budgets.original.date <= budgets.latest.date <= TODAY
