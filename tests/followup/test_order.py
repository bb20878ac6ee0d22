"""Periods in another order than the calendar's: next year's plan in the autumn, a month opened late, a late report."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from tests.followup.ledgers import apply_lines, line, outcomes
from tests.followup.test_reporting import CONTROLLER, GREEN, MNKR, opened, paid, report_of, rows
from tracker.followup.confirming import confirm_unchanged
from tracker.followup.queries import is_newest, list_later
from tracker.followup.report_inputs import ForecastInput
from tracker.followup.reporting import report_project
from tracker.followup.vocabulary import Light
from tracker.history.services import Actor
from tracker.projects.vocabulary import Flow

OUTLAY = (2005, "utgift")


def test_next_years_plan_cuts_the_old_year_off_from_nothing(session: Session, actor: Actor) -> None:
    project = paid(session, "P1")
    third, plan, annual = (opened(session, actor, code) for code in ("2005-T2", "2006-VP", "2005-VB"))
    assert [is_newest(session, one) for one in (third, plan, annual)] == [False, True, True]

    apply_lines(session, annual, [line(2, "P1", 9 * MNKR)], actor)
    ahead = replace(GREEN, forecasts=(ForecastInput(2005, Flow.OUTLAY, 9 * MNKR), ForecastInput(2006, Flow.OUTLAY, 33)))
    report_project(session, annual, project, ahead, actor, CONTROLLER, 1)

    assert rows(session, project, "lopande")[OUTLAY] == (10 * MNKR, 9 * MNKR, 9 * MNKR)
    assert rows(session, project, "2005-T2")[OUTLAY] == (10 * MNKR, 2 * MNKR, 10 * MNKR)
    opened(session, actor, "2006-01")
    for key in ("2005-VB", "2006-VP", "2006-01"):
        assert rows(session, project, key)[OUTLAY] == (10 * MNKR, 9 * MNKR, 9 * MNKR)
        assert rows(session, project, key)[2006, "utgift"] == (5 * MNKR, None, 33)
    assert [one.key for one in list_later(session, annual)] == ["2006-01"]


def test_a_month_opened_late_begins_as_the_period_before_it_ended(session: Session, actor: Actor) -> None:
    project = paid(session, "P1")
    opened(session, actor, "2005-VP")
    third = opened(session, actor, "2005-T2")
    apply_lines(session, third, [line(2, "P1", 8 * MNKR)], actor)
    report_project(session, third, project, replace(GREEN, light_text="augusti"), actor, CONTROLLER, 1)

    march = opened(session, actor, "2005-03")

    assert rows(session, project, "2005-03")[OUTLAY] == (10 * MNKR, 2 * MNKR, 10 * MNKR)
    assert report_of(session, march, project).light_text == ""
    assert rows(session, project, "lopande")[OUTLAY] == (10 * MNKR, 8 * MNKR, 11 * MNKR)


def test_the_first_month_opened_late_has_no_outcome_of_a_later_day(session: Session, actor: Actor) -> None:
    paid(session, "P1")
    apply_lines(session, opened(session, actor, "2005-T2"), [line(2, "P1", 8 * MNKR)], actor)
    opened(session, actor, "2005-03")
    assert outcomes(session, "2005-03")["P1", 2005, "utgift"] is None
    assert outcomes(session, "lopande")["P1", 2005, "utgift"] == 8 * MNKR


def test_a_late_report_is_carried_on_to_where_the_project_still_waits(session: Session, actor: Actor) -> None:
    waits, spoke = paid(session, "P1"), paid(session, "P2")
    late, newest = opened(session, actor, "2005-T1"), opened(session, actor, "2005-T2")
    report_project(session, newest, spoke, GREEN, actor, CONTROLLER, 1)
    said = replace(GREEN, forecasts=(ForecastInput(2005, Flow.OUTLAY, 20 * MNKR),), light=Light.RED, light_text="sent",
                   comment="dyrare")  # fmt: skip
    for project in (waits, spoke):
        report_project(session, late, project, said, actor, CONTROLLER, 1)

    assert [rows(session, one, "lopande")[OUTLAY][2] for one in (waits, spoke)] == [20 * MNKR, 11 * MNKR]
    assert [rows(session, one, "2005-T1")[OUTLAY][2] for one in (waits, spoke)] == [20 * MNKR, 20 * MNKR]
    confirm_unchanged(session, newest, [waits.id], actor, CONTROLLER)
    carried = report_of(session, newest, waits)
    session.refresh(carried)
    assert (carried.light, carried.light_text, carried.comment) == (Light.RED, "sent", "dyrare")
    assert rows(session, waits, "2005-T2")[OUTLAY][2] == 20 * MNKR
