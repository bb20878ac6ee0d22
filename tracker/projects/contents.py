"""Bringing the rows that belong to a project in step with an input: only what differs is written."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from tracker.errors import InvalidInputError, Problem
from tracker.goals.models import Goal, StrategicQuestion
from tracker.messages import message
from tracker.projects.decided import apply_decisions
from tracker.projects.figures import Figure, Volume
from tracker.projects.inputs import FigureInput, GoalsInput, ProjectInput, SecretInput
from tracker.projects.models import (
    CaseNumber,
    GoalAssessment,
    GoalTag,
    Project,
    SecretField,
    ServedArea,
    StrategicAnswer,
)
from tracker.projects.policies import Rights
from tracker.projects.secrecy import read_ground
from tracker.projects.vocabulary import RUNNING_PERIOD, Flow
from tracker.text import clean


def apply_contents(session: Session, project: Project, given: ProjectInput, rights: Rights) -> None:
    """Everything that is rows of its own. Raises InvalidInputError for figures that this person may not set."""
    if given.secret_fields is not None:
        _secret_fields(project, given.secret_fields)
    _case_numbers(project, given)
    _serves(project, given)
    if given.goals is not None:
        _goals(session, project, given.goals)
    _volumes(project, given)
    _figures(project, given, rights)
    if given.decisions is not None:
        apply_decisions(project, given.decisions)


def _secret_fields(project: Project, given: Sequence[SecretInput]) -> None:
    kept = {row.field: row for row in project.secret_fields}
    rows = []
    for one in sorted(given, key=lambda one: one.field):
        row = kept.get(one.field) or SecretField(field=one.field)
        row.ground = read_ground(one.ground) or clean(one.ground)
        rows.append(row)
    project.secret_fields = rows


def _case_numbers(project: Project, given: ProjectInput) -> None:
    if tuple(row.number for row in project.case_numbers) != given.case_numbers:
        kept = {row.position: row for row in project.case_numbers}
        rows = []
        for position, number in enumerate(given.case_numbers, start=1):
            row = kept.get(position) or CaseNumber(position=position)
            row.number = number
            rows.append(row)
        project.case_numbers = rows


def _serves(project: Project, given: ProjectInput) -> None:
    kept = {row.position: row for row in project.serves}
    rows = []
    for position, served in enumerate(given.serves, start=1):
        row = kept.get(position) or ServedArea(position=position)
        row.scope, row.area_id, row.share = served.scope, served.area_id, served.share
        rows.append(row)
    project.serves = rows


def _goals(session: Session, project: Project, goals: GoalsInput) -> None:
    """Only the edition that was judged is touched; tags of other editions stay."""
    tags = {tag.goal_id: tag for tag in project.goal_tags}
    wanted = {tag.goal_id: tag for tag in goals.tags}
    elsewhere = [
        tag for tag in project.goal_tags if session.get_one(Goal, tag.goal_id).goal_set_id != goals.goal_set_id
    ]
    rows = list(elsewhere)
    for goal_id, given in wanted.items():
        row = tags.get(goal_id) or GoalTag(goal_id=goal_id)
        row.weight, row.motivation = given.weight, clean(given.motivation)
        rows.append(row)
    project.goal_tags = rows
    _assessment(project, goals)
    if goals.answers is None:
        return
    answers = {row.question_id: row for row in project.answers}
    answered = [
        _answered(answers.get(question_id) or StrategicAnswer(question_id=question_id), text)
        for question_id, text in sorted(goals.answers.items())
        if clean(text)
    ]
    project.answers = [row for row in project.answers if _edition_of(session, row) != goals.goal_set_id] + answered


def _edition_of(session: Session, row: StrategicAnswer) -> int:
    """The goal edition that the question of an answer belongs to."""
    question = session.get_one(StrategicQuestion, row.question_id)
    return session.get_one(Goal, question.goal_id).goal_set_id


def _answered(row: StrategicAnswer, text: str) -> StrategicAnswer:
    row.answer = clean(text)
    return row


def _assessment(project: Project, goals: GoalsInput) -> None:
    rows = [row for row in project.goal_assessments if row.goal_set_id != goals.goal_set_id]
    if goals.no_contribution_reason is not None:
        present = next((row for row in project.goal_assessments if row.goal_set_id == goals.goal_set_id), None)
        row = present or GoalAssessment(goal_set_id=goals.goal_set_id)
        row.reason = clean(goals.no_contribution_reason)
        rows.append(row)
    project.goal_assessments = rows


def _volumes(project: Project, given: ProjectInput) -> None:
    kept = {(row.measure_id, row.year): row for row in project.volumes if row.period == RUNNING_PERIOD}
    rows = [row for row in project.volumes if row.period != RUNNING_PERIOD]
    for volume in given.volumes:
        if volume.planned is None and volume.started is None and volume.completed is None:
            continue
        row = kept.get((volume.measure_id, volume.year)) or Volume(
            period=RUNNING_PERIOD, measure_id=volume.measure_id, year=volume.year
        )
        row.planned, row.started, row.completed = volume.planned, volume.started, volume.completed
        rows.append(row)
    project.volumes = rows


def _figures(project: Project, given: ProjectInput, rights: Rights) -> None:
    kept = {(row.year, row.flow): row for row in project.figures if row.period == RUNNING_PERIOD}
    rows = [row for row in project.figures if row.period != RUNNING_PERIOD]
    wanted = {(figure.year, figure.flow): figure for figure in given.figures}
    if not rights.budget:
        _refuse_lost_figures(kept, wanted)
    for key, figure in wanted.items():
        if figure.budget_ore is None and figure.outcome_ore is None and figure.forecast_ore is None:
            continue
        row = kept.get(key) or Figure(period=RUNNING_PERIOD, year=figure.year, flow=figure.flow)
        _set_figure(row, figure, rights)
        rows.append(row)
    project.figures = rows


def _set_figure(row: Figure, figure: FigureInput, rights: Rights) -> None:
    label = message("%(flow)s %(year)s", flow=row.flow.label, year=row.year)
    if not rights.budget:
        if figure.outcome_ore != row.outcome_ore:
            reason = message("Utfallet (%(what)s) ändras bara av controller.", what=label)
            raise InvalidInputError([Problem("figures", reason)])
        settled = row.budget_ore is not None and not row.budget_preliminary
        if figure.budget_ore != row.budget_ore:
            if settled:
                reason = message("Budgeten (%(what)s) ändras bara av controller.", what=label)
                raise InvalidInputError([Problem("figures", reason)])
            row.budget_preliminary = figure.budget_ore is not None
    elif figure.budget_ore is not None:
        row.budget_preliminary = False
    row.budget_ore, row.outcome_ore, row.forecast_ore = (
        figure.budget_ore,
        figure.outcome_ore,
        figure.forecast_ore,
    )


def _refuse_lost_figures(kept: dict[tuple[int, Flow], Figure], wanted: dict[tuple[int, Flow], FigureInput]) -> None:
    """A manager may not remove a year in which the controller has set budget or outcome."""
    for (year, flow), row in kept.items():
        settled = row.outcome_ore is not None or (row.budget_ore is not None and not row.budget_preliminary)
        if settled and (year, flow) not in wanted:
            reason = message(
                "%(flow)s %(year)s har budget eller utfall från controller och kan inte tas bort.",
                flow=flow.label, year=year,
            )  # fmt: skip
            raise InvalidInputError([Problem("figures", reason)])
