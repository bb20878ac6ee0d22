"""The checks of a report: each with what it says, what it lets be, and that none of them ever raises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.followup.checks import look
from tracker.followup.checks_facts import CountFacts, PastReport, PeriodRules, ReportFacts
from tracker.followup.checks_money import deviates
from tracker.followup.checks_spelling import spelled
from tracker.followup.checks_words import Check, Severity
from tracker.followup.facts import YearMoney
from tracker.followup.vocabulary import Light, ReportState
from tracker.projects.vocabulary import Flow, Phase

MNKR = 100_000_000
TKR = 100_000
RULES = PeriodRules(2005, date(2005, 4, 30), date(2005, 5, 15), 15, MNKR, date(2005, 5, 2))
SAID = ReportFacts(state=ReportState.REPORTED)


def outlay(
    budget: int | None = None, outcome: int | None = None, forecast: int | None = None, year: int = 2005
) -> YearMoney:
    return YearMoney(year, Flow.OUTLAY, budget, outcome, forecast)


def codes(facts: ReportFacts, rules: PeriodRules = RULES) -> list[str]:
    return [one.code for one in look(facts, rules)]


def text(facts: ReportFacts, check: Check, rules: PeriodRules = RULES) -> str:
    [found] = [one for one in look(facts, rules) if one.check is check]
    return found.text.replace("\u00a0", " ")


def test_nothing_is_found_where_all_is_well() -> None:
    facts = replace(
        SAID, light=Light.GREEN, end_forecast=date(2006, 6, 30), money=(outlay(20 * MNKR, 5 * MNKR, 19 * MNKR),)
    )
    assert look(facts, RULES) == ()


def test_a_missing_report_is_a_note_before_the_last_day_and_an_error_after() -> None:
    [before] = look(ReportFacts(), RULES)
    assert (before.severity, before.text) == (
        Severity.NOTE,
        "Rapporten saknas. Sista dag är 2005-05-15. Rapportera, eller bekräfta att inget är nytt.",
    )
    assert "Sista dag är" in look(ReportFacts(), replace(RULES, today=date(2005, 5, 15)))[0].text
    [late] = look(ReportFacts(), replace(RULES, today=date(2005, 5, 16)))
    assert (late.severity, "för 1 dag sedan" in late.text) == (Severity.ERROR, True)
    assert "för 17 dagar sedan" in look(ReportFacts(), replace(RULES, today=date(2005, 6, 1)))[0].text
    assert look(ReportFacts(), replace(RULES, today=None))[0].severity is Severity.NOTE


def test_a_forecast_a_thousand_times_the_budget_is_told_in_both_readings() -> None:
    facts = replace(SAID, comment="Se texten", money=(outlay(12_500 * TKR, None, 12_500 * MNKR),))
    said = text(facts, Check.UNIT)
    assert said == (
        "Prognosen för utgifter 2005 är 12 500,0 mnkr, ungefär 1 000 gånger budgeten (12,5 mnkr). "
        "Är det skrivet i fel enhet (tkr eller mnkr) ska det vara 12,5 mnkr: rätta det. "
        "Är beloppet riktigt: skriv varför i kommentaren. Kan det vara budgeten som är fel: säg till controllern."
    )


@pytest.mark.parametrize(
    ("money", "past", "decided", "expected"),
    [
        (outlay(20 * MNKR, None, 20 * TKR), None, None, "1/1000 av budgeten (20,0 mnkr)"),
        (outlay(20 * MNKR, None, 7 * TKR), None, None, "1/2900 av budgeten"),
        (outlay(None, None, 18_000 * MNKR), outlay(None, None, 20 * MNKR), None, "900 gånger den i 2005-02 (20,0 mnkr"),
        (outlay(20_000 * MNKR), outlay(20 * MNKR), None, "1 000 gånger den i 2005-02"),
        (outlay(20 * MNKR, 15_000 * MNKR), None, None, "750 gånger budgeten"),
        (outlay(20 * TKR, 20 * MNKR), None, None, "1 000 gånger budgeten"),
        (outlay(None, None, 30_000 * MNKR), None, 100 * MNKR, "300 gånger hela projektets beslutade budget"),
        # What was wrong last time and was carried over is still wrong.
        (outlay(20 * MNKR, None, 20 * TKR), outlay(20 * MNKR, None, 20 * TKR), None, "1/1000 av budgeten"),
        # Both slipped together: the budget's own history tells.
        (outlay(20_000 * MNKR, None, 20_000 * MNKR), outlay(20 * MNKR, None, 20 * MNKR), None, "gånger den i 2005-02"),
    ],
)
def test_slips_of_a_thousand(money: YearMoney, past: YearMoney | None, decided: int | None, expected: str) -> None:
    earlier = (PastReport("2005-02", money=(past,)),) if past else ()
    facts = replace(SAID, money=(money,), past=earlier, decided_outlay_ore=decided)
    said = [one.text.replace("\u00a0", " ") for one in look(facts, RULES) if one.check is Check.UNIT]
    assert said
    assert expected in said[0]


@pytest.mark.parametrize(
    ("money", "past", "decided"),
    [
        # A year begins with a thousandth of its budget spent.
        (outlay(20 * MNKR, 20 * TKR, 20 * MNKR), None, None),
        # The work begins: the outcome grows a thousand times, within its budget.
        (outlay(20 * MNKR, 15 * MNKR, 20 * MNKR), outlay(20 * MNKR, 15 * TKR, 20 * MNKR), None),
        # Put off: little is spent and little was forecast the last time too.
        (outlay(20 * MNKR, 15 * TKR, 20 * TKR), outlay(20 * MNKR, 10 * TKR, 25 * TKR), None),
        # The budget came, and the forecast with it; what was decided in all fits.
        (outlay(16 * MNKR, None, 15 * MNKR), outlay(15 * TKR, None, 15 * TKR), 60 * MNKR),
        # Ten times is a change, not a slip.
        (outlay(2 * MNKR, None, 20 * MNKR), outlay(2 * MNKR, None, 2 * MNKR), None),
        # Too small to tell.
        (outlay(50, None, 50_000), None, None),
        (outlay(0, 0, 0), outlay(0, 0, 0), 0),
    ],
)
def test_real_changes_are_no_slips(money: YearMoney, past: YearMoney | None, decided: int | None) -> None:
    earlier = (PastReport("2005-02", money=(past,)),) if past else ()
    facts = replace(SAID, money=(money,), past=earlier, decided_outlay_ore=decided)
    assert Check.UNIT.value not in codes(facts)


def test_one_year_beside_the_others_and_all_of_them_beside_what_was_decided() -> None:
    years = (outlay(None, None, 20 * MNKR, 2004), outlay(None, None, 25_000 * MNKR), outlay(None, None, 9 * MNKR, 2006))
    assert "1 300 gånger det högsta av andra år (20,0 mnkr)" in text(replace(SAID, money=years), Check.UNIT)
    small = tuple(outlay(None, None, 200 * TKR, year) for year in (2005, 2006))
    facts = replace(SAID, money=small, decided_outlay_ore=400 * MNKR)
    assert "Alla år tillsammans är 0,4 mnkr i utgifter, ungefär 1/1000 av" in text(facts, Check.UNIT)
    assert Check.UNIT.value not in codes(replace(facts, money=small[:1]))


def test_a_negative_amount_is_asked_about_once_there_was_none_before() -> None:
    facts = replace(SAID, money=(outlay(20 * MNKR, -120_000_000, 20 * MNKR),))
    assert text(facts, Check.SIGN).startswith("Utfallet för utgifter 2005 är −1,2 mnkr.")
    assert "be controllern" in text(facts, Check.SIGN)
    before = (PastReport("2005-02", money=(outlay(20 * MNKR, -1, None, 2004),)),)
    assert Check.SIGN.value not in codes(replace(facts, past=before))


def test_outcome_against_budget_and_forecast() -> None:
    facts = replace(SAID, comment="Dyrare", money=(outlay(10 * MNKR, 12 * MNKR, 11 * MNKR),))
    assert "12,0 mnkr, 2,0 mnkr över årets budget (10,0 mnkr)" in text(facts, Check.OVER_BUDGET)
    assert "11,0 mnkr, 1,0 mnkr under utfallet hittills i år (12,0 mnkr)" in text(facts, Check.UNDER_OUTCOME)
    assert "50 kr över" in text(replace(SAID, money=(outlay(0, 5_000),)), Check.OVER_BUDGET)
    # Another year than the period's is another report's matter; income over budget is no fault.
    assert codes(replace(facts, money=(outlay(10 * MNKR, 12 * MNKR, 11 * MNKR, 2004),))) == []
    income = YearMoney(2005, Flow.INCOME, MNKR, 2 * MNKR, 2 * MNKR)
    assert codes(replace(SAID, comment="Mer", money=(income,))) == []


def test_amounts_without_a_budget() -> None:
    said = text(replace(SAID, money=(outlay(None, None, 3 * MNKR),)), Check.NO_BUDGET)
    assert said.startswith("Prognosen för utgifter 2005 är 3,0 mnkr, men året har ingen budget.")
    assert Check.NO_BUDGET.value not in codes(replace(SAID, money=(outlay(None, 0, 0), outlay(None, None, None))))
    assert Check.NO_BUDGET.value not in codes(replace(SAID, money=(outlay(0, None, 0),)))


def test_a_deviation_needs_a_comment_from_both_limits_on() -> None:
    facts = replace(SAID, money=(outlay(10 * MNKR, None, 12 * MNKR),))
    assert "12,0 mnkr, 2,0 mnkr över budgeten (10,0 mnkr). Från 15 % och 1,0 mnkr" in text(facts, Check.DEVIATION)
    assert codes(replace(facts, comment="Dyrare")) == []
    assert codes(replace(facts, comment=" \n")) == [Check.DEVIATION.value]
    assert deviates(10 * MNKR, 10 * MNKR + 150_000_000, 15, MNKR)
    assert not deviates(10 * MNKR, 10 * MNKR + 149_999_999, 15, MNKR)
    assert not deviates(2 * MNKR, 2 * MNKR + 99_999_999, 15, MNKR)
    assert deviates(2 * MNKR, MNKR, 15, MNKR)
    assert deviates(0, MNKR, 15, MNKR)
    assert not deviates(None, MNKR, 0, 0)
    assert not deviates(MNKR, MNKR, 0, 0)


def test_yellow_and_red_need_a_text() -> None:
    assert "Status är gul" in text(replace(SAID, light=Light.YELLOW), Check.LIGHT)
    assert "Status är röd" in text(replace(SAID, light=Light.RED, light_text="  "), Check.LIGHT)
    assert codes(replace(SAID, light=Light.GREEN)) == []
    assert codes(replace(SAID, light=Light.RED, light_text="Överklagad")) == []


def test_an_end_that_has_passed_or_moved() -> None:
    passed = replace(SAID, end_forecast=date(2005, 4, 29))
    assert "bedömda slut 2005-04-29 har passerat (2005-04-30), men skedet är genomförande" in text(
        passed, Check.END_PASSED
    )
    assert "beslutade slut" in text(replace(SAID, end_decided=date(2004, 1, 1)), Check.END_PASSED)
    assert codes(replace(passed, end_forecast=date(2005, 4, 30))) == []
    assert codes(replace(passed, phase=Phase.CLOSED)) == []
    moved = replace(SAID, end_forecast=date(2007, 1, 1), past=(PastReport("2005-VP", end_forecast=date(2006, 1, 1)),))
    assert "från 2006-01-01 (i 2005-VP) till 2007-01-01, 365 dagar senare" in text(moved, Check.END_MOVED)
    assert codes(replace(moved, comment="Överklagad")) == []
    assert codes(replace(moved, end_forecast=date(2006, 1, 30))) == []


def test_more_completed_than_planned() -> None:
    facts = replace(SAID, counts=(CountFacts("Hyresrätter", 1_200, 1_201), CountFacts("Student", None, 5)))
    assert "Hyresrätter: 1 201 är färdigställda men 1 200 planerade" in text(facts, Check.COMPLETED)
    assert codes(replace(SAID, counts=(CountFacts("Hyresrätter", 5, 5),))) == []


def test_unchanged_for_three_reported_periods() -> None:
    def past(key: str, forecast: int = MNKR, state: ReportState = ReportState.UNCHANGED) -> PastReport:
        return PastReport(key, state, Light.GREEN, money=(outlay(MNKR, None, forecast),))

    facts = replace(
        SAID, light=Light.GREEN, money=(outlay(MNKR, 5 * TKR, MNKR),), past=(past("2005-03"), past("2005-02"))
    )
    assert "desamma som i 2005-03 och 2005-02" in text(facts, Check.UNCHANGED)
    assert codes(replace(facts, past=facts.past[:1])) == []
    assert codes(replace(facts, state=ReportState.WAITING)) == [Check.NOT_REPORTED.value]
    assert codes(replace(facts, past=(past("2005-03"), past("2005-02", MNKR + 1)))) == []
    assert codes(replace(facts, past=(past("2005-03"), past("2005-02", state=ReportState.WAITING)))) == []
    assert codes(replace(facts, light_text="Markarbeten pågår")) == []
    assert codes(replace(facts, money=(), money_seen=False)) == []
    assert codes(replace(facts, phase=Phase.DORMANT)) == []


AMOUNT = st.none() | st.sampled_from([0, 1, -1, MNKR, -MNKR, 10**15 - 1, 1 - 10**15]) | st.integers(-(10**15), 10**15)
DAY = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
MONEY = st.lists(
    st.builds(YearMoney, st.integers(2003, 2007), st.sampled_from(Flow), AMOUNT, AMOUNT, AMOUNT), max_size=6
).map(tuple)
PAST = st.builds(
    PastReport, st.just("2005-02"), st.sampled_from(ReportState), st.none() | st.sampled_from(Light),
    st.sampled_from(["", "text"]), DAY, MONEY,
)  # fmt: skip
FACTS = st.builds(
    ReportFacts, st.sampled_from(ReportState), st.sampled_from(Phase), st.none() | st.sampled_from(Light),
    st.sampled_from(["", "text"]), st.sampled_from(["", "text"]), DAY, DAY, MONEY, AMOUNT, AMOUNT,
    st.lists(st.builds(CountFacts, st.just("Hyresrätter"), AMOUNT, st.integers(-5, 10**9)), max_size=2).map(tuple),
    st.lists(PAST, max_size=2).map(tuple),
)  # fmt: skip


@given(FACTS, st.none() | st.dates(date(2005, 1, 1), date(2006, 1, 1)))
def test_no_check_ever_raises_and_each_finding_is_a_sentence(facts: ReportFacts, today: date | None) -> None:
    findings = look(facts, replace(RULES, today=today))
    weights = [one.severity.weight for one in findings]
    assert weights == sorted(weights, reverse=True)
    for one in findings:
        assert one.text.endswith(".")
        assert "None" not in one.text
        assert one.check.label


@given(st.integers(MNKR, 10**11), st.integers(-300, 300))
def test_a_slip_of_exactly_a_thousand_is_always_found(budget: int, apart: int) -> None:
    """Whichever way it goes, also when the amount itself is up to a third off."""
    near = budget + budget * apart // 1000
    for forecast in (near * 1000, near // 1000):
        assert Check.UNIT.value in codes(replace(SAID, money=(outlay(budget, None, forecast),)))


@given(st.integers(1, 10**12), st.integers(2, 90))
def test_a_change_of_less_than_a_hundred_times_is_never_called_a_slip(budget: int, times: int) -> None:
    for forecast in (budget * times, budget // times):
        assert Check.UNIT.value not in codes(replace(SAID, money=(outlay(budget, None, forecast),)))


@given(AMOUNT, AMOUNT, st.integers(0, 1000), st.integers(0, 10**12))
def test_a_deviation_is_the_same_both_ways(budget: int | None, forecast: int | None, percent: int, ore: int) -> None:
    mirrored = [None if one is None else -one for one in (budget, forecast)]
    assert deviates(budget, forecast, percent, ore) == deviates(mirrored[0], mirrored[1], percent, ore)


def test_amounts_are_spelled_so_that_they_say_something() -> None:
    assert [spelled(ore).replace("\u00a0", " ") for ore in (0, 5_050, 9_999_900, 10_000_000, -MNKR)] == [
        "0 kr", "50,50 kr", "99 999 kr", "0,1 mnkr", "−1,0 mnkr",
    ]  # fmt: skip
