"""A contribution of one or all years of the register, cells alone: each year is counted by itself, then added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from tracker.apportion import IntArray
from tracker.areas.models import AreaSet
from tracker.contribution.amounts import Amount, Money
from tracker.contribution.counting import count, touched_sums
from tracker.contribution.gathering import read_shares
from tracker.contribution.places import Places, load_places
from tracker.contribution.portfolio import AreaRows, Facts, GoalTags
from tracker.contribution.queries import read_counts, read_money
from tracker.contribution.reckoning import arranged, shared_over
from tracker.contribution.rows import GoalRows, build_rows, known_goals, rows_for
from tracker.contribution.rules import CountingRule
from tracker.contribution.selection import Scope, Selection, select_projects
from tracker.goals.models import GoalSet


@dataclass(frozen=True, eq=False, slots=True)
class Sharing:
    """The projects of a scope and what they are shared over, in one goal and one area edition.

    Plain arrays of one moment of the register: whatever amounts are counted, these are the same.
    """

    selection: Selection
    rows: GoalRows
    places: Places
    tags: GoalTags
    areas: AreaRows


@dataclass(frozen=True, eq=False, slots=True)
class CountedYears:
    """`amounts`, `given` are (row nodes, column nodes, asked amounts): the sums of all years, and how many facts of
    projects stand behind them. `projects` (row nodes, column nodes) are different projects of whatever year.
    """

    rows: GoalRows
    places: Places
    amounts: IntArray
    given: IntArray
    projects: IntArray


def read_sharing(session: Session, scope: Scope, goal_set: GoalSet, area_set: AreaSet) -> Sharing:
    """Read what the projects of a scope are shared over."""
    selection = select_projects(session, scope)
    goals, places = known_goals(session, goal_set), load_places(session, area_set)
    judged, serves, lies_in = read_shares(
        session, selection, goal_set, area_set, build_rows(goals), places, scope.viewer, evenly=scope.public
    )
    rows = rows_for(goals, goal_set.name, judged.tags.row)
    tags, areas, _ = shared_over((judged.tags, judged.no_contribution, serves, lies_in), selection.count, rows, places)
    return Sharing(selection, rows, places, tags, areas)


def count_years(
    session: Session, scope: Scope, sharing: Sharing, rule: CountingRule, asked: Sequence[Amount], years: Sequence[int]
) -> CountedYears:
    """Count amounts of the years by a rule; a year's part is the cell of that year's report.

    `sharing` is of the scope. A scope that names a year has the projects of that year's report, and `years` is that
    year alone. Planned numbers are positions, not flows: whoever asks for them names a year.
    """
    selection, rows, places = sharing.selection, sharing.rows, sharing.places
    facts = _facts(session, selection, scope, asked, years)
    width = len(asked) * max(1, len(years))
    portfolio = arranged(facts, sharing.tags, sharing.areas, selection.count, rows, places, width)
    cube = count(portfolio, rows.tree, places.tree, rule)
    found = portfolio.facts
    ones = Facts(found.project, found.column % max(1, len(asked)), np.ones_like(found.amount))
    return CountedYears(
        rows=rows,
        places=places,
        amounts=cube.amounts.reshape(*cube.amounts.shape[:2], max(1, len(years)), len(asked)).sum(axis=2),
        given=touched_sums(portfolio, rows.tree, places.tree, ones, len(asked)),
        projects=cube.projects,
    )


def _facts(
    session: Session, selection: Selection, scope: Scope, asked: Sequence[Amount], years: Sequence[int]
) -> Facts:
    """Columns are year × asked amount."""
    width = len(asked)
    place_of = [at for at, one in enumerate(asked) if isinstance(one, Money)]
    money, year, _ = read_money(session, selection, scope, [one for one in asked if isinstance(one, Money)])
    known = np.isin(year, np.array(years, dtype=np.int64))
    order = np.searchsorted(np.array(years, dtype=np.int64), year[known])
    column = order * width + np.array(place_of, dtype=np.int64)[money.column[known]]
    parts = [Facts(money.project[known], column, money.amount[known])]
    if len(place_of) < width:
        for at, one in enumerate(years):
            counts = read_counts(session, selection, scope, asked, one)
            parts.append(Facts(counts.project, counts.column + at * width, counts.amount))
    names = ("project", "column", "amount")
    return Facts(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))
