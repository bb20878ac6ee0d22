"""What keeps a report from being saved, and when a comment is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from tracker.followup.report_inputs import CountInput, ForecastInput, ReportInput
from tracker.followup.report_rules import Limits, report_problems, unchanged_problems
from tracker.followup.sheets import MoneyRow, Sheet
from tracker.followup.vocabulary import Light, ReportState
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Flow

MNKR = 100_000_000
LIMITS = Limits(15, MNKR)
AMOUNTS = st.integers(-(10**12), 10**12)


def sheet(*money: MoneyRow, **values: object) -> Sheet:
    plain = Sheet(
        1, "P1", "Projekt", 2005, 1, ReportState.WAITING, None, "", "", None, None, None, None, None, "", money, (), {}
    )  # fmt: skip
    return replace(plain, **values)  # type: ignore[arg-type]


def outlay(budget: int | None, forecast: int | None = None) -> MoneyRow:
    return MoneyRow(2005, Flow.OUTLAY, budget_ore=budget, forecast_ore=forecast)


def said(forecast: int | None, **values: object) -> ReportInput:
    plain = ReportInput((ForecastInput(2005, Flow.OUTLAY, forecast),), light=Light.GREEN)
    return replace(plain, **values)  # type: ignore[arg-type]


def fields(given: ReportInput, standing: Sheet, limits: Limits = LIMITS) -> list[str]:
    return [one.field for one in report_problems(given, standing, limits)]


@examples(AMOUNTS, AMOUNTS, st.integers(0, 1000), st.integers(0, 10**12))
def test_a_comment_is_asked_for_exactly_when_both_limits_are_reached(
    budget: int, forecast: int, percent: int, ore: int
) -> None:
    """Also of negative budgets and of zero, of which any difference is more than every percentage."""
    difference = abs(budget - forecast)
    far = budget == 0 or Fraction(difference * 100, abs(budget)) >= percent
    needed = difference > 0 and difference >= ore and far
    limits = Limits(percent, ore)
    assert ("comment" in fields(said(forecast), sheet(outlay(budget)), limits)) == needed
    assert fields(said(forecast, comment="Därför."), sheet(outlay(budget)), limits) == []
    known = sheet(outlay(budget, forecast), light=Light.GREEN)
    assert bool(unchanged_problems(known, limits)) == needed
    assert unchanged_problems(replace(known, comment="Därför."), limits) == []


def test_income_needs_a_comment_too_and_the_reason_names_the_amount() -> None:
    standing = sheet(MoneyRow(2005, Flow.INCOME, budget_ore=10 * MNKR, forecast_ore=10 * MNKR), outlay(0, 0))
    given = ReportInput((ForecastInput(2005, Flow.INCOME, 8 * MNKR),), light=Light.GREEN, comment="   ")
    [problem] = report_problems(given, standing, LIMITS)
    assert (problem.field, problem.reason) == (
        "comment", "Skriv varför prognosen avviker från budgeten (inkomster 2005 2\u00a0mnkr).",
    )  # fmt: skip


def test_only_the_year_of_the_period_is_measured() -> None:
    standing = sheet(outlay(MNKR, MNKR), MoneyRow(2006, Flow.OUTLAY, budget_ore=MNKR))
    given = said(MNKR, forecasts=(ForecastInput(2006, Flow.OUTLAY, 90 * MNKR),))
    assert fields(given, standing) == []


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (said(1, light=None), "light"),
        (said(1, light=Light.YELLOW), "light_text"),
        (said(1, light=Light.RED, light_text=" \n"), "light_text"),
        (said(1, light_text="x" * 2001), "light_text"),
        (said(1, comment="x" * 4001), "comment"),
        (said(None), "prognos-2005-utgift"),
        (said(10**15), "prognos-2005-utgift"),
        (said(1, start_forecast=date(2006, 1, 1), end_forecast=date(2005, 1, 1)), "end_forecast"),
        (said(1, start_forecast=date(1890, 1, 1)), "start_forecast"),
        (said(1, counts=(CountInput(7, started=-1),)), "matt-7-started"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(given: ReportInput, field: str) -> None:
    assert fields(given, sheet(outlay(None))) == [field]


def test_nothing_new_needs_a_forecast_but_no_light_of_old() -> None:
    assert [one.field for one in unchanged_problems(sheet(), LIMITS)] == ["prognos-2005-utgift"]
    assert unchanged_problems(sheet(outlay(None, 0)), LIMITS) == []
    yellow = sheet(outlay(None, 0), light=Light.YELLOW)
    assert [one.field for one in unchanged_problems(yellow, LIMITS)] == ["light_text"]


def test_whoever_may_not_see_the_amounts_is_told_nothing_of_them() -> None:
    hidden = sheet(outlay(MNKR), hidden={Secret.FIGURES: "OSL 19 kap. 3 §"})
    assert fields(said(90 * MNKR), hidden) == []
    assert fields(said(None), hidden) == []
