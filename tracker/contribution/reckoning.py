"""A contribution report reckoned: from the register to counted cells, the lines behind them, and the control sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.areas.models import AreaSet
from tracker.contribution.amounts import AMOUNTS, MONEY, Money
from tracker.contribution.completing import BASES, choose_areas, complete_tags, move_tags_without_ytterstad
from tracker.contribution.control import Control, control_totals
from tracker.contribution.counting import Cube, count, group_leaves
from tracker.contribution.details import Details, list_details
from tracker.contribution.leaves import sum_leaves
from tracker.contribution.places import Places, load_places
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags, Portfolio, arrange
from tracker.contribution.queries import (
    read_counts,
    read_lies_in,
    read_money,
    read_no_contribution,
    read_serves,
    read_tags,
)
from tracker.contribution.rows import GoalRows, load_rows
from tracker.contribution.rules import AreaBasis, CountingRule
from tracker.contribution.selection import Scope, Selection, counted, select_projects, told_share
from tracker.goals.models import GoalSet
from tracker.measures.models import MainKind
from tracker.projects.models import Project
from tracker.projects.policies import Viewer
from tracker.projects.queries import hidden_of, marks_of
from tracker.projects.secrecy import Hidden
from tracker.projects.vocabulary import Phase, Publication


@dataclass(frozen=True, slots=True)
class CountedProject:
    """A project as a report names it."""

    id: int
    code: str
    name: str
    kind: MainKind
    phase: Phase
    publication: Publication
    confidential: bool
    example_values: bool
    city_share: int
    hidden: Hidden
    """What takes no part in the report because this audience may not have it."""
    marks: Hidden
    """What of it is confidential, for an audience that has it all."""


@dataclass(frozen=True, eq=False, slots=True)
class Reckoning:
    """Everything that a report of one year says. `cube` is over the nodes of `rows` and `places` × AMOUNTS.

    `projects` by code; `basis` gives each one's source of area shares; `details` the lines behind the cells.
    """

    goal_set: GoalSet
    area_set: AreaSet
    rows: GoalRows
    places: Places
    projects: tuple[CountedProject, ...]
    basis: tuple[AreaBasis, ...]
    cube: Cube
    details: Details
    control: Control


@dataclass(frozen=True, eq=False, slots=True)
class YearSums:
    """Fördelad sums (row nodes, column nodes, years, MONEY) in whole öre."""

    rows: GoalRows
    places: Places
    years: tuple[int, ...]
    amounts: IntArray


def reckon(session: Session, scope: Scope, goal_set: GoalSet, area_set: AreaSet, rule: CountingRule) -> Reckoning:
    """Reckon one year. Raises ValueError when the scope names none."""
    if scope.year is None:
        raise ValueError("a report is of one year")
    projects = _describe(session, scope)
    selection = Selection.of(
        np.array([one.id for one in projects], dtype=np.int64),
        np.array([one.city_share for one in projects], dtype=np.int64),
    )
    rows, places = load_rows(session, goal_set), load_places(session, area_set)
    tags, areas, basis = _shared_over(session, selection, goal_set, area_set, rows, places, scope.viewer)
    money, _ = read_money(session, selection, scope, MONEY)
    counts = read_counts(session, selection, scope, AMOUNTS, scope.year)
    facts = Facts(*(np.concatenate(pair) for pair in zip(_columns(money), _columns(counts), strict=True)))
    portfolio = _arranged(facts, tags, areas, selection, rows, places, len(AMOUNTS))
    return Reckoning(
        goal_set=goal_set,
        area_set=area_set,
        rows=rows,
        places=places,
        projects=projects,
        basis=tuple(BASES[number] for number in basis.tolist()),
        cube=count(portfolio, rows.tree, places.tree, rule),
        details=list_details(portfolio, rows.tree, places.tree, rule),
        control=control_totals(session, scope, scope.year),
    )


def sum_years(
    session: Session, scope: Scope, goal_set: GoalSet, area_set: AreaSet, amounts: tuple[Money, ...] = MONEY
) -> YearSums:
    """Share amounts of every year over goals and areas, exactly."""
    selection = select_projects(session, scope)
    rows, places = load_rows(session, goal_set), load_places(session, area_set)
    tags, areas, _ = _shared_over(session, selection, goal_set, area_set, rows, places, scope.viewer)
    money, year = read_money(session, selection, scope, amounts)
    first, last = int(year.min(initial=9999)), int(year.max(initial=0))
    years = tuple(range(first, last + 1))
    column = (year - first) * len(amounts) + money.column
    facts = Facts(money.project, column, money.amount)
    portfolio = _arranged(facts, tags, areas, selection, rows, places, len(years) * len(amounts))
    sums = group_leaves(sum_leaves(portfolio), rows.tree, places.tree)
    return YearSums(rows, places, years, sums.reshape(*sums.shape[:2], len(years), len(amounts)))


def _describe(session: Session, scope: Scope) -> tuple[CountedProject, ...]:
    columns = (
        Project.id, Project.code, Project.name, Project.main_kind, Project.phase, Project.publication,
        Project.confidential, Project.example_values, told_share(scope.viewer),
    )  # fmt: skip
    rows = session.execute(select(*columns).where(*counted(session, scope))).all()
    ids = [row[0] for row in rows]
    hidden = hidden_of(session, ids, scope.viewer)
    marks = marks_of(session, ids) if scope.viewer.confidential else {}
    found = [CountedProject(*row, hidden=hidden.get(row[0], {}), marks=marks.get(row[0], {})) for row in rows]
    # Sorted here: the two databases collate text in different ways.
    return tuple(sorted(found, key=lambda one: one.code))


def _shared_over(
    session: Session,
    selection: Selection,
    goal_set: GoalSet,
    area_set: AreaSet,
    rows: GoalRows,
    places: Places,
    viewer: Viewer,
) -> tuple[GoalTags, AreaRows, np.ndarray[tuple[int], np.dtype[np.int8]]]:
    """The goal rows and places of every project, nothing left out, and the basis of the places."""
    areas, basis = choose_areas(
        read_serves(session, selection, places.positions, viewer),
        read_lies_in(session, selection, places.positions, area_set, viewer),
        project_count=selection.count,
        unlocated_place=places.unlocated,
    )
    tags = complete_tags(
        read_tags(session, selection, goal_set, rows.goals, viewer),
        read_no_contribution(session, selection, goal_set, viewer),
        unassessed_row=rows.unassessed,
        no_contribution_row=rows.no_contribution,
    )
    moved = move_tags_without_ytterstad(tags, areas, in_ytterstad=places.in_ytterstad, moved_row=rows.moved)
    return moved, areas, basis


def _arranged(
    facts: Facts, tags: GoalTags, areas: AreaRows, selection: Selection, rows: GoalRows, places: Places, columns: int
) -> Portfolio:
    return arrange(
        facts,
        tags,
        areas,
        project_count=selection.count,
        row_count=rows.item_count,
        place_count=places.count,
        column_count=columns,
    )


def _columns(facts: Facts) -> tuple[IntArray, IntArray, IntArray]:
    return facts.project, facts.column, facts.amount
