"""A small portfolio with an open period, for tests of what its report tells and keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.projects.test_secrecy import full
from tracker.followup.codes import PeriodCode
from tracker.followup.models import Period, ProjectReport
from tracker.followup.opening import open_period
from tracker.followup.vocabulary import Light, ReportState
from tracker.history.services import Actor
from tracker.projects.inputs import DecisionInput, FigureInput
from tracker.projects.models import Project
from tracker.projects.policies import SYSTEM_RIGHTS
from tracker.projects.reviewing import publish_project
from tracker.projects.secrecy import Secret
from tracker.projects.services import register_project
from tracker.projects.vocabulary import Flow, Gate, Publication

PERCENT = 15
FIGURES = (
    FigureInput(2004, Flow.OUTLAY, 4_000_000_00, 3_900_000_01, None),
    FigureInput(2005, Flow.OUTLAY, 10_000_000_01, 2_000_000_02, 12_000_000_03),
    FigureInput(2005, Flow.INCOME, 1_000_000_00, 0, 900_000_00),
)
DECISIONS = (
    DecisionInput(Gate.IMPLEMENTATION, "Gatunämnden", date(2004, 3, 1), "", "", 60_000_000_00, None, "2004"),
    DecisionInput(Gate.IMPLEMENTATION_REVISED, "Gatunämnden", date(2005, 3, 1), "", "", 70_000_000_00, None, "2005"),
    DecisionInput(Gate.IMPLEMENTATION_REVISED, "Gatunämnden", date(2005, 6, 1), "", "", 90_000_000_00, None, "2005"),
)


def add(session: Session, actor: Actor, code: str, *secrets: Secret, published: bool = True, **values: Any) -> Project:
    """A project with everything in it."""
    given = replace(
        full(session, *secrets), code=code, name=f"Projekt {code}", figures=FIGURES, decisions=DECISIONS, **values
    )
    project = register_project(session, given, actor, SYSTEM_RIGHTS)
    if published:
        publish_project(session, project, Publication.PUBLISHED, actor, SYSTEM_RIGHTS)
    return project


def make_board(session: Session, actor: Actor, code: str = "2005-T1") -> Period:
    """Open, hidden, confidential and draft projects, all but one reported."""
    add(session, actor, "A-OPEN")
    add(session, actor, "B-HIDDEN", *Secret)
    add(session, actor, "C-SECRET", confidential=True, confidentiality_ground="OSL 19 kap. 3 §", published=False)
    add(session, actor, "D-DRAFT", published=False)
    session.flush()
    period = open_period(session, PeriodCode.read(code), actor, PERCENT)
    for report in session.scalars(select(ProjectReport).join(ProjectReport.project).where(Project.code != "D-DRAFT")):
        report.state, report.light, report.light_text = ReportState.REPORTED, Light.YELLOW, "Sprängning försenad"
        report.comment, report.end_forecast = "Dyrare berg", date(2007, 5, 1)
        # Written through, as reporting does it.
        report.project.end_forecast = report.end_forecast
    session.flush()
    return period
