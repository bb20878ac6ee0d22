"""What the report of an open period tells, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.conftest import NOW
from tests.factories import make_project
from tests.reports.register import add, make_board
from tracker.contribution import gathering as contribution_gathering
from tracker.contribution.amounts import MONEY
from tracker.contribution.packed import Packed
from tracker.exports.audience import Audience
from tracker.followup.codes import PeriodCode
from tracker.followup.facts import DecidedBudget, YearMoney
from tracker.followup.models import Period
from tracker.followup.opening import open_period
from tracker.followup.vocabulary import Light, ReportState
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.vocabulary import Flow
from tracker.reports import gathering_projects
from tracker.reports.encoding import encode
from tracker.reports.facts import BoardFacts
from tracker.reports.snapshots import facts_of


def told(session: Session, period: Period, audience: Audience) -> BoardFacts:
    return facts_of(session, period, audience, NOW)


def codes(facts: BoardFacts) -> list[str]:
    return [one.code for one in facts.projects]


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The statements that are sent inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_the_office_gets_everything_of_a_project(session: Session, actor: Actor) -> None:
    facts = told(session, make_board(session, actor), Audience.INTERNAL)
    assert codes(facts) == ["A-OPEN", "B-HIDDEN", "C-SECRET", "D-DRAFT"]
    assert codes(facts) == [one.code for one in facts.material.projects]
    one = facts.projects[0]
    assert one.money == (
        YearMoney(2004, Flow.OUTLAY, 400_000_000, 390_000_001, None),
        YearMoney(2005, Flow.OUTLAY, 1_000_000_001, 200_000_002, 1_200_000_003),
        YearMoney(2005, Flow.INCOME, 100_000_000, 0, 90_000_000),
    )
    assert (one.state, one.light, one.light_text) == (ReportState.REPORTED, Light.YELLOW, "Sprängning försenad")
    assert (one.comment, one.end_forecast, one.manager) == ("Dyrare berg", date(2007, 5, 1), "Projektledare Prov")
    assert one.motivations
    assert one.answers
    assert one.description
    assert [(row.planned, row.started, row.completed) for row in one.measures] != []
    assert facts.projects[3].state is ReportState.WAITING


def test_a_project_without_a_report_was_not_asked(session: Session, actor: Actor) -> None:
    period = make_board(session, actor)
    later = make_project(session, "E-LATER")
    session.flush()
    assert {one.code: one.state for one in told(session, period, Audience.INTERNAL).projects} == {
        "A-OPEN": ReportState.REPORTED, "B-HIDDEN": ReportState.REPORTED, "C-SECRET": ReportState.REPORTED,
        "D-DRAFT": ReportState.WAITING, later.code: ReportState.NOT_ASKED,
    }  # fmt: skip


def test_the_decided_budget_is_the_one_of_the_as_of_date(session: Session, actor: Actor) -> None:
    facts = told(session, make_board(session, actor), Audience.INTERNAL)
    assert facts.projects[0].decided == DecidedBudget(
        "Reviderat genomförandebeslut", date(2005, 3, 1), 7_000_000_000, None, "2005", 6_000_000_000, "2004"
    )


def test_the_public_gets_published_projects_without_names_working_papers_or_hidden_fields(
    session: Session, actor: Actor
) -> None:
    facts = told(session, make_board(session, actor), Audience.PUBLIC)
    assert codes(facts) == ["A-OPEN", "B-HIDDEN"]
    shown, hidden = facts.projects
    assert (shown.manager, shown.comment, shown.light_text, shown.answers) == ("", "", "", ())
    assert shown.light is Light.YELLOW
    assert shown.money
    assert shown.decided
    assert shown.motivations
    assert shown.measures
    assert (hidden.money, hidden.decided, hidden.measures, hidden.motivations, hidden.answers) == ((), None, (), (), ())
    assert (hidden.light, hidden.light_text, hidden.comment, hidden.description, hidden.manager) == (None, *[""] * 4)
    assert (hidden.start_decided, hidden.start_forecast, hidden.end_decided, hidden.end_forecast) == (None,) * 4
    assert facts.reconciliation == ()


def test_open_drafts_are_told_without_confidential_matters(session: Session, actor: Actor) -> None:
    facts = told(session, make_board(session, actor), Audience.OPEN)
    assert codes(facts) == ["A-OPEN", "B-HIDDEN", "D-DRAFT"]
    assert facts.projects[0].comment == "Dyrare berg"
    assert facts.projects[0].answers
    assert (facts.projects[1].comment, facts.projects[1].money, facts.projects[0].manager) == ("", (), "")


def test_the_figures_of_a_period_that_is_not_the_newest_are_its_own(session: Session, actor: Actor) -> None:
    project = add(session, actor, "A")
    period = open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    open_period(session, PeriodCode.read("2005-T2"), actor, percent=15)
    next(row for row in project.figures if row.year == 2005 and row.flow is Flow.OUTLAY).forecast_ore = 1
    session.flush()
    facts = told(session, period, Audience.INTERNAL)
    assert facts.projects[0].money[1].forecast_ore == 1_200_000_003
    column = next(at for at, one in enumerate(MONEY) if one.key == "utgift-prognos")
    assert facts.material.facts.amount[facts.material.facts.column == column].tolist() == [
        600_000_002
    ]  # half, rounded up


@pytest.mark.parametrize("audience", Audience)
def test_many_projects_take_as_many_queries_as_few(session: Session, actor: Actor, audience: Audience) -> None:
    period = make_board(session, actor)
    with statements(session) as few:
        told(session, period, audience)
    for number in range(30):
        project = make_project(session, f"M-{number}")
        session.add(Figure(project_id=project.id, period=period.key, year=2005, flow=Flow.OUTLAY, budget_ore=100))
    session.flush()
    session.expire_all()
    with statements(session) as many:
        facts = told(session, period, audience)
    assert len(facts.projects) >= 32
    assert len(many) <= len(few) + 3  # the period itself is read again


def test_projects_are_read_in_blocks_and_packed(
    session: Session, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = make_board(session, actor)
    for number in range(7):
        make_project(session, f"M-{number}")
    session.flush()
    at_once = told(session, period, Audience.INTERNAL)
    for module in (contribution_gathering, gathering_projects):
        monkeypatch.setattr(module, "BLOCK", 3)
    asked: list[int] = []
    reading = gathering_projects._said

    def noting(*given: Any) -> Any:
        asked.append(len(given[-1]))
        return reading(*given)

    monkeypatch.setattr(gathering_projects, "_said", noting)
    in_blocks = told(session, period, Audience.INTERNAL)
    assert isinstance(in_blocks.projects, Packed)
    assert isinstance(in_blocks.material.projects, Packed)
    assert max(asked) == 3
    assert sum(asked) == len(in_blocks.projects) > 9
    assert in_blocks.projects == at_once.projects
    assert in_blocks.material.projects == at_once.material.projects
    assert encode(in_blocks) == encode(at_once)


def test_earlier_periods_of_the_year_stand_beside_in_their_newest_version(session: Session, actor: Actor) -> None:
    add(session, actor, "A")
    for code in ("2004-VB", "2005-VP", "2005-01", "2005-02"):
        open_period(session, PeriodCode.read(code), actor, percent=15)
    period = open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    facts = told(session, period, Audience.PUBLIC)
    assert [one.period.key for one in facts.earlier] == ["2005-VP", "2005-02"]
    assert [one.code for one in facts.earlier[0].material.projects] == ["A"]
