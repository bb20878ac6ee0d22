"""The facts of a report and what they are shared over, as integer arrays.

Every array is one-dimensional int64. Projects, goals, places and columns are indices 0 … n - 1 that the
caller hands out **in the order of their codes**: ties in the sharing go to the smaller goal index, then to
the smaller place index. The order in which rows arrive, and database ids, then have no influence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.apportion import WHOLE, IntArray

AMOUNT_LIMIT = 2.0**62
"""The sum of all |amounts| stays under this, so that no total can overflow int64."""


@dataclass(frozen=True, eq=False, slots=True)
class Facts:
    """Counted amounts (öre or a count, may be negative): at most one for each project × column.

    A column is a measure of a year in a period, such as "outlay budget 2005".
    """

    project: IntArray
    column: IntArray
    amount: IntArray


@dataclass(frozen=True, eq=False, slots=True)
class GoalTags:
    """Goals of one edition that projects are shared over, weight ≥ 1; one at most for each project × goal.

    `goal` decides the order of ties; `row` is the report row that the part is shown on, normally the same.
    Both index the same list, which besides the goals holds the special rows ("ej bedömt", …).
    """

    project: IntArray
    goal: IntArray
    weight: IntArray
    row: IntArray


@dataclass(frozen=True, eq=False, slots=True)
class AreaRows:
    """Recorded places that projects are shared over: `share` in 1/10 000, summing to 10 000 in each project.

    A place is what was recorded (a stadsdel, an area of some edition, hela staden, utanför staden,
    oplacerat), whatever edition the report is shown in; at most one row for each project × place.
    """

    project: IntArray
    place: IntArray
    share: IntArray


@dataclass(frozen=True, eq=False, slots=True)
class Ragged:
    """Consecutive rows of each project: project p has the rows `start[p]` … `start[p] + count[p] - 1`."""

    start: IntArray
    count: IntArray

    @classmethod
    def of(cls, projects: IntArray, project_count: int) -> Ragged:
        """Find the runs in `projects`, which is sorted."""
        count = np.bincount(projects, minlength=project_count).astype(np.int64)
        return cls(start=np.cumsum(count) - count, count=count)


@dataclass(frozen=True, eq=False, slots=True)
class Portfolio:
    """Checked facts with their goal tags and area rows in order; make one with `arrange`."""

    project_count: int
    row_count: int
    place_count: int
    column_count: int
    facts: Facts
    tags: GoalTags
    areas: AreaRows
    tags_of: Ragged
    areas_of: Ragged

    def column_totals(self) -> IntArray:
        """The portfolio's sum of each column, counted straight from the facts; shape (columns,)."""
        totals = np.zeros(self.column_count, dtype=np.int64)
        np.add.at(totals, self.facts.column, self.facts.amount)
        return totals


def arrange(
    facts: Facts,
    tags: GoalTags,
    areas: AreaRows,
    *,
    project_count: int,
    row_count: int,
    place_count: int,
    column_count: int,
) -> Portfolio:
    """Order the rows by project and code, and check them.

    Raises ValueError on an index out of range, a double row, a weight < 1, shares that do not sum to 10
    000, a project without a goal row or a place (see `complete_tags` and `choose_areas`), or amounts too
    large to add.
    """
    _check_range(facts.project, project_count, "fact's project")
    _check_range(facts.column, column_count, "fact's column")
    _order(facts.project, facts.column, column_count, "fact")
    if np.abs(facts.amount).sum(dtype=np.float64) >= AMOUNT_LIMIT:
        raise ValueError("the amounts are too large to be added in 64 bits")
    tags = _ordered_tags(tags, project_count, row_count)
    areas = _ordered_areas(areas, project_count, place_count)
    tags_of, areas_of = Ragged.of(tags.project, project_count), Ragged.of(areas.project, project_count)
    if project_count and not (tags_of.count.all() and areas_of.count.all()):
        raise ValueError("every project needs a goal row and a place")
    sums = np.bincount(areas.project, weights=areas.share, minlength=project_count)
    if (sums != WHOLE).any():
        raise ValueError("the area shares of a project must sum to 10 000")
    return Portfolio(project_count, row_count, place_count, column_count, facts, tags, areas, tags_of, areas_of)


def _ordered_tags(tags: GoalTags, project_count: int, row_count: int) -> GoalTags:
    _check_range(tags.project, project_count, "tag's project")
    _check_range(tags.goal, row_count, "tag's goal")
    _check_range(tags.row, row_count, "tag's row")
    if tags.weight.size and tags.weight.min() < 1:
        raise ValueError("a tag's weight must be at least 1")
    order = _order(tags.project, tags.goal, row_count, "tag")
    if order is None:
        return tags
    return GoalTags(tags.project[order], tags.goal[order], tags.weight[order], tags.row[order])


def _ordered_areas(areas: AreaRows, project_count: int, place_count: int) -> AreaRows:
    _check_range(areas.project, project_count, "area row's project")
    _check_range(areas.place, place_count, "area row's place")
    if areas.share.size and areas.share.min() < 1:
        raise ValueError("an area share must be at least 1/10 000")
    order = _order(areas.project, areas.place, place_count, "area row")
    if order is None:
        return areas
    return AreaRows(areas.project[order], areas.place[order], areas.share[order])


def _order(projects: IntArray, items: IntArray, item_count: int, what: str) -> IntArray | None:
    """The order by project and item, or None when it already holds. Raises ValueError on a double pair."""
    keys = projects * item_count + items
    if (keys[1:] > keys[:-1]).all():
        return None
    order = np.argsort(keys)
    keys = keys[order]
    if (keys[1:] == keys[:-1]).any():
        raise ValueError(f"a {what} occurs twice")
    return order


def _check_range(indices: IntArray, count: int, what: str) -> None:
    if indices.size and (indices.min() < 0 or indices.max() >= count):
        raise ValueError(f"a {what} is out of range 0 … {count - 1}")
