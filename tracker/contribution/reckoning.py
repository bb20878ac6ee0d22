"""A contribution report reckoned: from its material to counted cells, the lines behind them, and the control sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.areas.models import AreaSet
from tracker.contribution.amounts import AMOUNTS, MONEY, Money
from tracker.contribution.completing import (
    BASES,
    BoolArray,
    choose_areas,
    complete_tags,
    move_tags_without_ytterstad,
)
from tracker.contribution.control import Control
from tracker.contribution.counting import Cube, count, count_projects, group_leaves, touched_sums
from tracker.contribution.details import Details, list_details
from tracker.contribution.gathering import gather, read_shares
from tracker.contribution.leaves import sum_leaves
from tracker.contribution.material import AreaEdition, CountedProject, GoalEdition, Material
from tracker.contribution.places import Places, build_places, load_places
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags, Portfolio, arrange
from tracker.contribution.queries import read_money
from tracker.contribution.rows import GoalRows, build_rows, known_goals, rows_for
from tracker.contribution.rules import AreaBasis, CountingRule
from tracker.contribution.selection import Scope, select_projects
from tracker.goals.models import GoalSet

__all__ = ["CountedProject", "Reckoning", "YearSums", "reckon", "reckon_material", "rows_of", "sum_years"]


@dataclass(frozen=True, eq=False, slots=True)
class Reckoning:
    """Everything that a report of one year says. `cube` is over the nodes of `rows` and `places` × AMOUNTS.

    `projects` by code; `basis` gives each one's source of area shares; `details` the lines behind the cells.
    """

    goal_set: GoalEdition
    area_set: AreaEdition
    rows: GoalRows
    places: Places
    projects: Sequence[CountedProject]
    basis: tuple[AreaBasis, ...]
    cube: Cube
    details: Details
    control: Control
    material: Material
    """What it was reckoned from."""


@dataclass(frozen=True, eq=False, slots=True)
class YearSums:
    """Sums (row nodes, column nodes, years, MONEY) in whole öre.

    `projects` (row nodes, column nodes), where it was asked for: different projects of whatever year.
    """

    rows: GoalRows
    places: Places
    years: tuple[int, ...]
    amounts: IntArray
    projects: IntArray


def reckon(session: Session, scope: Scope, goal_set: GoalSet, area_set: AreaSet, rule: CountingRule) -> Reckoning:
    """Reckon one year from the register. Raises ValueError when the scope names none."""
    return reckon_material(gather(session, scope, goal_set, area_set), rule)


def reckon_material(material: Material, rule: CountingRule) -> Reckoning:
    """Reckon frozen facts by a rule: pure, integers, exact."""
    rows, places = rows_of(material), build_places(material.areas)
    portfolio, basis = portfolio_of(material, rows, places)
    return Reckoning(
        goal_set=material.goal_edition,
        area_set=material.area_edition,
        rows=rows,
        places=places,
        projects=material.projects,
        basis=basis,
        cube=count(portfolio, rows.tree, places.tree, rule),
        details=list_details(portfolio, rows.tree, places.tree, rule),
        control=material.control,
        material=material,
    )


def rows_of(material: Material) -> GoalRows:
    """The rows that a report of the material has."""
    return rows_for(material.goals, material.goal_edition.name, material.tags.row)


def portfolio_of(material: Material, rows: GoalRows, places: Places) -> tuple[Portfolio, tuple[AreaBasis, ...]]:
    """The material with nothing left out of the sharing, in order, and each project's source of area shares."""
    shares = (material.tags, material.no_contribution, material.serves, material.lies_in)
    tags, areas, basis = shared_over(shares, len(material.projects), rows, places)
    portfolio = arranged(material.facts, tags, areas, len(material.projects), rows, places, len(AMOUNTS))
    return portfolio, tuple(BASES[number] for number in basis.tolist())


def sum_years(
    session: Session,
    scope: Scope,
    goal_set: GoalSet,
    area_set: AreaSet,
    amounts: tuple[Money, ...] = MONEY,
    *,
    with_projects: bool = False,
    rule: CountingRule = CountingRule.FORDELAD,
) -> YearSums:
    """Share amounts of every year over goals and areas, exactly; by *berör* each counts in full where it belongs."""
    selection = select_projects(session, scope)
    goals, places = known_goals(session, goal_set), load_places(session, area_set)
    judged, serves, lies_in = read_shares(
        session, selection, goal_set, area_set, build_rows(goals), places, scope.viewer, evenly=scope.public
    )
    rows = rows_for(goals, goal_set.name, judged.tags.row)
    tags, areas, _ = shared_over((judged.tags, judged.no_contribution, serves, lies_in), selection.count, rows, places)
    money, year, _ = read_money(session, selection, scope, amounts)
    first, last = int(year.min(initial=9999)), int(year.max(initial=0))
    years = tuple(range(first, last + 1))
    column = (year - first) * len(amounts) + money.column
    facts = Facts(money.project, column, money.amount)
    portfolio = arranged(facts, tags, areas, selection.count, rows, places, len(years) * len(amounts))
    if rule is CountingRule.FORDELAD:
        sums = group_leaves(sum_leaves(portfolio), rows.tree, places.tree)
    else:
        sums = touched_sums(portfolio, rows.tree, places.tree, facts, portfolio.column_count)
    shape = sums.shape[:2]
    projects = count_projects(portfolio, rows.tree, places.tree) if with_projects else np.zeros(shape, dtype=np.int64)
    return YearSums(rows, places, years, sums.reshape(*shape, len(years), len(amounts)), projects)


def shared_over(
    shares: tuple[GoalTags, BoolArray, AreaRows, AreaRows], project_count: int, rows: GoalRows, places: Places
) -> tuple[GoalTags, AreaRows, npt.NDArray[np.int8]]:
    """The goal rows and places of every project, nothing left out, and the basis of the places."""
    recorded, no_contribution, serves, lies_in = shares
    areas, basis = choose_areas(serves, lies_in, project_count=project_count, unlocated_place=places.unlocated)
    tags = complete_tags(
        recorded, no_contribution, unassessed_row=rows.unassessed, no_contribution_row=rows.no_contribution
    )
    moved = move_tags_without_ytterstad(tags, areas, in_ytterstad=places.in_ytterstad, moved_row=rows.moved)
    return moved, areas, basis


def arranged(
    facts: Facts, tags: GoalTags, areas: AreaRows, project_count: int, rows: GoalRows, places: Places, columns: int
) -> Portfolio:
    """The facts and what they are shared over, in order and checked; `columns` is how many amounts there are."""
    return arrange(
        facts,
        tags,
        areas,
        project_count=project_count,
        row_count=rows.item_count,
        place_count=places.count,
        column_count=columns,
    )
