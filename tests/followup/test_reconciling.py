"""Reconciling with the ledger and the budget: sums, parts, explanations."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.followup.ledgers import apply_lines, line, make_numbered, open_t1, outcomes
from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.control import control_totals
from tracker.contribution.selection import Scope
from tracker.errors import ConflictError, InvalidInputError
from tracker.followup.codes import PeriodCode
from tracker.followup.facts import ReconciledYear
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.followup.reconciling import missing_targets, reconcile, unsettled
from tracker.followup.reconciling_parts import PartKind, parts_of
from tracker.followup.reconciling_services import enter_total, explain
from tracker.followup.vocabulary import PeriodState, Target
from tracker.history.services import Actor
from tracker.projects.policies import INTERNAL, PUBLIC, SHELL
from tracker.projects.vocabulary import Flow, Publication

OUTLAY = (2005, Flow.OUTLAY)
LEDGER = (Target.LEDGER, *OUTLAY)


def sums(lines: tuple[ReconciledYear, ...]) -> list[tuple[str, int, str, int, int]]:
    return [(one.target.value, one.year, one.flow.value, one.portfolio_ore, one.target_ore) for one in lines]


def first(session: Session, period: Period) -> ReconciledYear:
    return reconcile(session, period, INTERNAL)[0]


def test_without_ledger_and_totals_nothing_is_reconciled_and_nothing_is_zero(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", outcome=20)
    period = open_t1(session, actor)
    assert reconcile(session, period, INTERNAL) == ()
    missing = missing_targets(session, period, INTERNAL)
    assert [(one.target.value, one.flow and one.flow.value, one.portfolio_ore) for one in missing] == [
        ("huvudbok", None, 20), ("budget", "utgift", 500), ("budget", "inkomst", 0),
    ]  # fmt: skip
    assert missing[0].sentence() == "Ingen huvudbok är inläst, så utfallet 2005 är inte avstämt."
    plan = open_period(session, PeriodCode.read("2005-VP"), actor, percent=15)
    assert Target.LEDGER not in {one.target for one in missing_targets(session, plan, INTERNAL)}


def test_the_internal_sums_alone_are_reconciled(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", outcome=20, city_share=5_000)
    make_numbered(session, "P-2", outcome=30, confidential=True, publication=Publication.DRAFT)
    programme = make_numbered(session, "PR", outcome=1_000)
    make_numbered(session, "PR-G", outcome=7, parent_id=programme.id)
    period = open_t1(session, actor)
    apply_lines(session, period, [line(2, "P-1", 20), line(3, "P-2", 30), line(4, "PR-G", 7)], actor)
    assert sums(reconcile(session, period, INTERNAL)) == [
        ("huvudbok", 2005, "utgift", 57, 57), ("huvudbok", 2005, "inkomst", 0, 0),
    ]  # fmt: skip
    assert reconcile(session, period, PUBLIC) == reconcile(session, period, SHELL) == ()
    assert missing_targets(session, period, PUBLIC) == ()
    control = control_totals(session, Scope(INTERNAL, 2005, period=period.key), 2005)
    keys = [one.key for one in AMOUNTS]
    assert control.registered[keys.index("utgift-utfall")] == 57


def test_a_difference_consists_of_loose_rows_and_differing_projects(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", "D-1", outcome=20)
    make_numbered(session, "P-2", "D-1", outcome=30)
    programme = make_numbered(session, "PR")
    make_numbered(session, "PR-G", parent_id=programme.id)
    period = open_t1(session, actor)
    lines = [line(2, "P-1", 25), line(3, "X", 9), line(4, "x", 1), line(5, "D-1", 4), line(6, "PR", 2)]
    apply_lines(session, period, lines, actor)

    told = first(session, period)

    assert (told.portfolio_ore, told.target_ore, told.difference_ore) == (55, 41, 14)
    parts = parts_of(session, period, told)
    assert [(one.kind, one.code, one.amount_ore) for one in parts] == [
        (PartKind.DIFFERS, "P-2", 30), (PartKind.LOOSE, "X", -10), (PartKind.LOOSE, "D-1", -4),
        (PartKind.LOOSE, "PR", -2),
    ]  # fmt: skip
    assert (parts[0].portfolio_ore, parts[0].target_ore) == (30, None)
    assert parts[1].loose is not None
    assert parts[1].loose.rows == (3, 4)


def test_a_project_that_became_a_programme_since_is_a_part(session: Session, actor: Actor) -> None:
    project = make_numbered(session, "P-1", outcome=20)
    period = open_t1(session, actor)
    apply_lines(session, period, [line(2, "P-1", 25)], actor)
    make_numbered(session, "P-1-G", parent_id=project.id)
    told = first(session, period)
    assert told.difference_ore == -25
    assert [(one.kind, one.amount_ore) for one in parts_of(session, period, told)] == [(PartKind.PROGRAMME, -25)]


def test_a_year_that_the_ledger_holds_beside_the_periods_own(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", outcome=20)
    period = open_t1(session, actor)
    apply_lines(session, period, [line(2, "P-1", 20), line(3, "P-1", 5, year=2004)], actor)
    assert sums(reconcile(session, period, INTERNAL)) == [
        ("huvudbok", 2004, "utgift", 5, 5), ("huvudbok", 2005, "utgift", 20, 20), ("huvudbok", 2005, "inkomst", 0, 0),
    ]  # fmt: skip


def test_an_explanation_covers_exactly_its_difference(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", outcome=20)
    period = open_t1(session, actor)
    apply_lines(session, period, [line(2, "P-1", 25), line(3, "X", 9)], actor)
    assert unsettled(reconcile(session, period, INTERNAL))
    with pytest.raises(ConflictError, match="har ändrats"):
        explain(session, period, LEDGER, -8, "Fel skillnad", actor)
    explain(session, period, LEDGER, -9, "  Bokfört på fel projekt  ", actor)
    told = first(session, period)
    assert (told.explanation, told.explained_by, told.settled) == ("Bokfört på fel projekt", "Prov", True)
    assert unsettled(reconcile(session, period, INTERNAL)) == ()

    apply_lines(session, period, [line(2, "P-1", 25), line(3, "X", 10)], actor)
    told = first(session, period)
    assert (told.difference_ore, told.explanation, told.settled) == (-10, "", False)
    assert unsettled(reconcile(session, period, INTERNAL)) == (told,)

    apply_lines(session, period, [line(2, "P-1", 25), line(3, "X", 9)], actor)
    assert first(session, period).settled
    explain(session, period, LEDGER, -9, "", actor)
    assert not first(session, period).settled


def test_a_difference_of_zero_needs_no_words(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", outcome=20)
    period = open_t1(session, actor)
    apply_lines(session, period, [line(2, "P-1", 25)], actor)
    with pytest.raises(InvalidInputError, match="stämmer"):
        explain(session, period, LEDGER, 0, "Onödig", actor)


def test_the_budget_is_reconciled_where_its_total_is_entered(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", outcome=20)
    preliminary = make_numbered(session, "P-2", outcome=0)
    preliminary.figures[0].budget_preliminary = True
    session.flush()
    period = open_t1(session, actor)
    enter_total(session, period, OUTLAY, 900, "Budget 2005, s. 12", actor)
    told = first(session, period)
    assert (told.target, told.portfolio_ore, told.target_ore) == (Target.BUDGET, 1_000, 900)
    parts = parts_of(session, period, told)
    assert {(one.kind, one.amount_ore) for one in parts} == {
        (PartKind.DECIDED, 500), (PartKind.PRELIMINARY, 500), (PartKind.TOTAL, -900),
    }  # fmt: skip
    assert [one.flow for one in missing_targets(session, period, INTERNAL) if one.target is Target.BUDGET] == [
        Flow.INCOME
    ]
    enter_total(session, period, OUTLAY, 1_000, "", actor)
    assert first(session, period).settled
    enter_total(session, period, OUTLAY, None, "", actor)
    assert reconcile(session, period, INTERNAL) == ()
    with pytest.raises(InvalidInputError, match="mellan 1950"):
        enter_total(session, period, (1900, Flow.OUTLAY), 1, "", actor)


def test_a_closed_period_takes_no_totals_and_no_words(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", outcome=20)
    period = open_t1(session, actor)
    apply_lines(session, period, [line(2, "P-1", 25), line(3, "X", 9)], actor)
    period.state = PeriodState.CLOSED
    session.flush()
    with pytest.raises(ConflictError, match="stängd"):
        enter_total(session, period, OUTLAY, 1, "", actor)
    with pytest.raises(ConflictError, match="stängd"):
        explain(session, period, LEDGER, -9, "Sent", actor)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["P-1", "P-2", "P-3", "D-1", "x", "X", "", "PR"]),
        st.integers(-(10**12), 10**12),
        st.sampled_from(list(Flow)),
        st.sampled_from([2004, 2005]),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(ROWS, st.lists(st.one_of(st.none(), st.integers(-(10**12), 10**12)), min_size=3, max_size=3))
def test_a_difference_is_always_the_sum_of_its_parts_and_twice_changes_nothing(
    session: Session, actor: Actor, rows: list[tuple[str, int, Flow, int]], present: list[int | None]
) -> None:
    session.rollback()
    programme = make_numbered(session, "PR")
    make_numbered(session, "PR-G", parent_id=programme.id)
    for place, outcome in enumerate(present, start=1):
        numbers = ("D-1",) if place < 3 else ()
        make_numbered(session, f"P-{place}", *numbers, outcome=outcome)
    period = open_t1(session, actor)
    lines = [line(row, code, ore, flow, year) for row, (code, ore, flow, year) in enumerate(rows, start=2)]
    apply_lines(session, period, lines, actor)
    told = reconcile(session, period, INTERNAL)
    for one in told:
        assert sum(part.amount_ore for part in parts_of(session, period, one)) == one.difference_ore
        assert one.target_ore == sum(row.amount_ore for row in lines if (row.year, row.flow) == (one.year, one.flow))
    before = outcomes(session, period.key)
    again = apply_lines(session, period, lines, actor)
    assert (again.outcomes, again.projects, outcomes(session, period.key)) == (0, 0, before)
    assert reconcile(session, period, INTERNAL) == told
    session.rollback()
