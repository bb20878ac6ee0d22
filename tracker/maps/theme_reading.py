"""What a theme is told from: the cells of the contribution report, and how many live in each area.

The cells are those of /uppfoljning/bidrag and of a period's report: the same material, shared and counted by the same
functions. Nothing is reckoned here but a sum of cells with signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.areas.queries import PopulationBook, get_area_set, list_areas, newest_set
from tracker.contribution.amounts import AMOUNTS
from tracker.contribution.counting import count, touched_sums
from tracker.contribution.material import AreaEdition, Material
from tracker.contribution.people import RegionPeople, region_people
from tracker.contribution.places import Column, build_places
from tracker.contribution.portfolio import Facts
from tracker.contribution.reckoning import portfolio_of, rows_of
from tracker.contribution.rows import Row
from tracker.contribution.selection import Scope
from tracker.contribution.years import CountedYears, count_years
from tracker.errors import NotFoundError
from tracker.exports.audience import Audience
from tracker.followup.codes import name_of
from tracker.followup.models import Period
from tracker.followup.queries import get_period, source_key
from tracker.goals.models import GoalSetKind
from tracker.goals.queries import get_goal_set, goal_set_for_year, list_goal_sets
from tracker.maps.theme_asking import Measured, ThemeAsked
from tracker.maps.theme_keeping import sharing_of
from tracker.maps.theme_years import years_with_any
from tracker.messages import message
from tracker.projects.filters import select_ids
from tracker.projects.vocabulary import RUNNING_PERIOD
from tracker.reports.snapshots import facts_of
from tracker.reports.told_today import Today, narrowed

People = Mapping[str, tuple[int, int]]
"""Area code → inhabitants, and the year that they were counted at the end of."""


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """One row of the report over its columns: equally long, by column.

    `amounts` in whole öre or a count, `given` whether any project behind the cell has the amount at all, `projects`
    how many different ones there are.
    """

    row: Row
    columns: tuple[Column, ...]
    amounts: IntArray
    given: IntArray
    projects: IntArray


@dataclass(frozen=True, eq=False, slots=True)
class ThemeSource:
    """The cells, with what they are told in; `all_people` are the whole city's."""

    cells: Cells
    period_name: str
    area_edition: AreaEdition
    people: People
    all_people: RegionPeople | None


def settle(session: Session, asked: ThemeAsked) -> tuple[ThemeAsked, Period | None]:
    """The theme with its editions named, and its period; a closed period decides its year and editions.

    Raises NotFoundError for a period or an edition that does not exist.
    """
    period = None if asked.period == RUNNING_PERIOD else get_period(session, asked.period)
    if period and not period.is_open:
        goals, areas = period.goal_set.code, period.area_set.code
        return replace(asked, year=period.year, period=period.key, goal_set=goals, area_set=areas), period
    area_set = get_area_set(session, asked.area_set) if asked.area_set else newest_set(session)
    if asked.goal_set:
        goal_set = get_goal_set(session, asked.goal_set)
    elif period:
        goal_set = period.goal_set
    elif asked.year is None:
        goal_set = list_goal_sets(session, GoalSetKind.INTEGRATION)[0]
    else:
        goal_set = goal_set_for_year(session, asked.year)
    key = period.key if period else asked.period
    return replace(asked, period=key, goal_set=goal_set.code, area_set=area_set.code), period


def read_theme(session: Session, asked: ThemeAsked, period: Period | None) -> ThemeSource:
    """The cells of a settled theme. Raises NotFoundError for a goal that the edition does not have."""
    if period and not period.is_open:
        return _from_snapshot(session, asked, period)
    return _from_register(session, asked, period)


def _from_snapshot(session: Session, asked: ThemeAsked, period: Period) -> ThemeSource:
    """As closing kept it, with today's confidentiality; the filter means the projects that it means today."""
    facts = facts_of(session, period, asked.audience)
    material = facts.material
    if asked.wanted.in_force:
        ids = set(session.scalars(select_ids(session, asked.wanted, asked.audience.viewer)))
        material = narrowed(material, Today(ids, {}, (), ()))
    people = {
        one.code: (one.inhabitants, one.inhabitants_year)
        for one in facts.areas
        if one.inhabitants is not None and one.inhabitants_year is not None
    }
    return ThemeSource(
        cells=cells_of(material, asked),
        period_name=name_of(period.code, period.version),
        area_edition=material.area_edition,
        people=people,
        all_people=_whole_city(material.people),
    )


def cells_of(material: Material, asked: ThemeAsked) -> Cells:
    """Share and count a material as its report does, and take the row that is asked for."""
    rows, places = rows_of(material), build_places(material.areas)
    portfolio, _ = portfolio_of(material, rows, places)
    cube = count(portfolio, rows.tree, places.tree, asked.rule)
    facts = portfolio.facts
    ones = Facts(facts.project, facts.column, np.ones_like(facts.amount))
    given = touched_sums(portfolio, rows.tree, places.tree, ones, len(AMOUNTS))
    chosen = [place for _, place in asked.measure.parts]
    node = _row_of(rows.rows, asked.row, material.goal_edition.name)
    return _cells(
        (rows.rows[node], places.columns),
        asked.measure,
        (cube.amounts[node][:, chosen], given[node][:, chosen], cube.projects[node]),
    )


def _cells(told: tuple[Row, tuple[Column, ...]], measure: Measured, found: tuple[IntArray, ...]) -> Cells:
    """`found` are the amounts and how many gave them, (columns, parts of the measure), and the projects."""
    amounts, given, projects = found
    if not measure.parts:
        return Cells(*told, projects, np.ones_like(projects), projects)
    signs = np.array([sign for sign, _ in measure.parts], dtype=np.int64)
    return Cells(*told, amounts @ signs, given.sum(axis=1), projects)


def _row_of(rows: tuple[Row, ...], key: str, edition: str) -> int:
    found = next((node for node, one in enumerate(rows) if one.key == key), None)
    if found is None:
        raise NotFoundError(message("%(edition)s har ingen rad ”%(key)s” i rapporten.", edition=edition, key=key))
    return found


def _from_register(session: Session, asked: ThemeAsked, period: Period | None) -> ThemeSource:
    """As it is now: of a year, or of every year that the audience sees an amount in."""
    key = source_key(session, period) if period else RUNNING_PERIOD
    viewer = asked.audience.viewer
    years = years_with_any(session, asked.audience, key) if asked.year is None else (asked.year,)
    goal_set, area_set = get_goal_set(session, asked.goal_set), get_area_set(session, asked.area_set)
    scope = Scope(viewer, asked.year, asked.wanted, key, public=asked.audience is Audience.PUBLIC)
    sharing = sharing_of(session, scope, goal_set, area_set)
    counted = count_years(session, scope, sharing, asked.rule, asked.measure.amounts, years)
    until = years[-1] if years else 0
    return ThemeSource(
        cells=_register_cells(counted, asked, goal_set.name),
        period_name=name_of(period.code, period.version) if period else "",
        area_edition=AreaEdition(area_set.code, area_set.name, area_set.schematic, area_set.outline_source),
        people=area_people(session, area_set.code, until),
        all_people=_whole_city(region_people(session, until)),
    )


def _register_cells(counted: CountedYears, asked: ThemeAsked, edition: str) -> Cells:
    node = _row_of(counted.rows.rows, asked.row, edition)
    told = counted.rows.rows[node], counted.places.columns
    return _cells(told, asked.measure, (counted.amounts[node], counted.given[node], counted.projects[node]))


def area_people(session: Session, edition: str, until: int) -> People:
    """The newest official number of each area of an edition, of that year or an earlier one."""
    book = PopulationBook.load(session)
    found = {one.code: book.newest(one.id, until) for one in list_areas(session, get_area_set(session, edition))}
    return {code: (one.inhabitants, one.year) for code, one in found.items() if one}


def _whole_city(people: tuple[RegionPeople, ...]) -> RegionPeople | None:
    return next((one for one in people if one.key == "alla" and one.inhabitants), None)
