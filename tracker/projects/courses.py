"""A stored project as the pure rules take it: decisions, the running period's money and counts."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.projects.decided import stored_decisions
from tracker.projects.decisions import Course
from tracker.projects.inputs import FigureInput, VolumeInput
from tracker.projects.models import Project
from tracker.projects.vocabulary import RUNNING_PERIOD


def course_of(project: Project, measure_names: Mapping[int, str]) -> Course:
    """How a project goes; of one that hides something from a reader, hand in what that reader may see."""
    return Course(
        phase=project.phase,
        decisions=stored_decisions(project),
        figures=tuple(
            FigureInput(row.year, row.flow, row.budget_ore, row.outcome_ore, row.forecast_ore)
            for row in project.figures
            if row.period == RUNNING_PERIOD
        ),
        volumes=tuple(
            VolumeInput(row.measure_id, row.year, row.planned, row.started, row.completed)
            for row in project.volumes
            if row.period == RUNNING_PERIOD
        ),
        measure_names=measure_names,
    )
