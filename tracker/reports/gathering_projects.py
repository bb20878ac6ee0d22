"""What each project's report says in a period, for one audience."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import User
from tracker.contribution.gathering import BLOCK
from tracker.contribution.material import CountedProject, Material
from tracker.contribution.packed import batched, pack
from tracker.contribution.reading import Positions
from tracker.exports.audience import Audience
from tracker.followup.facts import ReportedProject
from tracker.followup.models import Period, ProjectReport
from tracker.followup.queries import source_key
from tracker.followup.sheets import JUDGED
from tracker.followup.vocabulary import Light, ReportState
from tracker.goals.models import Goal, StrategicQuestion
from tracker.projects.models import GoalTag, Project, StrategicAnswer
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import RUNNING_PERIOD
from tracker.reports.gathering_money import read_decided, read_measures, read_year_money


@dataclass(frozen=True, slots=True)
class _Said:
    """What stands in the project's own row and in its report."""

    state: ReportState
    light: Light | None
    light_text: str
    comment: str
    dates: tuple[date | None, date | None, date | None, date | None]
    description: str
    manager: str


def gather_projects(
    session: Session, period: Period, audience: Audience, material: Material
) -> Sequence[ReportedProject]:
    """The projects of the material, in its order; read in blocks, so that few are objects at a time."""
    blocks = batched(material.projects, BLOCK)
    return pack(ReportedProject, (one for block in blocks for one in _reported(session, period, audience, block)))


def _reported(
    session: Session, period: Period, audience: Audience, projects: Sequence[CountedProject]
) -> Iterator[ReportedProject]:
    viewer, ids = audience.viewer, [one.id for one in projects]
    positions = Positions(np.array(ids, dtype=np.int64))
    money = read_year_money(session, period, viewer, positions, ids)
    measures = read_measures(session, period, viewer, positions, ids)
    decided = read_decided(session, period, viewer, ids)
    said = _said(session, period, audience, {one.id: one for one in projects})
    motivations = _motivations(session, period, viewer, ids)
    answers = _answers(session, period, audience, ids)
    for at, one in enumerate(projects):
        told = said[one.id]
        yield ReportedProject(
            one.code, told.state, told.light, told.light_text, told.comment, *told.dates, money[at],
            decided.get(one.id), measures[at], told.description, told.manager, motivations.get(one.id, ()),
            answers.get(one.id, ()),
        )  # fmt: skip


def _said(
    session: Session, period: Period, audience: Audience, projects: Mapping[int, CountedProject]
) -> dict[int, _Said]:
    days = Project if source_key(session, period) == RUNNING_PERIOD else ProjectReport
    columns = (
        Project.id, Project.start_decided, Project.start_forecast, Project.end_decided, Project.end_forecast,
        Project.description_public, User.name.label("manager"), ProjectReport.state, ProjectReport.light,
        ProjectReport.light_text, ProjectReport.comment, days.start_forecast.label("start_reported"),
        days.end_forecast.label("end_reported"),
    )  # fmt: skip
    mine = (ProjectReport.project_id == Project.id) & (ProjectReport.period_id == period.id)
    statement = (
        select(*columns)
        .outerjoin(User, User.id == Project.manager_id)
        .outerjoin(ProjectReport, mine)
        .where(Project.id.in_(projects))
    )
    return {row.id: _told(row, frozenset(projects[row.id].hidden), audience) for row in session.execute(statement)}


def _told(row: Any, hidden: frozenset[Secret], audience: Audience) -> _Said:
    """What a row says to the audience.

    What a manager writes about the position is for the office: nobody has read it for publication, and of a project
    that hides anything it may tell just that.
    """
    free = audience is Audience.INTERNAL or (audience is Audience.OPEN and not hidden)
    reported = row.state is not None
    start, end = (row.start_reported, row.end_reported) if reported else (row.start_forecast, row.end_forecast)
    dates = (row.start_decided, start, row.end_decided, end)
    return _Said(
        state=row.state or ReportState.NOT_ASKED,
        light=None if hidden & JUDGED else row.light,
        light_text=(row.light_text or "") if free else "",
        comment=(row.comment or "") if free else "",
        dates=(None, None, None, None) if Secret.DATES in hidden else dates,
        description="" if Secret.DESCRIPTION_PUBLIC in hidden else row.description_public,
        manager=(row.manager or "") if audience is Audience.INTERNAL else "",
    )


def _motivations(
    session: Session, period: Period, viewer: Viewer, ids: Sequence[int]
) -> dict[int, tuple[tuple[str, str], ...]]:
    """Project id → (goal code, why it contributes) by code, of the period's edition."""
    statement = (
        select(GoalTag.project_id, Goal.code, GoalTag.motivation)
        .join(Goal, Goal.id == GoalTag.goal_id)
        .where(Goal.goal_set_id == period.goal_set_id, GoalTag.motivation != "", GoalTag.project_id.in_(ids))
        .where(*open_to(viewer, Secret.GOALS, GoalTag.project_id))
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for project_id, code, motivation in session.execute(statement):
        found[project_id].append((code, motivation))
    return {project_id: tuple(sorted(rows)) for project_id, rows in found.items()}


def _answers(
    session: Session, period: Period, audience: Audience, ids: Sequence[int]
) -> dict[int, tuple[tuple[str, str, str], ...]]:
    """Project id → (goal code, question, answer) in the catalogue's order; working papers that stay in the office."""
    if audience is Audience.PUBLIC:
        return {}
    statement = (
        select(
            StrategicAnswer.project_id, Goal.code, StrategicQuestion.position, StrategicQuestion.text_sv,
            StrategicAnswer.answer,
        )
        .join(StrategicQuestion, StrategicQuestion.id == StrategicAnswer.question_id)
        .join(Goal, Goal.id == StrategicQuestion.goal_id)
        .where(Goal.goal_set_id == period.goal_set_id, StrategicAnswer.project_id.in_(ids))
        .where(*open_to(audience.viewer, Secret.ANSWERS, StrategicAnswer.project_id))
    )  # fmt: skip
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for project_id, *row in session.execute(statement):
        found[project_id].append(tuple(row))
    return {
        project_id: tuple((code, question, answer) for code, _, question, answer in sorted(rows))
        for project_id, rows in found.items()
    }
