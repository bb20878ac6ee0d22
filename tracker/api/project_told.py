"""A project as a document for whoever asks: what is hidden from them is no member of it, and `hidden` says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from tracker.api.geometry_reading import told_geometry
from tracker.api.project_words import Words
from tracker.money import ORE_PER_KRONA
from tracker.projects.form_choices import Choices
from tracker.projects.form_filling import stored_values
from tracker.projects.form_rows import COLUMNS
from tracker.projects.masking import hidden_from, shown_to
from tracker.projects.models import Project
from tracker.projects.policies import Viewer
from tracker.projects.programmes import find_parent
from tracker.projects.secrecy import VALUES, Hidden, Secret, sign

_TEXTS = (
    "code", "name", "subtype", "description_public", "description_internal", "link", "confidentiality_ground",
    "serves_motivation",
)  # fmt: skip
_DAYS = ("start_decided", "end_decided", "start_forecast", "end_forecast")
_MEMBERS = {"manager_id": "manager", "deputy_id": "deputy"}
"""Where a document calls a value otherwise than the register."""


def members_of(hidden: Hidden) -> frozenset[str]:
    """The members of a document that are hidden; the answers are within the goals."""
    names = {name for one in hidden if one is not Secret.ANSWERS for name in VALUES[one]}
    return frozenset(_MEMBERS.get(name, name) for name in names)


def told_project(
    session: Session, project: Project, viewer: Viewer, choices: Choices, words: Words, *, metres: bool = False
) -> dict[str, Any]:
    """The document: what can be sent back, and what is only told (project_document.READ_ONLY)."""
    shown, hidden = shown_to(project, viewer), hidden_from(project, viewer)
    values = stored_values(shown, choices, find_parent(session, project, viewer))
    told: dict[str, Any] = {name: values[name] for name in _TEXTS}
    told |= {name: values[name].isoformat() if values[name] else None for name in _DAYS}
    told |= {
        "main_kind": shown.main_kind.value,
        "secondary_kinds": list(shown.secondary_kinds),
        "phase": shown.phase.value,
        "case_numbers": [row.number for row in shown.case_numbers],
        "manager": words.people.get(shown.manager_id or 0),
        "deputy": words.people.get(shown.deputy_id or 0),
        "city_share": _percent(shown.city_share),
        "confidential": shown.confidential,
        "secret_fields": [{"field": row.field, "ground": row.ground} for row in shown.secret_fields],
        "programme": values["parent_code"] or None,
        "geometry": told_geometry(values["geometry"], metres=metres),
        "location_approximate": shown.location_approximate,
        "goals": _goals(values, choices, words, answers=Secret.ANSWERS not in hidden),
        "serves": [{"area": row["area"], "share": _percent(row["share"])} for row in values["serves"] if row],
        "volumes": [_volume(row, words) for row in values["volumes"] if row],
        "figures": [_figure(row) for row in values["figures"] if row],
        "decisions": [_decision(row) for row in values["decisions"] if row],
    }
    kept = {name: value for name, value in told.items() if name not in members_of(hidden)}
    return kept | _read_only(project, hidden)


def _read_only(project: Project, hidden: Hidden) -> dict[str, Any]:
    return {
        "version": project.version,
        "publication": project.publication.value,
        "reviewed_by": project.reviewed_by,
        "published_by": project.published_by,
        "created_at": project.created_at.isoformat(),
        "updated_at": project.updated_at.isoformat(),
        "hidden": {one.value: sign(ground) for one, ground in hidden.items()},
    }


def _goals(values: Mapping[str, Any], choices: Choices, words: Words, *, answers: bool) -> dict[str, Any] | None:
    if choices.edition is None:
        return None
    tags = [
        {"goal": words.goals[int(row["goal_id"])], "weight": row["weight"], "motivation": row["motivation"]}
        for row in values["goals"]
        if int(row["goal_id"]) in words.goals
    ]
    told: dict[str, Any] = {
        "edition": choices.edition.code,
        "assessment": values["assessment"],
        "tags": sorted(tags, key=lambda tag: str(tag["goal"])),
        "no_contribution_reason": values["no_contribution_reason"],
    }
    if answers:
        given = [(words.questions.get(int(row["question_id"])), row["answer"]) for row in values["answers"]]
        told["answers"] = [
            {"goal": place[0], "question": place[1], "answer": text} for place, text in sorted(
                (place, text) for place, text in given if place is not None
            )
        ]  # fmt: skip
    return told


def _volume(row: Mapping[str, Any], words: Words) -> dict[str, Any]:
    counts = {name: row[name] for name in ("year", "planned", "started", "completed")}
    return {"measure": words.measures.get(row["measure_id"], "")} | counts


def _figure(row: Mapping[str, Any]) -> dict[str, Any]:
    sides = {side: {name: kronor(row.get(f"{side}_{name}")) for name in COLUMNS} for side in ("outlay", "income")}
    return {"year": row["year"]} | sides


def _decision(row: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: row[name] for name in ("body", "case_number", "paragraph", "price_level", "note")}
    return {
        "id": int(row["decision_id"]),
        "gate": row["gate"].value,
        "date": row["date"].isoformat() if row["date"] else None,
        "outlay": kronor(row["outlay"]),
        "income": kronor(row["income"]),
    } | told


def kronor(ore: int | None) -> int | float | None:
    """Whole öre as kronor: an integer wherever there are no öre."""
    if ore is None:
        return None
    return ore // ORE_PER_KRONA if ore % ORE_PER_KRONA == 0 else ore / ORE_PER_KRONA


def _percent(share: int) -> int | float:
    return share // 100 if share % 100 == 0 else share / 100
