"""Opening a period: its names, its days, and every project's figures from the start."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import make_project
from tracker.errors import ConflictError, InvalidInputError
from tracker.followup.codes import PeriodCode, codes_of
from tracker.followup.models import ProjectReport
from tracker.followup.opening import open_period
from tracker.followup.queries import get_period, is_newest, list_periods
from tracker.followup.vocabulary import ReportState
from tracker.history.services import Actor
from tracker.projects.figures import Figure
from tracker.projects.vocabulary import Flow, Phase


def test_the_rounds_of_a_year_and_their_other_names() -> None:
    codes = [str(code) for code in codes_of(2005)]
    assert codes == [
        "2005-VP", "2005-01", "2005-02", "2005-03", "2005-T1", "2005-05", "2005-06", "2005-07", "2005-T2", "2005-09",
        "2005-10", "2005-11", "2005-VB",
    ]  # fmt: skip
    assert [str(PeriodCode.read(text)) for text in ("2005-04", "2005-08", "2005-12", "2005-t1")] == [
        "2005-T1", "2005-T2", "2005-VB", "2005-T1",
    ]  # fmt: skip
    assert PeriodCode.read("2005-T1").as_of == date(2005, 4, 30)
    assert PeriodCode.read("2004-02").as_of == date(2004, 2, 29)
    assert PeriodCode.read("2005-VP").as_of == date(2005, 1, 1)


@pytest.mark.parametrize("text", ["2005", "2005-13", "2005-T3", "05-T1", "2005-T1-v2", ""])
def test_what_is_no_period_is_refused_in_swedish(text: str) -> None:
    with pytest.raises(InvalidInputError, match="ingen period"):
        PeriodCode.read(text)


def test_opening_copies_figures_and_expects_reports(session: Session, actor: Actor) -> None:
    going, ended = make_project(session, "P1"), make_project(session, "P2", phase=Phase.CLOSED)
    paid = make_project(session, "P3", phase=Phase.CLOSED)
    for project in (going, paid):
        project.figures = [Figure(year=2005, flow=Flow.OUTLAY, budget_ore=500, outcome_ore=20, forecast_ore=480)]
    session.flush()

    period = open_period(session, PeriodCode.read("2005-04"), actor, percent=15)

    copied = session.scalars(select(Figure).where(Figure.period == "2005-T1").order_by(Figure.project_id)).all()
    assert [(row.project_id, row.budget_ore, row.outcome_ore, row.forecast_ore) for row in copied] == [
        (going.id, 500, 20, 480), (paid.id, 500, 20, 480),
    ]  # fmt: skip
    expected = session.scalars(select(ProjectReport).order_by(ProjectReport.project_id)).all()
    assert [(one.project_id, one.state) for one in expected] == [
        (going.id, ReportState.WAITING), (paid.id, ReportState.WAITING),
    ]  # fmt: skip
    assert ended.id not in {one.project_id for one in expected}
    assert (period.key, period.deviation_percent, is_newest(session, period)) == ("2005-T1", 15, True)
    assert get_period(session, "2005-04") is period
    assert list_periods(session, 2005) == [period]
    session.refresh(going)
    assert [row.period for row in going.figures] == ["lopande"]


def test_a_period_is_opened_once(session: Session, actor: Actor) -> None:
    open_period(session, PeriodCode.read("2005-T1"), actor, percent=15)
    with pytest.raises(ConflictError, match="redan öppen"):
        open_period(session, PeriodCode.read("2005-04"), actor, percent=15)
