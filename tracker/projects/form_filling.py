"""What stands in the form before anybody types: a stored project, or the proposals for a new one."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.geo.stored import from_stored
from tracker.messages import told
from tracker.projects.decided import stored_decisions
from tracker.projects.decisions import in_time
from tracker.projects.form_choices import Choices
from tracker.projects.form_secrecy import secret_values
from tracker.projects.forms import Assessment
from tracker.projects.models import Project
from tracker.projects.vocabulary import RUNNING_PERIOD, WHOLE, Flow

_SAME = (
    "version", "code", "name", "main_kind", "secondary_kinds", "subtype", "phase", "manager_id", "deputy_id",
    "start_decided", "start_forecast", "end_decided", "end_forecast", "description_public", "description_internal",
    "link", "city_share", "confidential", "confidentiality_ground", "location_approximate", "serves_motivation",
)  # fmt: skip


def next_code(session: Session, year: int) -> str:
    """The next free code of a year, "2005-0012"."""
    pattern = re.compile(rf"{year}-(\d{{4}})")
    codes = session.scalars(select(Project.code).where(Project.code.like(f"{year}-____")))
    used = [int(found[1]) for code in codes if (found := pattern.fullmatch(code))]
    return f"{year}-{max(used, default=0) + 1:04d}"


def new_values(session: Session, manager_id: int | None, year: int) -> dict[str, Any]:
    """The proposals for a new project: code, the signed-in person as manager, one empty row of each kind."""
    code = next_code(session, year)
    return {
        "code": code,
        "code_offered": code,
        "manager_id": manager_id,
        "city_share": WHOLE,
        "assessment": Assessment.NOT_YET.value,
        "case_numbers": [""],
        "serves": [{}],
        "volumes": [{"year": year}],
        "figures": [{"year": year}],
        "decisions": [{}],
    }


def stored_values(project: Project, choices: Choices, parent: Project | None) -> dict[str, Any]:
    """A stored project as the form's values; `parent` is its programme, None when the person may not know of it."""
    values: dict[str, Any] = {name: getattr(project, name) for name in _SAME}
    return values | {
        "geometry": from_stored(project.geom),
        "parent_code": parent.code if parent else "",
        "case_numbers": [row.number for row in project.case_numbers] or [""],
        "serves": [
            {"area": told(choices.areas.text_of(row.scope, row.area_id)), "share": row.share} for row in project.serves
        ]
        or [{}],
        "volumes": _volumes(project) or [{}],
        "figures": _figures(project) or [{}],
        "decisions": _decisions(project) or [{}],
        "secret_fields": secret_values(project),
        **_goals(project, choices),
    }


def _volumes(project: Project) -> list[dict[str, Any]]:
    return [
        {name: getattr(row, name) for name in ("measure_id", "year", "planned", "started", "completed")}
        for row in project.volumes
        if row.period == RUNNING_PERIOD
    ]


def _figures(project: Project) -> list[dict[str, Any]]:
    """One row for each year, both flows in it."""
    years: dict[int, dict[str, Any]] = {}
    for row in project.figures:
        if row.period == RUNNING_PERIOD:
            side = "outlay" if row.flow is Flow.OUTLAY else "income"
            amounts = {"budget": row.budget_ore, "outcome": row.outcome_ore, "forecast": row.forecast_ore}
            year = years.setdefault(row.year, {"year": row.year})
            year |= {f"{side}_{column}": ore for column, ore in amounts.items()}
    return [years[year] for year in sorted(years)]


def _decisions(project: Project) -> list[dict[str, Any]]:
    """In time; a new row, a revision, is added under them."""
    return [
        {
            "decision_id": str(one.id),
            "outlay": one.outlay_ore,
            "income": one.income_ore,
            **{name: getattr(one, name) for name in ("gate", "date", "body", "case_number", "paragraph")},
            **{name: getattr(one, name) for name in ("price_level", "note")},
        }
        for one in in_time(stored_decisions(project))
    ]


def _goals(project: Project, choices: Choices) -> dict[str, Any]:
    """The judgement within the edition on the page; tags of other editions stand in hidden rows."""
    edition = choices.edition.id if choices.edition else None
    reasons = {row.goal_set_id: row.reason for row in project.goal_assessments}
    tagged = any(tag.goal_id in choices.goals for tag in project.goal_tags)
    state = Assessment.NOTHING if edition in reasons else Assessment.CONTRIBUTES if tagged else Assessment.NOT_YET
    return {
        "assessment": state.value,
        "no_contribution_reason": reasons.get(edition or 0, ""),
        "goals": [
            {"goal_id": str(tag.goal_id), "weight": tag.weight, "motivation": tag.motivation}
            for tag in project.goal_tags
        ],
        "answers": [{"question_id": str(row.question_id), "answer": row.answer} for row in project.answers],
    }
