"""The form as the services take it."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.measures.models import MainKind
from tracker.projects.form_rows import FigureRow, whole_or_none
from tracker.projects.form_secrecy import secret_input
from tracker.projects.forms import Assessment, ProjectForm
from tracker.projects.inputs import (
    DecisionInput,
    FigureInput,
    GoalsInput,
    ProjectInput,
    ServedInput,
    TagInput,
    VolumeInput,
)
from tracker.projects.models import Project
from tracker.projects.vocabulary import WHOLE, Flow


def to_input(form: ProjectForm, project: Project | None) -> ProjectInput:
    """What the form says. What it does not show (the source's area, the example mark) is the project's own.

    Also made of a form with faults, to ask the rules about the rest: what could not be read is left out.
    """
    return ProjectInput(
        code=form.code.data or "",
        name=form.name.data or "",
        main_kind=form.main_kind.data or MainKind.HOUSING,
        phase=form.phase.data,
        secondary_kinds=tuple(kind for kind in MainKind if kind.value in (form.secondary_kinds.data or ())),
        subtype=form.subtype.data or "",
        case_numbers=tuple(number for number in form.case_numbers.data if number),
        manager_id=form.manager_id.data,
        deputy_id=form.deputy_id.data,
        start_decided=form.start_decided.data,
        start_forecast=form.start_forecast.data,
        end_decided=form.end_decided.data,
        end_forecast=form.end_forecast.data,
        description_public=form.description_public.data or "",
        description_internal=form.description_internal.data or "",
        link=form.link.data or "",
        stated_area=project.stated_area if project else "",
        city_share=WHOLE if form.city_share.data is None else form.city_share.data,
        confidential=form.confidential.data,
        confidentiality_ground=form.confidentiality_ground.data or "",
        parent_id=form.parent_id,
        geometry=form.geometry.data,
        location_approximate=form.location_approximate.data,
        example_values=project.example_values if project else False,
        goals=_goals(form),
        serves=tuple(_serves(form)),
        serves_motivation=form.serves_motivation.data or "",
        volumes=tuple(_volumes(form)),
        figures=tuple(_figures(form)),
        secret_fields=secret_input(form),
        decisions=tuple(_decisions(form)),
    )


def _goals(form: ProjectForm) -> GoalsInput | None:
    """The judgement within the edition on the page; None when there is no edition."""
    if form.choices.edition is None:
        return None
    tags = [
        TagInput(goal_id, row.weight.data, row.motivation.data or "")
        for goal_id, row in form.goal_rows.items()
        if row.weight.data is not None
    ]
    questions = {question.id for goal in form.choices.goals.values() for question in goal.questions}
    return GoalsInput(
        goal_set_id=form.choices.edition.id,
        tags=tuple(tags),
        no_contribution_reason=_reason(form),
        answers={number: row.answer.data for number, row in form.answer_rows.items() if number in questions},
    )


def _reason(form: ProjectForm) -> str | None:
    if form.assessment.data != Assessment.NOTHING:
        return None
    return form.no_contribution_reason.data or ""


def _serves(form: ProjectForm) -> Iterator[ServedInput]:
    for row in form.used("serves"):
        if row.scope is not None and row.share.data is not None:
            yield ServedInput(row.scope, row.share.data, row.area_id)


def _volumes(form: ProjectForm) -> Iterator[VolumeInput]:
    for row in form.used("volumes"):
        if row.measure_id.data is not None and row.year.data is not None:
            yield VolumeInput(
                row.measure_id.data, row.year.data, row.planned.data, row.started.data, row.completed.data
            )


def _figures(form: ProjectForm) -> Iterator[FigureInput]:
    for row in form.used("figures"):
        if row.year.data is not None:
            yield from (_figure(row, flow) for flow in Flow)


def _figure(row: FigureRow, flow: Flow) -> FigureInput:
    budget, outcome, forecast = (row.amount(flow, column).data for column in ("budget", "outcome", "forecast"))
    return FigureInput(row.year.data, flow, budget, outcome, forecast)


def _decisions(form: ProjectForm) -> Iterator[DecisionInput]:
    for row in form.used("decisions"):
        if row.gate.data is not None:
            yield DecisionInput(
                gate=row.gate.data,
                body=row.body.data or "",
                date=row.date.data,
                case_number=row.case_number.data or "",
                paragraph=row.paragraph.data or "",
                outlay_ore=row.outlay.data,
                income_ore=row.income.data,
                price_level=row.price_level.data or "",
                note=row.note.data or "",
                id=whole_or_none(row.decision_id.data),
            )
