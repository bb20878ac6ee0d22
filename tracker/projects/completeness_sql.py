"""Completeness in the database: the items of completeness.py as conditions, so that a list sorts and filters by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from tracker.measures.models import MainKind
from tracker.projects.completeness import ITEMS, Facts, Item
from tracker.projects.decisions import DIRECTION, IMPLEMENTATION
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.models import CaseNumber, GoalAssessment, GoalTag, Project, SecretField, ServedArea
from tracker.projects.policies import Viewer
from tracker.projects.programmes import is_programme
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import RUNNING_PERIOD, Gate, Phase

HIDING = {
    "case_numbers": Secret.CASE_NUMBERS,
    "manager": Secret.PEOPLE,
    "dates": Secret.DATES,
    "description": Secret.DESCRIPTION_PUBLIC,
    "geometry": Secret.GEOMETRY,
    "assessed": Secret.GOALS,
    "motivated": Secret.GOALS,
    "serves": Secret.SERVES,
    "volumes": Secret.VOLUMES,
    "figures": Secret.FIGURES,
    "forecast": Secret.FIGURES,
    "direction": Secret.DECISIONS,
    "implementation": Secret.DECISIONS,
    "sums": Secret.DECISIONS,
    "final_report": Secret.DECISIONS,
}
"""What hides whether a thing is there. To whom it is hidden it counts as there: nobody learns that it is missing."""


def _there(fact: str) -> ColumnElement[bool]:
    """The condition on `project` that a thing is there."""
    figures = and_(Figure.project_id == Project.id, Figure.period == RUNNING_PERIOD)
    decided = Decision.project_id == Project.id
    implementation = (*IMPLEMENTATION, Gate.IMPLEMENTATION_PART)
    sums = or_(Decision.outlay_ore.is_not(None), Decision.income_ore.is_not(None))
    conditions: dict[str, ColumnElement[bool]] = {
        "subtype": Project.subtype != "",
        "case_numbers": exists().where(CaseNumber.project_id == Project.id),
        "manager": Project.manager_id.is_not(None),
        "dates": and_(
            or_(Project.start_decided.is_not(None), Project.start_forecast.is_not(None)),
            or_(Project.end_decided.is_not(None), Project.end_forecast.is_not(None)),
        ),
        "description": Project.description_public != "",
        "geometry": Project.geom.is_not(None),
        "assessed": or_(
            exists().where(GoalTag.project_id == Project.id), exists().where(GoalAssessment.project_id == Project.id)
        ),
        "motivated": ~exists().where(GoalTag.project_id == Project.id, GoalTag.motivation == ""),
        "serves": exists().where(ServedArea.project_id == Project.id),
        "volumes": exists().where(Volume.project_id == Project.id, Volume.period == RUNNING_PERIOD),
        "figures": exists().where(figures),
        "forecast": exists().where(figures, Figure.forecast_ore.is_not(None)),
        "direction": exists().where(decided, Decision.gate.in_((*DIRECTION, *implementation))),
        "implementation": exists().where(decided, Decision.gate.in_(implementation)),
        "sums": exists().where(decided, Decision.gate.in_((*DIRECTION, *implementation)), sums),
        "final_report": exists().where(decided, Decision.gate == Gate.FINAL_REPORT),
    }
    return conditions[fact]


def told(fact: str, viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `project` that a thing is there, or hidden from the viewer."""
    secret = HIDING.get(fact)
    if secret is None or viewer.confidential:
        return _there(fact)
    marks = [mark.value for mark in secret.hidden_by]
    # Asked once for all projects and not once for each: there are few marks.
    hidden: ColumnElement[bool] = Project.id.in_(
        select(SecretField.project_id).where(SecretField.field.in_(marks)).correlate(None)
    )
    if viewer.user_id is not None:
        own = or_(
            func.coalesce(Project.manager_id, -1) == viewer.user_id,
            func.coalesce(Project.deputy_id, -1) == viewer.user_id,
        )
        hidden = and_(hidden, ~own)
    return or_(_there(fact), hidden)


def _applies(item: Item, viewer: Viewer) -> ColumnElement[bool] | None:
    """The condition that a project is asked for the item; None where every one is."""
    asked: list[ColumnElement[bool]] = []
    if len(item.phases) < len(Phase):
        asked.append(Project.phase.in_(sorted(item.phases)))
    if len(item.kinds) < len(MainKind):
        asked.append(Project.main_kind.in_(item.kinds))
    if not item.of_programmes:
        asked.append(~is_programme(viewer))
    return and_(*asked) if asked else None


def percent(viewer: Viewer) -> ColumnElement[int]:
    """The score of `project` in whole percent, as completeness.completeness gives it."""
    done: ColumnElement[Any] = literal(0)
    whole: ColumnElement[Any] = literal(0)
    for item in ITEMS:
        applies, there = _applies(item, viewer), told(item.fact, viewer)
        whole = whole + (literal(item.weight) if applies is None else case((applies, item.weight), else_=0))
        done = done + case((there if applies is None else and_(applies, there), item.weight), else_=0)
    return cast(func.floor(100.0 * done / whole), Integer)


def read_facts(session: Session, ids: Sequence[int], viewer: Viewer) -> dict[int, Facts]:
    """Project id → its facts as the viewer may know them, in one statement."""
    facts = [item.fact for item in ITEMS]
    columns = [told(fact, viewer).label(fact) for fact in facts]
    statement = select(Project.id, Project.main_kind, Project.phase, is_programme(viewer), *columns)
    return {
        row[0]: Facts(row[1], row[2], bool(row[3]), **dict(zip(facts, map(bool, row[4:]), strict=True)))
        for row in session.execute(statement.where(Project.id.in_(ids)))
    }
