"""The newest open period follows the register without anybody pressing anything; an older one keeps what it had."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.followup.ledgers import apply_lines, line
from tests.followup.test_reporting import CONTROLLER, GREEN, MNKR, opened, paid, report_of, rows
from tests.reports.closed import close
from tracker.contribution.amounts import AMOUNTS
from tracker.exports.audience import Audience
from tracker.followup.models import Period, ProjectReport
from tracker.followup.reconciling import portfolio_sums
from tracker.followup.refreshing import Turnover, count_turnover, refresh_period
from tracker.followup.reporting import report_project
from tracker.followup.vocabulary import Target
from tracker.history.services import Actor
from tracker.projects.models import Project
from tracker.projects.vocabulary import Flow, Phase
from tracker.reports.facts import BoardFacts
from tracker.reports.snapshots import facts_of, kept_facts

BUDGET = [one.key for one in AMOUNTS].index("utgift-budget")


def rebudget(session: Session, project: Project, ore: int) -> None:
    """As the project form does it."""
    [row] = [one for one in project.figures if one.year == 2005]
    row.budget_ore = ore
    session.commit()


def budgets(facts: BoardFacts) -> list[int | None]:
    return [one.budget_ore for project in facts.projects for one in project.money if one.year == 2005]


def expected(session: Session, period: Period) -> set[str]:
    statement = select(Project.code).join(ProjectReport).where(ProjectReport.period_id == period.id)
    return set(session.scalars(statement))


def test_a_budget_changed_after_opening_is_previewed_reconciled_and_closed(session: Session, actor: Actor) -> None:
    project = paid(session, "P1")
    period = opened(session, actor)
    rebudget(session, project, 100 * MNKR)

    previewed = facts_of(session, period, Audience.INTERNAL)
    assert budgets(previewed) == [100 * MNKR]
    assert previewed.material.control.portfolio[BUDGET] == 100 * MNKR
    assert portfolio_sums(session, period, Target.BUDGET)[2005, Flow.OUTLAY] == 100 * MNKR

    closed = close(session, period, actor)
    kept = kept_facts(session, closed, Audience.INTERNAL)
    assert budgets(kept) == [100 * MNKR]
    assert kept.material.control.portfolio == previewed.material.control.portfolio
    assert rows(session, project, "2005-T1") == rows(session, project, "lopande")
    rebudget(session, session.get_one(Project, project.id), 7)
    assert rows(session, project, "2005-T1")[2005, "utgift"][0] == 100 * MNKR
    assert portfolio_sums(session, closed, Target.BUDGET)[2005, Flow.OUTLAY] == 100 * MNKR


def test_an_older_open_period_keeps_what_stood_when_the_next_was_opened(session: Session, actor: Actor) -> None:
    project = paid(session, "P1")
    older = opened(session, actor)
    rebudget(session, project, 100 * MNKR)
    newer = opened(session, actor, "2005-T2")
    rebudget(session, project, 200 * MNKR)
    assert budgets(facts_of(session, older, Audience.INTERNAL)) == [100 * MNKR]
    assert budgets(facts_of(session, newer, Audience.INTERNAL)) == [200 * MNKR]
    close(session, newer, actor)
    assert rows(session, project, "2005-T1")[2005, "utgift"][0] == 100 * MNKR
    assert budgets(facts_of(session, older, Audience.INTERNAL)) == [100 * MNKR]


def test_a_project_that_gets_money_from_the_ledger_is_expected_to_report(session: Session, actor: Actor) -> None:
    paid(session, "P1")
    ended = paid(session, "P2", phase=Phase.CLOSED)
    ended.figures = []
    session.flush()
    period = opened(session, actor)
    assert expected(session, period) == {"P1"}
    apply_lines(session, period, [line(2, "P1", 5), line(3, "P2", 7)], actor)
    assert expected(session, period) == {"P1", "P2"}
    assert report_of(session, period, ended).version == 1


@pytest.mark.parametrize("phase", [Phase.CLOSED, Phase.ABORTED])
def test_what_ended_without_money_is_no_longer_expected_unless_it_has_reported(
    session: Session, actor: Actor, phase: Phase
) -> None:
    codes: dict[str, dict[str, Any]] = {"GOES-ON": {}, "ENDED": {}, "SAID": {}, "PAID": {}}
    projects = {code: paid(session, code, **values) for code, values in codes.items()}
    period = opened(session, actor)
    report_project(session, period, projects["SAID"], GREEN, actor, CONTROLLER, 1)
    for code in ("ENDED", "SAID", "PAID"):
        projects[code].phase = phase
    for code in ("ENDED", "SAID"):
        projects[code].figures = []
    session.flush()
    session.expire_all()
    assert count_turnover(session, period) == Turnover(0, 1)
    assert refresh_period(session, period, actor) == Turnover(0, 1)
    assert expected(session, period) == {"GOES-ON", "SAID", "PAID"}
    assert count_turnover(session, period) == Turnover(0, 0)
