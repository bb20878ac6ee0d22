"""The ledger read into a period: matching, planning, writing, and matching by hand."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import NOW, make_project
from tests.followup.ledgers import SOURCE, apply_lines, line, make_numbered, open_t1, outcomes
from tracker.errors import ConflictError, DomainError, InvalidInputError
from tracker.followup.codes import PeriodCode
from tracker.followup.ledger_matching import Found, Register
from tracker.followup.ledger_plan import make_ledger_plan
from tracker.followup.ledger_queries import find_current, hand_matches, list_imports, loose_rows, row_counts
from tracker.followup.ledger_services import apply_ledger, forget_match, match_by_hand
from tracker.followup.models import LedgerRow
from tracker.followup.opening import open_period
from tracker.followup.vocabulary import PeriodState
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.money import LIMIT_ORE
from tracker.projects.figures import Figure
from tracker.projects.vocabulary import Flow, Publication


def test_code_first_then_case_number_then_by_hand(session: Session, actor: Actor) -> None:
    one, two = make_numbered(session, "P-1", "E2004-1"), make_numbered(session, "P-2", "E2004-1", "Dnr  2004:7")
    secret = make_numbered(session, "P-3", "S-9", confidential=True, publication=Publication.DRAFT)
    tricky = make_numbered(session, "E2005-55")
    period = open_t1(session, actor)
    register = Register(session)
    assert register.match("p-1 ") == register.match("P-1")
    assert (register.match("P-1").project_id, register.match("P-1").found) == (one.id, Found.CODE)
    assert register.match("dnr 2004:7").project_id == two.id
    assert register.match("OKÄND", "dnr 2004:7").found is Found.CASE_NUMBER
    assert register.match("S-9").project_id == secret.id
    assert register.match("E2004-1").found is Found.SEVERAL
    assert register.match("E2004-1").candidates == (one.id, two.id)
    assert register.match("E2005-55").project_id == tricky.id
    assert register.match("Åkänd").found is Found.UNKNOWN
    assert register.match("").found is Found.NO_REFERENCE
    match_by_hand(session, period, "E2004-1", "P-2", actor)
    match_by_hand(session, period, "Åkänd", "P-1", actor)
    later = Register(session)
    assert (later.match("e2004-1").project_id, later.match("E2004-1").found) == (two.id, Found.BY_HAND)
    assert later.match("A\u030aKÄND").project_id == one.id
    assert [(match.reference, match.code) for match in hand_matches(session)] == [("e2004-1", "P-2"), ("åkänd", "P-1")]


def test_a_programme_takes_no_rows(session: Session, actor: Actor) -> None:
    programme = make_numbered(session, "PR", "D-1")
    child = make_numbered(session, "PR-G", "D-1", parent_id=programme.id)
    period = open_t1(session, actor)
    register = Register(session)
    assert register.match("PR").found is Found.PROGRAMME
    assert "Gemensamt" in register.match("PR").found.label
    assert register.match("D-1").candidates == (child.id,)
    with pytest.raises(InvalidInputError, match="PR är ett program"):
        match_by_hand(session, period, "D-1", "PR", actor)
    match_by_hand(session, period, "PR", "PR-G", actor)
    assert Register(session).match("PR").project_id == child.id


def test_a_plan_says_what_changes_and_what_nothing_is_known_of(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", "D-1", outcome=20)
    make_numbered(session, "P-2", "D-1", outcome=30)
    make_numbered(session, "P-3", outcome=7)
    period = open_t1(session, actor)
    lines = [line(2, "P-1", 15), line(3, "P-1", 10), line(4, "P-2", 30), line(5, "D-1", 100), line(6, "X", -5),
             line(7, "P-1", 4, Flow.INCOME)]  # fmt: skip

    plan = make_ledger_plan(session, period, lines)

    assert [(one.code, one.flow.value, one.old_ore, one.new_ore, one.rows) for one in plan.changed] == [
        ("P-1", "utgift", 20, 25, (2, 3)), ("P-1", "inkomst", None, 4, (7,)),
    ]  # fmt: skip
    assert [one.code for one in plan.unchanged] == ["P-2"]
    assert [one.rows for one in plan.added] == [(2, 3)]
    assert [(one.line.row, one.found, [code for code, _ in one.candidates]) for one in plan.unmatched] == [
        (5, Found.SEVERAL, ["P-1", "P-2"]), (6, Found.UNKNOWN, []),
    ]  # fmt: skip
    assert [(one.code, one.outcome_ore) for one in plan.lacking] == [("P-3", 7)]
    assert [(one.flow.value, one.all_ore, one.matched_ore, one.unmatched_ore) for one in plan.totals] == [
        ("utgift", 150, 55, 95), ("inkomst", 4, 4, 0),
    ]  # fmt: skip


def test_applying_writes_the_period_and_the_register_with_history_and_keeps_the_review(
    session: Session, actor: Actor
) -> None:
    project = make_numbered(session, "P-1", outcome=20, reviewed_by="Granskare", reviewed_at=NOW)
    kept = make_numbered(session, "P-3", outcome=7)
    period = open_t1(session, actor)
    version, other = project.version, kept.version

    done = apply_lines(session, period, [line(2, "P-1", 25), line(3, "P-1", 4, Flow.INCOME), line(4, "X", 9)], actor)

    assert (done.outcomes, done.projects, done.unmatched, done.zeroed) == (2, 1, 1, 0)
    expected = {("P-1", 2005, "utgift"): 25, ("P-1", 2005, "inkomst"): 4, ("P-3", 2005, "utgift"): 7}
    assert outcomes(session, "2005-T1") == outcomes(session, "lopande") == expected
    session.expire_all()
    assert (project.version, kept.version) == (version + 1, other)
    assert (project.reviewed_by, project.publication) == ("Granskare", Publication.PUBLISHED)
    assert [(row.budget_ore, row.forecast_ore) for row in project.figures if row.flow is Flow.OUTLAY] == [(500, 480)]
    (entry,) = session.scalars(select(HistoryEntry).where(HistoryEntry.subject_kind == "project"))
    assert (entry.subject_id, entry.subject_version, entry.actor_name) == (project.id, version + 1, "Prov")
    assert entry.changes == {"figures": [
        [["lopande", 2005, "utgift", 500, 20, 480, False]],
        [["lopande", 2005, "inkomst", None, 4, None, False], ["lopande", 2005, "utgift", 500, 25, 480, False]],
    ]}  # fmt: skip
    stored = session.scalars(select(LedgerRow).order_by(LedgerRow.position)).all()
    assert [(row.row, row.reference, row.amount_ore, row.project_id) for row in stored] == [
        (2, "P-1", 25, project.id), (3, "P-1", 4, project.id), (4, "X", 9, None),
    ]  # fmt: skip


def test_applying_twice_changes_nothing_and_a_later_file_replaces_the_earlier(session: Session, actor: Actor) -> None:
    project = make_numbered(session, "P-1", outcome=20)
    period = open_t1(session, actor)
    lines = [line(2, "P-1", 25), line(3, "X", 9)]
    first = apply_lines(session, period, lines, actor)
    session.refresh(project)
    version, before = project.version, outcomes(session, "2005-T1")
    second = apply_lines(session, period, lines, actor)
    session.refresh(project)
    assert (second.outcomes, second.projects, project.version) == (0, 0, version)
    assert outcomes(session, "2005-T1") == before
    assert find_current(session, period) is second.ledger_import
    assert [one.current for one in list_imports(session, period)] == [True, False]
    assert row_counts(session, period) == {first.ledger_import.id: (2, 1), second.ledger_import.id: (2, 1)}


def test_what_the_ledger_lacks_stays_until_somebody_says_zero(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", outcome=20)
    make_numbered(session, "P-2", outcome=30)
    period = open_t1(session, actor)
    apply_lines(session, period, [line(2, "P-1", 25)], actor)
    assert outcomes(session, "2005-T1")["P-2", 2005, "utgift"] == 30
    done = apply_lines(session, period, [line(2, "P-1", 25)], actor, zero=True)
    assert done.zeroed == 1
    assert (
        outcomes(session, "2005-T1")["P-2", 2005, "utgift"] == outcomes(session, "lopande")["P-2", 2005, "utgift"] == 0
    )


def test_an_older_period_leaves_the_register_alone(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", outcome=20)
    period = open_t1(session, actor)
    open_period(session, PeriodCode.read("2005-T2"), actor, percent=15)
    done = apply_lines(session, period, [line(2, "P-1", 25)], actor)
    assert done.projects == 0
    assert outcomes(session, "2005-T1")["P-1", 2005, "utgift"] == 25
    assert outcomes(session, "lopande")["P-1", 2005, "utgift"] == 20
    assert outcomes(session, "2005-T2")["P-1", 2005, "utgift"] == 20


def test_an_outcome_changed_in_the_register_since_is_brought_in_step(session: Session, actor: Actor) -> None:
    project = make_numbered(session, "P-1", outcome=20)
    period = open_t1(session, actor)
    project.figures[0].outcome_ore = 99
    session.flush()
    apply_lines(session, period, [line(2, "P-1", 20)], actor)
    assert outcomes(session, "lopande")["P-1", 2005, "utgift"] == 20


def test_a_closed_period_and_a_plan_that_was_not_seen_are_refused(session: Session, actor: Actor) -> None:
    project = make_numbered(session, "P-1", outcome=20)
    period = open_t1(session, actor)
    plan = make_ledger_plan(session, period, [line(2, "P-1", 25)])
    session.get_one(Figure, (project.id, "lopande", 2005, Flow.OUTLAY)).outcome_ore = 21
    session.flush()
    later = make_ledger_plan(session, period, plan.lines)
    with pytest.raises(ConflictError, match="sedan du såg planen"):
        apply_ledger(session, period, later, SOURCE, actor, expected=plan.fingerprint())
    period.state = PeriodState.CLOSED
    session.flush()
    with pytest.raises(ConflictError, match="stängd"):
        apply_ledger(session, period, later, SOURCE, actor)
    with pytest.raises(ConflictError, match="stängd"):
        match_by_hand(session, period, "X", "P-1", actor)


def test_a_match_by_hand_moves_the_rows_at_once_and_can_be_undone(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", outcome=20)
    make_project(session, "P-2")
    period = open_t1(session, actor)
    apply_lines(session, period, [line(2, "P-1", 25), line(3, "x 7", 5), line(4, "X 7", 4), line(5, "Y", 1)], actor)
    current = find_current(session, period)
    assert current is not None
    loose = loose_rows(session, current)
    assert [(one.reference, one.amount_ore, one.rows) for one in loose] == [("x 7", 9, (3, 4)), ("Y", 1, (5,))]

    match_by_hand(session, period, "X 7", "P-1", actor)
    assert (
        outcomes(session, "2005-T1")["P-1", 2005, "utgift"] == outcomes(session, "lopande")["P-1", 2005, "utgift"] == 34
    )
    assert [one.reference for one in loose_rows(session, current)] == ["Y"]

    match_by_hand(session, period, "X 7", "P-2", actor)
    assert (
        outcomes(session, "2005-T1")["P-1", 2005, "utgift"],
        outcomes(session, "2005-T1")["P-2", 2005, "utgift"],
    ) == (25, 9)

    forget_match(session, period, "x 7", actor)
    assert outcomes(session, "2005-T1")["P-2", 2005, "utgift"] is None
    assert [one.reference for one in loose_rows(session, current)] == ["x 7", "Y"]
    assert hand_matches(session) == ()


@pytest.mark.parametrize(("reference", "code", "said"), [
    ("X", "FINNS-INTE", "inget projekt med koden FINNS-INTE"), ("", "P-1", "kan inte kopplas"),
    ("P-1", "P-1", "redan ett projekts projektkod"),
])  # fmt: skip
def test_what_cannot_be_matched_by_hand(session: Session, actor: Actor, reference: str, code: str, said: str) -> None:
    make_numbered(session, "P-1")
    period = open_t1(session, actor)
    with pytest.raises(InvalidInputError, match=said):
        match_by_hand(session, period, reference, code, actor)


def test_rows_that_come_to_more_than_an_amount_may_be_are_refused(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1")
    period = open_t1(session, actor)
    with pytest.raises(DomainError, match=r"P-1 2005 \(utgift\) blir tillsammans .* mer än ett belopp kan vara"):
        make_ledger_plan(session, period, [line(row, "P-1", LIMIT_ORE - 1) for row in (2, 3)])


def test_a_plan_seen_before_another_file_was_read_in_is_seen_anew(session: Session, actor: Actor) -> None:
    make_numbered(session, "P-1", outcome=20)
    period = open_t1(session, actor)
    seen = make_ledger_plan(session, period, [line(2, "P-1", 20)])
    apply_lines(session, period, [line(2, "P-1", 20), line(3, "OKÄND", 7)], actor)
    with pytest.raises(ConflictError, match="sedan du såg planen"):
        apply_ledger(
            session, period, make_ledger_plan(session, period, seen.lines), SOURCE, actor, expected=seen.fingerprint()
        )
