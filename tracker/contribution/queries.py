"""The facts of a report from the database, as integer arrays over the positions of a selection.

Every reader leaves out what is hidden from the viewer, so that it is in no cell, sum or difference of two sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from tracker.apportion import IntArray, counted_amounts
from tracker.areas.models import LOWEST, AreaSet
from tracker.contribution.amounts import Amount, Count, Money
from tracker.contribution.portfolio import AreaRows, Facts
from tracker.contribution.reading import Positions, read_columns
from tracker.contribution.selection import Scope, Selection
from tracker.measures.models import Measure
from tracker.projects.figures import Figure, Volume
from tracker.projects.models import Location, ServedArea
from tracker.projects.policies import Viewer, open_to
from tracker.projects.secrecy import Secret
from tracker.projects.vocabulary import Flow
from tracker.projects.vocabulary import Scope as Reach

Integers = Select[*tuple[Any, ...]]
WHOLE_CITY_ID, OUTSIDE_ID = -1, -2
"""Stand in for an area id where a row means the whole city, or what lies outside it."""
NOT_GIVEN = -(2**62)
"""Stands in for NULL where whole columns are read; no amount comes near it."""


def read_money(
    session: Session, selection: Selection, scope: Scope, amounts: Sequence[Money]
) -> tuple[Facts, IntArray, IntArray]:
    """The city's share of amounts in whole öre; `column` indexes `amounts`.

    The second answer is each fact's year, the third its amount of all financiers.
    """
    parts = [
        part
        for flow in Flow
        if (chosen := [(place, one) for place, one in enumerate(amounts) if one.flow is flow])
        for part in _money_of(session, selection, scope, flow, chosen)
    ]
    project, column, amount, year = _joined(parts, 4)
    shared = counted_amounts(amount, selection.city_share[project])
    return Facts(project=project, column=column, amount=shared), year, amount


def _money_of(
    session: Session, selection: Selection, scope: Scope, flow: Flow, chosen: Sequence[tuple[int, Money]]
) -> list[tuple[IntArray, ...]]:
    """Project, column, amount and year of each amount of a flow that is given; 0 is given."""
    given = [func.coalesce(_told(one, scope), NOT_GIVEN) for _, one in chosen]
    statement: Integers = select(Figure.project_id, Figure.year, *given).where(
        Figure.period == scope.period,
        Figure.flow == flow,
        *open_to(scope.viewer, Secret.FIGURES, Figure.project_id),
    )
    if scope.year is not None:
        statement = statement.where(Figure.year == scope.year)
    ids, years, *columns = read_columns(session, statement)
    projects = selection.positions.of(ids)
    parts: list[tuple[IntArray, ...]] = []
    for (place, _), amounts in zip(chosen, columns, strict=True):
        kept = np.flatnonzero((projects >= 0) & (amounts != NOT_GIVEN))
        parts.append((projects[kept], np.full_like(kept, place), amounts[kept], years[kept]))
    return parts


def _told(one: Money, scope: Scope) -> ColumnElement[int | None]:
    """The amount as the scope knows it."""
    column: ColumnElement[int | None] = getattr(Figure, one.column).expression
    if scope.public and one.column != "budget_ore":
        raise ValueError("of money the public knows budgets alone")
    return case((Figure.budget_preliminary.is_(False), column), else_=None) if scope.public else column


def read_counts(session: Session, selection: Selection, scope: Scope, amounts: Sequence[Amount], year: int) -> Facts:
    """Numbers of the year; `column` indexes `amounts`. Planned is the newest one up to the year."""
    parts: list[tuple[IntArray, ...]] = []
    for place, one in enumerate(amounts):
        if isinstance(one, Count):
            ids, measures, years, numbers = read_columns(session, _volumes(one, scope, year))
            newest = _newest(ids, measures, years)
            parts.append((selection.positions.of(ids[newest]), np.full_like(newest, place), numbers[newest]))
    project, column, amount = _joined(parts, 3)
    kept = project >= 0
    return _summed(project[kept], column[kept], amount[kept], len(amounts))


def _volumes(one: Count, scope: Scope, year: int) -> Integers:
    number = getattr(Volume, one.column)
    in_time = Volume.year <= year if one.column == "planned" else Volume.year == year
    return (
        select(Volume.project_id, Volume.measure_id, Volume.year, number)
        .join(Measure, Volume.measure_id == Measure.id)
        .where(Volume.period == scope.period, Measure.group == one.group, number.is_not(None), in_time)
        .where(*open_to(scope.viewer, Secret.VOLUMES, Volume.project_id))
    )


def _newest(ids: IntArray, measures: IntArray, years: IntArray) -> IntArray:
    """Positions of the last year of each project × measure."""
    order = np.lexsort((years, measures, ids))
    ids, measures = ids[order], measures[order]
    last = np.ones(order.size, dtype=np.bool_)
    last[:-1] = (ids[1:] != ids[:-1]) | (measures[1:] != measures[:-1])
    return np.asarray(order[last])


def _summed(project: IntArray, column: IntArray, amount: IntArray, width: int) -> Facts:
    """Add what falls on the same project and column."""
    keys, places = np.unique(project * width + column, return_inverse=True)
    sums = np.zeros(keys.size, dtype=np.int64)
    np.add.at(sums, places, amount)
    return Facts(project=keys // width, column=keys % width, amount=sums)


def read_serves(session: Session, selection: Selection, places: Positions, viewer: Viewer) -> AreaRows:
    """The chosen areas; `places` gives the place of an area id or of a stand-in."""
    area_id = case(
        (ServedArea.scope == Reach.WHOLE_CITY, WHOLE_CITY_ID),
        (ServedArea.scope == Reach.OUTSIDE, OUTSIDE_ID),
        else_=ServedArea.area_id,
    )
    statement = select(ServedArea.project_id, area_id, ServedArea.share)
    shown = open_to(viewer, Secret.SERVES, ServedArea.project_id)
    return _area_rows(session, selection, places, statement.where(*shown))


def read_lies_in(
    session: Session, selection: Selection, places: Positions, area_set: AreaSet, viewer: Viewer
) -> AreaRows:
    """Where the projects lie: in the stadsdelar, or in the areas of an edition that has outlines of its own."""
    own = select(AreaSet.id).where(AreaSet.code == LOWEST).scalar_subquery()
    statement = select(Location.project_id, func.coalesce(Location.area_id, OUTSIDE_ID), Location.share)
    located = area_set.id if area_set.own_outlines else own
    shown = open_to(viewer, Secret.GEOMETRY, Location.project_id)
    return _area_rows(session, selection, places, statement.where(Location.area_set_id == located, *shown))


def _area_rows(session: Session, selection: Selection, places: Positions, statement: Integers) -> AreaRows:
    ids, areas, shares = read_columns(session, statement)
    projects = selection.positions.of(ids)
    kept = np.flatnonzero(projects >= 0)
    return AreaRows(project=projects[kept], place=places.of(areas[kept]), share=shares[kept])


def _joined(parts: Sequence[tuple[IntArray, ...]], width: int) -> list[IntArray]:
    empty = np.zeros(0, dtype=np.int64)
    return [np.concatenate([empty, *(part[at] for part in parts)]) for at in range(width)]
