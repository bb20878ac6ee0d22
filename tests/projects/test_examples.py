"""The example projects have decisions to look at: real gates and days, made-up sums that say what year they are of."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.history.models import HistoryEntry
from tracker.history.services import Actor
from tracker.projects.courses import course_of
from tracker.projects.decisions import decided_budgets
from tracker.projects.examples import seed_examples
from tracker.projects.models import Project
from tracker.projects.timeline import timeline
from tracker.projects.vocabulary import Gate

TODAY = date(2026, 1, 1)


@pytest.fixture
def projects(session: Session, actor: Actor) -> dict[str, Project]:
    assert seed_examples(session, actor) == 40
    session.commit()
    return {project.code: project for project in session.scalars(select(Project))}


def test_most_examples_have_a_decision_and_those_with_sums_a_price_level(projects: dict[str, Project]) -> None:
    decided = [project for project in projects.values() if project.decisions]
    assert len(decided) >= 28
    assert all(project.example_values for project in decided)
    rows = [row for project in decided for row in project.decisions]
    assert all(row.date is not None and row.body for row in rows)
    assert all(bool(row.outlay_ore) == bool(row.price_level) for row in rows)


def test_a_sent_back_case_is_no_decision_and_a_real_one_is_the_budget(projects: dict[str, Project]) -> None:
    lindhagen = course_of(projects["EX-32"], {})
    assert [(row.gate, str(row.date)) for row in lindhagen.decisions] == [
        (Gate.STATUS_REPORT, "2005-10-27"),
        (Gate.IMPLEMENTATION_REVISED, "2007-09-20"),
        (Gate.FINAL_REPORT, "2007-09-20"),
    ]
    budgets = decided_budgets(lindhagen.decisions, TODAY)
    assert budgets is not None
    assert str(budgets.latest.date) == "2007-09-20"
    assert timeline(lindhagen, TODAY, with_forecast=True).sums


def test_the_history_tells_the_decisions(session: Session, projects: dict[str, Project]) -> None:
    entry = session.scalars(
        select(HistoryEntry).where(HistoryEntry.subject_id == projects["EX-05"].id).order_by(HistoryEntry.id)
    ).first()
    assert entry is not None
    told = entry.changes["decisions"][1]
    assert isinstance(told, list)
    assert [row[:2] for row in told] == [["inriktningsbeslut", "2004-11-23"], ["genomforandebeslut", "2005-09-01"]]
