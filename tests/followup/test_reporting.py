"""Reporting: what is written where, what is left alone, and what history keeps."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_measure, make_project
from tracker.accounts.queries import find_user
from tracker.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from tracker.followup.codes import PeriodCode
from tracker.followup.confirming import confirm_unchanged
from tracker.followup.models import Period, ProjectReport
from tracker.followup.opening import open_period
from tracker.followup.report_inputs import CountInput, ForecastInput, ReportInput
from tracker.followup.reporting import Entry, RefusedReportsError, report_many, report_project
from tracker.followup.vocabulary import Light, PeriodState, ReportState
from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import Project, SecretField
from tracker.projects.policies import Rights, Viewer
from tracker.projects.vocabulary import Flow, Publication

MNKR = 100_000_000
CONTROLLER = Rights(budget=True, publish=True, viewer=Viewer(drafts=True, confidential=True))
LATER = datetime(2005, 5, 10, 8, 0, tzinfo=UTC)
GREEN = ReportInput((ForecastInput(2005, Flow.OUTLAY, 11 * MNKR),), light=Light.GREEN)


def paid(session: Session, code: str, **values: Any) -> Project:
    """A project with 10 mnkr of budget and forecast in 2005, 2 of outcome, 5 in 2006, and 40 dwellings planned."""
    project = make_project(session, code, **values)
    project.figures = [
        Figure(year=2005, flow=Flow.OUTLAY, budget_ore=10 * MNKR, outcome_ore=2 * MNKR, forecast_ore=10 * MNKR),
        Figure(year=2006, flow=Flow.OUTLAY, budget_ore=5 * MNKR, forecast_ore=5 * MNKR),
    ]
    homes = make_measure(session, "lagenheter")
    project.volumes = [Volume(measure_id=homes.id, year=2004, planned=40)]
    session.flush()
    return project


def opened(session: Session, actor: Actor, code: str = "2005-T1") -> Period:
    return open_period(session, PeriodCode.read(code), actor, 15)


def rows(session: Session, project: Project, key: str) -> dict[tuple[int, str], tuple[int | None, ...]]:
    statement = select(Figure).where(Figure.project_id == project.id, Figure.period == key)
    found = session.scalars(statement.execution_options(populate_existing=True))
    return {(row.year, row.flow.value): (row.budget_ore, row.outcome_ore, row.forecast_ore) for row in found}


def counts(session: Session, project: Project, key: str) -> dict[int, tuple[int | None, ...]]:
    statement = select(Volume).where(Volume.project_id == project.id, Volume.period == key)
    found = session.scalars(statement.execution_options(populate_existing=True))
    return {row.year: (row.planned, row.started, row.completed) for row in found}


def report_of(session: Session, period: Period, project: Project) -> ProjectReport:
    statement = select(ProjectReport).where(
        ProjectReport.period_id == period.id, ProjectReport.project_id == project.id
    )
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def history(session: Session, kind: str, subject_id: int) -> list[HistoryEntry]:
    statement = select(HistoryEntry).where(HistoryEntry.subject_kind == kind, HistoryEntry.subject_id == subject_id)
    return list(session.scalars(statement.order_by(HistoryEntry.id)))


def test_a_report_reaches_the_period_and_the_register(session: Session, actor: Actor) -> None:
    project = paid(session, "P1", reviewed_by="G", reviewed_at=LATER, published_at=LATER)
    period = opened(session, actor)
    homes = make_measure(session, "lagenheter")
    given = ReportInput(
        forecasts=(
            ForecastInput(2005, Flow.OUTLAY, 1_150_000_050), ForecastInput(2005, Flow.INCOME, MNKR),
            ForecastInput(2006, Flow.OUTLAY, None),
        ),
        counts=(CountInput(homes.id, planned=38, started=12),),
        start_forecast=date(2005, 3, 1), end_forecast=date(2007, 6, 30),
        light=Light.YELLOW, light_text="  Marken är blöt. ", comment="Dyrare schakt.",
    )  # fmt: skip

    report = report_project(session, period, project, given, actor, CONTROLLER, 1)

    expected = {
        (2005, "utgift"): (10 * MNKR, 2 * MNKR, 1_150_000_050),
        (2005, "inkomst"): (None, None, MNKR),
        (2006, "utgift"): (5 * MNKR, None, None),
    }
    assert rows(session, project, "2005-T1") == rows(session, project, "lopande") == expected
    assert counts(session, project, "2005-T1") == {2004: (40, None, None), 2005: (38, 12, None)}
    assert counts(session, project, "lopande") == counts(session, project, "2005-T1")
    assert (project.start_forecast, project.end_forecast) == (date(2005, 3, 1), date(2007, 6, 30))
    assert (report.state, report.light, report.light_text, report.comment) == (
        ReportState.REPORTED, Light.YELLOW, "Marken är blöt.", "Dyrare schakt.",
    )  # fmt: skip
    assert (report.version, report.reported_at, report.reported_by) == (2, actor.at, "Prov")
    assert (project.version, project.reviewed_by, project.publication) == (2, "G", Publication.PUBLISHED)
    [told] = history(session, "project", project.id)
    assert (told.note, told.subject_version) == ("rapporterad i 2005-T1", 2)
    assert sorted(told.changes) == ["end_forecast", "figures", "start_forecast", "volumes"]
    [said] = history(session, "rapport", report.id)
    assert (said.subject_version, said.note) == (2, "2005-T1")
    assert said.changes["state"] == ["vantar", "rapporterad"]
    assert said.changes["counts"] == [[[homes.id, 40, None, None]], [[homes.id, 38, 12, None]]]


def test_what_is_not_named_stays(session: Session, actor: Actor) -> None:
    project = paid(session, "P1")
    period = opened(session, actor)
    report_project(session, period, project, GREEN, actor, CONTROLLER, 1)
    assert rows(session, project, "lopande")[2006, "utgift"] == (5 * MNKR, None, 5 * MNKR)
    assert counts(session, project, "2005-T1") == {2004: (40, None, None)}


def test_a_report_of_the_same_changes_no_project(session: Session, actor: Actor) -> None:
    project = paid(session, "P1")
    period = opened(session, actor)
    same = ReportInput((ForecastInput(2005, Flow.OUTLAY, 10 * MNKR),), light=Light.GREEN)
    report = report_project(session, period, project, same, actor, CONTROLLER, 1)
    report_project(session, period, project, same, actor, CONTROLLER, 2)
    assert (report.version, project.version) == (3, 1)
    assert history(session, "project", project.id) == []


def test_an_older_period_leaves_alone_what_was_said_in_a_later_one(session: Session, actor: Actor) -> None:
    project = paid(session, "P1")
    older, newest = opened(session, actor, "2005-T1"), opened(session, actor, "2005-T2")
    confirm_unchanged(session, newest, [project.id], actor, CONTROLLER)
    homes = make_measure(session, "lagenheter")
    given = ReportInput(
        (ForecastInput(2005, Flow.OUTLAY, 11 * MNKR),), (CountInput(homes.id, 40, 3),), None, date(2009, 1, 1),
        Light.GREEN,
    )  # fmt: skip

    report_project(session, older, project, given, actor, CONTROLLER, 1)

    assert rows(session, project, "2005-T1")[2005, "utgift"] == (10 * MNKR, 2 * MNKR, 11 * MNKR)
    assert counts(session, project, "2005-T1") == {2004: (40, None, None), 2005: (None, 3, None)}
    for key in ("lopande", newest.key):
        assert rows(session, project, key)[2005, "utgift"] == (10 * MNKR, 2 * MNKR, 10 * MNKR)
        assert counts(session, project, key) == {2004: (40, None, None)}
    session.refresh(project)
    assert (project.end_forecast, project.version) == (None, 1)
    assert report_of(session, older, project).end_forecast == date(2009, 1, 1)
    assert history(session, "project", project.id) == []


def test_the_register_as_it_is_now_is_what_a_report_is_measured_by(session: Session, actor: Actor) -> None:
    """A controller changed the budget after the opening; the period takes it over with the report."""
    project = paid(session, "P1")
    period = opened(session, actor)
    project.figures[0].budget_ore = 20 * MNKR
    session.flush()
    with pytest.raises(InvalidInputError, match="Skriv varför"):
        report_project(session, period, project, GREEN, actor, CONTROLLER, 1)
    session.rollback()


def test_confirming_brings_the_register_into_the_period(session: Session, actor: Actor) -> None:
    project, other = paid(session, "P1"), paid(session, "P2")
    period = opened(session, actor)
    project.figures[0].budget_ore, project.figures[0].forecast_ore = 20 * MNKR, 20 * MNKR
    project.end_forecast = date(2008, 1, 1)
    session.flush()
    ids = [project.id, other.id]
    done = confirm_unchanged(session, period, ids, Actor("Anna", actor.origin, LATER), CONTROLLER)
    assert (sorted(done.confirmed), done.refused) == (sorted(ids), ())
    assert rows(session, project, "2005-T1")[2005, "utgift"] == (20 * MNKR, 2 * MNKR, 20 * MNKR)
    report = report_of(session, period, project)
    assert (report.state, report.light, report.version, report.reported_by, report.end_forecast) == (
        ReportState.UNCHANGED, Light.GREEN, 2, "Anna", date(2008, 1, 1),
    )  # fmt: skip
    [said] = history(session, "rapport", report.id)
    assert (said.subject_version, said.changes) == (
        2, {"state": ["vantar", "inget-nytt"], "light": [None, "gron"]},
    )  # fmt: skip
    again = confirm_unchanged(session, period, ids, actor, CONTROLLER)
    assert [(one.code, one.reason) for one in again.refused] == [
        ("P1", "Redan klart: inget nytt."), ("P2", "Redan klart: inget nytt."),
    ]  # fmt: skip


def test_confirming_refuses_by_name_what_needs_a_word(session: Session, actor: Actor) -> None:
    good, deviates, empty = paid(session, "GOD"), paid(session, "AVVIKER"), make_project(session, "TOM")
    deviates.figures[0].forecast_ore = 15 * MNKR
    session.flush()
    period = opened(session, actor)
    done = confirm_unchanged(session, period, [good.id, deviates.id, empty.id, 999_999], actor, CONTROLLER)
    assert done.confirmed == (good.id,)
    assert [(one.code, one.name) for one in done.refused] == [("AVVIKER", "Projekt AVVIKER"), ("TOM", "Projekt TOM")]
    assert "Skriv varför prognosen avviker" in done.refused[0].reason
    assert done.refused[1].reason == "Prognos för 2005 saknas."
    assert report_of(session, period, deviates).state is ReportState.WAITING
    report_of(session, period, deviates).comment = "Berg i dagen."
    session.flush()
    assert confirm_unchanged(session, period, [deviates.id], actor, CONTROLLER).confirmed == (deviates.id,)


def test_a_closed_period_and_strangers_are_refused(session: Session, actor: Actor) -> None:
    project, late = paid(session, "P1"), None
    period = opened(session, actor)
    late = make_project(session, "NY")
    stranger = Rights(viewer=Viewer(drafts=True, user_id=_manager(session)))
    with pytest.raises(ForbiddenError, match="P1 rapporteras av"):
        report_project(session, period, project, GREEN, actor, stranger, 1)
    [refused] = confirm_unchanged(session, period, [project.id], actor, stranger).refused
    assert "projektledare" in refused.reason
    with pytest.raises(NotFoundError, match="väntas inte rapportera"):
        report_project(session, period, late, GREEN, actor, CONTROLLER, 1)
    for name in ("manager_id", "deputy_id"):
        setattr(project, name, _manager(session))
        session.flush()
        version = report_of(session, period, project).version
        report_project(session, period, project, GREEN, actor, stranger, version)
        setattr(project, name, None)
    period.state = PeriodState.CLOSED
    session.flush()
    for write in (
        lambda: report_project(session, period, project, GREEN, actor, CONTROLLER, 3),
        lambda: confirm_unchanged(session, period, [project.id], actor, CONTROLLER),
    ):
        with pytest.raises(ConflictError, match="stängd"):
            write()


def _manager(session: Session) -> int:
    user = find_user(session, "manager@prov.se")
    assert user is not None
    return user.id


def test_a_second_save_is_a_conflict_and_writes_nothing(session: Session, actor: Actor) -> None:
    project = paid(session, "P1")
    period = opened(session, actor)
    report_project(session, period, project, GREEN, actor, CONTROLLER, 1)
    with pytest.raises(ConflictError, match="Någon annan har rapporterat"):
        report_project(session, period, project, GREEN, actor, CONTROLLER, 1)


def test_many_are_saved_all_or_none(session: Session, actor: Actor) -> None:
    one, two, three = (paid(session, code) for code in ("P1", "P2", "P3"))
    period = opened(session, actor)
    far = ReportInput((ForecastInput(2005, Flow.OUTLAY, 30 * MNKR),), light=Light.GREEN)
    entries = [Entry(one.id, GREEN, 1), Entry(two.id, far, 1), Entry(three.id, GREEN, 7)]
    with pytest.raises(RefusedReportsError) as refused:
        report_many(session, period, entries, actor, CONTROLLER)
    assert [problem.field for problem in refused.value.problems[two.id]] == ["comment"]
    assert (list(refused.value.problems), refused.value.conflicts) == ([two.id], (three.id,))
    assert report_of(session, period, one).state is ReportState.WAITING
    report_many(session, period, [Entry(project.id, GREEN, 1) for project in (one, two, three)], actor, CONTROLLER)
    assert [rows(session, project, "lopande")[2005, "utgift"][2] for project in (one, two, three)] == [11 * MNKR] * 3


def test_what_a_reporter_may_not_see_stays_as_it_is(session: Session, actor: Actor) -> None:
    project = paid(session, "P1", start_forecast=date(2005, 1, 1), end_forecast=date(2006, 1, 1))
    names = ("figures", "volumes", "dates")
    project.secret_fields = [SecretField(field=name, ground="OSL 19 kap. 3 §") for name in names]
    period = opened(session, actor)
    report_of(session, period, project).comment = "Hemligt skäl"
    session.flush()
    homes = make_measure(session, "lagenheter")
    blind = Rights(budget=True, viewer=Viewer(drafts=True))
    given = ReportInput(
        (ForecastInput(2005, Flow.OUTLAY, 99 * MNKR),), (CountInput(homes.id, 1, 1, 1),), date(2001, 1, 1),
        date(2002, 1, 1), Light.GREEN, "", "Annat",
    )  # fmt: skip
    report = report_project(session, period, project, given, actor, blind, 2)
    assert rows(session, project, "lopande")[2005, "utgift"] == (10 * MNKR, 2 * MNKR, 10 * MNKR)
    assert counts(session, project, "2005-T1") == {2004: (40, None, None)}
    assert (report.end_forecast, project.end_forecast) == (date(2006, 1, 1), date(2006, 1, 1))
    assert report.comment == "Hemligt skäl"
    assert project.version == 1
