"""The checks read from the database: set-based, for a viewer, against the periods before."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.counting import counted_statements
from tests.factories import make_measure, make_project
from tracker.extensions import db
from tracker.followup.checks_queries import checks_of
from tracker.followup.checks_words import Check
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period, ProjectReport
from tracker.followup.opening import open_period
from tracker.followup.vocabulary import Light, ReportState
from tracker.history.services import Actor
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import INTERNAL, SHELL, Viewer
from tracker.projects.vocabulary import Flow, Gate

MNKR = 100_000_000


def opened(session: Session, actor: Actor, *codes: str) -> list[Period]:
    return [open_period(session, PeriodCode.read(code), actor, percent=15) for code in codes]


def faulty(session: Session, code: str, **values: object) -> Project:
    """A project that many checks find something on."""
    project = make_project(session, code, end_forecast=date(2005, 3, 1), **values)
    project.figures = [Figure(year=2005, flow=Flow.OUTLAY, budget_ore=20 * MNKR, outcome_ore=25 * MNKR, forecast_ore=9)]
    project.volumes = [
        Volume(measure_id=make_measure(session, "hyresratt").id, year=2004, planned=10, completed=8),
        Volume(measure_id=make_measure(session, "hyresratt").id, year=2005, completed=3),
    ]
    session.flush()
    return project


def found(session: Session, period: Period, project: Project, viewer: Viewer = INTERNAL) -> list[str]:
    return [one.code for one in checks_of(session, period, [project.id], viewer)[project.id]]


def test_everything_is_read_that_the_checks_ask_for(session: Session, actor: Actor) -> None:
    project = faulty(session, "P1")
    [period] = opened(session, actor, "2005-T1")
    report = session.query(ProjectReport).one()
    report.light, report.state = Light.RED, ReportState.REPORTED
    session.flush()
    assert sorted(found(session, period, project)) == sorted(
        check.value
        for check in (
            Check.DEVIATION, Check.LIGHT, Check.OVER_BUDGET, Check.UNDER_OUTCOME, Check.END_PASSED, Check.COMPLETED,
        )
    )  # fmt: skip


def test_a_project_without_a_report_is_not_in_the_answer(session: Session, actor: Actor) -> None:
    [period] = opened(session, actor, "2005-T1")
    late = faulty(session, "P1")
    assert checks_of(session, period, [late.id], INTERNAL) == {}


def test_the_history_is_that_of_the_newest_versions_of_the_last_periods(session: Session, actor: Actor) -> None:
    project = make_project(session, "P1")
    project.figures = [Figure(year=2005, flow=Flow.OUTLAY, forecast_ore=20 * MNKR)]
    session.flush()
    plan, _march, period = opened(session, actor, "2005-VP", "2005-03", "2005-T1")
    session.execute(update(ProjectReport).values(state=ReportState.UNCHANGED))
    assert found(session, period, project) == [Check.NO_BUDGET.value, Check.UNCHANGED.value]
    assert Check.UNCHANGED.value not in found(session, plan, project)
    # A correction beside March is what March says now.
    corrected = Period(
        **{name: getattr(_march, name) for name in ("code", "year", "kind", "as_of", "deadline", "goal_set_id",
           "area_set_id", "deviation_percent", "deviation_ore", "opened_at", "opened_by")},
        key="2005-03-v2", version=2,
    )  # fmt: skip
    session.add(corrected)
    session.flush()
    session.add(ProjectReport(period_id=corrected.id, project_id=project.id, state=ReportState.REPORTED))
    session.add(Figure(project_id=project.id, period="2005-03-v2", year=2005, flow=Flow.OUTLAY, budget_ore=2 * MNKR))
    session.execute(update(Figure).where(Figure.period == "lopande").values(budget_ore=2_000 * MNKR))
    session.flush()
    slip = checks_of(session, period, [project.id], INTERNAL)[project.id][0]
    assert slip.check is Check.UNIT
    assert "1\u00a0000 gånger den i 2005-03-v2" in slip.text


def test_the_decided_budget_is_that_of_the_day_of_the_period(session: Session, actor: Actor) -> None:
    project = make_project(session, "P1")
    project.figures = [Figure(year=2005, flow=Flow.OUTLAY, budget_ore=30_000 * MNKR, forecast_ore=30_000 * MNKR)]
    project.decisions = [
        Decision(gate=Gate.IMPLEMENTATION, date=date(2004, 1, 1), outlay_ore=100 * MNKR),
        Decision(gate=Gate.IMPLEMENTATION_REVISED, date=date(2005, 6, 1), outlay_ore=100_000 * MNKR),
    ]
    session.flush()
    first, later = opened(session, actor, "2005-T1", "2005-T2")
    assert found(session, first, project).count(Check.UNIT.value) == 1
    assert Check.UNIT.value not in found(session, later, project)


def test_what_is_hidden_from_a_viewer_takes_no_part(session: Session, actor: Actor) -> None:
    secret, closed = faulty(session, "P1"), faulty(session, "P2", confidential=True)
    secret.secret_fields = [
        SecretField(field=field, ground="OSL 19 kap. 3 §") for field in ("figures", "volumes", "dates")
    ]
    [period] = opened(session, actor, "2005-T1")
    answer = checks_of(session, period, [secret.id, closed.id], SHELL)
    assert [one.check for one in answer[secret.id]] == [Check.NOT_REPORTED]
    assert closed.id not in answer
    assert len(checks_of(session, period, [secret.id, closed.id], INTERNAL)[closed.id]) > 3


def test_the_number_of_statements_does_not_grow(session: Session, actor: Actor) -> None:
    projects = [faulty(session, f"P{number}") for number in range(30)]
    opened(session, actor, "2005-VP", "2005-03")
    [period] = opened(session, actor, "2005-T1")
    session.commit()
    counts = []
    for some in (projects[:1], projects):
        ids = [one.id for one in some]
        period = session.get_one(Period, period.id)
        with counted_statements(db.engine) as statements:
            assert len(checks_of(session, period, ids, SHELL)) == len(ids)
        counts.append(len([one for one in statements if "SELECT" in one]))
    assert counts == [6, 6]
