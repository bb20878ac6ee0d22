"""The money, measures and decisions of a block of projects in a period: whole columns, then a tuple for each one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.contribution.reading import Positions, read_columns
from tracker.followup.facts import DecidedBudget, ProjectMeasure, YearMoney
from tracker.followup.models import Period
from tracker.followup.queries import source_key
from tracker.measures.models import Measure
from tracker.projects.decisions import Budgets, decided_budgets
from tracker.projects.figures import Decision, Figure, Volume
from tracker.projects.inputs import DecisionInput
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Flow

_NOT_GIVEN = -(2**62)
"""Stands for NULL in a column of whole numbers; no amount comes near it."""
_FLOWS = (Flow.OUTLAY, Flow.INCOME)
_DECIDED = ("gate", "date", "outlay_ore", "income_ore", "price_level", "id")


def read_year_money(
    session: Session, period: Period, viewer: Viewer, positions: Positions, ids: Sequence[int]
) -> list[tuple[YearMoney, ...]]:
    """All years of each project in the period, by year and outlay before income."""
    amounts = [_given(column) for column in (Figure.budget_ore, Figure.outcome_ore, Figure.forecast_ore)]
    flow = case((Figure.flow == Flow.OUTLAY, 0), else_=1)
    statement = select(Figure.project_id, Figure.year, flow, *amounts).where(
        Figure.project_id.in_(ids),
        Figure.period == source_key(session, period),
        *open_to(viewer, Secret.FIGURES, Figure.project_id),
    )
    projects, rows = _arranged(read_columns(session, statement), positions)
    money: list[list[YearMoney]] = [[] for _ in ids]
    for project, (year, way, *given) in zip(projects, rows, strict=True):
        budget, outcome, forecast = (None if one == _NOT_GIVEN else one for one in given)
        money[project].append(YearMoney(year, _FLOWS[way], budget, outcome, forecast))
    return [tuple(one) for one in money]


def read_measures(
    session: Session, period: Period, viewer: Viewer, positions: Positions, ids: Sequence[int]
) -> list[tuple[ProjectMeasure, ...]]:
    """The measures of the period's year in the catalogue's order; planned is the newest up to it."""
    catalogue = session.execute(select(Measure).order_by(Measure.position, Measure.code)).scalars().all()
    order = {measure.id: place for place, measure in enumerate(catalogue)}
    numbers = [_given(column) for column in (Volume.planned, Volume.started, Volume.completed)]
    statement = select(Volume.project_id, Volume.measure_id, Volume.year, *numbers).where(
        Volume.project_id.in_(ids),
        Volume.period == source_key(session, period),
        Volume.year <= period.year,
        *open_to(viewer, Secret.VOLUMES, Volume.project_id),
    )
    projects, rows = _arranged(read_columns(session, statement), positions)
    found: list[dict[int, list[int | None]]] = [{} for _ in ids]
    for project, (measure_id, year, planned, started, completed) in zip(projects, rows, strict=True):
        mine = found[project].setdefault(measure_id, [None, None, None])
        if planned != _NOT_GIVEN:
            mine[0] = planned
        if year == period.year:
            mine[1:] = [None if one == _NOT_GIVEN else one for one in (started, completed)]
    return [
        tuple(
            ProjectMeasure(measure.code, measure.name_sv, measure.unit, *mine[measure.id])
            for measure in sorted((catalogue[order[one]] for one in mine), key=lambda one: order[one.id])
            if mine[measure.id] != [None, None, None]
        )
        for mine in found
    ]


def read_decided(session: Session, period: Period, viewer: Viewer, ids: Sequence[int]) -> dict[int, DecidedBudget]:
    """Project id → the decided budget on the as-of date."""
    statement = select(Decision.project_id, *(getattr(Decision, name) for name in _DECIDED)).where(
        Decision.project_id.in_(ids), *open_to(viewer, Secret.DECISIONS, Decision.project_id)
    )
    rows: dict[int, list[DecisionInput]] = defaultdict(list)
    for project_id, *values in session.execute(statement):
        rows[project_id].append(DecisionInput(**dict(zip(_DECIDED, values, strict=True))))
    found = ((one, decided_budgets(decisions, period.as_of)) for one, decisions in rows.items())
    return {one: _decided(budgets) for one, budgets in found if budgets is not None}


def _decided(budgets: Budgets) -> DecidedBudget:
    latest, original = budgets.latest, budgets.original
    return DecidedBudget(
        gate=latest.gate.label,
        day=latest.date,
        outlay_ore=latest.outlay_ore,
        income_ore=latest.income_ore,
        price_level=latest.price_level,
        original_outlay_ore=original.outlay_ore if budgets.revised else None,
        original_price_level=original.price_level if budgets.revised else "",
    )


def _given(column: Any) -> ColumnElement[Any]:
    return func.coalesce(column, _NOT_GIVEN)


def _arranged(columns: Sequence[Any], positions: Positions) -> tuple[list[int], list[list[int]]]:
    """Rows of known projects in order of project and then of the next two columns: positions, and the rest of a row."""
    ids, *rest = columns
    places = positions.of(ids)
    order = np.lexsort((rest[1], rest[0], places))
    order = order[places[order] >= 0]
    return places[order].tolist(), np.stack(rest, axis=1)[order].tolist()
