"""A project as plain values, for the history and for showing what differs between two versions."""

from __future__ import annotations

import shapely

from tracker.geo.stored import from_stored
from tracker.projects.figures import Decision
from tracker.projects.models import Project

_FIELDS = (
    "code", "name", "main_kind", "secondary_kinds", "subtype", "phase", "manager_id", "deputy_id", "start_decided",
    "start_forecast", "end_decided", "end_forecast", "description_public", "description_internal", "link",
    "stated_area", "city_share", "confidential", "confidentiality_ground", "publication", "parent_id",
    "location_approximate", "example_values", "serves_motivation",
)  # fmt: skip


def describe(project: Project) -> dict[str, object]:
    """Every value of a project as JSON would keep it; geometry as WKT in EPSG:3011, money in whole öre."""
    values: dict[str, object] = {name: _plain(getattr(project, name)) for name in _FIELDS}
    geometry = from_stored(project.geom)
    values["geometry"] = None if geometry is None else shapely.to_wkt(geometry, rounding_precision=-1)
    values["case_numbers"] = [row.number for row in project.case_numbers]
    values["goals"] = sorted([tag.goal_id, tag.weight, tag.motivation] for tag in project.goal_tags)
    values["no_contribution"] = sorted([row.goal_set_id, row.reason] for row in project.goal_assessments)
    values["answers"] = sorted([row.question_id, row.answer] for row in project.answers)
    values["serves"] = [[row.scope.value, row.area_id, row.share] for row in project.serves]
    values["volumes"] = sorted(
        [row.period, row.measure_id, row.year, row.planned, row.started, row.completed] for row in project.volumes
    )
    values["figures"] = sorted(
        [
            row.period,
            row.year,
            row.flow.value,
            row.budget_ore,
            row.outcome_ore,
            row.forecast_ore,
            bool(row.budget_preliminary),
        ]
        for row in project.figures
    )
    values["decisions"] = [list(one) for one in sorted(map(_decision, project.decisions), key=_in_order)]
    values["secret_fields"] = sorted([row.field, row.ground] for row in project.secret_fields)
    return values


def _decision(row: Decision) -> tuple[str | int | None, ...]:
    """A decision as the history keeps it; without its id, so that a restored row is the same decision."""
    day = row.date.isoformat() if row.date else None
    return (
        row.gate.value, day, row.body, row.case_number, row.paragraph, row.outlay_ore, row.income_ore,
        row.price_level, row.note,
    )  # fmt: skip


def _in_order(decision: tuple[str | int | None, ...]) -> tuple[str, ...]:
    """By date, then by every word, so that rows in another order are no change."""
    gate, day, *rest = decision
    return (str(day or ""), str(gate), *(str(one) for one in rest))


def changes_between(before: dict[str, object], after: dict[str, object]) -> dict[str, list[object]]:
    """Field → [old, new] for what differs; against nothing, only what says something."""
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if (before.get(name) != value if before else not _says_nothing(value))
    }


def _says_nothing(value: object) -> bool:
    """Zero does say something: a city share of 0 % is no empty field."""
    return value is None or value is False or value in ("", [])


def _plain(value: object) -> object:
    if hasattr(value, "value"):
        return value.value
    return value.isoformat() if hasattr(value, "isoformat") else value
