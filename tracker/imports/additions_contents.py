"""Goals, served areas and figures of new projects, as the history tells them and as rows of their tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.imports.comparing_contents import GOAL_FIELDS, given_figures, goals_of_row, has_figures
from tracker.imports.contents_wanted import (
    FROM_FILE,
    figures_told,
    goals_told,
    serves_told,
    volumes_told,
    wanted_figures,
    wanted_serves,
    wanted_volumes,
)
from tracker.imports.plan import Plan
from tracker.projects.bulk import Rows, columns_of, table_of
from tracker.projects.figures import Figure
from tracker.projects.models import GoalTag, ServedArea

GOALS = ("project_id", "goal_id", "weight", "motivation")
SERVES = ("project_id", "position", "scope", "area_id", "share")
FIGURES = (
    "project_id", "period", "year", "flow", "budget_ore", "outcome_ore", "forecast_ore", "budget_preliminary",
)  # fmt: skip


def say_contents(plan: Plan, indices: Sequence[int], columns: dict[str, list[Any]]) -> None:
    """Add what the file says of goals, served areas and figures, as the history tells it."""
    values = plan.candidates.values
    if values.keys() & {*GOAL_FIELDS}:
        columns["goals"] = [goals_told(goals_of_row(plan.candidates, one, {}) or {}) for one in indices]
    if "serves" in values:
        columns["serves"] = [serves_told(wanted_serves(values["serves"][one] or (), ())) for one in indices]
        columns["serves_motivation"] = [
            reason or (FROM_FILE if rows else None)
            for reason, rows in zip(columns["serves_motivation"], columns["serves"], strict=True)
        ]
    if has_figures(plan.candidates):
        rights = plan.terms.rights
        columns["figures"] = [
            figures_told(wanted_figures(given_figures(plan.candidates, one), {}, rights)) for one in indices
        ]
    if "volume_rows" in values:
        columns["volumes"] = [
            volumes_told(wanted_volumes(rows, {})) if (rows := values["volume_rows"][one]) else said
            for one, said in zip(indices, columns["volumes"], strict=True)
        ]


def contents_rows(ids: Sequence[int], said: dict[str, list[Any]]) -> Rows:
    """The rows of the tables, in the order in which they must be written."""
    goals = [(one, *row) for one, rows in _with_id(ids, said, "goals") for row in rows]
    serves = [
        (one, position, *row)
        for one, rows in _with_id(ids, said, "serves")
        for position, row in enumerate(rows, start=1)
    ]
    figures = [(one, *row) for one, rows in _with_id(ids, said, "figures") for row in rows]
    tables = ((GoalTag, GOALS, goals), (ServedArea, SERVES, serves), (Figure, FIGURES, figures))
    return [(table_of(model), columns_of(names, rows)) for model, names, rows in tables if rows]


def _with_id(ids: Sequence[int], said: dict[str, list[Any]], name: str) -> list[tuple[int, Any]]:
    return [(one, rows) for one, rows in zip(ids, said[name], strict=True) if rows] if name in said else []
